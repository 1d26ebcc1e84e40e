"""What the plan reads: settings, and the rows of the selection."""

import json
from collections import namedtuple
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

#: What a fact is for the plan, besides what obstacles make of it: the last day of
#: something that keeps an item back, or of a term that the debtor was given.
END, TERM = "end", "term"

#: A fact that differs from debtor to debtor. Obstacles of items do not look at it: what
#: comes next is found once for all items that are alike, whosever they are.
OWN = "own"


class Settings(NamedTuple):
    """The settings of a company, as far as the plan needs them."""

    correction_days: int = 0
    contact_interval: int = 0
    require_sent: bool = True
    skip_direct_debit: bool = True
    hold_unmatched: bool = False  # what the bank has and nobody matched keeps back


class Fact(NamedTuple):
    """What a room knows of items or debtors: a column of the selection."""

    sql: object  # its value, an `odoo.tools.SQL`
    type: str  # in PostgreSQL
    default: object = None  # the value that it has nearly always
    role: str | None = None  # `END`, `TERM` or `OWN`


class Facts:
    """What all rooms know of an item or a debtor: a tuple with a name for each fact."""

    __slots__ = ()
    dates = frozenset()
    ends = terms = shared = ()

    @classmethod
    def from_json(cls, text):
        """Return facts as the selection writes them: by name, without usual ones."""
        values = json.loads(text)
        for name in cls.dates & values.keys():
            values[name] = date.fromisoformat(values[name])
        return cls(**values)

    @property
    def last_day(self):
        """The last day of what keeps an item back, or None."""
        return max(
            filter(None, (getattr(self, name) for name in self.ends)), default=None
        )

    def get_traits(self):
        """Return what a debtor has in common with others: obstacles may look at it."""
        return tuple([getattr(self, name) for name in self.shared])


def make_class(name, facts):
    """Return the class of what is known of items, or of debtors.

    :param str name: how it is called
    :param dict facts: `Fact` by name
    :return: a subclass of :class:`Facts`
    """
    return _make_class(name, tuple((key, *fact[1:]) for key, fact in facts.items()))


@lru_cache(maxsize=16)
def _make_class(name, columns):
    def choose(condition):
        return tuple(key for key, *column in columns if condition(*column))

    base = namedtuple(
        name,
        [key for key, *_column in columns],
        defaults=[default for _key, _type, default, _role in columns],
    )
    values = {
        "__slots__": (),
        "dates": frozenset(choose(lambda kind, _default, _role: kind == "date")),
        "ends": choose(lambda _kind, _default, role: role == END),
        "terms": choose(lambda _kind, _default, role: role == TERM),
        "shared": choose(lambda _kind, _default, role: role != OWN),
    }
    made = type(name, (Facts, base), values)
    made.ORDINARY = made()  # of which nothing special is known: nearly all items
    return made


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
    special: Facts
    debtor: Facts

    @property
    def clock(self):
        """The last term the debtor got, from which the next delay is counted.

        One that came from elsewhere than a letter counts from the due date on.
        """
        special = self.special
        terms = [term for name in special.terms if (term := getattr(special, name))]
        if not terms:
            return self.last_deadline
        given = max(*terms, self.due)
        return max(given, self.last_deadline) if self.last_deadline else given


def read_items(rows, Special, Debtor):
    """Return the items of the selection, each with its debtor.

    Each debtor is a row of its own, before those of his items. An item without him is
    an error: it must not go into the letter of another.

    :param rows: the columns of :class:`OpenItem`. What is JSON among them, is read once
        for all that have the same.
    :param Special: the class of what is known of an item, see `make_class`
    :param Debtor: that of what is known of a debtor
    :rtype: list[OpenItem]
    :raise KeyError: when there is no debtor of an item
    """
    items, debtors, levels = [], {}, {None: None}
    specials = {None: Special.ORDINARY}
    make_item = partial(tuple.__new__, OpenItem)
    for row in rows:
        last, special, debtor = row[9:]
        if debtor:
            debtors[row[:2]] = Debtor.from_json(debtor)
            continue
        if last not in levels:
            levels[last] = LastLevel(**json.loads(last))
        if special not in specials:
            specials[special] = Special.from_json(special)
        known = (levels[last], specials[special], debtors[row[:2]])
        items.append(make_item(row[:9] + known))
    return items
