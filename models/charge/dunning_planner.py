from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ..plan.engine.items import Fact
from ..plan.engine.plan import Obstacle, place

_lt = LazyTranslate(__name__)

CHARGED = Obstacle(
    "charged",
    _lt("Goes along with letters about invoices"),
    _lt(
        "This invoice charges interest and collection costs. It gets no letters of its "
        "own, but stands on the letters about the customer's other invoices."
    ),
    _lt("It is settled by payment, or taken back on the letter: cancel or waive it."),
    applies=lambda case: case.item.special.is_charge,
    is_final=True,
)


class DunningPlanner(models.AbstractModel):
    """Invoices that charge interest and costs: they go along with letters."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        return place(super()._get_obstacles(), CHARGED, before="payment_in_process")

    @api.model
    def _get_facts(self, company):
        # EXTENDS 'l10n_nl_dunning'
        is_charge = SQL("move.dunning_charge_notice_id IS NOT NULL")
        return super()._get_facts(company) | {
            "is_charge": Fact(is_charge, "boolean", False)
        }
