from odoo import fields, models

from ...tools.groups import ACCOUNTING_GROUPS


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    dunning_is_blocked = fields.Boolean(
        string="Blocked account (g-rekening)",
        groups=ACCOUNTING_GROUPS,
        help="Customers pay a share of invoices to this account, from which wage tax "
        "and VAT are paid. The share stands on the invoice or on the customer. Letters "
        "ask for the rest on another account.",
    )
