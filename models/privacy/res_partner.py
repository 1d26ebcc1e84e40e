from odoo import models

from ...tools.actions import open_dialog


class ResPartner(models.Model):
    """Customers who ask what is known of them: article 15 AVG."""

    _inherit = "res.partner"

    # === ACTION METHODS === #

    def action_export_dunning_data(self):
        """Make a file of all that is known of this person."""
        self.ensure_one()
        return open_dialog(
            "dunning.personal.export",
            self.env._("What is known of %s", self.name),
            default_partner_id=self.commercial_partner_id.id,
        )
