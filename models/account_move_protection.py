from odoo import fields, models

from .res_partner import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """What the dunning tab says of a debtor who is protected by law."""

    _inherit = "account.move"

    dunning_protection_id = fields.Many2one(
        related="commercial_partner_id.dunning_protection_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_protection_text = fields.Char(
        related="commercial_partner_id.dunning_protection_text",
        groups=ACCOUNTING_GROUPS,
    )
