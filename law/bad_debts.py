"""VAT on claims that are not paid: Wet op de omzetbelasting 1968, article 29."""

from decimal import Decimal

from ._arguments import as_amount, as_date
from ._arithmetic import add_years, precise, to_cents


def refund_date(due, given_up_on=None):
    """Return the day on which the right to a refund of VAT arises.

    It does when it is certain that no more will be paid, and at the latest when a year
    has passed since the payment fell due. The VAT return of the period in which that
    day lies asks for the refund.

    :param date due: day on which the payment fell due
    :param date given_up_on: day on which it was certain, or None
    :rtype: date

    >>> from datetime import date
    >>> refund_date(date(2026, 11, 2)).isoformat()
    '2027-11-02'
    >>> refund_date(date(2026, 11, 2), date(2027, 3, 1)).isoformat()
    '2027-03-01'
    """
    latest = add_years(as_date("due", due), 1)
    return min(latest, as_date("given_up_on", given_up_on)) if given_up_on else latest


def unpaid_share(amount, total, unpaid):
    """Return the part of a taxable amount, or of its VAT, that was not paid.

    What was paid is divided over all that the invoice asks, so each rate bears its
    share of what was not.

    :param amount: of one rate, credit notes taken off
    :param total: of the invoice with VAT, credit notes taken off
    :param unpaid: of that total
    :rtype: Decimal

    >>> unpaid_share("189", "1834", "917")
    Decimal('94.50')
    """
    amount, total = Decimal(str(amount)), as_amount("total", total)
    unpaid = as_amount("unpaid", unpaid)
    if not total:
        return Decimal("0.00")
    with precise():
        return to_cents(amount * min(unpaid, total) / total)
