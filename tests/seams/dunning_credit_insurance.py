"""An obstacle: the insurer of an invoice asks to wait."""
# It stands for another module.  pylint: disable=odoo-addons-relative-import

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.l10n_nl_dunning.models.plan.engine.items import Fact
from odoo.addons.l10n_nl_dunning.models.plan.engine.plan import Obstacle, place

INSURER_ASKS = Obstacle(
    "insurer_asks",
    "Credit insurance asks",
    "No letter goes out: the credit insurer asks to wait.",
    "Agree with the insurer, then take the mark off the invoice.",
    applies=lambda case: case.item.special.insurer_asks,
    blocks=True,
)


class AccountMove(models.Model):
    """Where it is marked."""

    _inherit = "account.move"

    dunning_insurer_asks = fields.Boolean()


class DunningPlanner(models.AbstractModel):
    """What the plan is told, and why nothing happens then."""

    _inherit = "dunning.planner"

    @api.model
    def _get_facts(self, company):
        asks = SQL("move.dunning_insurer_asks")
        return super()._get_facts(company) | {
            "insurer_asks": Fact(asks, "boolean", False)
        }

    @api.model
    def _get_obstacles(self):
        return place(super()._get_obstacles(), INSURER_ASKS, before="not_due")
