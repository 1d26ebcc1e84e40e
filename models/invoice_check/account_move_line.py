from odoo import models

from .account_move import FINDINGS


class AccountMoveLine(models.Model):
    """What would lift the obstacle of a fault on the invoice."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def _get_dunning_lift_makers(self, step, settings):
        """Say which fault keeps the first letter back, and how to mend it."""
        makers = super()._get_dunning_lift_makers(step, settings)
        finding = FINDINGS.get(step.item.special.finding, ())
        return makers | {"finding": lambda: " ".join(map(self.env._, finding))}
