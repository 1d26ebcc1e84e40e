from odoo import api, models
from odoo.tools import LazyTranslate

from ..plan.engine.items import Fact
from ..plan.engine.plan import Obstacle, place

_lt = LazyTranslate(__name__)

MENDED_FIRST = Obstacle(
    "invoice_check",
    _lt("Invoice has to be mended first"),
    _lt("The first letter is kept back: the invoice has a fault."),
    _lt("%(finding)s"),
    applies=lambda case: case.item.special.finding and not case.item.last,
    blocks=True,
)


class DunningPlanner(models.AbstractModel):
    """Faults on an invoice that keep its first letter back."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        return place(super()._get_obstacles(), MENDED_FIRST, before="no_policy")

    @api.model
    def _get_facts(self, company):
        # EXTENDS 'l10n_nl_dunning'
        finding = self.env["account.move"]._dunning_sql_finding(company)
        return super()._get_facts(company) | {"finding": Fact(finding, "varchar")}
