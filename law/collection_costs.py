"""Extrajudicial collection costs (buitengerechtelijke incassokosten).

Civil Code 6:96(2)(c) and (5) to (7), and the decree that fixes the compensation:
Besluit vergoeding voor buitengerechtelijke incassokosten, art. 2.
"""

from decimal import Decimal

from ._arguments import as_amount
from ._arithmetic import precise, to_cents

# Art. 2(1): above this many euro, up to this many, percent of that slice.
_SCALE = (
    (Decimal(0), Decimal(2_500), Decimal(15)),
    (Decimal(2_500), Decimal(5_000), Decimal(10)),
    (Decimal(5_000), Decimal(10_000), Decimal(5)),
    (Decimal(10_000), Decimal(200_000), Decimal(1)),
    (Decimal(200_000), Decimal("Infinity"), Decimal("0.5")),
)
MINIMUM = Decimal("40.00")
MAXIMUM = Decimal("6775.00")


def collection_costs(principal, vat_percent=0):
    """Return the costs that may be claimed for collecting `principal`.

    The principal is what is unpaid, VAT on the invoices included, without interest or
    earlier costs. Where several claims belong in one notice (6:96(7)) it is their sum:
    the scale applies once. Without a principal there are no costs.

    Art. 2(3) raises the costs by the VAT that the creditor is charged and cannot
    deduct. The compensation itself is an amount in cents, and the increase is worked
    out from it, so that both can be shown and add up.

    :param principal: euro; int, str or Decimal, zero or more.
    :param vat_percent: percent; zero where the creditor can deduct VAT.
    :return: euro, two digits.
    :rtype: Decimal
    :raise ValueError: naming `principal` or `vat_percent` when it is negative, not a
        finite number, or a float.

    >>> collection_costs(Decimal("1234.56"))
    Decimal('185.18')
    >>> collection_costs(100, vat_percent=21)
    Decimal('48.40')
    """
    principal = as_amount("principal", principal)
    vat_percent = as_amount("vat_percent", vat_percent)
    with precise():
        costs = to_cents(_compensation(principal))
        return to_cents(costs * (100 + vat_percent) / 100)


def _compensation(principal):
    """Return the unrounded scale of art. 2(1), within its minimum and maximum."""
    if not principal:
        return principal
    scaled = sum(
        max(min(principal, ceiling) - floor, 0) * percent / 100
        for floor, ceiling, percent in _SCALE
    )
    return min(max(scaled, MINIMUM), MAXIMUM)
