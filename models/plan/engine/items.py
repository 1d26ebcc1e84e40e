"""What the plan reads: ladders, settings and the rows of the selection."""

import json
from datetime import date
from functools import partial
from typing import NamedTuple

_parse_json = json.JSONDecoder().raw_decode


class Settings(NamedTuple):
    """The settings of a company, as far as the plan needs them."""

    correction_days: int = 0
    contact_interval: int = 0
    require_sent: bool = True
    skip_direct_debit: bool = True
    hold_unmatched: bool = False  # what the bank has and nobody matched keeps back


class OpenDebtor(NamedTuple):
    """Who owes open items in one currency: the commercial partner."""

    recipient_id: int  # the contact that letters are addressed to
    kind: str  # business or consumer
    policy_id: int | None
    has_email: bool
    has_post: bool
    is_failed: bool  # a letter to him in this currency failed
    is_underway: bool  # a letter to him in this currency is not yet out
    credits: float  # his open credits in this currency, not positive
    credits_company: float  # the same over all currencies, company currency
    representation_id: int | None = None  # why the letter goes to somebody else
    protection: str | None = None  # his status, see `tools.protection`
    is_abroad: bool = False  # a consumer who lives outside the Netherlands
    is_archived: bool = False  # he, or whoever represents him, was archived
    last_contact: date | None = None  # date of the newest letter to him
    protected_from: date | None = None
    protected_until: date | None = None

    @classmethod
    def from_json(cls, text):
        """Return a debtor as the selection writes him: a JSON list, its days last."""
        return cls(*_read_json(text, days=3))


class Special(NamedTuple):
    """What keeps few items from being dunned as most are: see `ORDINARY`."""

    excluded: bool = False
    is_sent: bool = True
    payment_in_process: bool = False
    direct_debit: bool = False
    is_charge: bool = False  # interest and costs that a letter charged
    policy_id: int | None = None  # chosen for its invoice
    finding: str | None = None  # of the invoice check, where it blocks
    hold_id: int | None = None  # the `dunning.hold` in force that lasts longest
    hold_kind: str | None = None
    disputed: float = 0  # part that is disputed, while the rest is dunned
    in_arrangement: bool = False  # a payment arrangement runs
    is_unposted: bool = False  # the last letter has yet to leave by another channel
    hold_until: date | None = None  # its last day
    fresh_term: date | None = None  # last day of a term given after a dispute
    offered_until: date | None = None  # last day on which an offer keeps letters back
    lapse_deadline: date | None = None  # of the letter that an arrangement lapsed
    arose: date | None = None  # first of invoice and delivery, of protected debtors
    pending_since: date | None = None  # a payment was begun then and never finished
    is_unmatched: bool = False  # the bank has money that seems to be for it

    @classmethod
    def from_json(cls, text):
        """Return what the selection writes as a JSON list, its days last."""
        return cls(*_read_json(text, days=6))


#: Items that nothing special is known of: nearly all of them.
ORDINARY = Special()


class LastLevel(NamedTuple):
    """The level of the last effective letter about an item."""

    level_id: int
    policy_id: int
    sequence: int
    rank: int


class OpenItem(NamedTuple):
    """An open receivable journal item and its debtor."""

    partner_id: int  # the debtor
    currency_id: int
    due: date
    line_id: int
    move_id: int
    last_deadline: date | None  # of the last effective letter about this item
    residual: float  # currency of the item, without what is disputed of it
    residual_company: float  # company currency
    invoice_total: float  # company currency
    last: LastLevel | None
    special: Special
    debtor: OpenDebtor

    @property
    def clock(self):
        """The last term the debtor got, from which the next delay is counted.

        A term after a dispute counts from the due date where there was no letter.
        """
        fresh_term, lapse_deadline = (
            self.special.fresh_term,
            self.special.lapse_deadline,
        )
        if not fresh_term and not lapse_deadline:
            return self.last_deadline
        fresh_term = fresh_term and max(fresh_term, self.due)
        terms = (self.last_deadline, fresh_term, lapse_deadline)
        return max((day for day in terms if day), default=None)


def _read_json(text, days=0):
    """Return the values of a JSON list, of which so many at its end are days."""
    values, _end = _parse_json(text)
    for position in range(len(values) - days, len(values)):
        if values[position]:
            values[position] = date.fromisoformat(values[position])
    return values


def read_items(rows):
    """Return the items of the selection, each with its debtor.

    Each debtor is a row of its own, before those of his items. An item without him is
    an error: it must not go into the letter of another.

    :param rows: the columns of :class:`OpenItem`, the debtor last. Debtor, last level
        and what is special are JSON, which is read once for all that have the same.
        Amounts are text, or nothing where they are the same as `residual`.
    :rtype: list[OpenItem]
    :raise KeyError: when there is no debtor of an item
    """
    items, debtors, specials, levels = [], {}, {None: ORDINARY}, {None: None}
    make_item = partial(tuple.__new__, OpenItem)
    for row in rows:
        residual, company, total, last, special, debtor = row[6:]
        if debtor:
            debtors[row[:2]] = OpenDebtor.from_json(debtor)
            continue
        if last not in levels:
            levels[last] = LastLevel(*_read_json(last))
        if special not in specials:
            specials[special] = Special.from_json(special)
        residual = float(residual)
        values = (
            residual,
            residual if company is None else float(company),
            residual if total is None else float(total),
            levels[last],
            specials[special],
            debtors[row[:2]],
        )
        items.append(make_item(row[:6] + values))
    return items
