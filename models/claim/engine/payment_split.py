"""How the law divides a payment over the open items of a debtor.

Pure: no database, no clock.
"""

from typing import NamedTuple

from ....law import Imputation, impute
from .charge import ZERO


class OpenCharge(NamedTuple):
    """What is open of costs and interest that were charged on invoices of their own."""

    costs: object = ZERO  # Decimal, VAT included
    interest: object = ZERO

    @property
    def total(self):
        return self.costs + self.interest


def open_charge(costs, interest, residual):
    """Return what is open of one charge: payments paid the costs first.

    :param Decimal costs: costs with VAT that were charged
    :param Decimal interest: interest that was charged
    :param Decimal residual: what is open of both
    :rtype: OpenCharge
    """
    open_interest = min(interest, residual)
    return OpenCharge(residual - open_interest, open_interest)


NOTHING_CHARGED = OpenCharge()


def split_payment(claims, amount, charge=NOTHING_CHARGED):
    """Divide a payment over items, the one that is due longest first (6:43 BW).

    Of each item it pays the costs, then the interest, then the principal (6:44 BW).
    Costs and interest that were charged before come first.

    :param list[DebtClaim] claims: what is open of each item on the day of payment
    :param Decimal amount: the payment
    :param OpenCharge charge: what is open of charges to the debtor
    :return: how it is divided; what nothing is left to pay with is the surplus
    :rtype: Imputation
    """
    parts = impute(amount, costs=charge.costs, interest=charge.interest, principal=ZERO)
    for claim in sorted(claims, key=lambda claim: claim.debt.due):
        part = impute(
            parts.surplus,
            costs=max(claim.open_costs, ZERO),
            interest=max(claim.open_interest, ZERO),
            principal=max(claim.open_principal, ZERO),
        )
        parts = Imputation(
            costs=parts.costs + part.costs,
            interest=parts.interest + part.interest,
            principal=parts.principal + part.principal,
            surplus=part.surplus,
        )
    return parts
