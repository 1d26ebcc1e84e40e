from odoo import models

from ..today.dunning_today import Card


class DunningToday(models.AbstractModel):
    """Claims that are about to lapse."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_late_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [*super()._get_dunning_late_cards(mine), self._get_limitation_card()]

    def _get_limitation_card(self):
        """Count the items that lapse within three months, or have lapsed."""
        MoveLine = self.env["account.move.line"]
        items = MoveLine._get_dunning_lapsing_items(self.env.companies)
        total = sum(
            self._convert(sum(part.mapped("amount_residual")), currency)
            for currency, part in items.grouped("company_currency_id").items()
        )
        lapse = items.mapped("dunning_limitation_date")
        return Card(
            code="limitation",
            sequence=130,
            title=self.env._("Claims about to lapse"),
            button=self.env._("Interrupt limitation"),
            icon="fa-gavel",
            action="l10n_nl_dunning.dunning_limitation_action",
            domain=[("dunning_is_lapsing", "=", True)],
            count=len(items),
            amount=total,
            oldest=min(filter(None, lapse), default=False),
        )
