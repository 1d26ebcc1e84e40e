from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # === ACTION METHODS === #

    def action_look_ahead_dunning(self):
        """Show what happens next to each open item of this debtor, or why nothing."""
        return self.env["dunning.simulation"]._action_open(
            partner_ids=self.commercial_partner_id.ids
        )
