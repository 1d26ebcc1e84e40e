from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ..hold.dunning_planner import HELD
from ..plan.dunning_planner import Table
from ..plan.engine.items import Fact
from ..plan.engine.plan import Obstacle, place

_lt = LazyTranslate(__name__)

DISPUTE = Obstacle(
    "dispute",
    _lt("Disputed by the customer"),
    _lt(
        "No letter goes out up to and including %(day)s: the customer disputes this "
        "invoice."
    ),
    HELD,
    applies=lambda case: case.item.special.hold_kind == "dispute",
    blocks=True,
)

UNANSWERED = Obstacle(
    "unanswered",
    _lt("Answer to the dispute did not arrive"),
    _lt("No letter goes out: the customer does not have our answer to his dispute."),
    _lt("Send the answer again: Letters, Other letters."),
    applies=lambda case: case.item.special.is_unanswered,
    blocks=True,
)


class DunningPlanner(models.AbstractModel):
    """Items that the customer disputes."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        return place(super()._get_obstacles(), DISPUTE, UNANSWERED, before="paused")

    @api.model
    def _get_facts(self, company):
        # EXTENDS 'l10n_nl_dunning'
        unanswered = SQL("unanswered.move_line_id IS NOT NULL")
        return super()._get_facts(company) | {
            "is_unanswered": Fact(unanswered, "boolean", False)
        }

    @api.model
    def _get_tables(self, scope):
        """Add the items of which the answer to the dispute did not arrive."""
        # EXTENDS 'l10n_nl_dunning'
        failed = SQL(
            """
            SELECT DISTINCT rel.move_line_id
              FROM dunning_letter letter
              JOIN dunning_hold_item_rel rel ON rel.hold_id = letter.res_id
             WHERE letter.res_model = 'dunning.hold'
               AND letter.kind = 'answer'
               AND letter.state = 'failed'
               AND letter.replaced_by_id IS NULL
               AND letter.company_id = %s
            """,
            scope.company.id,
        )
        return super()._get_tables(scope) | {
            "unanswered": Table(failed, SQL("unanswered.move_line_id = line.id"))
        }
