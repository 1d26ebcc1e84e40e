"""Statutory interest: Civil Code 6:119, 6:119a, 6:119b and 6:120.

The rates are data of the caller. The law is silent on how the days of a year are
counted; the two bases in use are offered.
"""

from bisect import bisect
from calendar import isleap
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import NamedTuple

from ._arguments import as_amount, as_date, as_dated_amounts
from ._arithmetic import add_years, precise, to_cents

ACTUAL_ACTUAL = "actual/actual"
ACTUAL_365 = "actual/365"
BASES = (ACTUAL_ACTUAL, ACTUAL_365)
_DAY = timedelta(days=1)
_ZERO = Decimal(0)
_OVERPAID = Decimal("-0.01")  # a cent of rounding apart


class Segment(NamedTuple):
    """Days in a row over which base, rate and length of the year stay the same.

    :param date start: first day, which bears interest.
    :param date end: last day, which bears interest too.
    :param int days: number of days from `start` to `end`, both included.
    :param Decimal base: euro that bears interest.
    :param Decimal percent: percent a year.
    :param Decimal amount: euro of interest, not rounded.
    """

    start: date
    end: date
    days: int
    base: Decimal
    percent: Decimal
    amount: Decimal


class InterestStatement(NamedTuple):
    """Interest on one claim, and how it came about.

    :param Decimal total: euro, two digits, rounded half-up once.
    :param tuple segments: `Segment` after `Segment`, in order of time; days on which
        nothing bore interest are left out.
    :param Segment next_day: the day after the last one, not in `total`: what one more
        day costs.
    """

    total: Decimal
    segments: tuple[Segment, ...]
    next_day: Segment

    @property
    def per_day(self):
        """Euro of interest for every further day, two digits."""
        return to_cents(self.next_day.amount)

    def rounded_segments(self):
        """Return the segments in whole cents, such that the amounts add up to `total`.

        An amount is the rounded interest up to its end less the rounded interest up to
        its start, so it may be a cent off what its own days give.

        :rtype: tuple

        >>> rates = [(date(2025, 1, 1), 6), (date(2026, 1, 1), 4)]
        >>> due, until = date(2025, 12, 16), date(2026, 1, 15)
        >>> statement = interest(10_000, due, until, rates)
        >>> [str(segment.amount) for segment in statement.rounded_segments()]
        ['24.66', '16.44']
        """
        with precise():
            sums = accumulate((s.amount for s in self.segments), initial=_ZERO)
            steps = pairwise([to_cents(amount) for amount in sums])
            return tuple(
                segment._replace(base=to_cents(segment.base), amount=after - before)
                for segment, (before, after) in zip(self.segments, steps, strict=True)
            )


def interest(
    principal, due, until, rates, *, payments=(), basis=ACTUAL_ACTUAL, compound=True
):
    """Return the interest on `principal` that was due by `until` and not paid in time.

    The first day that bears interest is the one after `due`, the last is `until`: as
    many days as lie between them. Whenever a year of default is over, its interest
    joins the base (6:119(2), 6:119a(3)). Such a year runs from the first interest day
    to the day before its anniversary, always taken from the original date; 29 February
    gives 28 in a common year. A new rate counts from its first day (6:120). That is
    about statutory interest: an agreed one does not `compound` unless that was agreed.

    A payment lowers the principal from the day after it, for the day of payment bears
    interest itself. One on or before `due` lowers it from the start, one after `until`
    is left out of account. Payments never lower interest that joined the base: that
    goes on bearing interest when the principal has been paid. What a payment is set off
    against is settled before (6:44, `impute`); only what goes to principal comes here.

    `basis` "actual/actual" counts a day as 1/366 of a year in leap years and 1/365 in
    others, so that at one rate the two parts of a year with a leap day in one of them
    are segments apart; "actual/365" counts every day as 1/365. What was agreed for each
    year and does not compound is exactly that for a whole year of default: there
    "actual/actual" counts a day as its part of that year.

    :param principal: euro; int, str or Decimal, zero or more.
    :param date due: last day on which payment was in time.
    :param date until: last day to count, `due` or later.
    :param rates: pairs (first day, percent a year), in any order, or `Rates`.
    :param payments: pairs (day of payment, euro), in any order.
    :param str basis: one of `BASES`.
    :param bool compound: whether interest bears interest when its year is over.
    :rtype: InterestStatement
    :raise ValueError: naming the argument: an amount that is negative, not a finite
        number or a float, a day that is not a date, `until` before `due`, `due` with a
        first interest day before the first of the `rates`, no rate at all or two from
        the same day, `payments` of more than the principal with the interest that
        joined it, an unknown `basis`.

    >>> rates = [(date(2023, 7, 1), 6), (date(2024, 1, 1), 7), (date(2025, 1, 1), 6)]
    >>> statement = interest(1000, date(2023, 12, 31), date(2025, 12, 31), rates)
    >>> statement.total
    Decimal('134.20')
    >>> [(s.days, s.base, s.percent) for s in statement.rounded_segments()]
    [(366, Decimal('1000.00'), Decimal('7')), (365, Decimal('1070.00'), Decimal('6'))]
    >>> agreed = [(date(2000, 1, 1), 5)]
    >>> due, until = date(2024, 11, 2), date(2026, 11, 2)
    >>> interest(36_000, due, until, agreed, compound=False).total
    Decimal('3600.00')
    """
    calculation = _Calculation(
        principal=as_amount("principal", principal),
        first_day=as_date("due", due) + _DAY,
        until=as_date("until", until),
        rates=rates if isinstance(rates, Rates) else Rates(rates),
        payments=as_dated_amounts("payments", payments),
        basis=basis,
        compound=compound,
    )
    calculation.check()
    with precise():
        *segments, next_day = calculation.segments()
        return InterestStatement(
            total=to_cents(sum((s.amount for s in segments), _ZERO)),
            segments=tuple(segment for segment in segments if segment.base),
            next_day=next_day,
        )


