from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from .engine.instalments import ScheduleError, schedule


class PaymentArrangementTerms(models.AbstractModel):
    """The terms of an arrangement: for the wizard, which previews, and for itself."""

    _name = "payment.arrangement.terms"
    _description = "Terms of a payment arrangement"

    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True
    )
    division = fields.Selection(
        selection=[("count", "Number of instalments"), ("amount", "Fixed amount")],
        string="Divide by",
        default="count",
        required=True,
    )
    instalment_count = fields.Integer(string="Number of instalments", default=3)
    instalment_amount = fields.Monetary(string="Amount of each instalment")
    down_payment = fields.Monetary(
        help="Paid on the first date; the instalments begin a period later."
    )
    first_date = fields.Date(string="First payment on", required=True)
    rhythm = fields.Selection(
        selection=[
            ("weekly", "Every week"),
            ("four_weekly", "Every four weeks"),
            ("monthly", "Every month"),
            ("on_day", "On a day of the month"),
        ],
        default="monthly",
        required=True,
    )
    month_day = fields.Integer(
        string="Day of the month",
        default=1,
        help="Where a month is too short, its last day.",
    )
    interest_policy = fields.Selection(
        selection=[
            ("none", "No interest"),
            ("frozen", "No interest as long as it is kept"),
            ("running", "Interest runs on"),
        ],
        string="Interest during the arrangement",
        default="none",
        required=True,
        help="Interest that runs on is worked out in advance, as if each instalment "
        "is paid on its day, and is part of the sum. A consumer never pays interest "
        "for an arrangement.",
    )
    grace_days = fields.Integer(
        string="Days of grace",
        default=lambda self: self.env.company.dunning_arrangement_grace_days,
        help="An instalment that is later than this is warned about once.",
    )
    warning_days = fields.Integer(
        string="Days after a warning",
        default=lambda self: self.env.company.dunning_arrangement_warning_days,
        help="When the instalment is not paid within these days of the warning, the "
        "arrangement lapses.",
    )

    # === BUSINESS METHODS === #

    def _get_schedule(self, total):
        """Divide a total over instalments.

        :param Decimal total: what has to be paid
        :return: pairs of day and amount
        :rtype: list[tuple[date, Decimal]]
        :raise UserError: saying which of the terms to change
        """
        self.ensure_one()
        is_by_amount = self.division == "amount"
        try:
            parts = schedule(
                total,
                first=self.first_date,
                rhythm=self.rhythm,
                count=None if is_by_amount else self.instalment_count,
                amount=self._to_decimal(self.instalment_amount)
                if is_by_amount
                else None,
                down_payment=self._to_decimal(self.down_payment),
                month_day=self.month_day,
            )
        except ScheduleError as error:
            raise UserError(self._explain_schedule(error.reason)) from error
        if len(parts) < 2:
            raise UserError(
                self.env._(
                    "Payment at once is no arrangement. Record a promise to pay, or "
                    "choose at least two instalments."
                )
            )
        return parts

    def _explain_schedule(self, reason):
        explanations = {
            "down_payment": self.env._(
                "The down payment must be less than what is owed, and not negative."
            ),
            "count": self.env._(
                "Choose a number of instalments that leaves each at least a cent."
            ),
            "amount": self.env._("Enter the amount of each instalment."),
            "many": self.env._(
                "That makes more than 120 instalments. Choose a larger amount or fewer "
                "instalments."
            ),
        }
        return explanations[reason]

    def _to_decimal(self, amount):
        """Return an amount with exactly the decimals of the currency."""
        self.ensure_one()
        return Decimal(f"{amount:.{self.currency_id.decimal_places}f}")
