from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_delivery_margin = fields.Integer(
        string="Extra days for the post",
        help="Days of delivery added to those that the law presumes for a letter by "
        "post, before its term begins. Sundays, Mondays and holidays do not count.",
    )

    _check_dunning_delivery_margin = models.Constraint(
        "CHECK(dunning_delivery_margin BETWEEN 0 AND 30)",
        "Enter 0 to 30 extra days for the post.",
    )
