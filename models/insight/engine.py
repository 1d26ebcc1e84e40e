"""Key figures of credit control.

Pure: no database, no clock. The definitions are those that the Credit Research
Foundation publishes for days sales outstanding, the count-back method and the
collection effectiveness index.
"""

from typing import NamedTuple


class Month(NamedTuple):
    """A month of the book, amounts in the currency of the company."""

    days: int
    sales: float  # invoices less credit notes, VAT included
    open: float  # what is open on its last day
    current: float = 0.0  # of that, what is not due


def get_dso(months):
    """Return days sales outstanding: what is open over the sales of the last quarter.

    :param list[Month] months: the last three, oldest first
    :rtype: float or None

    >>> quarter = [Month(30, 100, 0), Month(31, 200, 0), Month(30, 100, 200)]
    >>> get_dso(quarter)  # 200 / 400 of 91 days
    45.5
    """
    sales = sum(month.sales for month in months)
    if sales <= 0:
        return None
    return months[-1].open / sales * sum(month.days for month in months)


def get_countback(months):
    """Return days sales outstanding, counted back through the sales of the months.

    What is open is taken off from the sales of the last month, then of the one before,
    and so on; of the month in which it is used up a part of the days counts. A quiet
    or a busy month distorts it less than the ordinary figure.

    :param list[Month] months: as many as there are, oldest first
    :rtype: float or None

    >>> get_countback([Month(30, 300, 0), Month(31, 100, 250)])  # 31 + 150/300 of 30
    46.0
    """
    rest, days = months[-1].open, 0.0
    for month in reversed(months):
        if month.sales <= 0:
            days += month.days
        elif rest > month.sales:
            rest -= month.sales
            days += month.days
        else:
            return days + max(rest, 0) / month.sales * month.days
    return None


def get_cei(before, month):
    """Return the collection effectiveness index, in percent.

    Of what could be collected in a month, what was: 100 says that nothing overdue is
    left.

    :param float before: what was open when the month began
    :param Month month: the month
    :rtype: float or None

    >>> get_cei(500, Month(30, 300, 400, 200))  # (500 + 300 - 400) / (500 + 300 - 200)
    66.7
    """
    collectable = before + month.sales - month.current
    if collectable <= 0:
        return None
    return round(100 * (before + month.sales - month.open) / collectable, 1)
