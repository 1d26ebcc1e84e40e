from odoo import models


class AccountMoveLine(models.Model):
    """A dossier of chosen items."""

    _inherit = "account.move.line"

    # === ACTION METHODS === #

    def action_make_dunning_dossier(self):
        """Make a dossier of these items, one for each debtor and company."""
        return self.env["dunning.dossier"]._make_of_items(self).action_open()
