"""Checks of what the functions of this package are given.

Every refusal is a ``ValueError`` that starts with the name of the argument, so that
a caller can show it as it stands.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

# Beyond any claim; the bound keeps every later calculation within the precision that
# it is done with.
_AMOUNT_LIMIT = Decimal(10) ** 15


def as_amount(name, value):
    """Return `value` as a finite, non-negative ``Decimal``.

    A float is refused: it has lost the cents it was meant to hold before it gets here.

    :param str name: argument named in the error.
    :param value: int, str or Decimal.
    :raise ValueError: for any other type, text that is no number, a negative amount,
        NaN, infinity, and amounts of 10^15 and more.

    >>> as_amount("principal", "12.50")
    Decimal('12.50')
    """
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise ValueError(f"{name}: must be a Decimal, int or str, not {value!r}")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{name}: {value!r} is not a number") from None
    if not amount.is_finite() or not 0 <= amount < _AMOUNT_LIMIT:
        raise ValueError(
            f"{name}: must be zero or more, and less than 10^15, not {value!r}"
        )
    return amount


def as_date(name, value):
    """Return `value` when it is a calendar day.

    A ``datetime`` is refused: which day it is depends on a time zone.

    :param str name: argument named in the error.
    :raise ValueError: for anything but a ``date``.

    >>> as_date("due", date(2026, 7, 1))
    datetime.date(2026, 7, 1)
    """
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f"{name}: must be a date without time, not {value!r}")
    return value


def as_dates(name, value):
    """Return the calendar days in `value`, sorted.

    :param str name: argument named in the error.
    :param value: a date, an iterable of dates, or None for no day.
    :raise ValueError: for anything else.

    >>> as_dates("interrupted_on", date(2026, 7, 1))
    [datetime.date(2026, 7, 1)]
    """
    if value is None:
        return []
    if isinstance(value, date) or not isinstance(value, Iterable):
        value = [value]
    return sorted(as_date(name, day) for day in value)


def as_dated_amounts(name, value):
    """Return pairs of a day and an amount, sorted by day.

    :param str name: argument named in the error.
    :param value: iterable of pairs (date, amount).
    :raise ValueError: for anything else, and for what `as_date` and `as_amount` refuse.

    >>> as_dated_amounts("payments", [(date(2026, 7, 1), 50)])
    [(datetime.date(2026, 7, 1), Decimal('50'))]
    """
    try:
        pairs = [(day, amount) for day, amount in value]
    except (TypeError, ValueError):
        raise ValueError(f"{name}: must be pairs of a date and a number") from None
    return sorted(
        (as_date(name, day), as_amount(name, amount)) for day, amount in pairs
    )


def as_count(name, value):
    """Return `value` when it is a whole number, of either sign.

    :param str name: argument named in the error.
    :raise ValueError: for anything but an ``int``.

    >>> as_count("n", -3)
    -3
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name}: must be a whole number, not {value!r}")
    return value
