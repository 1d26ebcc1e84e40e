"""When a debtor in trade is in default without notice: Civil Code 6:119a and 6:119b."""

from datetime import timedelta

from ._arguments import as_date

_TRADE_DAYS = timedelta(days=30)


def trade_term(received):
    """Return the last day on which payment is in time where no term was agreed.

    Commercial interest runs from thirty days after the start of the day that follows
    receipt of the invoice, or of the goods where they come later: article 6:119a(2).
    For public bodies 6:119b has the same days. A due date that only stands on the
    invoice is no agreement.

    :param date received: day on which the invoice, or the goods, reached the debtor.
    :rtype: date
    :raise ValueError: naming `received` when it is not a date.

    >>> from datetime import date
    >>> trade_term(date(2026, 10, 2)).isoformat()
    '2026-11-01'
    """
    return as_date("received", received) + _TRADE_DAYS
