from odoo import api, fields, models

from .res_partner import ACCOUNTING_GROUPS


class AccountMoveLine(models.Model):
    """How late an item is, for whoever speaks to the debtor."""

    _inherit = "account.move.line"

    dunning_days_late = fields.Integer(
        string="Days late",
        compute="_compute_dunning_days_late",
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    @api.depends("date_maturity", "date")
    def _compute_dunning_days_late(self):
        today = fields.Date.context_today(self)
        for line in self:
            due = line.date_maturity or line.date
            line.dunning_days_late = max((today - due).days, 0) if due else 0
