from odoo import api, fields, models
from odoo.tools import SQL

from .days import sql_ends

#: Numbers of days are below this, so that item and day make one id.
ID_FACTOR = 32

BUCKETS = [
    ("credit", "Credits not matched"),
    ("current", "Not yet due"),
    ("d30", "1 to 30 days"),
    ("d60", "31 to 60 days"),
    ("d90", "61 to 90 days"),
    ("older", "More than 90 days"),
]

#: What was open of an item on a day: less what was matched by then.
QUERY = """
WITH ends AS (%(ends)s),
item AS (
    SELECT line.id, line.company_id, line.move_id, line.date, line.balance,
           line.reconciled, COALESCE(line.date_maturity, line.date) AS due,
           debtor.id AS partner_id, debtor.country_id, move.invoice_user_id AS user_id,
           COALESCE(move.dunning_policy_id, (debtor.dunning_policy_id ->>
               line.company_id::text)::int) AS policy_id,
           %(kind)s AS debtor_kind, matched.day AS matched_on
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
      JOIN account_move move ON move.id = line.move_id
 LEFT JOIN res_partner partner ON partner.id = line.partner_id
 LEFT JOIN res_partner debtor ON debtor.id = partner.commercial_partner_id
 LEFT JOIN LATERAL (
            SELECT MAX(part.max_date) AS day
              FROM account_partial_reconcile part
             WHERE part.debit_move_id = line.id OR part.credit_move_id = line.id
           ) matched ON TRUE
     WHERE account.account_type = 'asset_receivable'
       AND line.parent_state = 'posted'
       AND line.company_id IN (SELECT company_id FROM ends)
)
SELECT item.id::bigint * %(factor)s + ends.number AS id, ends.day AS date,
       ends.number = 0 AS is_now, item.company_id, item.id AS move_line_id,
       item.move_id, item.partner_id, item.country_id, item.user_id, item.policy_id,
       item.debtor_kind, item.due, open.amount,
       CASE WHEN item.balance < 0 THEN 'credit' WHEN item.due >= ends.day THEN 'current'
            WHEN ends.day - item.due <= 30 THEN 'd30'
            WHEN ends.day - item.due <= 60 THEN 'd60'
            WHEN ends.day - item.due <= 90 THEN 'd90' ELSE 'older' END AS bucket
  FROM item
  JOIN ends ON ends.company_id = item.company_id AND item.date <= ends.day
   AND (item.reconciled IS NOT TRUE OR item.matched_on > ends.day)
CROSS JOIN LATERAL (
        SELECT item.balance - COALESCE(SUM(
                   CASE WHEN part.debit_move_id = item.id THEN part.amount
                        ELSE -part.amount END), 0) AS amount
          FROM account_partial_reconcile part
         WHERE (part.debit_move_id = item.id OR part.credit_move_id = item.id)
           AND part.max_date <= ends.day
       ) open
 WHERE ABS(open.amount) >= 0.005
"""


class DunningInsightAge(models.Model):
    """How old the book is, today and on the last day of each of the past months."""

    _name = "dunning.insight.age"
    _description = "Age of the book"
    _order = "date desc, id"
    _auto = False
    _rec_name = "move_line_id"

    date = fields.Date(string="On", readonly=True)
    is_now = fields.Boolean(string="Today", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_line_id = fields.Many2one(
        comodel_name="account.move.line", string="Item", readonly=True
    )
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Debtor", readonly=True
    )
    country_id = fields.Many2one(comodel_name="res.country", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    policy_id = fields.Many2one(
        comodel_name="dunning.policy", string="Policy chosen", readonly=True
    )
    debtor_kind = fields.Selection(
        selection=[("business", "Business"), ("consumer", "Consumer")],
        string="Kind of debtor",
        readonly=True,
    )
    due = fields.Date(string="Due date", readonly=True)
    amount = fields.Monetary(string="Open", readonly=True)
    bucket = fields.Selection(selection=BUCKETS, string="Age", readonly=True)

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return self._sql_age()

    @api.model
    def _sql_age(self):
        self.env.flush_all()
        return SQL(
            QUERY,
            ends=sql_ends(self.env),
            kind=self.env["res.partner"]._dunning_sql_debtor_kind("debtor"),
            factor=ID_FACTOR,
        )
