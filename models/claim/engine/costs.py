"""What collection costs are due from a debtor, shared over his items.

Pure: no database, no clock. Amounts are Decimals in euro or the currency of the item.
"""

from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from ....law import collection_costs
from .charge import ZERO, round_half_up, share, subtract_charged

#: Compensation for each late invoice in trade, Civil Code 6:96(4).
FLAT_COSTS = Decimal(40)


class CostRule(NamedTuple):
    """How the collection costs of a debtor are worked out."""

    flat: bool = False  # 40 for each item instead of the scale over the sum
    vat_percent: Decimal = ZERO  # when the creditor cannot deduct VAT
    highest_instalment: bool = True  # of each contract only the highest instalment
    euro_rate: Decimal = Decimal(1)  # euro for one unit of the currency of the items
    digits: int = 2  # decimals of that currency


def share_costs(debts, day, rule):
    """Work out the collection costs that are due on a day, shared over the items.

    The scale is taken once, over the sum of what was unpaid when the costs became due
    (6:96(7)). Of the instalments of one contract only the highest counts, unless the
    rule says otherwise: the cautious reading of article 2a of the decree on costs.

    :return: costs and VAT on them by key, for the items that bear costs
    :rtype: dict[Hashable, tuple[Decimal, Decimal]]
    """
    bases = _get_bases(debts, day, rule)
    if rule.flat:
        net = dict.fromkeys(bases, _from_euro(FLAT_COSTS, rule))
    else:
        net = share(_scale(sum(bases.values(), ZERO), rule), bases, rule.digits)
    vat_total = sum(net.values(), ZERO) * rule.vat_percent / 100
    vat = share(round_half_up(vat_total, rule.digits), bases, rule.digits)
    net = subtract_charged(net, debts, day, "costs", rule.digits)
    vat = subtract_charged(vat, debts, day, "vat", rule.digits)
    return {key: (net[key], vat[key]) for key in bases}


def _get_bases(debts, day, rule):
    """Return what of each item bears costs on a day, by key."""
    bases = {
        debt.key: base
        for debt in debts
        if debt.costs_from
        and debt.costs_from <= day
        and (base := _get_costs_base(debt)) > 0
    }
    return _keep_highest(bases, debts) if rule.highest_instalment else bases


def _scale(base, rule):
    """Return the costs by the scale, which is in euro."""
    return _from_euro(collection_costs(round_half_up(base * rule.euro_rate)), rule)


def _from_euro(amount, rule):
    return round_half_up(amount / rule.euro_rate, rule.digits)


def unpaid_before(debt, day):
    """Return what was unpaid at the start of a day, without what is disputed.

    What an open credit note takes off was never owed, so it bears no costs, whenever
    the note was made.
    """
    paid = sum((amount for paid_on, amount in debt.payments if paid_on < day), ZERO)
    taken = sum(
        (s.amount for s in debt.set_off if not s.is_payment or s.day < day), ZERO
    )
    return debt.principal - debt.suspended - paid - taken


def _get_costs_base(debt):
    """Return what of an item bears costs.

    Costs that a consumer was told about are worked out over what he was told to pay:
    what opened again later, as a payment came back or a dispute was not justified, was
    in no fourteen-day notice. What a business paid on the day of the letter, before it
    was made, is not in what that letter asks for.
    """
    base = unpaid_before(debt, debt.costs_from)
    if debt.costs_over is not None:
        base = min(base, debt.costs_over)
    if debt.costs_asked is not None:
        after = unpaid_before(debt, debt.costs_from + timedelta(days=1))
        base = max(min(base, debt.costs_asked), after)
    return base


def announce_costs(debts, day, rule):
    """Return the costs that become due when nothing is paid, for the notice of 6:96(6).

    They are worked out over what is unpaid when the notice is made: what was paid on
    that very day is taken off, as it is in the amount that the notice asks for.

    :return: costs, and VAT on them
    :rtype: tuple[Decimal, Decimal]
    """
    after = day + timedelta(days=1)
    shares = share_costs(_make_due(debts, after), after, rule)
    return (
        sum((net for net, _vat in shares.values()), ZERO),
        sum((vat for _net, vat in shares.values()), ZERO),
    )


def get_announced_base(debts, day, rule):
    """Return the amount over which the scale of `announce_costs` is taken.

    The notice names it, so that the debtor can check the costs.

    :rtype: Decimal
    """
    after = day + timedelta(days=1)
    return sum(_get_bases(_make_due(debts, after), after, rule).values(), ZERO)


def _make_due(debts, day):
    """Return debts as they are when costs become due over all that is unpaid."""
    return [
        debt._replace(costs_from=day, costs_over=None, costs_asked=None)
        for debt in debts
    ]


def _keep_highest(bases, debts):
    """Keep of each contract the item with the highest base."""
    contracts = {debt.key: debt.contract for debt in debts}
    kept = {}
    for key, base in bases.items():
        contract = contracts[key] if contracts[key] is not None else ("item", key)
        if contract not in kept or base > bases[kept[contract]]:
            kept[contract] = key
    highest = set(kept.values())
    return {key: base for key, base in bases.items() if key in highest}
