from odoo import fields, models


class DunningWaiverEnd(models.TransientModel):
    """Asks why waivers end."""

    _name = "dunning.waiver.end"
    _description = "End waivers"

    waiver_ids = fields.Many2many(
        comodel_name="dunning.waiver", string="Waivers", required=True, readonly=True
    )
    reason = fields.Char(required=True)

    def action_end(self):
        """End the waivers that are in force."""
        self.ensure_one()
        running = self.waiver_ids.filtered(lambda waiver: not waiver.end_date)
        running._end(self.reason)
        return {"type": "ir.actions.act_window_close"}
