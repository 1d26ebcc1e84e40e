from odoo import models

from ..today.dunning_today import Card


class DunningToday(models.AbstractModel):
    """Letters that did not arrive, besides those that demand payment."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [*super()._get_dunning_cards(mine), self._get_letter_card(mine)]

    def _get_letter_card(self, mine):
        card = Card(
            code="letter_failed",
            sequence=35,
            title=self.env._("Other letters that did not arrive"),
            button=self.env._("Send again"),
            icon="fa-reply",
            action="l10n_nl_dunning.dunning_letter_action",
            domain=[
                ("state", "=", "failed"),
                ("replaced_by_id", "=", False),
                *self._get_owner("responsible_id", mine),
            ],
        )
        return self._count(card, "dunning.letter", day="date")
