from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningHoldEnd(models.TransientModel):
    """Asks why pauses are over, and how disputes ended."""

    _name = "dunning.hold.end"
    _description = "End dunning pause"

    hold_ids = fields.Many2many(
        comodel_name="dunning.hold", string="Pauses", required=True, readonly=True
    )
    is_dispute = fields.Boolean(string="Disputes", compute="_compute_is_dispute")
    outcome = fields.Selection(
        selection=lambda self: (
            self.env["dunning.hold"]._fields["outcome"]._description_selection(self.env)
        )
    )
    reason = fields.Char(required=True)
    date_term = fields.Date(
        string="Pay by",
        default=lambda self: self.env["dunning.hold"]._get_fresh_term(),
        help="New term that the customer gets. The next letter only comes after it.",
    )
    answer = fields.Text(
        string="Explanation to the customer",
        help="Stands in the letter to the customer, so write it in his language.",
    )

    # === COMPUTE METHODS === #

    @api.depends("hold_ids")
    def _compute_is_dispute(self):
        for wizard in self:
            wizard.is_dispute = set(wizard.hold_ids.mapped("kind")) == {"dispute"}

    # === ACTION METHODS === #

    def action_end(self):
        """End the pauses; for a justified dispute, go on to its credit note."""
        self.ensure_one()
        if not self.is_dispute:
            if "dispute" in self.hold_ids.mapped("kind"):
                raise UserError(
                    self.env._(
                        "End disputes apart from other pauses: select only disputes or "
                        "only other pauses."
                    )
                )
            self.hold_ids._end(self.reason)
            return {"type": "ir.actions.act_window_close"}
        self.hold_ids._conclude(self.outcome, self.reason, self.date_term, self.answer)
        if self.outcome == "justified":
            return self.hold_ids._action_credit()
        return {"type": "ir.actions.act_window_close"}
