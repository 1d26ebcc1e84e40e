"""How an arrangement goes: which instalments are paid, which is late, what follows.

Pure: no database, no clock. What was received since the start pays the oldest
instalment first; what was credited shortens the arrangement from its end.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)

#: States in which the items of an arrangement belong to it alone.
LIVE_STATES = ("offered", "active")

ON_TIME, LATE, WARNED, BREACHING, FULFILLED = (
    "on_time",
    "late",
    "warned",
    "breaching",
    "fulfilled",
)


class Instalment(NamedTuple):
    """One instalment, as far as its progress depends on it."""

    due: date
    amount: Decimal
    grace_days: int = 0  # it is warned about when it is later than that
    warned_until: date | None = None  # last day to pay that the warning gave


@dataclass(frozen=True)
class Progress:
    """Where an arrangement stands on a day."""

    state: str
    amounts: tuple[Decimal, ...]  # of the instalments, less what was credited
    paid: tuple[Decimal, ...]
    paid_on: tuple[date | None, ...]  # day of the receipt that made it complete
    current: int | None  # the oldest instalment that is not paid, by position
    days_late: int = 0
    needs_warning: bool = False
    breaks_on: date | None = None  # the day on which it lapses when nothing is paid

    @property
    def total(self):
        return sum(self.amounts, ZERO)

    @property
    def received(self):
        return sum(self.paid, ZERO)

    @property
    def open(self):
        return self.total - self.received

    def open_of(self, position):
        return self.amounts[position] - self.paid[position]


def follow(instalments, receipts, credited, today, forgiven_until=None):
    """Return where an arrangement stands.

    :param list[Instalment] instalments: in order of time
    :param list receipts: pairs of day and amount since the start
    :param Decimal credited: what was credited since the start
    :param date today: the day
    :param date forgiven_until: last day on which it does not break, whatever is late
    :rtype: Progress
    """
    amounts = lower_from_end([part.amount for part in instalments], credited)
    paid, paid_on = allocate(amounts, receipts)
    unpaid = [n for n, part in enumerate(amounts) if paid[n] < part]
    values = {"amounts": amounts, "paid": paid, "paid_on": paid_on}
    if not unpaid:
        return Progress(state=FULFILLED, current=None, **values)
    current = unpaid[0]
    oldest = instalments[current]
    days_late = max((today - oldest.due).days, 0)
    breaks_on = _get_breach_day(oldest, forgiven_until)
    return Progress(
        state=_get_state(oldest, days_late, breaks_on, today),
        current=current,
        days_late=days_late,
        needs_warning=days_late > oldest.grace_days and not oldest.warned_until,
        breaks_on=breaks_on,
        **values,
    )


def _get_breach_day(oldest, forgiven_until):
    """Return the first day on which the arrangement has lapsed, once it was warned."""
    if not oldest.warned_until:
        return None
    last_day = max(filter(None, (oldest.warned_until, forgiven_until)))
    return last_day + timedelta(days=1)


def _get_state(oldest, days_late, breaks_on, today):
    if not days_late:
        return ON_TIME
    if not oldest.warned_until:
        return LATE
    return BREACHING if breaks_on <= today else WARNED


def lower_from_end(amounts, credited):
    """Take an amount off the last instalments.

    >>> lower_from_end([Decimal(50), Decimal(50)], Decimal(60))
    (Decimal('40'), Decimal('0'))
    """
    lowered = []
    for amount in reversed(amounts):
        part = min(amount, credited)
        credited -= part
        lowered.append(amount - part)
    return tuple(reversed(lowered))


def allocate(amounts, receipts):
    """Pay instalments with receipts, the oldest first.

    :param amounts: of the instalments
    :param receipts: pairs of day and amount
    :return: what is paid of each, and the day on which each was complete
    :rtype: tuple[tuple, tuple]
    """
    paid, paid_on = [ZERO] * len(amounts), [None] * len(amounts)
    for day, amount in sorted(receipts):
        for number, due in enumerate(amounts):
            part = min(due - paid[number], amount)
            if part > 0:
                paid[number] += part
                amount -= part
                if paid[number] == due:
                    paid_on[number] = day
    return tuple(paid), tuple(paid_on)


def since_start(entries, settled):
    """Leave out what had been paid on an item before the arrangement.

    The amounts count, not when they were entered: a payment that was taken off an
    item and put back remains what it was.

    :param entries: tuples (day, amount, is credit note) in order of time
    :param Decimal settled: what had been paid and credited at the start
    :return: the entries since the start
    :rtype: list[tuple]

    >>> day = date(2027, 1, 1)
    >>> since_start([(day, Decimal(30), False), (day, Decimal(40), True)], Decimal(50))
    [(datetime.date(2027, 1, 1), Decimal('20'), True)]
    """
    later = []
    for day, amount, is_credit_note in entries:
        before = min(amount, settled)
        settled -= before
        if amount > before:
            later.append((day, amount - before, is_credit_note))
    return later


def pause_rates(rates, paused):
    """Return rates of interest with none in some periods.

    :param rates: pairs of first day and percent a year, in order of time
    :param paused: pairs of first and last day without interest, in order of time
    :rtype: tuple[tuple[date, Decimal], ...]

    >>> rates = [(date(2020, 1, 1), Decimal(8))]
    >>> paused = [(date(2021, 3, 1), date(2021, 3, 31))]
    >>> [(str(day), percent) for day, percent in pause_rates(rates, paused)]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('2020-01-01', Decimal('8')), ('2021-03-01', Decimal('0')),
     ('2021-04-01', Decimal('8'))]
    """
    rates = list(rates)
    for start, end in paused:
        after = end + timedelta(days=1)
        before = [rate for rate in rates if rate[0] <= after]
        if not before or end < start:
            continue
        rates = [
            *(rate for rate in rates if rate[0] < start),
            (start, ZERO),
            (after, before[-1][1]),
            *(rate for rate in rates if rate[0] > after),
        ]
    return tuple(rates)
