from odoo import models


class AccountMove(models.Model):
    """What was waived of the interest and costs on an invoice."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def action_waive_dunning(self):
        """Ask what is waived of the claim on these invoices, and why."""
        return self.dunning_item_ids.action_waive_dunning()
