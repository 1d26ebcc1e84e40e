"""Interest in the coins of a currency; the law counts in euro and cents.

Pure: no database, no clock.
"""

from decimal import Decimal
from typing import NamedTuple

from ....law import InterestStatement, interest


class CoinStatement(NamedTuple):
    """An interest statement in units of a hundred coins: their cents are coins."""

    statement: InterestStatement
    unit: Decimal  # amount in the currency for one unit

    @property
    def total(self):
        return self.statement.total * self.unit

    @property
    def per_day(self):
        return self.statement.per_day * self.unit

    def rounded_segments(self):
        return tuple(
            segment._replace(
                base=segment.base * self.unit, amount=segment.amount * self.unit
            )
            for segment in self.statement.rounded_segments()
        )


def count_interest(
    principal, due, until, rates, *, digits, payments=(), basis, compound=True
):
    """Return the interest as `law.interest` does, rounded to coins of the currency.

    :param int digits: decimals of the currency
    :rtype: InterestStatement or CoinStatement

    >>> from datetime import date
    >>> due, until, rates = date(2026, 1, 1), date(2026, 2, 1), [(date(2026, 1, 1), 10)]
    >>> in_yen = count_interest(
    ...     Decimal(12345), due, until, rates, digits=0, basis="actual/365"
    ... )
    >>> [int(amount) for amount in (in_yen.total, in_yen.per_day)]
    [105, 3]
    """
    if digits == 2:
        return interest(
            principal,
            due,
            until,
            rates,
            payments=payments,
            basis=basis,
            compound=compound,
        )
    unit = Decimal(1).scaleb(2 - digits)
    statement = interest(
        principal / unit,
        due,
        until,
        rates,
        payments=[(day, amount / unit) for day, amount in payments],
        basis=basis,
        compound=compound,
    )
    return CoinStatement(statement, unit)
