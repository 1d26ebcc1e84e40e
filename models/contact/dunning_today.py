from odoo import models

from ..today.dunning_today import Card


class DunningToday(models.AbstractModel):
    """Whom to call today."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_late_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [*super()._get_dunning_late_cards(mine), self._get_call_card(mine)]

    def _get_call_card(self, mine):
        """Count the debtors on the list of calls, which has no owner."""
        Call = self.env["dunning.call"]
        card = Card(
            code="call",
            sequence=50,
            title=self.env._("Calls to make"),
            button=self.env._("Start calling"),
            icon="fa-phone",
            action="l10n_nl_dunning.dunning_call_action",
            domain=[],
        )
        calls = Call.search_fetch([], ["company_id", "amount", "date"])
        total = sum(
            self._convert(sum(part.mapped("amount")), company.currency_id)
            for company, part in calls.grouped("company_id").items()
        )
        oldest = min(filter(None, calls.mapped("date")), default=False)
        return card._replace(count=len(calls), amount=total, oldest=oldest)