class Rates(tuple):
    """Rates that were checked and sorted once, to be used for many items.

    Rows that only repeat the rate before them are left out.

    >>> rates = [(date(2026, 1, 1), 4), (date(2025, 1, 1), 6), (date(2025, 7, 1), 6)]
    >>> [(day.isoformat(), str(percent)) for day, percent in Rates(rates)]
    [('2025-01-01', '6'), ('2026-01-01', '4')]
    """

    __slots__ = ()

    def __new__(cls, rates):
        rates = as_dated_amounts("rates", rates)
        if not rates:
            raise ValueError("rates: there is no rate at all")
        for (day, _percent), (following, _next_percent) in pairwise(rates):
            if day == following:
                raise ValueError(f"rates: there are two from {day}")
        changes = [new for old, new in pairwise(rates) if old[1] != new[1]]
        return super().__new__(cls, [rates[0], *changes])


class _Calculation(NamedTuple):
    """What `interest` was asked, checked and sorted, and the steps to the answer."""

    principal: Decimal
    first_day: date
    until: date
    rates: list[tuple[date, Decimal]]
    payments: list[tuple[date, Decimal]]
    basis: str
    compound: bool

    def check(self):
        """Refuse what contradicts itself, arguments being sound one by one."""
        if self.basis not in BASES:
            raise ValueError(f"basis: must be one of {BASES}, not {self.basis!r}")
        due = self.first_day - _DAY
        if self.until < due:
            raise ValueError(f"until: {self.until} is before the due date {due}")
        first_rate = self.rates[0][0]
        if self.first_day < first_rate:
            raise ValueError(
                f"due: {due} gives interest from {self.first_day}, the rates start "
                f"on {first_rate}"
            )

    def segments(self):
        """Yield every segment up to `until`, then the day after it as one more."""
        anniversaries = self._anniversaries() if self.compound else set()
        capitalised = accrued = _ZERO
        tomorrow = self.until + _DAY
        boundaries = anniversaries | self._boundaries()
        starts = sorted(day for day in boundaries if self.first_day <= day < tomorrow)
        for start, following in pairwise([*starts, tomorrow, tomorrow + _DAY]):
            if start in anniversaries:
                capitalised += accrued
                accrued = _ZERO
            base = self._get_base(start, capitalised)
            segment = self._segment(start, following - _DAY, base)
            accrued += segment.amount
            yield segment

    def _get_base(self, day, capitalised):
        """Return what bears interest on a day.

        :raise ValueError: when more was paid than there was to pay
        """
        base = self.principal + capitalised
        if self.payments:
            base -= self._paid_before(day)
        if base < _OVERPAID:
            raise ValueError(
                f"payments: {-base} more than the principal {self.principal}"
            )
        return max(base, _ZERO)

    def _segment(self, start, end, base):
        percent = self._percent_on(start)
        days = (end - start).days + 1
        amount = base * percent * days / (100 * self._year_length(start))
        return Segment(start, end, days, base, percent, amount)

    def _boundaries(self):
        """Return days on which a segment starts, anniversaries left out."""
        days = {self.first_day}
        later = bisect(self.rates, self.first_day, key=itemgetter(0))
        days.update(day for day, _percent in self.rates[later:])
        days.update(day + _DAY for day, _amount in self.payments)
        if self.basis == ACTUAL_ACTUAL:
            days.update(
                self._leap_boundaries() if self.compound else self._anniversaries()
            )
        return days

    def _anniversaries(self):
        """Return the first days of the second and later years of default."""
        # One year further than `until`, for the day after it.
        years = range(1, self.until.year - self.first_day.year + 2)
        return {add_years(self.first_day, number) for number in years}

    def _leap_boundaries(self):
        """Return the New Year's Days that start a year of another length."""
        years = range(self.first_day.year + 1, self.until.year + 1)
        return [date(y, 1, 1) for y in years if isleap(y) != isleap(y - 1)]

    def _paid_before(self, day):
        return sum((amount for on, amount in self.payments if on < day), _ZERO)

    def _percent_on(self, day):
        return self.rates[bisect(self.rates, day, key=itemgetter(0)) - 1][1]

    def _year_length(self, day):
        if self.basis == ACTUAL_365:
            return 365
        if self.compound:
            return 366 if isleap(day.year) else 365
        start = max(d for d in {self.first_day} | self._anniversaries() if d <= day)
        number = start.year - self.first_day.year + 1
        return (add_years(self.first_day, number) - start).days
