from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """An invoice as the sum of its instalments."""

    _inherit = "account.move"

    dunning_item_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Instalments",
        compute="_compute_dunning_item_ids",
        search="_search_dunning_item_ids",
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.account_type", "line_ids.date_maturity")
    def _compute_dunning_item_ids(self):
        for move in self:
            move.dunning_item_ids = move.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).sorted(lambda line: (line.date_maturity or line.date, line.id))

    def _search_dunning_item_ids(self, operator, value):
        return Domain("line_ids", operator, value)

    # === BUSINESS METHODS === #

    def _is_dunning_settled(self):
        """Whether no instalment of the invoice is open any more."""
        self.ensure_one()
        return all(line.reconciled for line in self.dunning_item_ids)
