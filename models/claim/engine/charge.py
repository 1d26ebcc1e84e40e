"""Interest and costs that were charged in the ledger: they are not claimed twice.

Pure: no database, no clock.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

ZERO = Decimal(0)
PARTS = ("costs", "vat", "interest")


def to_decimal(amount):
    """Return an amount of the ledger; no currency has more than three decimals.

    >>> to_decimal(0.1 + 0.2), to_decimal(100.125), to_decimal(5000)
    (Decimal('0.30'), Decimal('100.125'), Decimal('5000.00'))
    """
    return Decimal(f"{amount:.3f}".removesuffix("0"))


def round_half_up(amount, digits=2):
    """Round to the decimals of a currency.

    >>> round_half_up(Decimal("0.125")), round_half_up(Decimal("6557.38"), 0)
    (Decimal('0.13'), Decimal('6557'))
    """
    return amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


class Charge(NamedTuple):
    """What one letter charged for one item, less what was credited of it."""

    day: date
    costs: Decimal = ZERO  # VAT left out
    vat: Decimal = ZERO
    interest: Decimal = ZERO


def sum_charged(debt, day, name):
    """Return what was charged for an item up to a day.

    :param Debt debt: the item
    :param date day: the day
    :param str name: one of `PARTS`
    :rtype: Decimal
    """
    if not debt.charges:
        return ZERO
    charged = (getattr(charge, name) for charge in debt.charges if charge.day <= day)
    return sum(charged, ZERO)


def subtract_charged(shares, debts, day, name, digits=2):
    """Take off from the shares in the costs what was waived and what was charged.

    The scale is taken over the sum, so a later item can make the share of an earlier
    one smaller than what was charged for it: the excess lowers the other shares.

    :param dict shares: amounts by key of the items that bear costs
    :param list[Debt] debts: all items of the debtor
    :param date day: the day of the claim
    :param str name: `costs` or `vat`
    :param int digits: decimals of the currency
    :return: what is left to be asked for
    :rtype: dict
    """
    left, excess = dict.fromkeys(shares, ZERO), ZERO
    for debt in debts:
        rest = shares.get(debt.key, ZERO) - sum_charged(debt, day, name)
        if rest < 0:
            excess -= rest
        elif debt.key in left and not debt.costs_waived:
            left[debt.key] = rest
    total = sum(left.values(), ZERO)
    if not excess or not total:
        return left
    return share(max(total - excess, ZERO), left, digits)


def share(total, bases, digits=2):
    """Share an amount in proportion, so that the parts add up to the cent.

    :param Decimal total: the amount
    :param dict bases: what it is shared over, by key
    :param int digits: decimals of the currency
    :rtype: dict
    """
    whole = sum(bases.values(), ZERO)
    parts, running, given = {}, ZERO, ZERO
    for key, base in bases.items():
        running += base
        upto = round_half_up(total * running / whole, digits)
        parts[key] = upto - given
        given = upto
    return parts
