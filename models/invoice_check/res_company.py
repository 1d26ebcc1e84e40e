from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_invoice_check = fields.Selection(
        selection=[
            ("none", "No check"),
            ("warn", "Warn"),
            ("block", "Keep the first letter back"),
        ],
        string="Invoice check before the first letter",
        default="warn",
        required=True,
        help="Looks for what may keep a customer from paying: an invoice that did not "
        "arrive, no bank account or order number on it. Faults can keep the first "
        "letter back until they are mended.",
    )
