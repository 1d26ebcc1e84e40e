from odoo import fields, models


class ResCompany(models.Model):
    """What the company agrees to when customers pay in instalments."""

    _inherit = "res.company"

    dunning_arrangement_days = fields.Integer(
        string="Offer is open for (days)",
        default=14,
        help="An offer that is not signed by then lapses.",
    )
    dunning_arrangement_pause_days = fields.Integer(
        string="Offer keeps letters back for (days)",
        default=14,
        help="No longer than this does an open offer keep letters back.",
    )
    dunning_arrangement_grace_days = fields.Integer(
        string="Days of grace",
        default=3,
        help="An instalment that is later than this is warned about once.",
    )
    dunning_arrangement_warning_days = fields.Integer(
        string="Days after a warning",
        default=7,
        help="When the instalment is not paid within these days of the warning, the "
        "arrangement lapses.",
    )
    dunning_arrangement_lapse_days = fields.Integer(
        string="Days to pay all after it lapsed",
        default=7,
        help="Dunning goes on after this term, at the level where it stood.",
    )
    dunning_arrangement_notice_days = fields.Integer(
        string="Announce an instalment (days before)",
        default=5,
        help="The customer gets an e-mail so many days before each instalment. Zero: "
        "no e-mail.",
    )
    dunning_arrangement_ask = fields.Boolean(
        string="Customers may ask for an arrangement",
        help="On the page of a letter. Within the limits it is offered at once, "
        "outside them somebody is asked to decide.",
    )
    dunning_arrangement_max_count = fields.Integer(
        string="At most this many instalments", default=6
    )
    dunning_arrangement_min_amount = fields.Monetary(
        string="At least this amount each", default=25
    )

    _check_dunning_arrangement = models.Constraint(
        "CHECK(dunning_arrangement_days > 0 AND dunning_arrangement_pause_days >= 0 "
        "AND dunning_arrangement_grace_days >= 0 "
        "AND dunning_arrangement_warning_days > 0 "
        "AND dunning_arrangement_lapse_days > 0 "
        "AND dunning_arrangement_notice_days >= 0 "
        "AND dunning_arrangement_max_count > 1 "
        "AND dunning_arrangement_min_amount >= 0)",
        "An offer, a warning and the last term take at least a day; an arrangement has "
        "at least two instalments.",
    )
