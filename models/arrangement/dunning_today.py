from odoo import models
from odoo.fields import Domain

from ..hold.dunning_today import ENDS_WITHIN
from ..today.dunning_today import Card


class DunningToday(models.AbstractModel):
    """Offers of arrangements that are about to expire."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [*super()._get_dunning_cards(mine), self._get_offer_card(mine)]

    def _get_offer_card(self, mine):
        """Count open offers in their last days."""
        expiring = Domain(
            [
                ("state", "=", "offered"),
                (
                    "offer_until",
                    "<=",
                    self.env.company._get_dunning_today() + ENDS_WITHIN,
                ),
            ]
        )
        card = Card(
            code="offer",
            sequence=80,
            title=self.env._("Offers about to expire"),
            button=self.env._("Ask for the signature"),
            icon="fa-pencil-square-o",
            action="l10n_nl_dunning.payment_arrangement_action",
            domain=list(expiring & self._get_owner("responsible_id", mine)),
        )
        return self._count(card, "payment.arrangement", "amount_total", "offer_until")
