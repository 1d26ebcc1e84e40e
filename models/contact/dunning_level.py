from odoo import fields, models


class DunningLevel(models.Model):
    """Whether somebody calls the debtor after the letter."""

    _inherit = "dunning.level"

    with_call = fields.Boolean(
        string="Call after the letter",
        help="A debtor who has not paid some days after the letter comes on the list "
        "of calls.",
    )
    call_delay = fields.Integer(
        string="Call after (working days)",
        default=5,
        help="Working days after the date of the letter.",
    )

    _check_call_delay = models.Constraint(
        "CHECK(call_delay >= 0)",
        "The number of working days before a call cannot be negative.",
    )
