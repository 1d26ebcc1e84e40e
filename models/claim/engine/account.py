"""The account of one open item: what payments and charges do to it as time goes by.

Pure: no database, no clock.
"""

from datetime import timedelta
from itertools import count
from typing import NamedTuple

from ....law import InterestStatement, add_years, impute
from .charge import ZERO
from .interest import CoinStatement, count_interest


class Accrual(NamedTuple):
    """The interest on an item up to a day, and how it came about."""

    # None when no interest runs
    statement: InterestStatement | CoinStatement | None = None
    relieved: tuple = ()  # segments of rightful disputes, negative

    @property
    def total(self):
        """The interest without that of rightful disputes."""
        if not self.statement:
            return ZERO
        relieved = sum((segment.amount for segment in self.relieved), ZERO)
        return max(self.statement.total + relieved, ZERO)

    @property
    def segments(self):
        """The segments that add up to the interest, rounded; relief is negative."""
        if not self.statement:
            return ()
        return (*self.statement.rounded_segments(), *self.relieved)

    @property
    def per_day(self):
        """The interest of the day after."""
        return self.statement.per_day if self.statement else ZERO


class ItemAccount:
    """What payments paid of an item, and how they lower the base of its interest."""

    def __init__(self, debt, costs, basis, digits=2):
        """
        :param Debt debt: the item
        :param Decimal costs: costs with VAT, charged ones included
        :param str basis: how days are counted, see `law.interest`
        :param int digits: decimals of the currency
        """
        self.debt = debt
        self.costs = costs
        self.basis = basis
        self.digits = digits
        self.paid = {"costs": ZERO, "interest": ZERO, "principal": ZERO}
        self.charged = {"costs": ZERO, "interest": ZERO}
        self.lowering = []
        self.stopped = ZERO  # interest that will not join the base

    def follow(self, payments, day):
        """Follow payments, charges and open credits up to a day, in order of time.

        :param list payments: pairs (day, amount), oldest first
        :param date day: the last day
        """
        events = [(paid_on, self._pay, amount) for paid_on, amount in payments]
        events += [
            (part.day, self._pay if part.is_payment else self._set_off, part.amount)
            for part in self.debt.set_off
            if part.day <= day or not part.is_payment
        ]
        events += [
            (charge.day, self._charge, charge)
            for charge in self.debt.charges
            if charge.day <= day
        ]
        for event_day, handle, value in sorted(events, key=lambda event: event[0]):
            handle(event_day, value)

    def accrue(self, day):
        """Work out the interest up to a day.

        :rtype: Accrual
        """
        return Accrual(self._get_statement(day), tuple(self._get_relieved(day)))

    def _get_statement(self, day):
        """Return the interest statement, or None when no interest runs."""
        debt = self.debt
        start = debt.in_time_until
        if start is None or day <= start:
            return None
        return self._count_interest(
            debt.principal - debt.suspended, start, day, self.lowering
        )

    def _count_interest(self, principal, start, day, payments):
        return count_interest(
            principal,
            start,
            day,
            self.debt.rates,
            digits=self.digits,
            payments=payments,
            basis=self.basis,
            compound=self.debt.compounds,
        )

    def _get_relieved(self, day):
        """Yield what is taken off for the days of disputes that were justified."""
        if self.debt.in_time_until is None:
            return
        for relief in self.debt.reliefs:
            start = max(relief.start, self.debt.in_time_until + timedelta(days=1))
            end = min(relief.end, day)
            if start > end:
                continue
            base, payments = self._get_relieved_base(start, end, relief.amount)
            statement = self._count_interest(
                base, start - timedelta(days=1), end, payments
            )
            for segment in statement.rounded_segments():
                yield segment._replace(base=-segment.base, amount=-segment.amount)

    def _get_relieved_base(self, start, end, amount):
        """Return the disputed part of what was unpaid, and what was paid of it since.

        What is paid during a dispute pays the undisputed part first.

        :rtype: tuple[Decimal, list]
        """
        before = sum((paid for day, paid in self.lowering if day < start), ZERO)
        unpaid = max(self.debt.principal - self.debt.suspended - before, ZERO)
        base = unpaid if amount is None else min(amount, unpaid)
        undisputed, left, payments = unpaid - base, base, []
        for day, paid in sorted(self.lowering):
            if start <= day <= end:
                part = min(max(paid - undisputed, ZERO), left)
                undisputed = max(undisputed - paid, ZERO)
                left -= part
                payments.append((day, part))
        return base, payments

    def _get_due(self, day):
        """Return the costs and the interest that are due on a day, paid or not."""
        costs_from = self.debt.costs_from
        return {
            "costs": self.costs if costs_from and costs_from <= day else ZERO,
            "interest": self.accrue(day).total,
        }

    def _pay(self, day, amount):
        """A payment pays costs, then interest, then principal: 6:44 BW."""
        due = self._get_due(day)
        open_parts = {
            name: max(due[name] - self.charged[name] - self.paid[name], ZERO)
            for name in due
        }
        part = impute(
            amount, **open_parts, principal=self.debt.principal - self.paid["principal"]
        )
        for name in self.paid:
            self.paid[name] += getattr(part, name)
        if part.principal:
            self.lowering.append((day, part.principal))
        self._stop_compounding(day, part.interest)

    def _set_off(self, day, amount):
        """A credit note lowers the principal from the day of the set-off."""
        self.paid["principal"] += amount
        self.lowering.append((day, amount))

    def _charge(self, day, charge):
        """Costs and interest go to a document of their own.

        What earlier payments of this item paid of them, stands against its principal
        in the ledger: from this day it does so here.
        """
        due = self._get_due(day)
        self.charged["costs"] += charge.costs + charge.vat
        self.charged["interest"] += charge.interest
        shifted = {name: self._shift(name, due[name]) for name in due}
        if moved := sum(shifted.values(), ZERO):
            self.paid["principal"] += moved
            self.lowering.append((day, moved))
        self._stop_compounding(day, charge.interest - shifted["interest"])

    def _shift(self, name, due):
        """Return what payments paid of a part that a charge now stands for."""
        room = self.debt.principal - self.paid["principal"]
        over = self.paid[name] + self.charged[name] - due
        moved = max(min(over, self.paid[name], room), ZERO)
        self.paid[name] -= moved
        return moved

    def _stop_compounding(self, day, amount):
        """Interest that was paid or charged does not bear interest itself.

        It lowers the base when it would have joined it: at the end of the year of
        default. No more can be kept out than would join: when an invoice is credited
        after a charge, more may have been charged than ever accrued.
        """
        if amount <= 0 or self.debt.in_time_until is None or not self.debt.compounds:
            return
        amount = min(amount, self.accrue(day).total - self.stopped)
        if amount <= 0:
            return
        self.stopped += amount
        first_day = self.debt.in_time_until + timedelta(days=1)
        years = next(n for n in count(1) if add_years(first_day, n) > day)
        year_end = add_years(first_day, years) - timedelta(days=1)
        self.lowering.append((year_end, amount))
