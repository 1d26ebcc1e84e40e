"""Arithmetic shared by the statutes: rounding and years."""

from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

_CENT = Decimal("0.01")
_PRECISE = Context(prec=40)
# Quotients such as 1/365 never end, so a sum of them that is half a cent exactly may
# come out a hair below it. What differs less than this is the same amount.
_RESIDUE = Decimal("1e-12")


def precise():
    """Return a context in which no cent is lost, whatever the calling thread uses.

    >>> with precise():
    ...     len((Decimal(1) / 3).as_tuple().digits)
    40
    """
    return localcontext(_PRECISE)


def to_cents(amount):
    """Return `amount` (Decimal, euro) rounded half-up to whole cents.

    >>> to_cents(Decimal("40.005")), to_cents(Decimal("0.00499999999999999999"))
    (Decimal('40.01'), Decimal('0.01'))
    """
    exact = amount.quantize(_RESIDUE, context=_PRECISE)
    return exact.quantize(_CENT, rounding=ROUND_HALF_UP, context=_PRECISE)


def add_years(day, years):
    """Return the same date `years` later; 29 February gives 28 in a common year.

    >>> add_years(date(2024, 2, 29), 3), add_years(date(2024, 2, 29), 4)
    (datetime.date(2027, 2, 28), datetime.date(2028, 2, 29))
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)
