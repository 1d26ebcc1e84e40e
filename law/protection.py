"""Debtors who are protected by law, and what that means for dunning them.

Pure: no database, no clock. The rules are data: a row of `PROTECTIONS` for each status.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

#: No letter about any debt, or only none about debts from before the day.
ALL_DEBTS = "all"
EARLIER_DEBTS = "earlier"


class Protection(NamedTuple):
    """What one status of a debtor does."""

    #: Which debts get no letters; None when dunning goes on.
    stops: str | None = ALL_DEBTS
    #: Last day that bears interest and on which costs may become due, in days after
    #: the day of the ruling; None when interest runs on. Only for earlier debts.
    interest_days: int | None = None
    #: Letters go to the representative and never to the debtor himself.
    represented: bool = True
    #: The debtor himself may be called.
    calls: bool = False
    #: Which debts a statement of claim lists; None when the claim is not filed.
    filing: str | None = None
    #: It ends on a day that is known from the start.
    has_end: bool = False

    @property
    def needs_representative(self):
        """Whether letters go out, and nobody but the representative may get them."""
        return self.represented and not self.stops


PROTECTIONS = {
    # Bankruptcy Act 25, 26, 110: claims are filed with the trustee; 23: the day of the
    # ruling counts from its first hour; 128: interest from then on is not admitted.
    "bankruptcy": Protection(interest_days=-1, filing=EARLIER_DEBTS),
    # Bankruptcy Act 217, 230, 233: debts from before the first moment of the day.
    "moratorium": Protection(
        stops=EARLIER_DEBTS, represented=False, calls=True, filing=EARLIER_DEBTS
    ),
    # Bankruptcy Act 299, 303: no interest from the day of the ruling.
    "debt_restructuring": Protection(interest_days=-1, filing=EARLIER_DEBTS),
    # No law but practice: creditors wait and let interest and costs rest.
    "debt_counselling": Protection(interest_days=0, filing=EARLIER_DEBTS),
    # Municipal Debt Assistance Act 5, Bankruptcy Act 376: set by a court for a time.
    "cooling_off": Protection(represented=False, has_end=True),
    # Civil Code 1:431, 1:438 and 1:441.
    "administration": Protection(stops=None),
    # Civil Code 1:378 and 1:386.
    "guardianship": Protection(stops=None),
    # Civil Code 4:182 and 4:184: the heirs take the place of the debtor.
    "deceased": Protection(filing=ALL_DEBTS),
}

#: Statuses in which letters go to whoever represents the debtor.
REPRESENTED_KINDS = tuple(
    kind for kind, effect in PROTECTIONS.items() if effect.represented
)


class ProtectedDebtor(NamedTuple):
    """What has to be known of a debtor for :func:`is_stopped`."""

    protection: str | None  # a key of `PROTECTIONS`
    protected_from: date | None
    protected_until: date | None


def is_stopped(debtor, arose, today):
    """Return whether no letter about a debt may go out.

    :param debtor: an `OpenDebtor` or `ProtectedDebtor`
    :param date arose: the day on which the debt came about
    :param date today: the day for which is asked
    :rtype: bool
    """
    until = debtor.protected_until
    if not debtor.protection or until and until < today:
        return False
    stops = PROTECTIONS[debtor.protection].stops
    return stops == ALL_DEBTS or (
        stops == EARLIER_DEBTS and arose < debtor.protected_from
    )


def last_interest_day(kind, since, arose):
    """Return the last day that bears interest, or None when interest runs on.

    :param str kind: a key of `PROTECTIONS`
    :param date since: the day of the ruling
    :param date arose: the day on which the debt came about
    :rtype: date or None

    >>> from datetime import date
    >>> last_interest_day("debt_restructuring", date(2026, 11, 2), date(2026, 10, 1))
    datetime.date(2026, 11, 1)
    """
    days = PROTECTIONS[kind].interest_days
    if days is None or arose >= since:
        return None
    return since + timedelta(days=days)


def stop_claim(debt, last_day):
    """Return a debt on which nothing grows any more after a day.

    :param Debt debt: see `tools.claim`
    :param date last_day: last day that bears interest
    :rtype: Debt
    """
    rates = tuple(rate for rate in debt.rates if rate[0] <= last_day)
    stopped = ((last_day + timedelta(days=1), Decimal(0)),)
    is_due = debt.costs_from and debt.costs_from <= last_day
    return debt._replace(
        rates=rates + stopped, costs_from=debt.costs_from if is_due else None
    )
