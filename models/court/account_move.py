from odoo import models


class AccountMove(models.Model):
    """Invoices that are claimed in court."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def action_claim_dunning_in_court(self):
        """Prepare a claim in court of what is open of these invoices."""
        return self.line_ids.action_claim_dunning_in_court()
