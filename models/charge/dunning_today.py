from odoo import models
from odoo.fields import Domain

from ..today.dunning_today import Card


class DunningToday(models.AbstractModel):
    """Interest and costs that could not be posted."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [*super()._get_dunning_cards(mine), self._get_charge_card(mine)]

    def _get_charge_card(self, mine):
        """Count letters that arrived, of which the charge has not."""
        failed = Domain([("charge_error", "!=", False), ("state", "=", "sent")])
        card = Card(
            code="charge",
            sequence=140,
            title=self.env._("Charges that could not be posted"),
            button=self.env._("Mend and charge"),
            icon="fa-eur",
            action="l10n_nl_dunning.dunning_notice_action",
            domain=list(failed & self._get_owner("responsible_id", mine)),
        )
        return self._count(card, "dunning.notice", "amount_claim", "date")
