from odoo import fields, models

from ...tools.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_require_reference = fields.Boolean(
        string="Order number on invoices",
        groups=ACCOUNTING_GROUPS,
        help="This customer only pays invoices with an order number of his own as "
        "customer reference. The check before the first letter looks for it.",
    )
