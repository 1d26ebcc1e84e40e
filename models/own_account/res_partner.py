from odoo import api, fields, models

from ...tools.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_blocked_percent = fields.Float(
        string="Share for the blocked account (%)",
        groups=ACCOUNTING_GROUPS,
        help="The share of each invoice that this customer pays to your blocked "
        "account (g-rekening). An invoice can have another one.",
    )

    _check_dunning_blocked_percent = models.Constraint(
        "CHECK(dunning_blocked_percent BETWEEN 0 AND 100)",
        "The share for the blocked account is from 0 to 100 percent.",
    )

    @api.model
    def _commercial_fields(self):
        # EXTENDS 'base'
        return [*super()._commercial_fields(), "dunning_blocked_percent"]
