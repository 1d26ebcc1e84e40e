"""A debt in parts: on which days which amounts fall due.

Pure: no database, no clock. Amounts are Decimals with the decimals of the currency.
"""

from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

WEEKLY, FOUR_WEEKLY, MONTHLY, MONTH_DAY = "weekly", "four_weekly", "monthly", "on_day"
#: Days between two instalments; months have no fixed number.
INTERVALS = {WEEKLY: 7, FOUR_WEEKLY: 28}
#: No arrangement is longer: ten years of monthly payments.
MOST_INSTALMENTS = 120


class ScheduleError(ValueError):
    """The terms give no schedule; `reason` says which of them is wrong."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason  # down_payment, count, amount or many


def schedule(
    total, *, first, rhythm, count=None, amount=None, down_payment=0, month_day=None
):
    """Divide a total over instalments.

    A down payment is due on the first day, and the instalments a period later each;
    without one the first instalment is due then. The last one has what is left over.

    :param Decimal total: what has to be paid
    :param date first: the first day on which something is due
    :param str rhythm: weekly, four_weekly, monthly, or on_day of each month
    :param int count: number of instalments, besides the down payment
    :param Decimal amount: amount of each instalment, instead of their number
    :param Decimal down_payment: what is paid at once
    :param int month_day: day of the month for on_day; the 29th to the 31st are the
        last day of shorter months
    :return: pairs of day and amount, in order of time
    :raise ScheduleError: when that is impossible

    >>> schedule(Decimal("100.00"), first=date(2027, 1, 31), rhythm="monthly", count=3)
    ... # doctest: +NORMALIZE_WHITESPACE
    [(datetime.date(2027, 1, 31), Decimal('33.33')),
     (datetime.date(2027, 2, 28), Decimal('33.33')),
     (datetime.date(2027, 3, 31), Decimal('33.34'))]
    """
    down_payment = Decimal(down_payment)
    rest = total - down_payment
    if down_payment < 0 or rest <= 0:
        raise ScheduleError("down_payment")
    amounts = (
        _divide_by_count(rest, count)
        if amount is None
        else _divide_by_amount(rest, amount)
    )
    if down_payment:
        amounts.insert(0, down_payment)
    return [
        (instalment_day(first, rhythm, number, month_day), part)
        for number, part in enumerate(amounts)
    ]


def _divide_by_count(rest, count):
    if not count or count < 1:
        raise ScheduleError("count")
    if count > MOST_INSTALMENTS:
        raise ScheduleError("many")
    smallest = Decimal(1).scaleb(rest.as_tuple().exponent)
    each = (rest / count).quantize(smallest, ROUND_DOWN)
    if each <= 0:
        raise ScheduleError("count")
    return [each] * (count - 1) + [rest - each * (count - 1)]


def _divide_by_amount(rest, amount):
    if amount <= 0:
        raise ScheduleError("amount")
    count = int((rest / amount).to_integral_value(ROUND_CEILING))
    if count > MOST_INSTALMENTS:
        raise ScheduleError("many")
    return [amount] * (count - 1) + [rest - amount * (count - 1)]


def pay_first(parts, besides):
    """Return what instalments pay of the principal: costs and interest come first.

    :param list parts: pairs of day and amount, in order of time
    :param Decimal besides: costs and interest in them
    :return: pairs of day and amount
    :rtype: list[tuple[date, Decimal]]

    >>> day, later = date(2027, 1, 1), date(2027, 2, 1)
    >>> pay_first([(day, Decimal(50)), (later, Decimal(50))], Decimal(60))
    [(datetime.date(2027, 2, 1), Decimal('40'))]
    """
    principal = []
    for day, amount in parts:
        first = min(amount, besides)
        besides -= first
        if amount > first:
            principal.append((day, amount - first))
    return principal


def instalment_day(first, rhythm, number, month_day=None):
    """Return the day of an instalment, counted from zero.

    :param date first: the first day on which something is due
    :param str rhythm: see :func:`schedule`
    :param int number: how many periods later
    :param int month_day: day of the month for on_day
    :rtype: date

    >>> instalment_day(date(2027, 1, 20), "on_day", 1, 5)
    datetime.date(2027, 3, 5)
    """
    if rhythm in INTERVALS:
        return first + timedelta(days=INTERVALS[rhythm] * number)
    anchor = first.day
    if rhythm == MONTH_DAY:
        anchor = month_day or anchor
        if _on_day(first.year, first.month, anchor) < first:
            number += 1
    year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
    return _on_day(year, month + 1, anchor)


def _on_day(year, month, day):
    return date(year, month, min(day, monthrange(year, month)[1]))
