"""Ladders and their rungs, as the plan climbs them. Pure: no database, no clock."""

from datetime import timedelta
from functools import lru_cache
from math import inf
from typing import NamedTuple

from ...law.notice_term import add_working_days


class Rung(NamedTuple):
    """A `dunning.level`, as far as the plan needs it."""

    level_id: int
    sequence: int
    rank: int  # height of the kind in the Dutch order, see `KIND_RANK`
    debtor_kind: str  # business, consumer or any
    delay: int  # working days after the due date or the previous deadline
    needs: tuple[str, ...]  # what its channels need: one of them is enough
    is_alone: bool = False  # nothing else stands in its letter
    needs_dutch_law: bool = False  # not for consumers abroad
    is_letter: bool = True  # or the file goes to an agency


class Ladder(NamedTuple):
    """A `dunning.policy`, as far as the plan needs it."""

    policy_id: int
    debtor_kind: str
    amount_from: float  # company currency
    amount_to: float  # company currency, 0 for no limit
    minimum: float  # of what a letter claims, company currency
    rungs: tuple[Rung, ...]
    dutch_law_abroad: bool = False  # it applies to consumers abroad as well

    def next_rung(self, debtor_kind, last, is_abroad=False):
        """Return the rung after the last effective one, or None at the top.

        When the policy changed on the way, an item goes on at the first rung of the
        new ladder that is higher than the letter it had: nothing is sent twice.

        :param str debtor_kind: business or consumer
        :param LastLevel last: the level of the last effective letter, or None
        :param bool is_abroad: a consumer abroad, whom Dutch law does not reach
        :rtype: Rung or None
        """
        for rung in self.rungs:
            if rung.debtor_kind not in ("any", debtor_kind):
                continue
            if is_abroad and rung.needs_dutch_law and not self.dutch_law_abroad:
                continue
            if last is None:
                return rung
            if last.policy_id == self.policy_id:
                if (rung.sequence, rung.level_id) > (last.sequence, last.level_id):
                    return rung
            elif rung.rank > last.rank:
                return rung
        return None


class Ladders:
    """The ladders of a company, in the order in which they are tried.

    The one that was chosen for the invoice comes first, then that of the debtor, then
    the first that fits.
    """

    def __init__(self, ladders):
        self.by_policy = {ladder.policy_id: ladder for ladder in ladders}
        self._by_kind = {
            kind: [ladder for ladder in ladders if ladder.debtor_kind in ("any", kind)]
            for kind in ("business", "consumer")
        }

    def get_ranges(self, debtor):
        """Return the ladders for a debtor: his own, or those for his kind.

        :param OpenDebtor debtor: the debtor
        :return: least and highest total of an invoice, and the ladder
        :rtype: list[tuple[float, float, Ladder]]
        """
        own = self.by_policy.get(debtor.policy_id)
        if own:
            return [(0.0, inf, own)]
        return [
            (ladder.amount_from, ladder.amount_to or inf, ladder)
            for ladder in self._by_kind[debtor.kind]
        ]


def find_ladder(total, ranges):
    """Return the first ladder that an invoice of some amount fits, or None.

    :param float total: the amount, company currency
    :param ranges: see `Ladders.get_ranges`
    :rtype: Ladder or None
    """
    for amount_from, amount_to, ladder in ranges:
        if amount_from <= total <= amount_to:
            return ladder
    return None


@lru_cache(maxsize=4096)
def first_day(start, correction_days, delay):
    """Return the day on which a rung is due, `delay` working days after `start`."""
    return add_working_days(start + timedelta(days=correction_days), delay)
