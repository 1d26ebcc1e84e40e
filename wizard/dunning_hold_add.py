from datetime import timedelta

from odoo import api, fields, models

from ..tools.plan import get_review_days


class DunningHoldAdd(models.TransientModel):
    """Asks why and until when items or debtors must not be dunned."""

    _name = "dunning.hold.add"
    _description = "Pause dunning"

    move_line_ids = fields.Many2many(
        comodel_name="account.move.line", string="Items", readonly=True
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner", string="Debtors", readonly=True
    )
    kind = fields.Selection(
        selection=lambda self: self._get_kinds(), string="Reason", required=True
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._get_dunning_today(),
    )
    date_review = fields.Date(
        string="Up to and including",
        compute="_compute_date_review",
        store=True,
        readonly=False,
        required=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Owner",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="On the last day the owner is asked what to do next.",
    )
    note = fields.Text()

    # === COMPUTE METHODS === #

    @api.model
    def _get_kinds(self):
        """Return the kinds that are asked for here; others have a form of their own."""
        return self.env["dunning.hold"]._fields["kind"]._description_selection(self.env)

    @api.depends("kind", "date_from")
    def _compute_date_review(self):
        for wizard in self:
            wizard.date_review = wizard.date_from and (
                wizard.date_from + timedelta(days=get_review_days(wizard.kind))
            )

    # === ACTION METHODS === #

    def action_pause(self):
        """Put the items, or all that the debtors owe, on hold."""
        self.ensure_one()
        Hold = self.env["dunning.hold"]
        values = self._prepare_hold_values()
        if self.move_line_ids:
            Hold._hold_items(self.move_line_ids, values)
        else:
            Hold._hold_debtors(self.partner_ids, self.env.company, values)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _prepare_hold_values(self):
        """Return what was filled in, for the holds to be made."""
        self.ensure_one()
        return {
            "kind": self.kind,
            "date_from": self.date_from,
            "date_review": self.date_review,
            "user_id": self.user_id.id,
            "note": self.note,
        }
