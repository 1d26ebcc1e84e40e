from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..law import interest

D = Decimal
FIVE_PERCENT = [(date(2000, 1, 1), D(5))]


@tagged("post_install_l10n", "post_install", "-at_install")
class TestAgreedInterest(BaseCase):
    """Interest that was agreed for each year and does not join the base."""

    def _interest(self, principal, due, until, **kwargs):
        return interest(principal, due, until, FIVE_PERCENT, compound=False, **kwargs)

    def test_whole_years_are_exactly_what_was_agreed(self):
        for basis in ("actual/actual", "actual/365"):
            with self.subTest(basis=basis):
                # Two years of 5 % of 36,000.
                statement = self._interest(
                    36000, date(2024, 11, 2), date(2026, 11, 2), basis=basis
                )
                self.assertEqual(statement.total, 3600)

    def test_year_with_a_leap_day_is_one_year(self):
        due, until = date(2023, 6, 30), date(2024, 6, 30)

        self.assertEqual(self._interest(36600, due, until).total, 1830)
        # 366 days of 1/365: 36,600 x 5 % x 366 / 365.
        statement = self._interest(36600, due, until, basis="actual/365")
        self.assertEqual(statement.total, D("1835.01"))

    def test_part_of_a_year_by_the_day(self):
        # 10 of the 366 days from 1 July 2023 to 30 June 2024: 36,600 x 5 % x 10 / 366.
        statement = self._interest(36600, date(2023, 6, 30), date(2023, 7, 10))

        self.assertEqual((statement.total, statement.per_day), (50, 5))

    def test_payment_lowers_the_principal(self):
        # 1,800 over the first year; then 26,000 over one: 1,300.
        statement = self._interest(
            36000,
            date(2024, 11, 2),
            date(2026, 11, 2),
            payments=[(date(2025, 11, 2), 10000)],
        )

        self.assertEqual(statement.total, 3100)
