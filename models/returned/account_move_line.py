from odoo import fields, models

from ...tools.groups import ACCOUNTING_GROUPS


class AccountMoveLine(models.Model):
    """Until when the customer has time after a payment came back."""

    _inherit = "account.move.line"

    dunning_returned_until = fields.Date(
        string="Term after a payment came back",
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
    )

    # === BUSINESS METHODS === #

    def _apply_dunning_step(self, step):
        # EXTENDS 'l10n_nl_dunning'
        self.dunning_returned_until = step and step.item.special.returned_until
        return super()._apply_dunning_step(step)

    def _get_dunning_lift_makers(self, step, settings):
        # EXTENDS 'l10n_nl_dunning'
        makers = super()._get_dunning_lift_makers(step, settings)
        until = step.item.special.returned_until
        return makers | {"returned_until": lambda: self._format_dunning_day(until)}
