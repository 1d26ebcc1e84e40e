from odoo import api, models


class DunningRun(models.Model):
    """Pauses that are over before a round is made."""

    _inherit = "dunning.run"

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_round(self, company):
        """Tell the owners of pauses that are over: until then they hold."""
        self.env["dunning.hold"]._announce_expiry(company)
        return super()._prepare_round(company)
