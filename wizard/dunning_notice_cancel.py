from odoo import fields, models


class DunningNoticeCancel(models.TransientModel):
    """Asks why letters are withdrawn."""

    _name = "dunning.notice.cancel"
    _description = "Cancel dunning letters"

    notice_ids = fields.Many2many(
        comodel_name="dunning.notice", string="Letters", required=True, readonly=True
    )
    reason = fields.Char(required=True)

    def action_cancel(self):
        """Withdraw the letters."""
        self.ensure_one()
        self.notice_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
