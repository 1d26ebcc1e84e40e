"""What happens next to an open item, or the one reason why nothing does.

Pure: no database, no clock. `today` is passed in, and the same function answers the
invoice tab, the wizard, the cron and the tests.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from ...policy.engine import Ladder, Ladders, Rung, find_ladder, first_day
from .items import OpenItem, Settings

#: Sums of floats below half a cent are rounding noise.
SMALLEST_AMOUNT = 0.005

#: The obstacle of what waits for a letter that stands alone.
ALONE = "alone"


class Obstacle(NamedTuple):
    """A reason why no letter about an item goes out, and all there is to say of it."""

    code: str
    label: str  # in lists
    sentence: str  # what it means, for whoever looks at the invoice
    lift: str  # what would lift it
    #: Of a `Case`, or of a `Letter` where it is an obstacle of letters.
    applies: Callable[..., object]
    blocks: bool = False  # the item drops out of a letter that was proposed before
    is_final: bool = False  # no letter is next, until somebody lifts it
    is_of_letter: bool = False  # it depends on all that the letter would claim


class Case(NamedTuple):
    """An item, and what is known about its next letter.

    It stands for all items that are alike, so obstacles do not look at its amounts, nor
    at what is `OWN` of its debtor.
    """

    item: OpenItem
    settings: Settings
    today: date
    ladder: Ladder | None
    rung: Rung | None = None
    day: date | None = None  # the first day on which the rung is due


class Letter(NamedTuple):
    """The letter in which an item that is due would stand."""

    item: OpenItem
    rung: Rung
    ladder: Ladder
    claim: float  # from the debtor, company currency
    claim_currency: float  # in the currency of the letter
    latest_contact: date  # whoever was written to after this day has to wait


class Rules:
    """The obstacles, by when they are tried."""

    def __init__(self, obstacles):
        self.final = [o.applies for o in obstacles if o.is_final]
        self.of_items = [(o.code, o.applies) for o in obstacles if not o.is_of_letter]
        self.of_letters = [(o.code, o.applies) for o in obstacles if o.is_of_letter]


def place(obstacles, *new, before):
    """Return obstacles with new ones among them, in the order in which they are tried.

    :param list[Obstacle] obstacles: those of earlier rooms
    :param Obstacle new: those of this room
    :param str before: the code of the one that they stand in front of

    >>> first, last, new = (Obstacle(code, *[""] * 4) for code in "acb")
    >>> [obstacle.code for obstacle in place([first, last], new, before="c")]
    ['a', 'b', 'c']
    """
    [position] = [i for i, known in enumerate(obstacles) if known.code == before]
    return [*obstacles[:position], *new, *obstacles[position:]]


class Step(NamedTuple):
    """The answer of the plan for one item.

    `rung` is the next rung and `day` the first day on which it is due, as far as they
    are known; `obstacle` is the code of one, or None when the rung is due.
    """

    item: OpenItem
    obstacle: str | None = None
    policy_id: int | None = None
    rung: Rung | None = None
    day: date | None = None

    @property
    def level_id(self):
        return self.rung and self.rung.level_id


def get_contact_gap(settings):
    """Return how long after a letter the next one may follow."""
    return timedelta(days=max(settings.contact_interval, 1))  # never two on one day


def plan_items(items, ladders, settings, today, obstacles):
    """Return the next step of every item of some debtors.

    All open items of a debtor must be there: what the debtor owes on balance decides
    whether he gets a letter at all.

    :param list[OpenItem] items: the rows of the selection
    :param list[Ladder] ladders: the ladders of the company, in the order to be tried
    :param Settings settings: the settings of the company
    :param date today: the day for which is planned
    :param list[Obstacle] obstacles: in the order to be tried: an item has the first
        that applies
    :return: a step for each item, in the order of the items
    :rtype: list[Step]
    """
    ladders, rules = Ladders(ladders), Rules(obstacles)
    steps = _plan_alone(items, ladders, settings, today, rules)
    _hold_debtors(steps, ladders, today - get_contact_gap(settings), rules)
    return steps


def _plan_alone(items, ladders, settings, today, rules):
    """Return the steps of items without regard to what their debtors owe.

    What comes next for an item depends on few things, which are the same for many of
    them: it is found once for all that are alike.
    """
    steps, known, debtor = [], {}, None
    make_step = partial(tuple.__new__, Step)
    for item in items:
        if item.debtor is not debtor:
            debtor = item.debtor
            ranges = ladders.get_ranges(debtor)
            alike = known.setdefault(debtor.get_traits(), {})
        special = item.special
        ladder = find_ladder(item.invoice_total, ranges)
        if special.policy_id:
            ladder = ladders.by_policy.get(special.policy_id) or ladder
        key = (
            *(ladder and ladder.policy_id, item.due, item.last_deadline),
            *(id(item.last), id(special)),  # each is read once
        )
        outlook = alike.get(key)
        if not outlook:
            outlook = alike[key] = _get_outlook(item, ladder, settings, today, rules)
        steps.append(make_step((item, *outlook)))
    return steps


def _get_outlook(item, ladder, settings, today, rules):
    """Return what makes a step of an item: obstacle, policy, rung and day."""
    case = Case(item, settings, today, ladder)
    if ladder and not any(applies(case) for applies in rules.final):
        rung = ladder.next_rung(item.debtor.kind, item.last, item.debtor.is_abroad)
        case = case._replace(rung=rung, day=rung and _get_day(item, rung, settings))
    obstacle = next((code for code, applies in rules.of_items if applies(case)), None)
    return obstacle, ladder and ladder.policy_id, case.rung, case.day


def _get_day(item, rung, settings):
    """Return the first day on which a rung is due for an item."""
    start = item.clock or item.due
    day = first_day(start, settings.correction_days, rung.delay)
    last_day = item.special.last_day
    return max(day, last_day + timedelta(days=1)) if last_day else day


def _sum_claims(items):
    """Return what may be claimed today, per debtor and currency and per debtor.

    A debtor may set off his credits, so they count in full against it.
    """
    per_currency, per_debtor = {}, {}
    for item in items:
        partner_id, debtor = item.partner_id, item.debtor
        key = partner_id, item.currency_id
        per_currency[key] = per_currency.get(key, debtor.credits) + item.residual
        per_debtor[partner_id] = (
            per_debtor.get(partner_id, debtor.credits_company) + item.residual_company
        )
    return per_currency, per_debtor


def _hold_debtors(steps, ladders, latest_contact, rules):
    """Put in steps that are due why their debtor gets no letter, if so.

    A letter that stands alone goes before others: they wait for another day. The
    interval between two letters does not keep it back.

    :param date latest_contact: whoever was written to after this day has to wait
    """
    due = [(position, step) for position, step in enumerate(steps) if not step.obstacle]
    alone = [(position, step) for position, step in due if step.rung.is_alone]
    if not alone:
        _hold_letters(steps, due, ladders, latest_contact, rules)
        return
    first = _choose_levels(alone)
    chosen = [
        (position, step)
        for position, step in alone
        if first[_get_letter_key(step)] == step.level_id
    ]
    _hold_letters(steps, chosen, ladders, date.max, rules)
    written = {
        _get_letter_key(step)
        for position, step in chosen
        if not steps[position].obstacle
    }
    taken = {position for position, _step in chosen}
    others = []
    for position, step in due:
        if position in taken:
            continue
        if step.rung.is_alone or _get_letter_key(step) in written:
            steps[position] = step._replace(obstacle=ALONE)
        else:
            others.append((position, step))
    _hold_letters(steps, others, ladders, latest_contact, rules)


def _get_letter_key(step):
    """Return what makes a letter: debtor and currency."""
    return step.item.partner_id, step.item.currency_id


def _choose_levels(alone):
    """Return the level of the letter that stands alone: that of the oldest item.

    :param list alone: position and step of the items
    :return: ids of levels by debtor and currency
    :rtype: dict
    """
    levels = {}
    for _position, step in sorted(alone, key=lambda pair: pair[1].item.due):
        levels.setdefault(_get_letter_key(step), step.level_id)
    return levels


def _hold_letters(steps, due, ladders, latest_contact, rules):
    """Put in some steps that are due why their debtor gets no letter, if so.

    :param list due: position and step of all that would stand in the letters
    :param date latest_contact: whoever was written to after this day has to wait
    """
    per_currency, per_debtor = _sum_claims(step.item for _position, step in due)
    known = {}
    for position, step in due:
        item, _obstacle, policy_id, rung, _day = step
        key = item.partner_id, item.currency_id, policy_id, rung.level_id
        if key not in known:
            letter = Letter(
                *(item, rung, ladders.by_policy[policy_id]),
                *(per_debtor[item.partner_id], per_currency[key[:2]]),
                latest_contact,
            )
            known[key] = next(
                (code for code, applies in rules.of_letters if applies(letter)), None
            )
        if known[key]:
            steps[position] = step._replace(obstacle=known[key])
