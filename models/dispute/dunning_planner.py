from odoo import api, models
from odoo.tools import LazyTranslate

from ..hold.dunning_planner import HELD
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


class DunningPlanner(models.AbstractModel):
    """Items that the customer disputes."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        return place(super()._get_obstacles(), DISPUTE, before="paused")
