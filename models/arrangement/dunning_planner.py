from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ..plan.dunning_planner import Table
from ..plan.engine.items import END, TERM, Fact
from ..plan.engine.plan import Obstacle, place

_lt = LazyTranslate(__name__)


def _is_offered(case):
    special = case.item.special
    if special.offered_until and case.today <= special.offered_until:
        return True
    return special.hold_kind == "arrangement_offered"


RUNNING = Obstacle(
    "arrangement",
    _lt("Payment arrangement is running"),
    _lt("No letter goes out: a payment arrangement is running."),
    _lt("It ends when all is paid, or when the arrangement lapses or is cancelled."),
    applies=lambda case: case.item.special.in_arrangement,
    blocks=True,
)
OFFERED = Obstacle(
    "arrangement_offered",
    _lt("Payment arrangement offered"),
    _lt(
        "No letter goes out up to and including %(day)s: a payment arrangement was "
        "offered."
    ),
    _lt("It ends after %(until)s, or sooner when the offer is signed or withdrawn."),
    applies=_is_offered,
    blocks=True,
)


class DunningPlanner(models.AbstractModel):
    """Items that are paid in instalments, or for which that was offered."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        return place(super()._get_obstacles(), RUNNING, OFFERED, before="charged")

    @api.model
    def _get_facts(self, company):
        # EXTENDS 'l10n_nl_dunning'
        offered = SQL("arrangement.offered_until")
        lapsed = SQL("arrangement.lapse_deadline")
        return super()._get_facts(company) | {
            "in_arrangement": Fact(SQL("arrangement.is_active"), "boolean", False),
            # Last day on which an offer keeps letters back.
            "offered_until": Fact(offered, "date", role=END),
            # That of the letter that an arrangement lapsed.
            "lapse_deadline": Fact(lapsed, "date", role=TERM),
        }

    @api.model
    def _get_tables(self, scope):
        # EXTENDS 'l10n_nl_dunning'
        return super()._get_tables(scope) | {
            "arrangement": Table(
                self._sql_arrangements(scope),
                SQL("arrangement.move_line_id = line.id"),
            )
        }

    # === SQL === #

    @api.model
    def _sql_arrangements(self, scope):
        """What was agreed about each item.

        Of all debtors, to look for their items among all open ones is of no use.
        """
        return SQL(
            """
            SELECT item.move_line_id,
                   BOOL_OR(arrangement.state = 'active') AS is_active,
                   MAX(arrangement.pause_until)
                       FILTER (WHERE arrangement.state = 'offered') AS offered_until,
                   MAX(arrangement.lapse_deadline)
                       FILTER (WHERE arrangement.state = 'broken') AS lapse_deadline
              FROM payment_arrangement_item item
              JOIN payment_arrangement arrangement
                ON arrangement.id = item.arrangement_id
             WHERE arrangement.state IN ('offered', 'active', 'broken')
               AND %(among)s
          GROUP BY item.move_line_id
            """,
            among=SQL("TRUE")
            if scope.among is None
            else SQL("item.move_line_id IN (SELECT id FROM entry)"),
        )
