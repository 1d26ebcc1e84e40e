"""What a debtor owes on a day: principal, interest, costs, and what payments paid.

Pure: no database, no clock. Amounts are Decimals in euro or the currency of the item.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from .account import ItemAccount
from .charge import ZERO, Charge, sum_charged
from .costs import CostShare, Demand, EarlierTold, work_out_costs
from .set_off import SetOff


class Relief(NamedTuple):
    """Days on which part of an item bore no interest: it was rightly disputed."""

    start: date
    end: date
    amount: Decimal | None = None  # None: all that was unpaid


class Debt(NamedTuple):
    """One open item, as far as the claim needs it."""

    key: Hashable
    principal: Decimal
    due: date
    payments: tuple[tuple[date, Decimal], ...] = ()
    #: Last day on which payment was in time; None when no interest runs.
    in_time_until: date | None = None
    #: Pairs (first day, percent a year).
    rates: tuple[tuple[date, Decimal], ...] = ()
    #: Whether interest bears interest after a year (6:119(2)): an agreed one may not.
    compounds: bool = True
    #: First day on which collection costs are due; None when they are not.
    costs_from: date | None = None
    #: At most this much bears costs: what the fourteen-day notice was about.
    costs_over: Decimal | None = None
    #: Items of one contract paid in instalments share a key; see `share_costs`.
    contract: Hashable = None
    #: The letter that told of costs over it first; see `costs`.
    demand: Demand | None = None
    #: Day of a fourteen-day notice that is being made about it.
    announced_on: date | None = None
    #: Instalments of the same contract that bore costs and were paid since.
    earlier: tuple[EarlierTold, ...] = ()
    #: A letter claimed the flat amount over another instalment of its invoice.
    flat_claimed: bool = False
    #: What was charged in the ledger already, oldest first; see `claim_charge`.
    charges: tuple[Charge, ...] = ()
    costs_waived: bool = False
    #: Part that is disputed: it bears neither interest nor costs, but is owed still.
    suspended: Decimal = ZERO
    reliefs: tuple[Relief, ...] = ()
    #: What the letter asked for that claims costs of a business.
    costs_asked: Decimal | None = None
    #: Open credits that are set off against it, see `set_off`.
    set_off: tuple[SetOff, ...] = ()
    #: It is itself interest and costs that were charged.
    is_charge: bool = False


@dataclass(eq=False)
class DebtClaim:
    """The claim on one item.

    The interest is worked out when it is asked for: many letters claim none.
    """

    debt: Debt
    day: date
    account: ItemAccount  # what payments and charges did to the item
    paid: Decimal  # all payments up to the day
    costs: Decimal  # due and not charged yet, VAT left out
    vat: Decimal  # VAT on these costs
    announced: CostShare | None = None  # by a notice that is being made

    @cached_property
    def accrual(self):
        """The interest, charged or not."""
        return self.account.accrue(self.day)

    @cached_property
    def charged_interest(self):
        """Part of the interest that was charged."""
        return min(sum_charged(self.debt, self.day, "interest"), self.accrual.total)

    @property
    def interest(self):
        """Accrued and not charged yet."""
        return self.accrual.total - self.charged_interest

    @property
    def segments(self):
        """Segments of interest, rounded so that they add up."""
        return self.accrual.segments

    @property
    def per_day(self):
        """Interest of the day after."""
        return self.accrual.per_day

    @property
    def paid_costs(self):
        return self.account.paid["costs"]

    @property
    def paid_interest(self):
        return self.account.paid["interest"]

    @property
    def paid_principal(self):
        """Paid, or set off against open credits."""
        return self.account.paid["principal"]

    @property
    def credited(self):
        """Open credit notes that are set off against the item."""
        return sum((s.amount for s in self.debt.set_off if not s.is_payment), ZERO)

    @property
    def unallocated(self):
        """Payments that nobody allocated, set off against the item."""
        return sum(
            (
                part.amount
                for part in self.debt.set_off
                if part.is_payment and part.day <= self.day
            ),
            ZERO,
        )

    @property
    def total_before_set_off(self):
        """What must be paid beside the open credits, which stand apart."""
        return self.total + self.credited + self.unallocated

    @property
    def open_principal(self):
        return self.debt.principal - self.paid_principal

    @property
    def open_interest(self):
        return self.interest - self.paid_interest

    @property
    def open_costs(self):
        """Costs with VAT that are due and not paid."""
        return self.costs + self.vat - self.paid_costs

    @property
    def total(self):
        return self.open_principal + self.open_interest + self.open_costs


@dataclass(frozen=True)
class Claim:
    """The claim on one debtor in one currency."""

    day: date
    items: tuple[DebtClaim, ...]

    def _sum(self, name):
        return sum((getattr(item, name) for item in self.items), ZERO)

    @property
    def principal(self):
        """What was invoiced, less what was credited."""
        return sum((item.debt.principal - item.credited for item in self.items), ZERO)

    @property
    def paid(self):
        return self._sum("paid") + self._sum("unallocated")

    @property
    def set_off(self):
        """Open credits that are set off against these items."""
        return self._sum("credited") + self._sum("unallocated")

    @property
    def interest(self):
        return self._sum("interest")

    @property
    def costs(self):
        return self._sum("costs")

    @property
    def vat(self):
        return self._sum("vat")

    @property
    def per_day(self):
        return self._sum("per_day")

    @property
    def open_principal(self):
        return self._sum("open_principal")

    @property
    def open_interest(self):
        return self._sum("open_interest")

    @property
    def open_costs(self):
        return self._sum("open_costs")

    @property
    def total(self):
        """What must be paid to be done on this day."""
        return self._sum("total")


def claim_debts(debts, day, rule, basis):
    """Return the claim of one debtor on a day.

    :param list[Debt] debts: his open items in one currency
    :param date day: the day, which bears interest itself
    :param CostRule rule: how collection costs are worked out
    :param str basis: how days are counted, see `law.interest`
    :rtype: Claim
    """
    [claim] = claim_together([(debts, rule, basis)], day)
    return claim


def claim_together(accounts, day):
    """Return the claims on one debtor: costs are worked out over all of them.

    :param list accounts: tuples of open items, `CostRule` and basis of the interest,
        one for each currency
    :param date day: the day, which bears interest itself
    :rtype: list[Claim]
    """
    costs = work_out_costs([(debts, rule) for debts, rule, _basis in accounts], day)
    return [
        Claim(
            day=day,
            items=tuple(
                _claim_debt(debt, day, debtor_costs, basis, rule.digits)
                for debt in debts
            ),
        )
        for (debts, rule, basis), debtor_costs in zip(accounts, costs, strict=True)
    ]


def _claim_debt(debt, day, debtor_costs, basis, digits):
    """Work out one item: every payment pays costs, then interest, then principal."""
    costs, vat = debtor_costs.due.get(debt.key, (ZERO, ZERO))
    payments = sorted(payment for payment in debt.payments if payment[0] <= day)
    charged_costs = sum((sum_charged(debt, day, n) for n in ("costs", "vat")), ZERO)
    account = ItemAccount(debt, costs + vat + charged_costs, basis, digits)
    account.follow(payments, day)
    paid = sum((amount for _day, amount in payments), ZERO)
    announced = debtor_costs.announced.get(debt.key)
    return DebtClaim(debt, day, account, paid, costs, vat, announced)
