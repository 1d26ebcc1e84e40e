"""What happens next to an open item, or the one reason why nothing does.

Pure: no database, no clock. `today` is passed in, and the same function answers the
invoice tab, the wizard, the cron and the tests.
"""

from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from ....law.protection import is_stopped
from ...policy.engine import Ladders, Rung, find_ladder, first_day
from .items import ORDINARY, OpenItem

#: Sums of floats below half a cent are rounding noise.
SMALLEST_AMOUNT = 0.005

#: Obstacles in the order in which they are tried: an item has the first that holds.
OBSTACLES = [
    ("excluded", "Excluded from dunning"),
    ("protected", "Debtor protected by law"),
    ("handover", "Handed over for collection"),
    ("arrangement", "Payment arrangement is running"),
    ("charged", "Goes along with letters about invoices"),
    ("payment_in_process", "Payment is being processed"),
    ("dispute", "Disputed by the customer"),
    ("promise", "Payment was promised"),
    ("arrangement_offered", "Payment arrangement offered"),
    ("paused", "Paused"),
    ("not_due", "Not yet due"),
    ("archived", "Debtor is archived"),
    ("direct_debit", "Collected by direct debit"),
    ("unmatched", "Money at the bank that nobody matched"),
    ("not_sent", "Invoice not yet sent to the customer"),
    ("invoice_check", "Invoice has to be mended first"),
    ("no_policy", "No dunning policy fits"),
    ("failed", "Last letter could not be delivered"),
    ("proposed", "Letter already proposed or on its way"),
    ("finished", "Last level of the ladder reached"),
    ("grace", "Within the days of grace"),
    ("waiting", "Waiting for the deadline of the last letter"),
    ("unposted", "Last letter has yet to be posted"),
    ("no_balance", "Nothing due on balance"),
    ("below_minimum", "Balance below the minimum"),
    ("alone", "Waits for a fourteen-day notice"),
    ("interval", "Debtor was written to recently"),
    ("no_address", "No address for any channel"),
]

#: Obstacles of the kinds of hold that have one of their own.
HOLD_OBSTACLES = {
    "dispute": "dispute",
    "promise": "promise",
    "arrangement_offered": "arrangement_offered",
}

#: How long after its deadline the next letter waits for one that was not posted.
UNPOSTED_DAYS = 14

#: Days until somebody looks at a hold again, by kind.
REVIEW_DAYS = {
    "dispute": 30,
    "promise": 7,
    "arrangement_offered": 14,
    "internal": 7,
    "courtesy": 14,
}


def get_review_days(kind):
    """Return after how many days a hold of some kind is looked at again."""
    return REVIEW_DAYS.get(kind, 14)


class Step(NamedTuple):
    """The answer of the plan for one item.

    `rung` is the next rung and `day` the first day on which it is due, as far as they
    are known; `obstacle` is a code of `OBSTACLES`, or None when the rung is due.
    """

    item: OpenItem
    obstacle: str | None = None
    policy_id: int | None = None
    rung: Rung | None = None
    day: date | None = None

    @property
    def level_id(self):
        return self.rung and self.rung.level_id


def next_contact(item, settings):
    """Return the first day on which the debtor may be written to again, or None."""
    last_contact = item.debtor.last_contact
    return last_contact and last_contact + _contact_gap(settings)


def _contact_gap(settings):
    """Return how long after a letter the next one may follow."""
    return timedelta(days=max(settings.contact_interval, 1))  # never two on one day


def plan_items(items, ladders, settings, today):
    """Return the next step of every item of some debtors.

    All open items of a debtor must be there: what the debtor owes on balance decides
    whether he gets a letter at all.

    :param list[OpenItem] items: the rows of the selection
    :param list[Ladder] ladders: the ladders of the company, in the order to be tried
    :param Settings settings: the settings of the company
    :param date today: the day for which is planned
    :return: a step for each item, in the order of the items
    :rtype: list[Step]
    """
    ladders = Ladders(ladders)
    steps = _plan_alone(items, ladders, settings, today)
    _hold_debtors(steps, ladders, today - _contact_gap(settings))
    return steps


def _plan_alone(items, ladders, settings, today):
    """Return the steps of items without regard to what their debtors owe.

    What comes next for an ordinary item depends on few things, which are the same for
    many of them: it is found once for all that are alike.
    """
    steps, known, debtor = [], {}, None
    make_step = partial(tuple.__new__, Step)
    for item in items:
        if item.debtor is not debtor:
            debtor = item.debtor
            ranges = ladders.get_ranges(debtor)
            kind = (
                *(debtor.kind, debtor.is_abroad, debtor.is_archived),
                *(debtor.is_failed, debtor.is_underway),
            )
            alike = known.setdefault(kind, {})
        ladder = find_ladder(item.invoice_total, ranges)
        if item.special is ORDINARY and not debtor.protection:
            policy_id = ladder and ladder.policy_id
            key = policy_id, item.due, item.last, item.last_deadline
            outlook = alike.get(key)
            if not outlook:
                outlook = alike[key] = _get_outlook(item, ladder, settings, today)
        else:
            ladder = ladders.by_policy.get(item.special.policy_id) or ladder
            outlook = _get_outlook(item, ladder, settings, today)
        steps.append(make_step((item, *outlook)))
    return steps


