from odoo import api, fields, models

from .res_partner import ACCOUNTING_GROUPS


class AccountMoveLine(models.Model):
    """What may be claimed today, to show in lists."""

    _inherit = "account.move.line"

    dunning_interest = fields.Monetary(
        string="Interest up to today",
        compute="_compute_dunning_amounts",
        groups=ACCOUNTING_GROUPS,
        help="Interest up to today that was not paid.",
    )
    dunning_costs = fields.Monetary(
        string="Collection costs",
        compute="_compute_dunning_amounts",
        groups=ACCOUNTING_GROUPS,
        help="Collection costs that are due, VAT included, and were not paid.",
    )
    dunning_total = fields.Monetary(
        string="To be paid today",
        compute="_compute_dunning_amounts",
        groups=ACCOUNTING_GROUPS,
        help="What must be paid today for this item to be done with: what is open, "
        "with interest and collection costs.",
    )

    # === COMPUTE METHODS === #

    @api.depends("amount_residual_currency", "date_maturity", "parent_state")
    def _compute_dunning_amounts(self):
        """Work out the claims on all these items together."""
        for line in self:
            line.dunning_interest = line.dunning_costs = 0
            line.dunning_total = line.amount_residual_currency
        receivable = self._origin.filtered(
            lambda line: line.account_type == "asset_receivable" and line.company_id
        )
        for company, lines in receivable.grouped("company_id").items():
            claims = lines._get_dunning_item_claims(company._get_dunning_today())
            for line in lines:
                if not (claim := claims.get(line.id)):
                    continue
                line.dunning_interest = float(claim.open_interest)
                line.dunning_costs = float(claim.open_costs)
                line.dunning_total = float(claim.total)
