"""What the plan reads: ladders, settings and the rows of the selection."""

import json
from datetime import date
from typing import NamedTuple


class Rung(NamedTuple):
    """A `dunning.level`, as far as the plan needs it."""

    level_id: int
    sequence: int
    rank: int  # height of the kind in the Dutch order, see `KIND_RANK`
    debtor_kind: str  # business, consumer or any
    delay: int  # working days after the due date or the previous deadline
    email: bool
    post: bool  # by ordinary or registered post, or as fallback for e-mail


class Ladder(NamedTuple):
    """A `dunning.policy`, as far as the plan needs it."""

    policy_id: int
    debtor_kind: str
    amount_from: float  # company currency
    amount_to: float  # company currency, 0 for no limit
    minimum: float  # of what a letter claims, company currency
    rungs: tuple[Rung, ...]

    def fits(self, item):
        return (
            (self.debtor_kind == "any" or self.debtor_kind == item.debtor.kind)
            and self.amount_from <= item.invoice_total
            and (not self.amount_to or item.invoice_total <= self.amount_to)
        )


class Settings(NamedTuple):
    """The settings of a company, as far as the plan needs them."""

    correction_days: int = 0
    contact_interval: int = 0
    require_sent: bool = True
    skip_direct_debit: bool = True


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
    last_contact: date | None = None  # date of the newest letter to him
    protected_from: date | None = None
    protected_until: date | None = None

    @classmethod
    def from_json(cls, text):
        """Return a debtor as the selection writes him: a JSON list, its days last."""
        *values, contact, since, until = json.loads(text)
        days = (day and date.fromisoformat(day) for day in (contact, since, until))
        return cls(*values, *days)


class OpenItem(NamedTuple):
    """One row of the selection: an open receivable journal item and its debtor."""

    debtor: OpenDebtor
    partner_id: int  # the debtor
    currency_id: int
    line_id: int
    move_id: int
    due: date
    residual: float  # currency of the item, without what is disputed of it
    residual_company: float  # company currency
    invoice_total: float  # company currency
    excluded: bool
    is_sent: bool
    payment_in_process: bool
    direct_debit: bool
    move_policy_id: int | None
    last_policy_id: int | None  # of the last effective letter about this item
    last_sequence: int | None
    last_rank: int | None
    last_level_id: int | None
    last_deadline: date | None
    hold_id: int | None = None  # the `dunning.hold` in force that lasts longest
    hold_kind: str | None = None
    hold_until: date | None = None  # its last day
    finding: str | None = None  # of the invoice check, where it blocks
    disputed: float = 0  # part that is disputed, while the rest is dunned
    fresh_term: date | None = None  # last day of a term given after a dispute
    in_arrangement: bool = False  # a payment arrangement runs
    offered_until: date | None = None  # last day on which an offer keeps letters back
    lapse_deadline: date | None = None  # of the letter that an arrangement lapsed
    is_charge: bool = False  # interest and costs that a letter charged
    arose: date | None = None  # first of invoice and delivery

    @property
    def clock(self):
        """The last term the debtor got, from which the next delay is counted.

        A term after a dispute counts from the due date where there was no letter.
        """
        if not self.fresh_term and not self.lapse_deadline:
            return self.last_deadline
        fresh_term = self.fresh_term and max(self.fresh_term, self.due)
        terms = (self.last_deadline, fresh_term, self.lapse_deadline)
        return max((day for day in terms if day), default=None)
