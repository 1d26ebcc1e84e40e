from odoo import api, models
from odoo.tools import SQL, LazyTranslate

from ..plan.dunning_planner import Table
from ..plan.engine.items import OWN, Fact
from ..plan.engine.plan import Obstacle, place
from ..plan.obstacles import NEXT

_lt = LazyTranslate(__name__)

FAILED = Obstacle(
    "failed",
    _lt("Last letter could not be delivered"),
    _lt(
        "Nothing happens until somebody acts: the last letter to this customer could "
        "not be delivered."
    ),
    _lt(
        "Mend the address and send the letter again: see Failed deliveries in the menu "
        "Dunning."
    ),
    applies=lambda case: case.item.debtor.is_failed,
)
PROPOSED = Obstacle(
    "proposed",
    _lt("Letter already proposed or on its way"),
    _lt("A letter to this customer is proposed or on its way."),
    _lt("Confirm the proposed letter, or take it out of its round."),
    applies=lambda case: case.item.debtor.is_underway,
)
INTERVAL = Obstacle(
    "interval",
    _lt("Debtor was written to recently"),
    _lt("Nothing happens now: the customer got a letter a few days ago."),
    NEXT,
    applies=lambda letter: (
        letter.item.debtor.last_contact
        and letter.item.debtor.last_contact > letter.latest_contact
    ),
    is_of_letter=True,
)


class DunningPlanner(models.AbstractModel):
    """Letters: the last one that counts, what is under way, when he was written to."""

    _inherit = "dunning.planner"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        # EXTENDS 'l10n_nl_dunning'
        obstacles = place(super()._get_obstacles(), FAILED, PROPOSED, before="grace")
        return place(obstacles, INTERVAL, before="no_address")

    @api.model
    def _get_tables(self, scope):
        # EXTENDS 'l10n_nl_dunning'
        tables = super()._get_tables(scope)
        latest = tables["latest"]._replace(query=self._sql_latest())
        return tables | {"latest": latest}

    @api.model
    def _get_debtor_facts(self, company):
        # EXTENDS 'l10n_nl_dunning'
        return super()._get_debtor_facts(company) | {
            "is_failed": Fact(SQL("letter.is_failed"), "boolean", False),
            "is_underway": Fact(SQL("letter.is_underway"), "boolean", False),
            "last_contact": Fact(SQL("letter.last_contact"), "date", role=OWN),
        }

    @api.model
    def _get_debtor_tables(self, scope):
        # EXTENDS 'l10n_nl_dunning'
        same = SQL(
            "letter.partner_id = credit.partner_id "
            "AND letter.currency_id = credit.currency_id"
        )
        return super()._get_debtor_tables(scope) | {
            "letter": Table(self._sql_letters(scope), same)
        }

    # === SQL === #

    @api.model
    def _sql_latest(self):
        """The last effective letter about each item: the level it stands at.

        A letter counts only for the debtor who got it: with an invoice that was made
        out to somebody else all begins anew.
        """
        return SQL(
            """
            SELECT last.move_line_id, last.notice_id, last.deadline, level.text AS level
              FROM (
                SELECT DISTINCT ON (line.move_line_id)
                       line.move_line_id, line.deadline, line.level_id,
                       line.notice_id
                  FROM entry
                  JOIN dunning_notice_line line ON line.move_line_id = entry.id
                  JOIN dunning_notice notice ON notice.id = line.notice_id
                  JOIN res_partner debtor
                    ON debtor.id = notice.partner_id
                   AND debtor.commercial_partner_id = entry.partner_id
                 WHERE line.state = 'sent'
                   AND line.level_id NOT IN (
                       SELECT id FROM dunning_level WHERE kind = 'limitation_notice'
                   )
              ORDER BY line.move_line_id, line.deadline DESC, line.id DESC
                   ) last
              JOIN (
                SELECT id,
                       JSON_BUILD_OBJECT(
                           'level_id', id, 'policy_id', policy_id,
                           'sequence', sequence, 'rank', %(rank)s
                       )::text AS text
                  FROM dunning_level level
                OFFSET 0  -- once for each level
                   ) level ON level.id = last.level_id
            """,
            rank=self.env["dunning.level"]._dunning_sql_rank("level"),
        )

    @api.model
    def _sql_letters(self, scope):
        """What is under way to each debtor, and when he was last written to."""
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id, notice.currency_id,
                   BOOL_OR(state = 'failed') AS is_failed,
                   BOOL_OR(state IN ('draft', 'queued', 'pending')) AS is_underway,
                   MAX(MAX(notice.date) FILTER (WHERE state = 'sent'))
                       OVER (PARTITION BY partner.commercial_partner_id)
                       AS last_contact
              FROM dunning_notice notice
              JOIN res_partner partner ON partner.id = notice.partner_id
             WHERE notice.company_id = %(company_id)s
               AND state != 'cancelled'
               AND is_limitation IS NOT TRUE
               AND %(among)s
          GROUP BY partner.commercial_partner_id, notice.currency_id
            """,
            company_id=scope.company.id,
            among=self._sql_among("partner", "commercial_partner_id", scope),
        )
