from datetime import timedelta

from odoo import models
from odoo.fields import Domain

from ..today.dunning_today import Card

#: Pauses of which a card of their own tells.
OWN_CARD_KINDS = ("dispute", "promise", "arrangement_offered")


#: How long before its last day a pause asks for a decision.
ENDS_WITHIN = timedelta(days=3)


class DunningToday(models.AbstractModel):
    """Pauses that end."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [*super()._get_dunning_cards(mine), self._get_hold_card(mine)]

    def _get_hold_card(self, mine):
        """Count the pauses whose last days have come: letters go on after them."""
        today = self.env.company._get_dunning_today()
        ending = Domain(
            [
                ("kind", "not in", OWN_CARD_KINDS),
                ("date_end", "=", False),
                ("date_review", ">=", today),
                ("date_review", "<=", today + ENDS_WITHIN),
            ]
        )
        card = Card(
            code="hold",
            sequence=110,
            title=self.env._("Pauses that end"),
            button=self.env._("Decide what follows"),
            icon="fa-pause-circle-o",
            action="l10n_nl_dunning.dunning_hold_action",
            domain=list(ending & self._get_owner("user_id", mine)),
        )
        return self._count(card, "dunning.hold", day="date_review")
