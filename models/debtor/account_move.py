from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # === ACTION METHODS === #

    def action_open_dunning_debtor(self):
        """Open the screen of the debtor of this invoice."""
        self.ensure_one()
        return self.commercial_partner_id.action_open_dunning_debtor()
