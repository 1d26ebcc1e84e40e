from odoo import models

from ..hold.dunning_today import ENDS_WITHIN
from ..today.dunning_today import Card


class DunningToday(models.AbstractModel):
    """Protections by law that end."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [*super()._get_dunning_cards(mine), self._get_protection_card()]

    def _get_protection_card(self):
        """Count cooling-off periods in their last days: letters go on after them."""
        today = self.env.company._get_dunning_today()
        card = Card(
            code="protection",
            sequence=120,
            title=self.env._("Protections that end"),
            button=self.env._("Look at the debtor"),
            icon="fa-shield",
            action="l10n_nl_dunning.dunning_protection_action",
            domain=[
                ("ended_on", "=", False),
                ("date_end", ">=", today),
                ("date_end", "<=", today + ENDS_WITHIN),
            ],
            shared=True,
        )
        return self._count(card, "dunning.protection", day="date_end")
