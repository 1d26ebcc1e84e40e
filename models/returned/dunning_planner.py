from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ..plan.dunning_planner import Table
from ..plan.engine.items import END, Fact
from ..plan.engine.plan import Obstacle, place

_lt = LazyTranslate(__name__)

RETURNED = Obstacle(
    "returned",
    _lt("Payment came back"),
    _lt(
        "No letter goes out up to and including %(day)s: a payment of %(amount)s came "
        "back on %(returned)s."
    ),
    _lt(
        "It ends after %(returned_until)s, or sooner when it is collected again or "
        "paid."
    ),
    applies=lambda case: (
        case.item.special.returned_until
        and case.today <= case.item.special.returned_until
    ),
    blocks=True,
)


class DunningPlanner(models.AbstractModel):
    """The term that an item gets of which a payment came back."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        return place(super()._get_obstacles(), RETURNED, before="direct_debit")

    @api.model
    def _get_facts(self, company):
        """What was collected and came back is to be paid like any other invoice."""
        # EXTENDS 'l10n_nl_dunning'
        facts = super()._get_facts(company)
        debit = facts["direct_debit"]
        collected = SQL("returned.returned_until IS NULL AND (%s)", debit.sql)
        return facts | {
            "direct_debit": debit._replace(sql=collected),
            "returned_until": Fact(SQL("returned.returned_until"), "date", role=END),
        }

    @api.model
    def _get_tables(self, scope):
        # EXTENDS 'l10n_nl_dunning'
        query = SQL(
            """
            SELECT returned.move_line_id, MAX(returned.date_until) AS returned_until
              FROM dunning_returned returned
              JOIN entry ON entry.id = returned.move_line_id
             WHERE %s
          GROUP BY returned.move_line_id
            """,
            self.env["dunning.returned"]._sql_is_back(),
        )
        return super()._get_tables(scope) | {
            "returned": Table(query, SQL("returned.move_line_id = line.id"))
        }
