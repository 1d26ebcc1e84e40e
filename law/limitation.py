"""Limitation of claims and titles: Civil Code 3:307, 7:28, 3:317, 3:319 and 3:324."""

from ._arguments import as_date, as_dates
from ._arithmetic import add_years

_CONTRACT_YEARS = 5
_CONSUMER_SALE_YEARS = 2
_TITLE_YEARS = 20
_INTERRUPTED_TITLE_YEARS = 5


def limitation_date(due, *, consumer_sale=False, interrupted_on=None):
    """Return the last day on which the claim is not yet time-barred.

    The term is five years from the start of the day after the claim fell due
    (3:307(1)), two for the price of goods sold to a consumer (7:28). It ends with the
    day of the same date; 29 February gives 28 in a common year. The Algemene
    termijnenwet does not move it.

    A written demand or reservation (3:317) starts a new term of the same length on the
    next day (3:319). One that comes after the claim was time-barred changes nothing,
    so where there were several, give them all: the last one counts only when those
    before it had kept the claim alive.

    :param date due: day on which the claim fell due.
    :param bool consumer_sale: whether it is the price of a consumer sale.
    :param interrupted_on: day on which an interruption reached the debtor, or several
        such days in any order, or None.
    :rtype: date
    :raise ValueError: naming `due` or `interrupted_on` when it is not a date, or
        `interrupted_on` when it lies before `due`.

    >>> from datetime import date
    >>> limitation_date(date(2024, 3, 31)).isoformat()
    '2029-03-31'
    >>> limitation_date(
    ...     date(2024, 3, 31), consumer_sale=True, interrupted_on=date(2026, 1, 15)
    ... ).isoformat()
    '2028-01-15'
    """
    years = _CONSUMER_SALE_YEARS if consumer_sale else _CONTRACT_YEARS
    last_day = add_years(as_date("due", due), years)
    for day in as_dates("interrupted_on", interrupted_on):
        if day < due:
            raise ValueError(f"interrupted_on: {day} is before the due date {due}")
        if day <= last_day:
            last_day = add_years(day, years)
    return last_day


def title_limitation_date(decided, *, interrupted_on=None):
    """Return the last day on which a judgment can still be executed.

    Twenty years from the start of the day after it (3:324(1)). An interruption (3:325)
    starts a new term of five years at most, and never ends the first one earlier
    (3:319(2)). Interest that the judgment gives by the year lapses after five
    (3:324(3)).

    :param date decided: day of the judgment
    :param interrupted_on: day or days on which it was interrupted, or None
    :rtype: date

    >>> from datetime import date
    >>> title_limitation_date(date(2027, 3, 1)).isoformat()
    '2047-03-01'
    >>> title_limitation_date(
    ...     date(2027, 3, 1), interrupted_on=date(2045, 6, 1)
    ... ).isoformat()
    '2050-06-01'
    """
    last_day = add_years(as_date("decided", decided), _TITLE_YEARS)
    for day in as_dates("interrupted_on", interrupted_on):
        if day <= last_day:
            last_day = max(last_day, add_years(day, _INTERRUPTED_TITLE_YEARS))
    return last_day
