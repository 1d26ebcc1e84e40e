from odoo import models


class DunningHold(models.Model):
    """Answers and confirmations to whoever represents a debtor by law."""

    _inherit = "dunning.hold"

    def _get_letter(self):
        letter = super()._get_letter()
        letter._address_representative()
        return letter
