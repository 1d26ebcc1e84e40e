from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ..plan.engine.items import Fact
from ..plan.engine.plan import Obstacle, place

_lt = LazyTranslate(__name__)

#: How long after its deadline the next letter waits for one that was not posted.
UNPOSTED_DAYS = 14


def _is_unposted(case):
    """Whether the debtor may not have the last letter: its term runs from then."""
    if not case.rung or not case.item.special.is_unposted:
        return False
    return case.today <= case.item.last_deadline + timedelta(days=UNPOSTED_DAYS)


UNPOSTED = Obstacle(
    "unposted",
    _lt("Last letter has yet to be posted"),
    _lt(
        "Nothing happens now: the last letter has yet to be posted, and its term runs "
        "from then."
    ),
    _lt("Post the last letter and record it: see To post in the menu Dunning."),
    applies=_is_unposted,
)


class DunningPlanner(models.AbstractModel):
    """Letters that have yet to leave by another channel."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        return place(super()._get_obstacles(), UNPOSTED, before="finished")

    @api.model
    def _get_facts(self, company):
        # EXTENDS 'l10n_nl_dunning'
        is_unposted = SQL(
            "latest.notice_id IN ("
            "SELECT notice_id FROM dunning_delivery WHERE state = 'pending')"
        )
        return super()._get_facts(company) | {
            "is_unposted": Fact(is_unposted, "boolean", False)
        }
