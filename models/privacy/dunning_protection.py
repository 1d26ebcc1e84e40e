from odoo import models


class DunningProtection(models.Model):
    """Who looks at a protected status leaves a trace."""

    _inherit = "dunning.protection"

    # === BUSINESS METHODS === #

    def _watch(self):
        self.env["dunning.access.log"]._record(self, "protection")
        return super()._watch()
