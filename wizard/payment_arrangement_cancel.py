from odoo import fields, models


class PaymentArrangementCancel(models.TransientModel):
    """Asks why arrangements are withdrawn."""

    _name = "payment.arrangement.cancel"
    _description = "Cancel payment arrangements"

    arrangement_ids = fields.Many2many(
        comodel_name="payment.arrangement",
        string="Arrangements",
        required=True,
        readonly=True,
    )
    reason = fields.Char(required=True)

    def action_cancel(self):
        """Withdraw the arrangements."""
        self.ensure_one()
        self.arrangement_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
