from odoo import fields, models

from ...tools.actions import open_list
from ...tools.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    """The arrangements with a customer."""

    _inherit = "res.partner"

    dunning_arrangement_count = fields.Integer(
        compute="_compute_dunning_arrangement_count", groups=ACCOUNTING_GROUPS
    )
    dunning_arrangement_id = fields.Many2one(
        comodel_name="payment.arrangement",
        string="Arrangement that runs",
        compute="_compute_dunning_arrangement_count",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_arrangement_open = fields.Monetary(
        compute="_compute_dunning_arrangement_count",
        groups=ACCOUNTING_GROUPS,
        string="Open in arrangement",
    )
    dunning_arrangement_paid = fields.Monetary(
        compute="_compute_dunning_arrangement_count",
        groups=ACCOUNTING_GROUPS,
        string="Paid of arrangement",
    )
    dunning_arrangement_next_date = fields.Date(
        compute="_compute_dunning_arrangement_count",
        groups=ACCOUNTING_GROUPS,
        string="Next instalment on",
    )
    dunning_arrangement_next_amount = fields.Monetary(
        compute="_compute_dunning_arrangement_count",
        groups=ACCOUNTING_GROUPS,
        string="Next amount",
    )
    dunning_arrangement_days_late = fields.Integer(
        compute="_compute_dunning_arrangement_count",
        groups=ACCOUNTING_GROUPS,
        string="Instalment days late",
    )

    # === COMPUTE METHODS === #

    def _compute_dunning_arrangement_count(self):
        arrangements = (
            self.env["payment.arrangement"]
            .search(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                order="id",
            )
            .grouped("partner_id")
        )
        nothing = self.env["payment.arrangement"]
        for partner in self:
            found = arrangements.get(partner.commercial_partner_id, nothing)
            partner.dunning_arrangement_count = len(found)
            active = found.filtered(lambda arrangement: arrangement.state == "active")
            partner.dunning_arrangement_id = arrangement = active[:1]
            partner.dunning_arrangement_open = arrangement.amount_open
            partner.dunning_arrangement_paid = arrangement.amount_paid
            partner.dunning_arrangement_next_date = arrangement.next_date
            partner.dunning_arrangement_next_amount = arrangement.next_amount
            partner.dunning_arrangement_days_late = arrangement.days_late

    # === ACTION METHODS === #

    def action_open_dunning_arrangements(self):
        """Open the arrangements with this customer."""
        self.ensure_one()
        return open_list(
            self.env,
            "payment_arrangement_action",
            [("partner_id", "=", self.commercial_partner_id.id)],
        )
