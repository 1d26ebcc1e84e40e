from odoo import models


class DunningProtection(models.Model):
    """Who looks at a protected status leaves a trace."""

    _inherit = "dunning.protection"

    # === CRUD METHODS === #

    def web_read(self, specification):
        """A form that is opened reads one record."""
        # EXTENDS 'web'
        if len(self) == 1:
            self.env["dunning.access.log"]._record(self, "protection")
        return super().web_read(specification)
