from odoo import fields, models


class PaymentArrangementPaper(models.TransientModel):
    """Asks for an agreement that was signed on paper."""

    _name = "payment.arrangement.paper"
    _description = "Record an arrangement that was signed on paper"

    arrangement_id = fields.Many2one(
        comodel_name="payment.arrangement", required=True, readonly=True
    )
    state = fields.Selection(related="arrangement_id.state")
    offer_until = fields.Date(related="arrangement_id.offer_until")
    signed_by = fields.Char(string="Signed by", required=True)
    date = fields.Date(
        string="Signed on",
        required=True,
        default=lambda self: self.env.company._get_dunning_today(),
    )
    document = fields.Binary(string="Signed agreement", required=True)
    filename = fields.Char()

    def action_sign(self):
        """Let the arrangement run."""
        self.ensure_one()
        self.arrangement_id._sign_on_paper(
            self.signed_by, self.date, self.document, self.filename
        )
        return {"type": "ir.actions.act_window_close"}
