"""How the law divides a payment over the open items of a debtor.

Pure: no database, no clock.
"""

from ..law import Imputation, impute
from .claim import ZERO


def split_payment(claims, amount):
    """Divide a payment over items, the one that is due longest first (6:43 BW).

    Of each item it pays the costs, then the interest, then the principal (6:44 BW).

    :param list[DebtClaim] claims: what is open of each item on the day of payment
    :param Decimal amount: the payment
    :return: how it is divided; what nothing is left to pay with is the surplus
    :rtype: Imputation
    """
    parts = Imputation(ZERO, ZERO, ZERO, surplus=amount)
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
