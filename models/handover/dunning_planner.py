from odoo import api, models
from odoo.tools import LazyTranslate

from ..plan.engine.plan import Obstacle, place

_lt = LazyTranslate(__name__)

HANDED_OVER = Obstacle(
    "handover",
    _lt("Handed over for collection"),
    _lt("No letter goes out: this was handed over for collection."),
    _lt(
        "Letters go on when the agency gives it back, or when the handover is "
        "withdrawn: see Handovers in the menu Dunning."
    ),
    applies=lambda case: case.item.special.hold_kind == "handover",
    blocks=True,
)


class DunningPlanner(models.AbstractModel):
    """Items that an agency collects."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        return place(
            super()._get_obstacles(), HANDED_OVER, before="arrangement_offered"
        )
