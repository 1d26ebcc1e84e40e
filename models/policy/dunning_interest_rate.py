from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date, ormcache

from ...law import Rates

RATE_KINDS = [
    ("statutory", "Statutory interest"),
    ("commercial", "Statutory commercial interest"),
]


class DunningInterestRate(models.Model):
    """A statutory rate and the day from which it applies: data, never computed.

    Rates can change on 1 January and 1 July. A rate that stays the same is entered
    again for the new half-year: that confirms it.
    """

    _name = "dunning.interest.rate"
    _inherit = ["dunning.cached.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Statutory interest rate"
    _order = "date_from desc, kind"
    _rec_name = "date_from"

    kind = fields.Selection(selection=RATE_KINDS, required=True, index=True)
    date_from = fields.Date(string="From", required=True)
    percent = fields.Float(string="Percent a year", digits=(5, 2), required=True)

    _date_uniq = models.Constraint(
        "UNIQUE(kind, date_from)", "There is already a rate of this kind from this day."
    )
    _check_percent = models.Constraint(
        "CHECK(percent >= 0 AND percent < 100)",
        "Enter the rate as a percentage a year, such as 4 or 10.40.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates._close_reminders()
        return rates

    # === BUSINESS METHODS === #

    @api.model
    @ormcache()
    def _get_tables(self):
        """Return both tables as `law.interest` wants them.

        :return: by kind, pairs of first day and percent a year, in order of time
        :rtype: dict[str, list[tuple[date, Decimal]]]
        """
        tables = defaultdict(list)
        # sudo: letters are made by users who may not read the rates
        for rate in self.sudo().search([("percent", ">=", 0)], order="date_from"):
            tables[rate.kind].append((rate.date_from, Decimal(f"{rate.percent:.2f}")))
        return dict(tables)

    @api.model
    @ormcache("kind")
    def _get_rates(self, kind):
        """Return the table of one kind, checked for `law.interest`.

        :param str kind: code of :data:`RATE_KINDS`
        :return: empty when no rate is known
        :rtype: tuple
        """
        table = self._get_tables().get(kind)
        return Rates(table) if table else ()

    @api.model
    def _get_unconfirmed(self, today):
        """Return the kinds of rate that nobody confirmed for the half-year that counts.

        That is the current one, and in June and December the next.

        :param date today: the day
        :return: the first day of the half-year, and the codes of the kinds
        :rtype: tuple[date, list[str]]
        """
        month = 1 if today.month < 6 or today.month == 12 else 7
        start = date(today.year + (today.month == 12), month, 1)
        tables = self._get_tables()
        return start, [
            kind
            for kind, _label in RATE_KINDS
            if not any(day >= start for day, _percent in tables.get(kind, ()))
        ]

    @api.model
    def _get_warning(self, today):
        """Return a sentence that says which rates are missing, or an empty string."""
        start, kinds = self._get_unconfirmed(today)
        if not kinds:
            return ""
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "No rate has been entered from %(date)s for: %(kinds)s. Enter it under "
            "Configuration, Interest rates, also when it stays the same; until then "
            "the last known rate is used.",
            date=format_date(self.env, start),
            kinds=", ".join(labels[kind].lower() for kind in kinds),
        )

    @api.model
    def _remind(self, today):
        """Ask the responsible for missing rates, once for each kind.

        :param date today: the day
        """
        _start, kinds = self._get_unconfirmed(today)
        for kind in kinds:
            latest = self.search([("kind", "=", kind)], limit=1)
            if latest and not latest.activity_ids:
                latest.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Enter the new interest rate"),
                    note=self._get_warning(today),
                    user_id=self.env.company._get_dunning_responsible().id,
                )

    def _close_reminders(self):
        """A new rate answers the question for it."""
        for kind in set(self.mapped("kind")):
            self.search([("kind", "=", kind)]).activity_unlink(
                ["mail.mail_activity_data_todo"]
            )
