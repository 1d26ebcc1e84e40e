from datetime import date
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestInterestRate(DunningCommon):
    """The tables that ship with the module, and the care for new rates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rate = cls.env["dunning.interest.rate"]

    def test_tables_are_complete_and_in_order(self):
        tables = self.Rate._get_tables()

        self.assertEqual(len(tables["statutory"]), 30)
        self.assertEqual(len(tables["commercial"]), 31)
        self.assertEqual(tables["statutory"][0], (date(1976, 4, 1), Decimal("8.00")))
        self.assertEqual(tables["commercial"][0], (date(2002, 12, 1), Decimal("10.35")))
        self.assertIn((date(2023, 7, 1), Decimal("6.00")), tables["statutory"])
        self.assertIn((date(2013, 3, 16), Decimal("8.75")), tables["commercial"])
        self.assertEqual(tables["statutory"][-1], (date(2026, 7, 1), Decimal("4.00")))
        self.assertEqual(tables["commercial"][-1], (date(2026, 7, 1), Decimal("10.40")))
        for table in tables.values():
            self.assertEqual(table, sorted(table))

    def test_new_rate_is_used_at_once(self):
        self.Rate._get_tables()
        rate = self.Rate.create(
            {"kind": "statutory", "date_from": "2027-01-01", "percent": 5}
        )
        self.assertEqual(
            self.Rate._get_tables()["statutory"][-1],
            (date(2027, 1, 1), Decimal("5.00")),
        )

        rate.percent = 5.5
        self.assertEqual(
            self.Rate._get_tables()["statutory"][-1],
            (date(2027, 1, 1), Decimal("5.50")),
        )

        rate.unlink()
        self.assertEqual(
            self.Rate._get_tables()["statutory"][-1],
            (date(2026, 7, 1), Decimal("4.00")),
        )

    def test_same_day_twice(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.Rate.create(
                {"kind": "statutory", "date_from": "2026-07-01", "percent": 5}
            )

    def test_percent_out_of_range(self):
        for percent in (-1, 100):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.Rate.create(
                    {"kind": "statutory", "date_from": "2027-01-01", "percent": percent}
                )

    def test_half_year_that_counts(self):
        cases = [
            (date(2026, 7, 1), date(2026, 7, 1), []),
            (date(2026, 11, 30), date(2026, 7, 1), []),
            (date(2026, 12, 1), date(2027, 1, 1), ["statutory", "commercial"]),
            (date(2027, 1, 1), date(2027, 1, 1), ["statutory", "commercial"]),
            (date(2027, 5, 31), date(2027, 1, 1), ["statutory", "commercial"]),
            (date(2027, 6, 1), date(2027, 7, 1), ["statutory", "commercial"]),
        ]
        for today, start, kinds in cases:
            self.assertEqual(self.Rate._get_unconfirmed(today), (start, kinds), today)

    def test_confirming_an_unchanged_rate(self):
        self.Rate.create({"kind": "statutory", "date_from": "2027-01-01", "percent": 4})

        self.assertEqual(
            self.Rate._get_unconfirmed(date(2026, 12, 15))[1], ["commercial"]
        )

    def test_reminder_once_and_closed_by_the_new_rate(self):
        december = date(2026, 12, 1)
        self.Rate._remind(date(2026, 11, 30))
        latest = self.Rate.search([("date_from", "=", "2026-07-01")])
        self.assertFalse(latest.activity_ids)

        self.Rate._remind(december)
        self.Rate._remind(december)
        self.assertEqual(len(latest.activity_ids), 2)

        self.Rate.create({"kind": "statutory", "date_from": "2027-01-01", "percent": 4})
        self.assertEqual(
            latest.activity_ids.res_id,
            latest.filtered(lambda rate: rate.kind == "commercial").id,
        )

    def test_warning_names_the_missing_rates(self):
        self.assertEqual(self.Rate._get_warning(date(2026, 11, 30)), "")
        self.assertIn(
            "wettelijke handelsrente",
            self.Rate.with_context(lang="nl_NL")._get_warning(date(2026, 12, 1)),
        )
