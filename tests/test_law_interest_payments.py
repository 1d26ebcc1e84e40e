from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..law import interest

SIX_PERCENT = [(date(2000, 1, 1), 6)]
TEN_PERCENT = [(date(2000, 1, 1), 10)]


@tagged("post_install", "-at_install", "post_install_l10n")
class TestLawInterestPayments(BaseCase):
    def test_payment_day_still_bears_interest_on_the_whole(self):
        statement = interest(
            1000,
            date(2025, 1, 1),
            date(2025, 1, 31),
            SIX_PERCENT,
            payments=[(date(2025, 1, 11), 400)],
        )

        self.assertEqual(
            [(s.start, s.end, s.days, s.base) for s in statement.segments],
            [
                (date(2025, 1, 2), date(2025, 1, 11), 10, 1000),
                (date(2025, 1, 12), date(2025, 1, 31), 20, 600),
            ],
        )
        # (10 x 1,000 + 20 x 600) x 6 % / 365 = 3.6164
        self.assertEqual(statement.total, Decimal("3.62"))

    def test_payment_by_the_due_date_lowers_the_principal_from_the_start(self):
        statement = interest(
            1000,
            date(2025, 1, 1),
            date(2025, 1, 31),
            SIX_PERCENT,
            payments=[(date(2025, 1, 1), "150"), (date(2024, 12, 1), 250)],
        )

        # 600 x 6 % x 30/365 = 2.9589
        self.assertEqual(statement.total, Decimal("2.96"))
        self.assertEqual([s.base for s in statement.segments], [600])

    def test_payment_on_the_last_day_lowers_the_next(self):
        statement = interest(
            1000,
            date(2025, 1, 1),
            date(2025, 1, 31),
            SIX_PERCENT,
            payments=[(date(2025, 1, 31), 400)],
        )

        # 1,000 x 6 % x 30/365 = 4.9315
        self.assertEqual(statement.total, Decimal("4.93"))
        # 600 x 6 % / 365 = 0.0986
        self.assertEqual(statement.next_day.base, 600)
        self.assertEqual(statement.per_day, Decimal("0.10"))

    def test_payment_after_the_last_day_is_left_out_of_account(self):
        payments = [(date(2025, 2, 1), 5000)]
        statement = interest(
            1000, date(2025, 1, 1), date(2025, 1, 31), SIX_PERCENT, payments=payments
        )
        self.assertEqual(statement.total, Decimal("4.93"))

    def test_paid_principal_bears_no_more_interest(self):
        statement = interest(
            1000,
            date(2025, 1, 1),
            date(2025, 1, 31),
            SIX_PERCENT,
            payments=[(date(2025, 1, 6), 700), (date(2025, 1, 11), 300)],
        )

        # (5 x 1,000 + 5 x 300) x 6 % / 365 = 1.0685
        self.assertEqual(statement.total, Decimal("1.07"))
        self.assertEqual([s.days for s in statement.segments], [5, 5])
        self.assertEqual(statement.per_day, 0)

    def test_interest_that_joined_the_base_outlives_the_principal(self):
        statement = interest(
            1000,
            date(2022, 12, 31),
            date(2024, 12, 31),
            TEN_PERCENT,
            payments=[(date(2023, 12, 31), 1000)],
        )

        # 10 % of 1,000, then 10 % of the 100 that joined.
        self.assertEqual([s.base for s in statement.segments], [1000, 100])
        self.assertEqual(statement.total, Decimal("110.00"))
