from odoo import api, models


class DunningRun(models.Model):
    """The daily job lets small rests off before it proposes letters."""

    _inherit = "dunning.run"

    @api.model
    def _work_daily(self, company):
        """Let small rests off first: nothing of them is in a letter then."""
        self.env["account.move.line"]._let_off_dunning_rests(company)
        return super()._work_daily(company)
