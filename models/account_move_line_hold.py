from odoo import api, fields, models
from odoo.tools import SQL

from .res_partner import ACCOUNTING_GROUPS


class AccountMoveLine(models.Model):
    """What keeps open items from being dunned because somebody wished so."""

    _inherit = "account.move.line"

    dunning_hold_id = fields.Many2one(
        comodel_name="dunning.hold",
        string="Pause",
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
        help="The pause that is in force today, the longest when there are several.",
    )

    # === ACTION METHODS === #

    def action_dunning_pause(self):
        """Ask why and until when these items must not be dunned."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause dunning"),
            "res_model": "dunning.hold.add",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_line_ids": self.ids},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _dunning_sql_holds(self, company, today):
        """What holds do to each entry: until when it is not dunned, or only in part.

        Of several holds the one that lasts longest counts. Parts that are disputed add
        up; when nothing is left, the item is held as a whole.
        """
        return SQL(
            """
            WITH held AS MATERIALIZED (%(held)s),
                 whole AS (
                SELECT DISTINCT ON (move_line_id) *
                  FROM held
                 WHERE NOT is_partial
              ORDER BY move_line_id, hold_until DESC, hold_id DESC
            ),
                 part AS (
                SELECT move_line_id, SUM(amount_disputed) AS disputed,
                       MAX(hold_id) AS hold_id, MAX(hold_until) AS hold_until
                  FROM held
                 WHERE is_partial
              GROUP BY move_line_id
            ),
                 term AS (
                SELECT rel.move_line_id, MAX(hold.date_term) AS date_term
                  FROM dunning_hold hold
                  JOIN dunning_hold_item_rel rel ON rel.hold_id = hold.id
                 WHERE hold.company_id = %(company_id)s
                   AND hold.date_term IS NOT NULL
              GROUP BY rel.move_line_id
            )
            SELECT entry.id AS move_line_id, term.date_term,
                   COALESCE(whole.hold_id, covering.hold_id) AS hold_id,
                   COALESCE(whole.kind, covering.kind) AS kind,
                   COALESCE(whole.hold_until, covering.hold_until) AS hold_until,
                   CASE WHEN part.disputed < entry.residual THEN part.disputed END
                       AS disputed
              FROM entry
         LEFT JOIN whole ON whole.move_line_id = entry.id
         LEFT JOIN part ON part.move_line_id = entry.id
         LEFT JOIN term ON term.move_line_id = entry.id
         LEFT JOIN LATERAL (
                SELECT part.hold_id, 'dispute' AS kind, part.hold_until
                 WHERE part.disputed >= entry.residual
                   ) covering ON TRUE
             WHERE COALESCE(whole.move_line_id, part.move_line_id, term.move_line_id)
                   IS NOT NULL
            """,
            held=self._dunning_sql_held(company, today),
            company_id=company.id,
        )

    @api.model
    def _dunning_sql_held(self, company, today):
        """The holds in force on each entry, on the item itself or on its debtor.

        These are two joins: with a single condition for both, every entry would be
        compared with every hold.
        """
        return SQL(
            """
            WITH active AS MATERIALIZED (
                SELECT id AS hold_id, partner_id, is_debtor_wide, kind,
                       COALESCE(is_partial, FALSE) AS is_partial, amount_disputed,
                       GREATEST(date_review, date_announced) AS hold_until
                  FROM dunning_hold
                 WHERE company_id = %(company_id)s
                   AND GREATEST(date_review, date_announced) >= %(today)s
                   AND date_from <= %(today)s
                   AND (date_end IS NULL OR date_end > %(today)s)
            )
            SELECT rel.move_line_id, active.*
              FROM active
              JOIN dunning_hold_item_rel rel ON rel.hold_id = active.hold_id
             WHERE NOT active.is_debtor_wide
         UNION ALL
            SELECT entry.id, active.*
              FROM active
              JOIN entry ON entry.partner_id = active.partner_id
             WHERE active.is_debtor_wide
            """,
            company_id=company.id,
            today=today,
        )
