from odoo import api, models


class DunningRun(models.Model):
    """Claims that are about to lapse."""

    _inherit = "dunning.run"

    # === BUSINESS METHODS === #

    @api.model
    def _remind(self, company):
        """Remind of claims that are about to lapse."""
        self.env["account.move.line"]._remind_dunning_limitation(company)
        return super()._remind(company)
