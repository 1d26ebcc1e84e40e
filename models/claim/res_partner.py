from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    """What a customer must pay today for all to be done with."""

    _inherit = "res.partner"

    dunning_interest_percent = fields.Float(
        string="Agreed interest (%)",
        digits=(5, 2),
        groups=ACCOUNTING_GROUPS,
        help="Interest a year agreed with this customer, instead of the statutory "
        "rate. Leave at zero for the rate of the company.",
    )
    dunning_interest_compounds = fields.Boolean(
        string="Agreed interest compounds",
        groups=ACCOUNTING_GROUPS,
        help="It was agreed with this customer that interest which is not paid bears "
        "interest itself after a year.",
    )
    dunning_total_claim = fields.Monetary(
        string="To be paid today",
        compute="_compute_dunning_total_claim",
        groups=ACCOUNTING_GROUPS,
        help="All that is overdue, with interest up to today and collection costs, "
        "claimed or charged, less open credits.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("company", "allowed_company_ids")
    def _compute_dunning_total_claim(self):
        """Work out the claims on all these customers together."""
        company = self.env.company
        day = company._get_dunning_today()
        items = self.env["account.move.line"].search(
            self._get_dunning_claim_domain(company, day)
        )
        totals = defaultdict(float)
        claims = items._get_dunning_claims(day)
        for (_company, partner, currency), claim in claims.items():
            totals[partner.commercial_partner_id.id] += currency._convert(
                float(claim.total), company.currency_id, company, day
            )
        for partner in self:
            debtor = partner.commercial_partner_id._origin
            partner.dunning_total_claim = max(totals[debtor.id], 0)

    # === ACTION METHODS === #

    def action_open_dunning_items(self):
        """Open the items that make up what this customer must pay today."""
        self.ensure_one()
        company = self.env.company
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_item_action"
        )
        action["domain"] = list(
            self._get_dunning_claim_domain(company, company._get_dunning_today())
        )
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    def _get_dunning_claim_domain(self, company, day):
        """Return the domain of what these customers owe: overdue items and credits.

        :param company: the `res.company` that claims
        :param date day: the day of the claim
        :rtype: Domain
        """
        MoveLine = self.env["account.move.line"]
        overdue = Domain("date_maturity", "<", day) | (
            Domain("date_maturity", "=", False) & Domain("date", "<", day)
        )
        charged = Domain("move_id.dunning_charge_notice_id", "!=", False)
        owed = Domain(MoveLine._get_dunning_open_domain()) & (overdue | charged)
        credit = Domain(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", "<", 0),
            ]
        )
        debtors = self.commercial_partner_id._origin
        return (
            Domain("company_id", "=", company.id)
            & Domain("partner_id.commercial_partner_id", "in", debtors.ids)
            & (owed | credit)
        )
