from odoo import fields, models


class DunningChargeCancel(models.TransientModel):
    """Asks why what letters charged is credited."""

    _name = "dunning.charge.cancel"
    _description = "Cancel charges of dunning letters"

    notice_ids = fields.Many2many(
        comodel_name="dunning.notice", string="Letters", required=True, readonly=True
    )
    reason = fields.Char(required=True)

    def action_cancel(self):
        """Credit what was charged."""
        self.ensure_one()
        self.notice_ids.filtered("has_charge")._cancel_charges(self.reason)
        return {"type": "ir.actions.act_window_close"}
