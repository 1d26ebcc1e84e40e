"""Open credits of a debtor, set off against what he owes: 6:127 and 6:129 BW.

Pure: no database, no clock.
"""

from typing import NamedTuple

from .charge import ZERO


class SetOff(NamedTuple):
    """What an open credit takes off one item, from the day on which it could.

    For the credit itself it is negative: what is left of it.
    """

    day: object  # date
    amount: object  # Decimal
    #: Money that was not allocated yet: it pays costs and interest first (6:44).
    is_payment: bool = False


class OpenCredit(NamedTuple):
    """A credit that is open: a credit note, or a payment nobody allocated."""

    key: object
    day: object  # date from which it can be set off
    amount: object  # Decimal, above zero
    is_payment: bool = False
    corrects: object = None  # the contract whose invoice it corrects, if it says so


def set_off(debts, credits, first=()):
    """Set the open credits of a debtor off against his debts.

    Who may set off does so back to the day on which he could (6:129): that of the
    credit, or of the debt where that came later. A letter takes off the open credits
    from what it asks for, so its items come `first`. Then come the debts that bear
    interest or costs, and the oldest of them (6:137 with 6:43(2)). What is disputed is
    left out as long as anything else is open. A credit note that says which invoice it
    corrects goes there, as if it had been taken off from the start; what it corrects
    may be paid, then it is money for other debts.

    :param list[Debt] debts: what the debtor owes, in one currency
    :param list[OpenCredit] credits: his open credits in that currency
    :param first: keys of the debts that a letter asks for
    :return: the same debts with what was set off, and what was used of each credit
    :rtype: tuple[dict[Hashable, Debt], dict[Hashable, Decimal]]
    """
    by_key = {debt.key: debt for debt in debts}
    if not credits:
        return by_key, {}
    room = {debt.key: _get_room(debt) for debt in debts}
    order = sorted(debts, key=lambda debt: _rank(debt, first))
    used = dict.fromkeys((credit.key for credit in credits), ZERO)
    for credit in sorted(credits, key=lambda credit: (credit.day, str(credit.key))):
        own = [debt for debt in order if _is_corrected(debt, credit)]
        for debt in (*own, *(debt for debt in order if debt not in own)):
            part = min(credit.amount - used[credit.key], room[debt.key])
            if part <= 0:
                continue
            used[credit.key] += part
            room[debt.key] -= part
            taken = SetOff(
                min(credit.day, debt.due) if debt in own else credit.day,
                part,
                credit.is_payment or bool(credit.corrects) and debt not in own,
            )
            by_key[debt.key] = by_key[debt.key]._replace(
                set_off=(*by_key[debt.key].set_off, taken)
            )
    return by_key, used


def _get_room(debt):
    """Return what is open of a debt and not disputed."""
    paid = sum((amount for _day, amount in debt.payments), ZERO)
    return max(debt.principal - debt.suspended - paid, ZERO)


def _rank(debt, first):
    is_bearing = bool(debt.costs_from or debt.demand or debt.in_time_until)
    return debt.key not in first, debt.is_charge, not is_bearing, debt.due


def _is_corrected(debt, credit):
    return credit.corrects is not None and debt.contract == credit.corrects
