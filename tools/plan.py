"""What happens next to an open item, or the one reason why nothing does.

Pure: no database, no clock. `today` is passed in, and the same function answers the
invoice tab, the wizard, the cron and the tests.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from ..law.notice_term import add_working_days
from .plan_input import Ladder, OpenItem, Rung, Settings
from .protection import is_stopped

__all__ = ["Ladder", "OpenItem", "Rung", "Settings", "Step", "plan_items"]

#: Sums of floats below half a cent are rounding noise.
SMALLEST_AMOUNT = 0.005

#: Obstacles in the order in which they are tried: an item has the first that holds.
OBSTACLES = [
    ("excluded", "Excluded from dunning"),
    ("protected", "Debtor protected by law"),
    ("arrangement", "Payment arrangement is running"),
    ("charged", "Goes along with letters about invoices"),
    ("payment_in_process", "Payment is being processed"),
    ("dispute", "Disputed by the customer"),
    ("promise", "Payment was promised"),
    ("arrangement_offered", "Payment arrangement offered"),
    ("paused", "Paused"),
    ("not_due", "Not yet due"),
    ("direct_debit", "Collected by direct debit"),
    ("not_sent", "Invoice not yet sent to the customer"),
    ("invoice_check", "Invoice has to be mended first"),
    ("no_policy", "No dunning policy fits"),
    ("failed", "Last letter could not be delivered"),
    ("proposed", "Letter already proposed or on its way"),
    ("finished", "Last level of the ladder reached"),
    ("grace", "Within the days of grace"),
    ("waiting", "Waiting for the deadline of the last letter"),
    ("no_balance", "Nothing due on balance"),
    ("below_minimum", "Balance below the minimum"),
    ("interval", "Debtor was written to recently"),
    ("no_address", "No address for any channel"),
]

#: Obstacles of the kinds of hold that have one of their own.
HOLD_OBSTACLES = {
    "dispute": "dispute",
    "promise": "promise",
    "arrangement_offered": "arrangement_offered",
}

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


@lru_cache(maxsize=4096)
def first_day(start, correction_days, delay):
    """Return the day on which a rung is due, `delay` working days after `start`."""
    return add_working_days(start + timedelta(days=correction_days), delay)


def next_contact(item, settings):
    """Return the first day on which the debtor may be written to again, or None."""
    return item.last_contact and item.last_contact + timedelta(
        days=max(settings.contact_interval, 1)  # never two letters on one day
    )


def choose_ladder(item, ladders):
    """Return the ladder of an item: the invoice's, the debtor's, or the first to fit.

    :param OpenItem item: the item
    :param dict ladders: the ladders of the company by policy id, in order
    :rtype: Ladder or None
    """
    for policy_id in (item.move_policy_id, item.partner_policy_id):
        if policy_id in ladders:
            return ladders[policy_id]
    for ladder in ladders.values():
        if ladder.fits(item):
            return ladder
    return None


def next_rung(item, ladder):
    """Return the rung after the last effective one, or None at the top.

    When the policy changed on the way, the item goes on at the first rung of the new
    ladder that is higher than the letter it had: nothing is sent twice.
    """
    for rung in ladder.rungs:
        if rung.debtor_kind not in ("any", item.debtor_kind):
            continue
        if item.last_level_id is None:
            return rung
        if item.last_policy_id == ladder.policy_id:
            if (rung.sequence, rung.level_id) > (
                item.last_sequence,
                item.last_level_id,
            ):
                return rung
        elif rung.rank > item.last_rank:
            return rung
    return None


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
    by_policy = {ladder.policy_id: ladder for ladder in ladders}
    steps = [_plan_item(item, by_policy, settings, today) for item in items]
    claims = _sum_claims(step.item for step in steps if not step.obstacle)
    return [
        step
        if step.obstacle
        else step._replace(
            obstacle=_debtor_obstacle(
                step, by_policy[step.policy_id], claims, settings, today
            ),
        )
        for step in steps
    ]


def _plan_item(item, ladders, settings, today):
    """Return the step of an item without regard to what its debtor owes."""
    ladder = choose_ladder(item, ladders)
    # Nothing comes next for what is excluded, until somebody lets it in again.
    is_left_out = item.excluded or item.is_charge
    rung = next_rung(item, ladder) if ladder and not is_left_out else None
    day = rung and first_day(
        item.clock or item.due, settings.correction_days, rung.delay
    )
    for last_day in (item.hold_until, item.offered_until):
        if day and last_day:
            day = max(day, last_day + timedelta(days=1))
    return Step(
        item=item,
        obstacle=_item_obstacle(item, settings, today)
        or _ladder_obstacle(item, ladder, rung, day, today),
        policy_id=ladder and ladder.policy_id,
        rung=rung,
        day=day,
    )


def _sum_claims(items):
    """Return what may be claimed today, per debtor and currency and per debtor.

    A debtor may set off his credits, so they count in full against it.
    """
    per_currency, per_debtor = {}, {}
    for item in items:
        key = item.partner_id, item.currency_id
        per_currency[key] = per_currency.get(key, item.credits) + item.residual
        per_debtor[item.partner_id] = (
            per_debtor.get(item.partner_id, item.credits_company)
            + item.residual_company
        )
    return per_currency, per_debtor


def _item_obstacle(item, settings, today):
    """Return why this item is not dunned at all on this day."""
    checks = (
        ("excluded", item.excluded),
        ("protected", is_stopped(item, today)),
        ("arrangement", item.in_arrangement),
        (
            "arrangement_offered",
            item.offered_until and today <= item.offered_until,
        ),
        ("charged", item.is_charge),
        ("payment_in_process", item.payment_in_process),
        (HOLD_OBSTACLES.get(item.hold_kind, "paused"), item.hold_id),
        ("not_due", item.due >= today),
        ("direct_debit", settings.skip_direct_debit and item.direct_debit),
        ("not_sent", settings.require_sent and not item.is_sent),
        ("invoice_check", item.finding and not item.last_level_id),
    )
    for obstacle, holds in checks:
        if holds:
            return obstacle
    return None


def _ladder_obstacle(item, ladder, rung, day, today):
    """Return why the item cannot take its next step on this day."""
    if not ladder or not (rung or item.last_level_id):
        return "no_policy"
    if item.is_failed:
        return "failed"
    if item.is_underway:
        return "proposed"
    if not rung:
        return "waiting" if item.clock >= today else "finished"
    if day > today:
        return "waiting" if item.clock else "grace"
    return None


def _debtor_obstacle(step, ladder, claims, settings, today):
    """Return why the debtor gets no letter about this item on this day."""
    item, rung = step.item, step.rung
    per_currency, per_debtor = claims
    if (
        per_currency[item.partner_id, item.currency_id] < SMALLEST_AMOUNT
        or per_debtor[item.partner_id] < SMALLEST_AMOUNT
    ):
        return "no_balance"
    if per_debtor[item.partner_id] < ladder.minimum - SMALLEST_AMOUNT / 2:
        return "below_minimum"
    if item.last_contact and today < next_contact(item, settings):
        return "interval"
    if not (rung.email and item.has_email or rung.post and item.has_post):
        return "no_address"
    return None
