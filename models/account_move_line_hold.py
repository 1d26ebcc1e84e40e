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
        """The hold in force on each entry, the one that lasts longest.

        A debtor-wide hold and one on the item are two joins: with a single condition
        for both, every entry would be compared with every hold.
        """
        return SQL(
            """
            WITH active AS MATERIALIZED (
                SELECT id AS hold_id, partner_id, is_debtor_wide, kind,
                       GREATEST(date_review, date_announced) AS hold_until
                  FROM dunning_hold
                 WHERE company_id = %(company_id)s
                   AND GREATEST(date_review, date_announced) >= %(today)s
                   AND date_from <= %(today)s
                   AND (date_end IS NULL OR date_end > %(today)s)
            )
            SELECT DISTINCT ON (move_line_id) move_line_id, hold_id, kind, hold_until
              FROM (SELECT rel.move_line_id, active.*
                      FROM active
                      JOIN dunning_hold_item_rel rel ON rel.hold_id = active.hold_id
                     WHERE NOT active.is_debtor_wide
                 UNION ALL
                    SELECT entry.id, active.*
                      FROM active
                      JOIN entry ON entry.partner_id = active.partner_id
                     WHERE active.is_debtor_wide) held
          ORDER BY move_line_id, hold_until DESC, hold_id DESC
            """,
            company_id=company.id,
            today=today,
        )
