"""Whom to call today, and about which items.

Pure: no database, no clock. `today` is passed in.
"""

from datetime import date
from typing import NamedTuple

from ..plan.engine.plan import SMALLEST_AMOUNT
from ..policy.engine import first_day

#: Why a debtor is on the list; the first reason counts.
CALL_KINDS = [
    ("planned", "Planned call"),
    ("retry", "Not reached before"),
    ("letter", "After a letter"),
]

#: What may stand in the way of the next letter and still allows a call. Whatever is
#: not here, such as a dispute or a promise, keeps the debtor off the list.
CALLABLE = (
    None,
    "failed",
    "proposed",
    "finished",
    "grace",
    "waiting",
    "interval",
    "no_address",
)


class Trigger(NamedTuple):
    """One row of the selection: why a debtor might have to be called."""

    kind: str  # see CALL_KINDS
    partner_id: int
    line_id: int | None  # the item it is about, None for whatever is open
    since: date  # the letter was sent, or the call is wanted
    delay: int  # working days to wait from that day


class Call(NamedTuple):
    """A debtor to be called today."""

    partner_id: int
    kind: str
    day: date  # from when on
    items: tuple  # of `OpenItem`, the oldest first

    @property
    def amount(self):
        return sum(item.residual_company for item in self.items)

    @property
    def due(self):
        return min(item.due for item in self.items)


def plan_calls(triggers, steps, today):
    """Return the debtors to be called, each once.

    :param list[Trigger] triggers: why they might have to be called
    :param list[Step] steps: the plan of all open items of these debtors
    :param date today: the day for which is planned
    :rtype: list[Call]
    """
    by_partner = {}
    for step in steps:
        by_partner.setdefault(step.item.partner_id, []).append(step)
    rank = {kind: number for number, (kind, _label) in enumerate(CALL_KINDS)}
    calls = {}
    for trigger in sorted(triggers, key=lambda row: (rank[row.kind], row.since)):
        if trigger.partner_id in calls:
            continue
        call = _plan_call(trigger, by_partner.get(trigger.partner_id, ()), today)
        if call:
            calls[trigger.partner_id] = call
    return list(calls.values())


def _plan_call(trigger, steps, today):
    """Return the call that follows from a trigger, or None."""
    day = first_day(trigger.since, 0, trigger.delay) if trigger.delay else trigger.since
    if day > today:
        return None
    if trigger.kind == "planned":
        items = [step.item for step in steps]
    else:
        items = _find_callable(trigger, steps)
    items = [item for item in items if item.due < today] or items
    if not items:
        return None
    items.sort(key=lambda item: (item.due, item.line_id))
    return Call(trigger.partner_id, trigger.kind, day, tuple(items))


def _find_callable(trigger, steps):
    """Return the items to speak about, none when what triggers the call is settled."""
    items = [step.item for step in steps if step.obstacle in CALLABLE]
    about = [item for item in items if trigger.line_id in (None, item.line_id)]
    if not about:
        return []
    balance = items[0].debtor.credits_company + sum(
        item.residual_company for item in items
    )
    return items if balance >= SMALLEST_AMOUNT else []
