from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_account_days = fields.Integer(
        string="Days that a link works",
        default=90,
        help="Letters and e-mails lead to a page with all that the customer owes. Its "
        "link needs no login and stops working after this number of days.",
    )

    _check_dunning_account_days = models.Constraint(
        "CHECK(dunning_account_days BETWEEN 1 AND 730)",
        "A link to all that a customer owes works from 1 to 730 days.",
    )
