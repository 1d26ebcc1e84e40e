from datetime import timedelta

from odoo import fields, models


class PaymentArrangementForgive(models.TransientModel):
    """Asks why a late instalment is forgiven, and until when."""

    _name = "payment.arrangement.forgive"
    _description = "Forgive a late instalment once"

    arrangement_id = fields.Many2one(
        comodel_name="payment.arrangement", required=True, readonly=True
    )
    reason = fields.Char(required=True)
    until = fields.Date(
        string="Last day to pay what is late",
        required=True,
        default=lambda self: self.env.company._get_dunning_today() + timedelta(days=14),
    )

    def action_forgive(self):
        """Forgive it."""
        self.ensure_one()
        self.arrangement_id._forgive(self.reason, self.until)
        return {"type": "ir.actions.act_window_close"}
