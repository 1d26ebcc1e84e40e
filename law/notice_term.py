"""Term of a notice, and the Dutch calendar of working days.

Civil Code 6:96(6) gives a consumer fourteen days, counted from the day after the
notice reached him. ECLI:NL:HR:2016:2704 says when it may be taken to have reached
him; the General Extension of Time Limits Act (Algemene termijnenwet) moves an end on
a day on which nobody can pay or be reached.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays.countries import Netherlands

from ._arguments import as_count, as_date

_DAY = timedelta(days=1)
_SUNDAY, _MONDAY, _SATURDAY = 6, 0, 5

#: Days that a letter is presumed to take, by the first day of dispatch. The presumption
#: of the second day was given under a delivery time of 24 hours; that is 72 hours from
#: 1 July 2027.
_POST_DAYS = ((date.min, 2), (date(2027, 7, 1), 3))


@dataclass(frozen=True, slots=True)
class NoticeTerm:
    """The days that matter of one notice.

    :param date delivered: day on which it is presumed to have reached the debtor.
    :param date first_day: first day of the term, the day after `delivered`.
    :param date last_day: last day on which payment is still in time.
    :param date lapsed_on: first day on which the term is over and costs are due.
    """

    delivered: date
    first_day: date
    last_day: date
    lapsed_on: date


def notice_term(dispatched, days=14, *, received=None, margin=0):
    """Return the term of a notice that was sent on `dispatched`.

    Delivery is presumed as :func:`presumed_delivery` says. The term ends on a
    working day, and from three days up it holds two working days at least (Algemene
    termijnenwet, art. 1 and 2). Both are applied whatever the length: a longer term
    than the law asks for harms nobody. A consumer's notice under 6:96(6) needs
    `days` of fourteen or more; shorter terms are for other letters. A day on which the
    notice was really received counts when it is later than the presumed one.

    :param date dispatched: day of dispatch.
    :param int days: length of the term in calendar days, one or more.
    :param date received: day of receipt, when it is known; `dispatched` or later.
    :param int margin: days on which the post delivers that are added to be safe.
    :rtype: NoticeTerm
    :raise ValueError: naming the argument that is of another type, `days` of less than
        one, or `received` before `dispatched`.

    >>> term = notice_term(date(2026, 11, 26))
    >>> term.delivered.isoformat(), term.last_day.isoformat()
    ('2026-11-28', '2026-12-14')
    >>> term.lapsed_on.isoformat()
    '2026-12-15'
    """
    delivered = presumed_delivery(dispatched, margin)
    if received is not None:
        if as_date("received", received) < dispatched:
            raise ValueError(f"received: {received} is before dispatch on {dispatched}")
        delivered = max(delivered, received)
    if as_count("days", days) < 1:
        raise ValueError(f"days: a term is one day or more, not {days}")
    last_day = delivered + days * _DAY
    if days >= 3:
        last_day = max(last_day, add_working_days(delivered, 2))
    while not is_working_day(last_day):
        last_day += _DAY
    return NoticeTerm(
        delivered=delivered,
        first_day=delivered + _DAY,
        last_day=last_day,
        lapsed_on=last_day + _DAY,
    )


def presumed_delivery(dispatched, margin=0):
    """Return the day on which a letter is presumed to have reached the debtor.

    That is the second day after dispatch, the third for letters dispatched from 1 July
    2027 on, when the post gets 72 hours for delivery. Sundays, Mondays and holidays,
    on which no post is delivered, are neither that day nor counted on the way to it
    (ECLI:NL:HR:2016:2704; 3:37(3) BW asks for receipt).

    :param date dispatched: day of dispatch.
    :param int margin: days on which the post delivers that are added to be safe.
    :rtype: date
    :raise ValueError: naming the argument that is of another type.

    >>> presumed_delivery(date(2026, 2, 12)).isoformat()
    '2026-02-14'
    >>> presumed_delivery(date(2027, 7, 1)).isoformat()
    '2027-07-06'
    """
    day = as_date("dispatched", dispatched)
    days = next(n for first, n in reversed(_POST_DAYS) if dispatched >= first)
    for _counted in range(days + as_count("margin", margin)):
        day += _DAY
        while day.weekday() in (_SUNDAY, _MONDAY) or _is_holiday(day):
            day += _DAY
    return day


def is_working_day(day):
    """Tell whether `day` is no Saturday, Sunday or generally recognised holiday.

    The holidays are those of art. 3 Algemene termijnenwet: 5 May of every year, and
    Good Friday, which is put on a level with them. Days that a royal decree adds for
    a single year are not known here.

    :param date day: any day.
    :rtype: bool
    :raise ValueError: naming `day` when it is not a date.

    >>> is_working_day(date(2026, 5, 5)), is_working_day(date(2026, 5, 6))
    (False, True)
    """
    as_date("day", day)
    return day.weekday() not in (_SATURDAY, _SUNDAY) and not _is_holiday(day)


def add_working_days(day, n):
    """Return the `n`-th working day after `day`, or before it when `n` is negative.

    `day` itself is never counted, so it need not be a working day. With `n` zero
    nothing is counted and `day` comes back as it is, working day or not.

    :param date day: day to count from.
    :param int n: number of working days.
    :rtype: date
    :raise ValueError: naming `day` or `n` when it is of another type.

    >>> add_working_days(date(2026, 11, 20), 1).isoformat()
    '2026-11-23'
    >>> add_working_days(date(2026, 12, 28), -1).isoformat()
    '2026-12-24'
    """
    as_date("day", day)
    step = -_DAY if as_count("n", n) < 0 else _DAY
    for _counted in range(abs(n)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def _is_holiday(day):
    return day in _holidays_of(day.year)


# The calendar object fills itself while it is being asked, which two threads must not
# do to the same one: every year is drawn up apart, then never changed.
@cache
def _holidays_of(year):
    # Without the optional ones, 5 May would count once in five years and Good Friday
    # not at all.
    return frozenset(Netherlands(years=year, categories=("public", "optional")))
