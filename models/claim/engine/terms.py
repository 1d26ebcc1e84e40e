"""From when an item bears interest and collection costs, by the letters about it.

Pure: no database, no clock.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from ....law.default import trade_term
from ...policy.level_kinds import kinds_that
from .charge import to_decimal
from .costs import Demand

#: Letters that put a debtor in default when their term has passed (6:82 BW).
DEMAND_KINDS = kinds_that("puts_in_default")


class SentLetter(NamedTuple):
    """What a letter that reached the debtor said about an item."""

    kind: str
    claims_costs: bool
    date: date
    deadline: date | None
    amount: float  # what it asked for
    key: int | None = None
    costs: Decimal | None = None  # that it told of, VAT left out
    vat: Decimal | None = None  # on these costs
    is_arrived: bool = True  # False while it is on its way
    is_dutch: bool = False  # its ladder says that Dutch law applies abroad as well
    over: float | None = None  # what it demanded for its invoices, less open credits


class DebtorTerms(NamedTuple):
    """What a debtor agreed to, or the law says of him."""

    is_consumer: bool
    is_fatal: bool  # the due date itself puts him in default
    rates: tuple  # pairs of first day and percent a year
    compounds: bool = True  # interest joins the base after a year
    is_agreed: bool = True  # when to pay was agreed with him
    is_abroad: bool = False  # a consumer who lives outside the Netherlands


def get_in_time(due, debtor, invoiced, delivered=None):
    """Return the last day on which an item is paid in time, as far as days alone tell.

    A business with which no term was agreed has thirty days from receipt of invoice and
    goods (6:119a(2) BW), and longer where the invoice gave longer. The invoice is taken
    to be there on the day after its date. One that was due before it was made out has
    its due date from elsewhere: from older books, or from the agreement.

    :param date due: the due date of the item
    :param DebtorTerms debtor: who owes it
    :param date invoiced: date of the invoice
    :param date delivered: day on which the goods were delivered, if it is known
    :rtype: date
    """
    if debtor.is_consumer or debtor.is_agreed or due < invoiced:
        return due
    received = max(invoiced + timedelta(days=1), delivered or invoiced)
    return max(due, trade_term(received))


def make_terms(in_time, debtor, letters=(), asked=None, day=None):
    """Return from when an item bears interest and costs, as values of a `Debt`.

    :param date in_time: last day on which it is paid in time, see `get_in_time`
    :param DebtorTerms debtor: who owes it
    :param list[SentLetter] letters: the letters about the item
    :param Decimal asked: what a letter that is being made claims costs over, or None
    :param date day: the day of the claim; needed with letters
    :rtype: dict
    """
    telling = list(letters)
    if debtor.is_abroad:
        # He keeps the protection of his own law: article 6 Rome I.
        telling = [letter for letter in letters if letter.is_dutch]
    terms = {
        "rates": debtor.rates,
        "compounds": debtor.compounds,
        "demand": _get_demand(debtor, telling, asked),
    }
    letters = [letter for letter in telling if letter.is_arrived]
    terms["in_time_until"] = _get_in_time_until(in_time, debtor, letters)
    if debtor.is_consumer:
        costs_from, costs_over = _get_notice_lapsed(letters), _get_noticed(letters, day)
        return {**terms, "costs_from": costs_from, "costs_over": costs_over}
    costs_from, costs_asked = _get_costs_claimed(letters, asked, day)
    return {**terms, "costs_from": costs_from, "costs_asked": costs_asked}


def _get_in_time_until(in_time, debtor, letters):
    """Return the last day on which payment was in time, if default can begin.

    In trade the term itself is enough (6:119a BW). A term that only stands on the
    invoice does not put a consumer in default: that takes a written demand (6:82). No
    interest is claimed over days before the first known rate.

    :rtype: date or None
    """
    if not debtor.rates or debtor.is_abroad and not letters:
        return None
    if debtor.is_fatal:
        in_time_until = in_time
    else:
        in_time_until = _get_first_deadline(letters, DEMAND_KINDS)
    return in_time_until and max(in_time_until, debtor.rates[0][0] - timedelta(days=1))


def _get_demand(debtor, letters, asked):
    """Return the letter that told of costs over the item first, if one did.

    A consumer was told by the last notice about it, and owes no more than it told. A
    business was by the first letter that claims them, and one that is being made may
    claim what there is to be claimed.

    :param DebtorTerms debtor: who owes the item
    :param list[SentLetter] letters: those that arrived or are on their way
    :param Decimal asked: see `make_terms`
    :rtype: Demand or None
    """
    if debtor.is_consumer:
        told = [letter for letter in letters if letter.kind == "fourteen_day"]
        first = max(told, key=lambda letter: letter.date, default=None)
    else:
        told = [letter for letter in letters if letter.claims_costs]
        first = min(told, key=lambda letter: letter.date, default=None)
    if not first:
        return None
    limits = [(letter.costs, letter.vat) for letter in told]
    over = None if first.over is None else to_decimal(first.over)
    is_growing = asked is not None and not debtor.is_consumer
    if is_growing or any(None in limit for limit in limits):
        return Demand(first.date, first.key, over=over)
    return Demand(first.date, first.key, *max(limits), over)


def _get_notice_lapsed(letters):
    """Return the first day on which a consumer owes collection costs, if he does.

    That is when the term of a fourteen-day notice has passed (6:96(6) BW).

    :param list[SentLetter] letters: the letters about the item
    :rtype: date or None
    """
    last_day = _get_first_deadline(letters, ("fourteen_day",))
    return last_day and last_day + timedelta(days=1)


def _get_noticed(letters, day):
    """Return the amount over which a consumer was told that costs become due.

    :param list[SentLetter] letters: the letters about the item
    :param date day: the day of the claim; notices that lapsed by then go first
    :rtype: Decimal or None
    """
    notices = [letter for letter in letters if letter.kind == "fourteen_day"]
    if not notices:
        return None
    lapsed = [n for n in notices if n.deadline and n.deadline < day] or notices
    return to_decimal(max(notice.amount for notice in lapsed))


def _get_costs_claimed(letters, asked, day):
    """Return the first day on which a business owes collection costs, if it does.

    That is the day of the letter that claims them.

    :param list[SentLetter] letters: the letters about the item
    :param Decimal asked: what a letter that is being made claims costs over, or None
    :param date day: its day
    :return: the day, and what the letter asked for
    :rtype: tuple[date or None, Decimal or None]
    """
    claims = [
        (letter.date, to_decimal(letter.amount))
        for letter in letters
        if letter.claims_costs
    ]
    if asked is not None:
        claims.append((day, asked))
    return min(claims, default=(None, None))


def _get_first_deadline(letters, kinds):
    """Return the first last day to pay that letters of some kinds gave, if any."""
    deadlines = (letter.deadline for letter in letters if letter.kind in kinds)
    return min(filter(None, deadlines), default=None)
