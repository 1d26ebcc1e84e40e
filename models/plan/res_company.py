from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields, models

from ...law import add_working_days
from .engine.items import Settings

#: The day of Dutch banks, whatever the time of the company.
DUTCH_TIME = ZoneInfo("Europe/Amsterdam")


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_contact_interval = fields.Integer(
        string="Days between two letters",
        default=7,
        help="A debtor gets no second letter within this number of days.",
    )

    dunning_require_sent = fields.Boolean(
        string="Only sent invoices",
        default=True,
        help="An invoice that was not sent to the customer is not dunned.",
    )
    dunning_skip_direct_debit = fields.Boolean(
        string="Not with direct debit",
        default=True,
        help="An invoice that is collected by direct debit is not dunned.",
    )

    dunning_hold_unmatched = fields.Boolean(
        string="Wait for unmatched bank lines",
        help="An invoice is not dunned while the bank has money that nobody matched "
        "and that names the customer or the invoice. Otherwise the proposed letter "
        "tells of it.",
    )
    dunning_pending_days = fields.Integer(
        string="Working days for transfers under way",
        default=3,
        help="An invoice that is being paid online by a transfer or direct debit is "
        "not dunned for this number of working days.",
    )
    dunning_pending_hours = fields.Integer(
        string="Hours for other payments under way",
        default=24,
        help="An invoice that is being paid online by card, iDEAL or the like is not "
        "dunned for this number of hours.",
    )

    _check_dunning_days = models.Constraint(
        "CHECK(dunning_contact_interval >= 0 AND dunning_correction_days >= 0 "
        "AND dunning_bank_max_age >= 0 AND dunning_pending_days >= 0 "
        "AND dunning_pending_hours >= 0)",
        "Numbers of days for dunning cannot be negative.",
    )

    # === BUSINESS METHODS === #

    def _get_dunning_settings(self):
        """Return the settings of this company as the pure plan sees them."""
        self.ensure_one()
        company = self.sudo()  # the plan is the same for users who may not read these
        return Settings(
            correction_days=company.dunning_correction_days,
            contact_interval=company.dunning_contact_interval,
            require_sent=company.dunning_require_sent,
            skip_direct_debit=company.dunning_skip_direct_debit,
            hold_unmatched=company.dunning_hold_unmatched,
        )

    def _get_dunning_pending_since(self, day):
        """Return from when payments that were begun may still be on their way.

        :param date day: the day for which is planned; of another one than today it is
            not known at what hour, so its beginning counts
        :return: the moments for transfers and for other payments, in UTC
        :rtype: tuple[datetime, datetime]
        """
        self.ensure_one()
        company = self.sudo()  # the plan is the same for users who may not read these
        first_day = add_working_days(day, -company.dunning_pending_days)
        moment = fields.Datetime.now()
        if day != moment.replace(tzinfo=UTC).astimezone(DUTCH_TIME).date():
            moment = _get_beginning(day)
        return (
            _get_beginning(first_day),
            moment - timedelta(hours=company.dunning_pending_hours),
        )


def _get_beginning(day):
    """Return the moment in UTC at which a day begins in the Netherlands."""
    local = datetime.combine(day, time(), tzinfo=DUTCH_TIME)
    return local.astimezone(UTC).replace(tzinfo=None)
