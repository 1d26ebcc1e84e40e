from odoo import fields, models


class DunningHoldEnd(models.TransientModel):
    """Asks why pauses are over."""

    _name = "dunning.hold.end"
    _description = "End dunning pause"

    hold_ids = fields.Many2many(
        comodel_name="dunning.hold", string="Pauses", required=True, readonly=True
    )
    reason = fields.Char(required=True)

    def action_end(self):
        """End the pauses."""
        self.ensure_one()
        self.hold_ids._end(self.reason)
        return {"type": "ir.actions.act_window_close"}
