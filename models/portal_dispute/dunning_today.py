from odoo import models
from odoo.fields import Domain

from ..today.dunning_today import Card


class DunningToday(models.AbstractModel):
    """What customers answered on the portal."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [*super()._get_dunning_cards(mine), self._get_answer_card(mine)]

    def _get_answer_card(self, mine):
        """Count disputes from the portal that nobody has taken up yet.

        Whoever has looked at one marks its activity as done.
        """
        new = Domain(
            [
                ("notice_id", "!=", False),
                ("date_end", "=", False),
                ("activity_ids", "!=", False),
            ]
        )
        card = Card(
            code="answer",
            sequence=65,
            title=self.env._("Answers of customers"),
            button=self.env._("Read and decide"),
            icon="fa-reply",
            action="l10n_nl_dunning.dunning_dispute_action",
            domain=list(new & self._get_owner("user_id", mine)),
        )
        return self._count(card, "dunning.hold", "amount_disputed", "date_from")