def _get_outlook(item, ladder, settings, today):
    """Return what makes a step of an item: obstacle, policy, rung and day."""
    rung = day = None
    # Nothing comes next for what is excluded, until somebody lets it in again.
    if ladder and not item.special.excluded and not item.special.is_charge:
        rung = ladder.next_rung(item.debtor.kind, item.last, item.debtor.is_abroad)
        day = rung and _get_day(item, rung, settings)
    obstacle = _item_obstacle(item, settings, today) or _ladder_obstacle(
        item, ladder, rung, day, today
    )
    return obstacle, ladder and ladder.policy_id, rung, day


def _get_day(item, rung, settings):
    """Return the first day on which a rung is due for an item."""
    start = item.clock or item.due
    day = first_day(start, settings.correction_days, rung.delay)
    if item.special.hold_until or item.special.offered_until:
        ends = filter(None, (item.special.hold_until, item.special.offered_until))
        day = max(day, max(ends) + timedelta(days=1))
    return day


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


def _hold_debtors(steps, ladders, latest_contact):
    """Put in steps that are due why their debtor gets no letter, if so.

    A letter that stands alone goes before others: they wait for another day. The
    interval between two letters does not keep it back.

    :param date latest_contact: whoever was written to after this day has to wait
    """
    due = [(position, step) for position, step in enumerate(steps) if not step.obstacle]
    alone = [(position, step) for position, step in due if step.rung.is_alone]
    if not alone:
        _hold_letters(steps, due, ladders, latest_contact)
        return
    first = _choose_levels(alone)
    chosen = [
        (position, step)
        for position, step in alone
        if first[_get_letter_key(step)] == step.level_id
    ]
    _hold_letters(steps, chosen, ladders, date.max)
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
            steps[position] = step._replace(obstacle="alone")
        else:
            others.append((position, step))
    _hold_letters(steps, others, ladders, latest_contact)


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


def _hold_letters(steps, due, ladders, latest_contact):
    """Put in some steps that are due why their debtor gets no letter, if so.

    :param list due: position and step of all that would stand in the letters
    :param date latest_contact: whoever was written to after this day has to wait
    """
    claims = _sum_claims(step.item for _position, step in due)
    known = {}
    for position, step in due:
        item, _obstacle, policy_id, rung, _day = step
        key = item.partner_id, item.currency_id, policy_id, rung.level_id
        if key not in known:
            ladder = ladders.by_policy[policy_id]
            known[key] = _debtor_obstacle(step, ladder, claims, latest_contact)
        if known[key]:
            steps[position] = step._replace(obstacle=known[key])


def _item_obstacle(item, settings, today):
    """Return why this item is not dunned at all on this day."""
    return _agreed_obstacle(item, today) or _invoice_obstacle(item, settings, today)


def _agreed_obstacle(item, today):
    """Return the obstacle that the law or people put in the way of an item."""
    special = item.special
    if special.excluded:
        return "excluded"
    if item.debtor.protection and is_stopped(item.debtor, special.arose, today):
        return "protected"
    if special.hold_kind == "handover" or special.in_arrangement:
        return "arrangement" if special.in_arrangement else "handover"
    if special.offered_until and today <= special.offered_until:
        return "arrangement_offered"
    if special.is_charge:
        return "charged"
    if special.payment_in_process:
        return "payment_in_process"
    if special.hold_id:
        return HOLD_OBSTACLES.get(special.hold_kind, "paused")
    return None


def _invoice_obstacle(item, settings, today):
    """Return why it is too early to dun an invoice, or no use."""
    if item.due >= today:
        return "not_due"
    if item.debtor.is_archived:
        return "archived"
    special = item.special
    if special.direct_debit and settings.skip_direct_debit:
        return "direct_debit"
    if special.is_unmatched:
        return "unmatched"
    if settings.require_sent and not special.is_sent:
        return "not_sent"
    if special.finding and not item.last:
        return "invoice_check"
    return None


def _ladder_obstacle(item, ladder, rung, day, today):
    """Return why the item cannot take its next step on this day."""
    if not ladder or not (rung or item.last):
        return "no_policy"
    if item.debtor.is_failed:
        return "failed"
    if item.debtor.is_underway:
        return "proposed"
    if not rung:
        return "waiting" if item.clock >= today else "finished"
    if day > today:
        return "waiting" if item.clock else "grace"
    if item.special.is_unposted:
        # Its term runs from the last channel: the debtor may not have it yet.
        latest = item.last_deadline + timedelta(days=UNPOSTED_DAYS)
        if today <= latest:
            return "unposted"
    # What goes to an agency gets no letter: the ladder has no further one.
    return None if rung.is_letter else "finished"


def _debtor_obstacle(step, ladder, claims, latest_contact):
    """Return why the debtor gets no letter about this item on this day.

    :param tuple claims: what may be claimed, see `_sum_claims`
    :param date latest_contact: whoever was written to after this day has to wait
    """
    item, rung = step.item, step.rung
    debtor = item.debtor
    per_currency, per_debtor = claims
    claim = per_debtor[item.partner_id]
    if (
        claim < SMALLEST_AMOUNT
        or per_currency[item.partner_id, item.currency_id] < SMALLEST_AMOUNT
    ):
        return "no_balance"
    if claim < ladder.minimum - SMALLEST_AMOUNT / 2:
        return "below_minimum"
    if debtor.last_contact and debtor.last_contact > latest_contact:
        return "interval"
    if not (rung.email and debtor.has_email or rung.post and debtor.has_post):
        return "no_address"
    return None
