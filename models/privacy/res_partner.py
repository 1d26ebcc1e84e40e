from odoo import models


class ResPartner(models.Model):
    """Customers who ask what is known of them: article 15 AVG."""

    _inherit = "res.partner"

    # === ACTION METHODS === #

    def action_export_dunning_data(self):
        """Make a file of all that is known of this person."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What is known of %s", self.name),
            "res_model": "dunning.personal.export",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }
