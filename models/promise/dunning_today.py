from odoo import models
from odoo.fields import Domain

from ..today.dunning_today import Card
from .dunning_hold import FAILED_RESULTS


class DunningToday(models.AbstractModel):
    """Promises that break today, or broke."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [*super()._get_dunning_cards(mine), self._get_promise_card(mine)]

    def _get_promise_card(self, mine):
        """Count promises of which the day has come, and what they are about is open.

        A broken promise stays here until it is ended, or its items are paid.
        """
        today = self.env.company._get_dunning_today()
        waiting = Domain(
            [
                ("promise_date", "!=", False),
                ("promise_date", "<=", today),
                ("date_end", "=", False),
                ("move_line_ids", "any", [("reconciled", "=", False)]),
            ]
        )
        unkept = Domain("promise_result", "in", ["open", *FAILED_RESULTS])
        card = Card(
            code="promise",
            sequence=60,
            title=self.env._("Promises that break or broke"),
            button=self.env._("Call the debtor"),
            icon="fa-handshake-o",
            action="l10n_nl_dunning.dunning_promise_action",
            domain=list(waiting & unkept & self._get_owner("user_id", mine)),
        )
        return self._count(card, "dunning.hold", "promise_amount", "promise_date")
