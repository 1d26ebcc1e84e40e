from odoo import models


class DunningNotice(models.Model):
    _inherit = "dunning.notice"

    # === ACTION METHODS === #

    def action_open_debtor(self):
        """Open the screen of the debtor of this letter."""
        self.ensure_one()
        return self.partner_id.action_open_dunning_debtor()
