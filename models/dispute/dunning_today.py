from odoo import models
from odoo.fields import Domain

from ..today.dunning_today import Card


class DunningToday(models.AbstractModel):
    """Disputes that should have been answered."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [*super()._get_dunning_cards(mine), self._get_dispute_card(mine)]

    def _get_dispute_card(self, mine):
        """Count the disputes whose day has come without an outcome."""
        late = Domain(
            [
                ("kind", "=", "dispute"),
                ("date_end", "=", False),
                ("date_review", "<=", self.env.company._get_dunning_today()),
            ]
        )
        card = Card(
            code="dispute",
            sequence=70,
            title=self.env._("Disputes to be answered"),
            button=self.env._("Answer"),
            icon="fa-comments-o",
            action="l10n_nl_dunning.dunning_dispute_action",
            domain=list(late & self._get_owner("user_id", mine)),
        )
        return self._count(card, "dunning.hold", "amount_disputed", "date_review")
