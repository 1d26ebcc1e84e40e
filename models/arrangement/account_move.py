from odoo import models


class AccountMove(models.Model):
    """From an invoice to its arrangement."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def action_draw_up_dunning_arrangement(self):
        """Draw up a payment arrangement for this invoice."""
        return self.env["payment.arrangement.wizard"]._open_for(self)
