"""The account of one open item: what payments and charges do to it as time goes by.

Pure: no database, no clock.
"""

from datetime import timedelta
from itertools import count

from ..law import add_years, impute, interest
from .claim_charge import ZERO


class ItemAccount:
    """What payments paid of an item, and how they lower the base of its interest."""

    def __init__(self, debt, costs, basis):
        """
        :param Debt debt: the item
        :param Decimal costs: costs with VAT, charged ones included
        :param str basis: how days are counted, see `law.interest`
        """
        self.debt = debt
        self.costs = costs
        self.basis = basis
        self.paid = {"costs": ZERO, "interest": ZERO, "principal": ZERO}
        self.charged = {"costs": ZERO, "interest": ZERO}
        self.lowering = []

    def follow(self, payments, day):
        """Follow payments and charges up to a day, in order of time.

        :param list payments: pairs (day, amount), oldest first
        :param date day: the last day
        """
        events = [(paid_on, self._pay, amount) for paid_on, amount in payments]
        events += [
            (charge.day, self._charge, charge)
            for charge in self.debt.charges
            if charge.day <= day
        ]
        for event_day, handle, value in sorted(events, key=lambda event: event[0]):
            handle(event_day, value)

    def get_interest(self, day):
        """Return the interest statement, or None when no interest runs."""
        debt = self.debt
        start = debt.in_time_until
        if start is None or day <= start:
            return None
        return interest(
            debt.principal,
            start,
            day,
            debt.rates,
            payments=self.lowering,
            basis=self.basis,
        )

    def _get_due(self, day):
        """Return the costs and the interest that are due on a day, paid or not."""
        costs_from = self.debt.costs_from
        statement = self.get_interest(day)
        return {
            "costs": self.costs if costs_from and costs_from <= day else ZERO,
            "interest": statement.total if statement else ZERO,
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
        default.
        """
        if amount <= 0 or self.debt.in_time_until is None:
            return
        first_day = self.debt.in_time_until + timedelta(days=1)
        years = next(n for n in count(1) if add_years(first_day, n) > day)
        year_end = add_years(first_day, years) - timedelta(days=1)
        self.lowering.append((year_end, amount))
