from odoo import models


class AccountMove(models.Model):
    """Invoices that are handed over to an agency."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def action_hand_over_dunning(self):
        """Propose to hand the open items of these invoices over to an agency."""
        items = self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        return items.action_hand_over_dunning()
