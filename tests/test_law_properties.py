import math
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..law import (
    add_working_days,
    collection_costs,
    impute,
    interest,
    is_working_day,
    notice_term,
)

CENT = Decimal("0.01")
DAY = timedelta(days=1)
BASES = ("actual/actual", "actual/365")
RATES_FROM = date(2010, 1, 1)

# The same examples on every run, and no time limit: a slow machine is no failure.
repeatable = settings(
    derandomize=True, deadline=None, max_examples=100, database=None, print_blob=False
)

amounts = st.decimals(min_value=0, max_value=2_000_000, places=2)
percents = st.decimals(min_value=0, max_value=15, places=2)
days = st.dates(min_value=RATES_FROM, max_value=date(2040, 12, 31))


@st.composite
def rates(draw):
    changes = draw(st.dictionaries(days, percents, max_size=6))
    return list({RATES_FROM: draw(percents), **changes}.items())


@st.composite
def claims(draw):
    """A claim of up to five years that was paid in part, or wholly."""
    principal = draw(amounts)
    due = draw(days)
    until = due + draw(st.integers(0, 5 * 366)) * DAY
    shares = draw(st.lists(st.integers(0, 100), max_size=4))
    payments = [
        (
            due + draw(st.integers(-30, 4 * 366)) * DAY,
            (principal * share / max(sum(shares), 100)).quantize(
                CENT, rounding="ROUND_DOWN"
            ),
        )
        for share in shares
    ]
    return {
        "principal": principal,
        "due": due,
        "until": until,
        "rates": draw(rates()),
        "payments": payments,
        "basis": draw(st.sampled_from(BASES)),
    }


def _interest_day_by_day(principal, due, until, rates, payments, basis):
    """Return the exact interest in cents, rounded, worked out one day at a time."""
    total = accrued = capitalised = Fraction(0)
    for offset in range(1, (until - due).days + 1):
        day = due + offset * DAY
        if offset > 1 and _is_anniversary(day, due + DAY):
            capitalised, accrued = capitalised + accrued, Fraction(0)
        paid = sum((amount for on, amount in payments if on < day), Decimal(0))
        percent = max((on, percent) for on, percent in rates if on <= day)[1]
        year = date(day.year, 1, 1)
        length = (date(day.year + 1, 1, 1) - year).days
        if basis == "actual/365":
            length = 365
        base = Fraction(principal - paid) + capitalised
        accrued += base * Fraction(percent) / (100 * length)
        total = capitalised + accrued
    return math.floor(total * 100 + Fraction(1, 2))


def _is_anniversary(day, first_day):
    if (first_day.month, first_day.day) == (2, 29):
        return (day + DAY).month == 3 and day.month == 2
    return (day.month, day.day) == (first_day.month, first_day.day)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestLawProperties(BaseCase):
    @repeatable
    @given(amounts, amounts)
    def test_collection_costs_never_fall_as_the_principal_rises(self, one, other):
        smaller, larger = sorted([one, other])
        self.assertLessEqual(collection_costs(smaller), collection_costs(larger))

    @repeatable
    @given(st.one_of(amounts, st.sampled_from([2500, 5000, 10000, 200000, 1000000])))
    def test_collection_costs_make_no_jumps(self, principal):
        if principal:
            step = collection_costs(principal + CENT) - collection_costs(principal)
            self.assertLessEqual(step, CENT)

    @repeatable
    @given(amounts, percents)
    def test_collection_costs_have_a_floor_and_a_cap(self, principal, vat_percent):
        costs = collection_costs(principal + CENT)
        raised = collection_costs(principal + CENT, vat_percent)
        self.assertTrue(40 <= costs <= 6775)
        self.assertLessEqual(abs(raised - costs - costs * vat_percent / 100), CENT / 2)

    @repeatable
    @given(claims())
    def test_interest_is_the_sum_of_its_days(self, claim):
        total = interest(**claim).total
        self.assertEqual(total * 100, _interest_day_by_day(**claim))

    @repeatable
    @given(claims())
    def test_segments_cover_the_period_and_add_up(self, claim):
        statement = interest(**claim)
        rounded = statement.rounded_segments()

        self.assertEqual(sum(s.amount for s in rounded), statement.total)
        self.assertTrue(all(s.amount >= 0 for s in rounded))
        for segment in statement.segments:
            self.assertEqual(segment.days, (segment.end - segment.start).days + 1)
        if claim["principal"] > sum(amount for _on, amount in claim["payments"]):
            covered = sum(s.days for s in statement.segments)
            self.assertEqual(covered, (claim["until"] - claim["due"]).days)
            for earlier, later in pairwise(statement.segments):
                self.assertEqual(later.start, earlier.end + DAY)

    @repeatable
    @given(claims(), st.integers(0, 365), st.integers(0, 365))
    def test_interest_adds_up_within_a_year_of_default(self, claim, one, other):
        due = claim["due"]
        middle, until = (due + number * DAY for number in sorted([one, other]))

        def unrounded(**period):
            segments = interest(**{**claim, **period}).segments
            return sum(s.amount for s in segments)

        parts = unrounded(until=middle) + unrounded(due=middle, until=until)
        self.assertAlmostEqual(parts, unrounded(until=until), places=12)

    @repeatable
    @given(claims())
    def test_interest_is_never_negative_and_zero_on_the_due_date(self, claim):
        self.assertGreaterEqual(interest(**claim).total, 0)
        self.assertEqual(interest(**{**claim, "until": claim["due"]}).total, 0)

    @repeatable
    @given(amounts, amounts, amounts, amounts)
    def test_imputation_conserves_the_amount(self, amount, costs, accrued, principal):
        parts = impute(amount, costs=costs, interest=accrued, principal=principal)

        self.assertEqual(
            parts.costs + parts.interest + parts.principal + parts.surplus, amount
        )
        self.assertTrue(0 <= parts.costs <= costs)
        self.assertTrue(0 <= parts.interest <= accrued)
        self.assertTrue(0 <= parts.principal <= principal)
        # What comes later gets nothing while what comes first is unpaid.
        self.assertTrue(parts.costs == costs or not parts.interest)
        self.assertTrue(parts.interest == accrued or not parts.principal)
        self.assertTrue(parts.principal == principal or not parts.surplus)

    @repeatable
    @given(days)
    def test_fourteen_days_end_on_a_working_day_after_day_sixteen(self, dispatched):
        term = notice_term(dispatched)

        self.assertGreaterEqual((term.last_day - dispatched).days, 16)
        self.assertGreaterEqual((term.last_day - term.delivered).days, 14)
        self.assertTrue(is_working_day(term.last_day))
        self.assertEqual(term.lapsed_on, term.last_day + DAY)
        self.assertNotIn(term.delivered.weekday(), (6, 0))

    @repeatable
    @given(days, st.integers(-40, 40))
    def test_working_days_are_counted_back_to_where_they_began(self, day, number):
        there = add_working_days(day, number)

        low, high = sorted([day, there])
        between = (low + step * DAY for step in range((high - low).days + 1))
        counted = [d for d in between if d != day and is_working_day(d)]
        self.assertEqual(len(counted), abs(number))
        self.assertTrue(number == 0 or is_working_day(there))
