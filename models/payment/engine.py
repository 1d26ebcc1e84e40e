"""How one payment is divided over what a customer chose to pay.

Pure: no database, no clock. Amounts are Decimals in the currency of the items.
"""

import re
from collections.abc import Hashable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ...law import impute
from ..claim.engine.charge import ZERO, round_half_up

#: What of a payable is an amount, to keep it as text.
AMOUNTS = (
    *("residual", "costs", "vat", "interest", "paid_costs", "paid_interest"),
    *("charged_costs", "charged_interest"),
)


#: Digits of the shortest reference that is made here, and what stands before them.
MIN_SIZE = 10

#: A payment reference as it is made here, with the spaces that a bank may put in it.
REFERENCE = re.compile(r"R\W?F\W?\d(?:\W?\d){7,18}")


def find_references(text):
    """Return the payment references that a text states: only genuine ones.

    >>> find_references("Fact. RF94 0000 29, dank")
    ['RF94000029']
    >>> find_references("/REMI/USTD//rf94000029/EREF"), find_references("RF95000029")
    (['RF94000029'], [])
    """
    found = (
        re.sub(r"\W", "", part) for part in REFERENCE.findall((text or "").upper())
    )
    return [name for part in found for name in _list_genuine(part)]


def _list_genuine(text):
    """Return the beginnings of a text that are references (ISO 11649)."""
    beginnings = (text[:end] for end in range(len(text), MIN_SIZE - 1, -1))
    return [b for b in beginnings if int(f"{b[4:]}2715{b[2:4]}") % 97 == 1]


class Payable(NamedTuple):
    """An item that can be paid, with what a letter asked for besides."""

    key: Hashable
    due: date
    residual: Decimal  # asked of what is open in the ledger
    costs: Decimal = ZERO  # asked and not in the ledger, VAT included
    vat: Decimal = ZERO  # the part of it that is VAT
    interest: Decimal = ZERO  # asked and not in the ledger
    #: What payments before paid of these, by law: in the ledger they lowered the item.
    paid_costs: Decimal = ZERO
    paid_interest: Decimal = ZERO
    is_charge: bool = False  # it is itself interest and costs that were charged
    #: What had been charged for it when the payment began.
    charged_costs: Decimal = ZERO
    charged_interest: Decimal = ZERO

    @property
    def total(self):
        return self.residual + self.costs + self.interest


class Part(NamedTuple):
    """What one payment pays of an item, as it is posted."""

    key: Hashable
    costs: Decimal  # to be charged, VAT included
    vat: Decimal
    interest: Decimal  # to be charged
    principal: Decimal  # of what is open in the ledger


def divide(payables, amount):
    """Divide a payment over items: what was charged first, then the oldest item.

    Of each item it pays the costs, then the interest, then the principal (6:44 BW).
    What payments before paid of costs and interest stands against the principal in the
    ledger. When no principal is left there, it is charged too.

    :param list[Payable] payables: the items that the customer pays
    :param Decimal amount: the payment
    :return: the parts, and what is left of the payment
    :rtype: tuple[list[Part], Decimal]

    >>> invoice = Payable(1, date(2026, 11, 2), Decimal(1000), costs=Decimal(150))
    >>> [part], rest = divide([invoice], Decimal(500))
    >>> str(part.costs), str(part.principal), str(rest)
    ('150', '350', '0')
    """
    parts, left = [], amount
    for item in sorted(payables, key=lambda item: (not item.is_charge, item.due)):
        paid = impute(
            left,
            costs=item.costs - item.paid_costs,
            interest=item.interest - item.paid_interest,
            principal=item.residual + item.paid_costs + item.paid_interest,
        )
        left = paid.surplus
        principal = min(paid.principal, item.residual)
        moved = paid.principal - principal
        moved_costs = min(moved, item.paid_costs)
        costs = paid.costs + moved_costs
        vat = _share_vat(item, costs)
        interest = paid.interest + moved - moved_costs
        parts.append(Part(item.key, costs, vat, interest, principal))
    return [part for part in parts if part.costs + part.interest + part.principal], left


def _share_vat(item, costs):
    """Return the VAT in a part of the costs."""
    if not item.vat or not costs:
        return ZERO
    return round_half_up(item.vat * costs / item.costs)


def pack(payables):
    """Return items as they are kept with a payment: amounts and days as text."""
    return [
        {
            "key": item.key,
            "due": item.due.isoformat(),
            "is_charge": item.is_charge,
            **{name: str(getattr(item, name)) for name in AMOUNTS},
        }
        for item in payables
    ]


def unpack(data):
    """Return items from how they are kept with a payment, see `pack`.

    >>> items = [Payable(1, date(2026, 11, 2), Decimal("10.50"), vat=Decimal(1))]
    >>> unpack(pack(items)) == items
    True
    """
    return [
        Payable(
            item["key"],
            date.fromisoformat(item["due"]),
            is_charge=item["is_charge"],
            **{name: Decimal(item[name]) for name in AMOUNTS},
        )
        for item in data
    ]
