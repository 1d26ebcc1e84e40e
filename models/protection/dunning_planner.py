from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ...law.protection import REPRESENTED_KINDS, is_stopped
from ..plan.dunning_planner import Table
from ..plan.engine.items import OWN, Fact
from ..plan.engine.plan import Obstacle, place

_lt = LazyTranslate(__name__)

PROTECTED = Obstacle(
    "protected",
    _lt("Debtor protected by law"),
    _lt("The customer is protected by law."),
    _lt("%(protection)s"),
    applies=lambda case: (
        case.item.debtor.protection
        and is_stopped(case.item.debtor, case.item.special.arose, case.today)
    ),
    blocks=True,
)


class DunningPlanner(models.AbstractModel):
    """Debtors whom the law protects, and who speaks for them."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        return place(super()._get_obstacles(), PROTECTED, before="payment_in_process")

    @api.model
    def _get_facts(self, company):
        # EXTENDS 'l10n_nl_dunning'
        return super()._get_facts(company) | {
            "arose": Fact(self._sql_arose(), "date"),
        }

    @api.model
    def _get_debtor_facts(self, company):
        # EXTENDS 'l10n_nl_dunning'
        represented = SQL(
            "CASE WHEN %s THEN protection.id END", self._sql_is_represented()
        )
        return super()._get_debtor_facts(company) | {
            # Why letters go to somebody else.
            "representation_id": Fact(represented, "integer", role=OWN),
            "protection": Fact(SQL("protection.kind"), "varchar"),
            "protected_from": Fact(SQL("protection.date"), "date"),
            "protected_until": Fact(SQL("protection.date_end"), "date"),
        }

    @api.model
    def _get_debtor_tables(self, scope):
        # EXTENDS 'l10n_nl_dunning'
        statuses = SQL("SELECT * FROM dunning_protection WHERE ended_on IS NULL")
        return super()._get_debtor_tables(scope) | {
            "protection": Table(statuses, SQL("protection.partner_id = debtor.id"))
        }

    @api.model
    def _sql_recipient(self):
        """Letters go to whoever represents the debtor by law, if somebody does."""
        # EXTENDS 'l10n_nl_dunning'
        return SQL(
            "CASE WHEN %s THEN protection.representative_id ELSE %s END",
            self._sql_is_represented(),
            super()._sql_recipient(),
        )

    @api.model
    def _sql_has_own_address(self):
        """And to his address only."""
        # EXTENDS 'l10n_nl_dunning'
        own = super()._sql_has_own_address()
        return SQL("(%s AND (%s) IS NOT TRUE)", own, self._sql_is_represented())

    # === SQL === #

    @api.model
    def _sql_is_represented(self):
        """Whether somebody represents the debtor of a `protection` by law."""
        return SQL(
            "protection.representative_id IS NOT NULL AND protection.kind IN %s",
            REPRESENTED_KINDS,
        )

    @api.model
    def _sql_arose(self):
        """When the debt of a protected debtor came about, see `_get_dunning_origin`."""
        return SQL(
            """
            CASE WHEN line.partner_id IN (
                      SELECT partner_id FROM dunning_protection WHERE ended_on IS NULL
                 )
                 THEN LEAST(
                      move.invoice_date, move.delivery_date, line.date,
                      CASE move.move_type WHEN 'entry' THEN line.due END
                 ) END
            """
        )
