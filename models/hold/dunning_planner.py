from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ..plan.dunning_planner import Table
from ..plan.engine.items import END, TERM, Fact
from ..plan.engine.plan import Obstacle, place

_lt = LazyTranslate(__name__)

HELD = _lt("It ends after %(until)s, or sooner when %(owner)s ends it.")

PAUSED = Obstacle(
    "paused",
    _lt("Paused"),
    _lt("Dunning is paused up to and including %(day)s: %(reason)s."),
    HELD,
    applies=lambda case: case.item.special.hold_id,
    blocks=True,
)


class DunningPlanner(models.AbstractModel):
    """Pauses: what keeps an item back because somebody wished so."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        return place(super()._get_obstacles(), PAUSED, before="not_due")

    @api.model
    def _get_facts(self, company):
        # EXTENDS 'l10n_nl_dunning'
        return super()._get_facts(company) | {
            # The pause in force that lasts longest, and its last day.
            "hold_id": Fact(SQL("hold.hold_id"), "integer"),
            "hold_kind": Fact(SQL("hold.kind"), "varchar"),
            "hold_until": Fact(SQL("hold.hold_until"), "date", role=END),
            # Last day of a term that was given after a dispute.
            "fresh_term": Fact(SQL("hold.date_term"), "date", role=TERM),
            "disputed": Fact(SQL("hold.disputed"), "numeric", 0),
        }

    @api.model
    def _get_tables(self, scope):
        # EXTENDS 'l10n_nl_dunning'
        holds = self.env["account.move.line"]._dunning_sql_holds(
            scope.company, scope.today
        )
        return super()._get_tables(scope) | {
            "hold": Table(holds, SQL("hold.move_line_id = line.id"))
        }
