from odoo import fields, models
from odoo.tools import SQL

#: Ids are made of company and debtor, so that they stay what they are.
ID_FACTOR = 2**32

#: Open items, added up by company and debtor.
QUERY = """
   SELECT item.company_id * %(factor)s::bigint + debtor.id AS id,
          item.company_id, debtor.id AS partner_id, debtor.user_id,
          debtor.country_id,
          COUNT(*) FILTER (WHERE item.amount_residual > 0) AS item_count,
          SUM(GREATEST(item.amount_residual, 0)) AS amount_open,
          COALESCE(SUM(GREATEST(item.amount_residual, 0)) FILTER (
           WHERE COALESCE(item.date_maturity, item.date) < today.day), 0) AS amount_due,
          -SUM(LEAST(item.amount_residual, 0)) AS amount_credit,
          MIN(item.date_maturity) FILTER (
              WHERE item.amount_residual > 0
                AND item.date_maturity < today.day) AS oldest_due,
          COALESCE(today.day - MIN(item.date_maturity) FILTER (
              WHERE item.amount_residual > 0
                AND item.date_maturity < today.day), 0) AS days_late,
          letter.day AS last_letter
     FROM account_move_line item
     JOIN account_account account ON account.id = item.account_id
     JOIN res_partner partner ON partner.id = item.partner_id
     JOIN res_partner debtor ON debtor.id = partner.commercial_partner_id
     JOIN (VALUES %(days)s) today (company_id, day)
       ON today.company_id = item.company_id
LEFT JOIN LATERAL (
       SELECT MAX(notice.date) AS day
         FROM dunning_notice notice
        WHERE notice.partner_id = debtor.id
          AND notice.company_id = item.company_id
          AND notice.state = 'sent'
          ) letter ON TRUE
    WHERE account.account_type = 'asset_receivable'
      AND item.parent_state = 'posted'
      AND item.reconciled IS NOT TRUE
      AND item.amount_residual != 0
 GROUP BY item.company_id, debtor.id, today.day, letter.day
"""


class DunningDebtor(models.Model):
    """A debtor with open items: added up anew whenever somebody looks."""

    _name = "dunning.debtor"
    _description = "Debtor with open items"
    _order = "amount_due desc, amount_open desc, id"
    _auto = False
    _rec_name = "partner_id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Debtor", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    country_id = fields.Many2one(comodel_name="res.country", readonly=True)
    item_count = fields.Integer(string="Items", readonly=True)
    amount_open = fields.Monetary(string="Open", readonly=True)
    amount_due = fields.Monetary(string="Overdue", readonly=True)
    amount_credit = fields.Monetary(string="Credits", readonly=True)
    oldest_due = fields.Date(string="Oldest due date", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="max")
    last_letter = fields.Date(string="Last letter", readonly=True)
    phone = fields.Char(related="partner_id.phone")

    # === ACTION METHODS === #

    def action_open_debtor(self):
        """Open the screen of this debtor."""
        self.ensure_one()
        return self.partner_id.action_open_dunning_debtor()

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        self.env.flush_all()
        companies = self.env.companies or self.env.company
        days = SQL(", ").join(
            SQL("(%s, %s::date)", company.id, company._get_dunning_today())
            for company in companies
        )
        return SQL(QUERY, factor=ID_FACTOR, days=days)
