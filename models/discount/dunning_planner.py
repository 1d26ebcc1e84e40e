from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ..plan.dunning_planner import Table
from ..plan.engine.items import Fact
from ..plan.engine.plan import Obstacle, place

_lt = LazyTranslate(__name__)

DISCOUNTED = Obstacle(
    "discounted",
    _lt("Paid with the discount for early payment"),
    _lt(
        "No letter goes out: the customer paid in time what was due with the discount "
        "for early payment."
    ),
    _lt("Let the rest off as discount: match the payment with it, or write it off."),
    applies=lambda case: case.item.special.is_discounted,
    blocks=True,
)


class DunningPlanner(models.AbstractModel):
    """Items of which nothing but the discount for early payment is left."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        return place(super()._get_obstacles(), DISCOUNTED, before="direct_debit")

    @api.model
    def _get_facts(self, company):
        # EXTENDS 'l10n_nl_dunning'
        is_discounted = SQL("discounted.id IS NOT NULL")
        return super()._get_facts(company) | {
            "is_discounted": Fact(is_discounted, "boolean", False)
        }

    @api.model
    def _get_tables(self, scope):
        """The items that were paid within the days of their discount.

        Odoo lets the discount off only where the payment is registered on the invoice.
        Where the bank's line was matched as a part payment, the rest stays open, though
        the debtor paid what he had to.
        """
        # EXTENDS 'l10n_nl_dunning'
        query = SQL(
            """
            SELECT item.id
              FROM account_move_line item
              JOIN entry ON entry.id = item.id
             WHERE item.discount_date IS NOT NULL
               AND item.reconciled IS NOT TRUE
               AND item.amount_residual_currency
                   <= item.amount_currency - item.discount_amount_currency + 0.004
               AND (
                   SELECT SUM(partial.debit_amount_currency)
                     FROM account_partial_reconcile partial
                     JOIN account_move_line credit
                       ON credit.id = partial.credit_move_id
                    WHERE partial.debit_move_id = item.id
                      AND credit.date <= item.discount_date
               ) >= item.discount_amount_currency - 0.004
            """
        )
        return super()._get_tables(scope) | {
            "discounted": Table(query, SQL("discounted.id = line.id"))
        }
