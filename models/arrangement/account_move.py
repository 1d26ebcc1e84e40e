from odoo import api, fields, models
from odoo.tools import format_date

from ...tools.groups import ACCOUNTING_GROUPS
from .engine.progress import LIVE_STATES


class AccountMove(models.Model):
    """The arrangement about an invoice, on its tab."""

    _inherit = "account.move"

    dunning_arrangement_id = fields.Many2one(
        comodel_name="payment.arrangement",
        string="Payment arrangement",
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_arrangement_state = fields.Selection(
        selection="_selection_dunning_arrangement_state",
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="Status of the arrangement",
    )
    dunning_arrangement_progress = fields.Selection(
        selection="_selection_dunning_arrangement_progress",
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="How it goes",
    )
    dunning_arrangement_total = fields.Monetary(
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="To be paid in total",
    )
    dunning_arrangement_paid = fields.Monetary(
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="Paid of it",
    )
    dunning_arrangement_next_date = fields.Date(
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="Next instalment on",
    )
    dunning_arrangement_next_amount = fields.Monetary(
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="Next amount",
    )
    dunning_arrangement_days_late = fields.Integer(
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="Days late",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "dunning_arrangement_ids",
        "line_ids.dunning_arrangement_item_ids.arrangement_id.state",
    )
    def _compute_dunning_arrangement_id(self):
        """The arrangement that runs or is offered, else the newest one."""
        for move in self:
            arrangement = move.dunning_arrangement_ids.sorted(
                lambda a: (a.state in LIVE_STATES, a.state == "active", a.id)
            )[-1:]
            move.dunning_arrangement_id = arrangement
            move.dunning_arrangement_state = arrangement.state
            move.dunning_arrangement_progress = arrangement.progress
            move.dunning_arrangement_total = arrangement.amount_total
            move.dunning_arrangement_paid = arrangement.amount_paid
            move.dunning_arrangement_next_date = arrangement.next_date
            move.dunning_arrangement_next_amount = arrangement.next_amount
            move.dunning_arrangement_days_late = arrangement.days_late

    def _selection_dunning_arrangement_state(self):
        field = self.env["payment.arrangement"]._fields["state"]
        return field._description_selection(self.env)

    def _selection_dunning_arrangement_progress(self):
        field = self.env["payment.arrangement"]._fields["progress"]
        return field._description_selection(self.env)

    # === ACTION METHODS === #

    def action_draw_up_dunning_arrangement(self):
        """Draw up a payment arrangement for this invoice."""
        return self.env["payment.arrangement.wizard"]._open_for(self)

    # === BUSINESS METHODS === #

    def _get_dunning_hold_terms(self):
        """Say until when an offer keeps letters back, where no pause does."""
        terms = super()._get_dunning_hold_terms()
        if not terms and self.dunning_obstacle == "arrangement_offered":
            last_day = self.dunning_arrangement_id.pause_until
            terms["day"] = format_date(self.env, last_day, date_format="d MMMM y")
        return terms
