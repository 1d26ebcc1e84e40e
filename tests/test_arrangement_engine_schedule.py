import doctest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..models.arrangement.engine import instalments as instalments
from ..models.arrangement.engine import progress as arrangement
from ..models.arrangement.engine.instalments import ScheduleError, schedule

RHYTHMS = st.sampled_from(["weekly", "four_weekly", "monthly", "on_day"])
CENTS = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)
DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))


def _to_cents(amount):
    return amount.quantize(Decimal("0.01"))


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSchedule(BaseCase):
    """Exact to the cent, in order, never empty."""

    def _schedule(self, total, **terms):
        terms = {"first": date(2027, 1, 31), "rhythm": "monthly", **terms}
        return [
            (str(day), str(amount)) for day, amount in schedule(Decimal(total), **terms)
        ]

    def test_examples_are_true(self):
        for module in (instalments, arrangement):
            with self.subTest(module.__name__):
                outcome = doctest.testmod(module)
                self.assertGreater(outcome.attempted, 0)
                self.assertEqual(outcome.failed, 0)

    def test_rounding_is_in_the_last(self):
        # 1,000 / 7 = 142.857…: six times 142.85 is 857.10, which leaves 142.90.
        parts = self._schedule("1000.00", count=7, rhythm="weekly")

        self.assertEqual([amount for _d, amount in parts], ["142.85"] * 6 + ["142.90"])
        self.assertEqual(parts[1][0], "2027-02-07")

    def test_fixed_amount_leaves_the_rest_for_the_last(self):
        parts = self._schedule("250.00", amount=Decimal(100), rhythm="four_weekly")

        self.assertEqual(
            parts,
            [
                ("2027-01-31", "100"),
                ("2027-02-28", "100"),
                ("2027-03-28", "50.00"),
            ],
        )

    def test_down_payment_comes_first_and_instalments_a_period_later(self):
        parts = self._schedule("350.00", count=2, down_payment=Decimal("50.00"))

        self.assertEqual(
            parts,
            [
                ("2027-01-31", "50.00"),
                ("2027-02-28", "150.00"),
                ("2027-03-31", "150.00"),
            ],
        )

    def test_month_end_in_a_leap_year_returns_to_the_31st(self):
        parts = self._schedule("4.00", count=4, first=date(2027, 12, 31))

        self.assertEqual(
            [day for day, _amount in parts],
            ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"],
        )

    def test_day_of_the_month_is_never_before_the_first_date(self):
        for first, expected in (
            (date(2027, 1, 27), ["2027-01-30", "2027-02-28"]),
            (date(2027, 1, 30), ["2027-01-30", "2027-02-28"]),
            (date(2027, 1, 31), ["2027-02-28", "2027-03-30"]),
        ):
            with self.subTest(first):
                parts = self._schedule(
                    "2.00", count=2, first=first, rhythm="on_day", month_day=30
                )
                self.assertEqual([day for day, _amount in parts], expected)

    def test_impossible_terms_say_what_is_wrong(self):
        for reason, terms in (
            ("count", {"count": 0}),
            ("count", {"count": 101}),  # a hundred cents
            ("many", {"count": 121}),
            ("amount", {"amount": Decimal(0)}),
            ("many", {"amount": Decimal("0.001")}),
            ("down_payment", {"count": 2, "down_payment": Decimal(1)}),
            ("down_payment", {"count": 2, "down_payment": Decimal(-1)}),
        ):
            with self.subTest(terms), self.assertRaises(ScheduleError) as caught:
                self._schedule("1.00", **terms)
            self.assertEqual(caught.exception.reason, reason)

    @settings(deadline=None, max_examples=200)
    @given(CENTS, st.integers(1, 120), DAYS, RHYTHMS, st.integers(1, 31))
    def test_any_count(self, total, count, first, rhythm, month_day):
        total = _to_cents(total)
        terms = {"first": first, "rhythm": rhythm, "month_day": month_day}
        if count > total * 100:
            with self.assertRaises(ScheduleError):
                schedule(total, count=count, **terms)
            return

        parts = schedule(total, count=count, **terms)

        self.assertEqual(len(parts), count)
        self._check(parts, total, first)

    @settings(deadline=None, max_examples=200)
    @given(CENTS, CENTS, CENTS, DAYS, RHYTHMS)
    def test_any_amount_and_down_payment(self, total, amount, down, first, rhythm):
        total, amount, down = map(_to_cents, (total, amount, down))
        if down >= total or (total - down) / amount > 120:
            with self.assertRaises(ScheduleError):
                schedule(
                    total, amount=amount, down_payment=down, first=first, rhythm=rhythm
                )
            return

        parts = schedule(
            total, amount=amount, down_payment=down, first=first, rhythm=rhythm
        )

        self.assertEqual(parts[0], (first, down))
        self.assertTrue(all(part == amount for _day, part in parts[1:-1]))
        self.assertLessEqual(parts[-1][1], amount)
        self._check(parts, total, first)

    def _check(self, parts, total, first):
        days = [day for day, _amount in parts]
        self.assertEqual(sum(amount for _day, amount in parts), total)
        self.assertTrue(all(amount > 0 for _day, amount in parts))
        self.assertEqual(days, sorted(set(days)))
        self.assertGreaterEqual(days[0], first)
        gaps = {(b - a).days for a, b in zip(days, days[1:], strict=False)}
        self.assertLessEqual(gaps, {7, *range(28, 32)})
        self.assertLess(days[0] - first, timedelta(days=32))
