from odoo import models


class AccountMove(models.Model):
    """A dossier of chosen invoices."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def action_make_dunning_dossier(self):
        """Make a dossier of these invoices, one for each debtor and company."""
        items = self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        return items.action_make_dunning_dossier()
