"""What a payment is set off against: Civil Code 6:44."""

from dataclasses import dataclass
from decimal import Decimal

from ._arguments import as_amount
from ._arithmetic import precise


@dataclass(frozen=True, slots=True)
class Imputation:
    """How one payment is divided, in euro.

    :param Decimal costs: part that pays costs.
    :param Decimal interest: part that pays accrued interest.
    :param Decimal principal: part that pays the principal.
    :param Decimal surplus: part that nothing is left to pay with it.
    """

    costs: Decimal
    interest: Decimal
    principal: Decimal
    surplus: Decimal


def impute(amount, *, costs, interest, principal):
    """Divide a payment over one debt: costs first, then interest, then principal.

    Costs count only when they are due: for a consumer, when the term of a valid
    fourteen-day notice has lapsed (6:96(6)). Pass zero until then. Which of several
    debts is paid comes before this (6:43). Nothing is rounded: the four parts add up
    to `amount`.

    :param amount: euro paid; int, str or Decimal, zero or more.
    :param costs: euro of costs that are due and unpaid.
    :param interest: euro of interest accrued and unpaid.
    :param principal: euro of principal unpaid.
    :rtype: Imputation
    :raise ValueError: naming the argument that is negative, not a finite number, or a
        float.

    >>> impute(100, costs=40, interest=5, principal=100).principal
    Decimal('55')
    """
    left = as_amount("amount", amount)
    debts = {
        "costs": as_amount("costs", costs),
        "interest": as_amount("interest", interest),
        "principal": as_amount("principal", principal),
    }
    parts = {}
    with precise():
        for name, debt in debts.items():
            parts[name] = min(left, debt)
            left -= parts[name]
    return Imputation(**parts, surplus=left)
