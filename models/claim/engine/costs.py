"""What collection costs are due from a debtor, demand by demand.

Pure: no database, no clock. Amounts are Decimals in euro or the currency of the item.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from ....law import collection_costs
from .charge import ZERO, round_half_up, share, subtract_charged

#: Compensation for each late invoice in trade, Civil Code 6:96(4).
FLAT_COSTS = Decimal(40)

#: How long costs of an instalment count for the next ones: article 2a of the decree.
LOOK_BACK = relativedelta(months=6)

_DAY = timedelta(days=1)


class CostRule(NamedTuple):
    """How the collection costs of a debtor are worked out."""

    flat: bool = False  # 40 for each invoice instead of the scale over the sum
    vat_percent: Decimal = ZERO  # when the creditor cannot deduct VAT
    highest_instalment: bool = True  # of each contract only the highest instalment
    euro_rate: Decimal = Decimal(1)  # euro for one unit of the currency of the items
    digits: int = 2  # decimals of that currency


class Demand(NamedTuple):
    """The letter that first announced or claimed costs over an item."""

    day: date
    key: object = None  # what tells it from other letters; None for one being made
    #: The costs that it told of, VAT left out: they never grow. None: not known yet.
    costs: Decimal | None = None
    vat: Decimal | None = None  # on them
    over: Decimal | None = None  # what it demanded in all, after open credits


class EarlierTold(NamedTuple):
    """Costs that became due for an earlier instalment of a contract, paid since."""

    key: object
    day: date  # of the letter that told of them
    principal: Decimal
    costs: Decimal
    contract: object = None  # as in `Debt`


class CostShare(NamedTuple):
    """The costs of one demand that fall to one item."""

    net: Decimal
    vat: Decimal
    over: Decimal  # the sum over which the scale is taken
    before: Decimal  # what earlier demands told of it already


class DebtorCosts(NamedTuple):
    """The costs of a debtor in one currency, by key of the item."""

    due: dict  # pairs of costs and VAT
    announced: dict  # `CostShare` of what a letter that is being made announces


def share_costs(debts, day, rule):
    """Work out the collection costs that are due from a debtor in one currency.

    :return: costs and VAT on them by key, for the items that bear costs
    :rtype: dict[Hashable, tuple[Decimal, Decimal]]
    """
    [costs] = work_out_costs([(debts, rule)], day)
    return costs.due


def work_out_costs(accounts, day):
    """Work out the collection costs of one debtor on a day, in all his currencies.

    Each demand is worth the scale over the sum of what is open of its items and of
    those that earlier demands told of, less what those told: the principals are added
    and the minimum counts once (6:96(7), article 2 of the decree on costs). What was
    paid meanwhile is no part of it. A demand never grows beyond what it told. Of the
    instalments of one invoice only the highest counts, unless the rule says otherwise,
    and instalments of the contract that bore costs in the six months before count too,
    though they were paid: the cautious reading of article 2a of the decree.

    :param list accounts: pairs of `Debt` records and `CostRule`, one for each currency
    :param date day: the day
    :rtype: list[DebtorCosts]
    """
    shares = _Demands(accounts, day).share()
    result = []
    for index, (debts, rule) in enumerate(accounts):
        found = shares[index]
        announced = [debt for debt in debts if debt.announced_on]
        due = {
            debt.key: found[debt.key]
            for debt in debts
            if debt.key in found and debt.costs_from and debt.costs_from <= day
        }
        told = {d.key: found[d.key] for d in announced if d.key in found}
        left = _subtract_charged(told, announced, day, rule)
        result.append(
            DebtorCosts(
                _subtract_charged(due, debts, day, rule),
                {
                    key: told[key]._replace(net=net, vat=vat)
                    for key, (net, vat) in left.items()
                },
            )
        )
    return result


def _subtract_charged(shares, debts, day, rule):
    """Return costs and VAT by key, less what was waived and what was charged."""
    net = {key: found.net for key, found in shares.items()}
    vat = {key: found.vat for key, found in shares.items()}
    net = subtract_charged(net, debts, day, "costs", rule.digits)
    vat = subtract_charged(vat, debts, day, "vat", rule.digits)
    return {key: (net[key], vat[key]) for key in shares}


class _Demands:
    """The demands of one debtor, in order of time."""

    def __init__(self, accounts, day):
        self.accounts = accounts
        self.day = day
        self.seen = []  # pairs of number of the account and `Debt` or `EarlierTold`
        self.earlier = set()  # those `EarlierTold` among them
        self.given = ZERO  # euro that the demands so far told of
        self.flat_given = set()  # contracts that bear the flat amount already
        self.shares = defaultdict(dict)

    def share(self):
        """Return the costs that fall to each item, by number of the account.

        :rtype: dict[int, dict[Hashable, CostShare]]
        """
        groups = defaultdict(list)
        for index, (debts, _rule) in enumerate(self.accounts):
            for debt in debts:
                day = _get_told_day(debt)
                if day and day <= self.day and _get_costs_base(debt) > 0:
                    key = debt.demand.key if debt.demand else None
                    groups[day, index, key is None, str(key)].append(debt)
        for group in sorted(groups):
            day, index, *_key = group
            self._add(index, day, groups[group])
        return self.shares

    def _add(self, index, day, debts):
        """Work out one demand.

        :param int index: the number of the account
        :param date day: the day of the demand
        :param list[Debt] debts: its items
        """
        rule = self.accounts[index][1]
        self._look_back(index, day, debts)
        self.seen += [(index, debt) for debt in debts]
        own = {debt.key: _get_costs_base(debt) for debt in debts}
        if rule.flat:
            net = self._share_flat(debts, rule)
            over = sum(own.values(), ZERO)
        else:
            bases = self._get_bases(own, day)
            over = self._sum_euro(bases, own)
            costs = max(collection_costs(over) - self.given, ZERO)
            bearing = {key: bases[index][key] for key in own if key in bases[index]}
            costs = _limit("costs", _from_euro(costs, rule), debts, own)
            net = share(costs, bearing or own, rule.digits)
            over = _from_euro(over, rule)
        before = _from_euro(self.given, rule)
        total = sum(net.values(), ZERO)
        self.given += total * rule.euro_rate
        vat_total = round_half_up(total * rule.vat_percent / 100, rule.digits)
        vat_total = _limit("vat", vat_total, debts, own)
        vat = share(vat_total, {key: own[key] for key in net}, rule.digits)
        for key, amount in net.items():
            self.shares[index][key] = CostShare(amount, vat[key], over, before)

    def _look_back(self, index, day, debts):
        """Add earlier instalments of the contracts of a demand, and what they bore."""
        found = {
            told
            for debt in debts
            for told in debt.earlier
            if day - LOOK_BACK <= told.day <= day
        }
        for told in sorted(found - self.earlier, key=lambda told: str(told.key)):
            self.seen.append((index, told))
            self.given += told.costs * self.accounts[index][1].euro_rate
        self.earlier |= found

    def _share_flat(self, debts, rule):
        """Return 40 euro for each invoice that bears it for the first time.

        However many instalments or letters: 6:96(4) is about a claim.
        """
        net = {}
        for debt in debts:
            contract = _get_contract(debt)
            is_first = contract not in self.flat_given and not debt.flat_claimed
            self.flat_given.add(contract)
            net[debt.key] = _from_euro(FLAT_COSTS, rule) if is_first else ZERO
        return net

    def _get_bases(self, own, day):
        """Return what bears costs on the day of a demand.

        Of earlier demands that is what was not paid since.

        :param dict own: bases of the items of the demand, by key
        :param date day: the day of the demand
        :return: by number of the account and key of the item
        :rtype: dict[int, dict]
        """
        kept = {}
        for index, debt in self.seen:
            base = own.get(debt.key)
            if isinstance(debt, EarlierTold):
                base = debt.principal
            elif base is None:
                base = min(_get_costs_base(debt), unpaid_before(debt, day + _DAY))
            contract = _get_contract(debt)
            if not self.accounts[index][1].highest_instalment:
                contract = ("item", debt.key)
            if base > 0 and (contract not in kept or base > kept[contract][2]):
                kept[contract] = (index, debt.key, base)
        bases = defaultdict(dict)
        for index, key, base in kept.values():
            bases[index][key] = base
        return bases

    def _sum_euro(self, bases, own):
        """Return over how much the demands so far are made, in euro.

        Each letter takes off the open credits, so two may have taken off the same one.
        What an earlier demand was made over does not grow when it is set off elsewhere.

        :param dict bases: see `_get_bases`
        :param own: keys of the items of the last demand
        """
        by_demand = defaultdict(Decimal)
        for index, debt in self.seen:
            if base := bases[index].get(debt.key):
                demand = None if debt.key in own else getattr(debt, "demand", None)
                by_demand[index, demand] += base
        euro = ZERO
        for (index, demand), base in by_demand.items():
            if demand and demand.over is not None:
                base = min(base, demand.over)
            euro += base * self.accounts[index][1].euro_rate
        return round_half_up(euro)


def _limit(name, amount, debts, bases):
    """Return the costs of a demand or the VAT on them, no more than it told of.

    More is due when more of it is owed than then, as a payment was taken back.

    :param str name: `costs` or `vat`
    """
    told = {getattr(debt.demand, name, None) for debt in debts}
    if None in told:
        return amount
    asked = [debt.costs_asked for debt in debts]
    if None not in asked and sum(bases.values(), ZERO) > sum(asked, ZERO):
        return amount
    return min(amount, max(told))


def _get_told_day(debt):
    """Return when the debtor was first told of costs over an item, if he was."""
    if debt.demand:
        return debt.demand.day
    return debt.announced_on or debt.costs_from


def _get_contract(debt):
    return debt.contract if debt.contract is not None else ("item", debt.key)


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
    was made, is not in what that letter asks for. A notice that is being made announces
    them over what is unpaid at the end of its day.
    """
    if debt.announced_on:
        return unpaid_before(debt, debt.announced_on + _DAY)
    base = unpaid_before(debt, debt.costs_from or date.max)
    if debt.costs_over is not None:
        base = min(base, debt.costs_over)
    if debt.costs_asked is not None and debt.costs_from:
        after = unpaid_before(debt, debt.costs_from + _DAY)
        base = max(min(base, debt.costs_asked), after)
    return base
