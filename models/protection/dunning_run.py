from odoo import api, models


class DunningRun(models.Model):
    """Protected statuses that end on a day known beforehand."""

    _inherit = "dunning.run"

    # === BUSINESS METHODS === #

    @api.model
    def _remind(self, company):
        """Tell of statuses of which today is the last day."""
        self.env["dunning.protection"]._announce_expiry(company)
        return super()._remind(company)
