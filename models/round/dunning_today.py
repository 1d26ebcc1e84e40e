from odoo import models
from odoo.fields import Domain

from ..today.dunning_today import Card


class DunningToday(models.AbstractModel):
    """Rounds that wait to be confirmed."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [
            *super()._get_dunning_cards(mine),
            self._get_round_card(mine),
            self._get_single_card(mine),
        ]

    def _get_round_card(self, mine):
        """Count rounds with letters that nobody confirmed; the amount is theirs."""
        owner = self._get_owner("user_id", mine)
        card = Card(
            code="round",
            sequence=20,
            title=self.env._("Rounds to confirm"),
            button=self.env._("Check and confirm"),
            icon="fa-list-alt",
            action="l10n_nl_dunning.dunning_run_action",
            domain=list(Domain("state", "=", "draft") & owner),
        )
        proposed = Domain("state", "=", "draft") & Domain("run_id", "any", owner)
        letters = card._replace(domain=list(proposed))
        amount = self._count(letters, "dunning.notice", "amount_claim").amount
        return self._count(card, "dunning.run", day="date")._replace(amount=amount)

    def _get_single_card(self, mine):
        """Count letters that were proposed by themselves, outside a round."""
        single = Domain([("state", "=", "draft"), ("run_id", "=", False)])
        card = Card(
            code="single",
            sequence=25,
            title=self.env._("Single letters to confirm"),
            button=self.env._("Check and confirm"),
            icon="fa-envelope-o",
            action="l10n_nl_dunning.dunning_notice_action",
            domain=list(single & self._get_owner("responsible_id", mine)),
        )
        return self._count(card, "dunning.notice", "amount_claim", "create_date")
