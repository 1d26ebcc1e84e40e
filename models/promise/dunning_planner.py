from odoo import api, models
from odoo.tools import LazyTranslate

from ..plan.engine.plan import Obstacle, place

_lt = LazyTranslate(__name__)

PROMISE = Obstacle(
    "promise",
    _lt("Payment was promised"),
    _lt(
        "No letter goes out up to and including %(day)s: the customer promised to pay."
    ),
    _lt("It ends after %(until)s, or sooner when all is paid."),
    applies=lambda case: case.item.special.hold_kind == "promise",
    blocks=True,
)


class DunningPlanner(models.AbstractModel):
    """Items that the customer promised to pay."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        return place(super()._get_obstacles(), PROMISE, before="paused")
