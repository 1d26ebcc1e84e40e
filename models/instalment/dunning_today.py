from odoo import models
from odoo.fields import Domain

from ..today.dunning_today import Card


class DunningToday(models.AbstractModel):
    """Instalments that are late, and warnings that run."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_late_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [
            *super()._get_dunning_late_cards(mine),
            self._get_instalment_card(mine),
            self._get_warning_card(mine),
        ]

    def _get_instalment_card(self, mine):
        """Count instalments past their day that were not warned about."""
        card = Card(
            code="instalment",
            sequence=90,
            title=self.env._("Instalments that are late"),
            button=self.env._("Ask for the money"),
            icon="fa-calendar-times-o",
            action="l10n_nl_dunning.payment_arrangement_line_action_late",
            domain=list(
                Domain("is_open", "=", True)
                & Domain("date", "<", self.env.company._get_dunning_today())
                & Domain("warned_until", "=", False)
                & Domain("arrangement_id", "any", self._get_arranger(mine))
            ),
        )
        return self._count_instalments(card, "date")

    def _get_warning_card(self, mine):
        """Count instalments of which the warning runs: unpaid, the agreement lapses."""
        card = Card(
            code="warning",
            sequence=95,
            title=self.env._("Warnings that run"),
            button=self.env._("Look at the arrangement"),
            icon="fa-bell-o",
            action="l10n_nl_dunning.payment_arrangement_line_action_late",
            domain=list(
                Domain("is_open", "=", True)
                & Domain("warned_until", "!=", False)
                & Domain("arrangement_id", "any", self._get_arranger(mine))
            ),
        )
        return self._count_instalments(card, "warned_until")

    def _get_arranger(self, mine):
        return self._get_owner("responsible_id", mine)

    def _count_instalments(self, card, day):
        """Return the card with what is still open of its instalments."""
        lines = self.env["payment.arrangement.line"].search(self._limit_domain(card))
        total = sum(
            self._convert(sum(part.mapped("amount_open")), currency)
            for currency, part in lines.grouped("currency_id").items()
        )
        oldest = min(filter(None, lines.mapped(day)), default=False)
        return card._replace(count=len(lines), amount=total, oldest=oldest)
