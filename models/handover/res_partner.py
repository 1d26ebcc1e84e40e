from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.actions import open_list
from ...tools.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    """Customers whose debts are handed over."""

    _inherit = "res.partner"

    dunning_handover_count = fields.Integer(
        string="Number of handovers",
        compute="_compute_dunning_handover_count",
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    def _compute_dunning_handover_count(self):
        counts = dict(
            self.env["dunning.handover"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.dunning_handover_count = counts.get(
                partner.commercial_partner_id, 0
            )

    # === ACTION METHODS === #

    def action_hand_over_dunning(self):
        """Propose to hand over all overdue invoices of these customers."""
        company = self.env.company
        items = self.env["account.move.line"].search(
            self._get_dunning_claim_domain(company, company._get_dunning_today())
        )
        items = items.filtered(
            lambda line: line.amount_residual > 0 and line.move_id.is_invoice()
        )
        if not items:
            raise UserError(self.env._("Nothing is overdue here."))
        return items.action_hand_over_dunning()

    def action_open_dunning_handovers(self):
        """Open the handovers of this customer."""
        self.ensure_one()
        return open_list(
            self.env,
            "dunning_handover_action",
            [("partner_id", "=", self.commercial_partner_id.id)],
        )
