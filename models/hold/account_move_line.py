from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.actions import open_dialog
from ...tools.groups import ACCOUNTING_GROUPS


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

    # === COMPUTE METHODS === #

    def _apply_dunning_step(self, step):
        """Tell which pause is in force."""
        # EXTENDS 'l10n_nl_dunning'
        self.dunning_hold_id = step and step.item.special.hold_id
        return super()._apply_dunning_step(step)

    # === ACTION METHODS === #

    def action_dunning_pause(self):
        """Ask why and until when these items must not be dunned."""
        return open_dialog(
            "dunning.hold.add",
            self.env._("Pause dunning"),
            default_move_line_ids=self.ids,
        )

    # === BUSINESS METHODS === #

    def _get_dunning_name_makers(self, step):
        """Name the owner of a pause."""
        # EXTENDS 'l10n_nl_dunning'
        makers = super()._get_dunning_name_makers(step)
        # sudo: a name, also to whoever may not read the pause
        hold = self.env["dunning.hold"].browse(step.item.special.hold_id).sudo()
        return makers | {"owner": lambda: hold.user_id.name or self.env._("somebody")}

    @api.model
    def _dunning_sql_holds(self, company, today):
        """What holds do to each entry: until when it is not dunned, or only in part.

        Of several holds the one that lasts longest counts. Parts that are disputed add
        up; when nothing is left, the item is held as a whole.
        """
        return SQL(
            """
            SELECT move_line_id, date_term,
                   COALESCE(whole_id, CASE WHEN is_covered THEN part_id END) AS hold_id,
                   COALESCE(whole_kind, CASE WHEN is_covered THEN 'dispute' END)
                       AS kind,
                   COALESCE(whole_until, CASE WHEN is_covered THEN part_until END)
                       AS hold_until,
                   CASE WHEN disputed < residual THEN disputed END AS disputed
              FROM (
                SELECT move_line_id, MAX(residual) AS residual,
                       MAX(date_term) AS date_term,
                       (ARRAY_AGG(hold_id ORDER BY hold_until DESC, hold_id DESC)
                            FILTER (WHERE is_whole))[1] AS whole_id,
                       (ARRAY_AGG(kind ORDER BY hold_until DESC, hold_id DESC)
                            FILTER (WHERE is_whole))[1] AS whole_kind,
                       MAX(hold_until) FILTER (WHERE is_whole) AS whole_until,
                       SUM(amount_disputed) FILTER (WHERE is_part) AS disputed,
                       MAX(hold_id) FILTER (WHERE is_part) AS part_id,
                       MAX(hold_until) FILTER (WHERE is_part) AS part_until
                  FROM (%(held)s) held
              GROUP BY move_line_id
                   ) summed
        CROSS JOIN LATERAL (SELECT disputed >= residual AS is_covered) AS part
            """,
            held=self._dunning_sql_held(company, today),
        )

    @api.model
    def _dunning_sql_held(self, company, today):
        """The holds on each entry: on the item itself, or in force on its debtor.

        These are two joins: with a single condition for both, every entry would be
        compared with every hold. A term that was given counts also after the hold.
        """
        columns = SQL(
            """
            entry.id AS move_line_id, entry.residual, hold.id AS hold_id, hold.kind,
            hold.amount_disputed,
            GREATEST(hold.date_review, hold.date_announced) AS hold_until,
            """
        )
        return SQL(
            """
            SELECT %(columns)s
                   in_force AND hold.is_partial IS NOT TRUE AS is_whole,
                   in_force AND hold.is_partial IS TRUE AS is_part,
                   hold.date_term
              FROM entry
              JOIN dunning_hold_item_rel rel ON rel.move_line_id = entry.id
              JOIN dunning_hold hold ON hold.id = rel.hold_id
        CROSS JOIN LATERAL (
                SELECT %(in_force)s AND NOT hold.is_debtor_wide AS in_force
                   ) AS day
             WHERE hold.company_id = %(company_id)s
               AND (in_force OR hold.date_term IS NOT NULL)
         UNION ALL
            SELECT %(columns)s
                   hold.is_partial IS NOT TRUE, hold.is_partial IS TRUE, NULL
              FROM entry
              JOIN dunning_hold hold ON hold.partner_id = entry.partner_id
             WHERE hold.company_id = %(company_id)s
               AND hold.is_debtor_wide
               AND %(in_force)s
            """,
            columns=columns,
            in_force=self._dunning_sql_in_force(today),
            company_id=company.id,
        )

    @api.model
    def _dunning_sql_in_force(self, today):
        """Whether `hold` is in force: see `dunning.hold._get_active_domain`."""
        return SQL(
            """
            (GREATEST(hold.date_review, hold.date_announced) >= %(today)s
            AND hold.date_from <= %(today)s
            AND (hold.date_end IS NULL OR hold.date_end > %(today)s))
            """,
            today=today,
        )
