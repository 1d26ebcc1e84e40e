from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_returned_days = fields.Integer(
        string="Working days after a payment came back",
        default=5,
        help="When a direct debit or another payment is undone, the customer gets so "
        "many working days before the next letter.",
    )

    _check_dunning_returned_days = models.Constraint(
        "CHECK(dunning_returned_days >= 0)",
        "Numbers of days for dunning cannot be negative.",
    )
