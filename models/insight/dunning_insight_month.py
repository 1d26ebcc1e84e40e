from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .days import MONTHS
from .engine import Month, get_cei, get_countback, get_dso

#: Sales of a month, and how late what was settled in it was paid.
MONTHS_QUERY = """
SELECT sold.month, COALESCE(sold.amount, 0)::float, paid.days_late::float
  FROM (SELECT (DATE_TRUNC('month', line.date) + INTERVAL '1 month')::date - 1 AS month,
               SUM(line.balance) AS amount
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
          JOIN account_move move ON move.id = line.move_id
         WHERE line.company_id = %(company_id)s
           AND account.account_type = 'asset_receivable'
           AND line.parent_state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
      GROUP BY 1) sold
FULL JOIN (
        SELECT (DATE_TRUNC('month', item.paid_on) + INTERVAL '1 month')::date - 1
                   AS month,
               SUM(item.amount * item.days) / SUM(item.amount) AS days_late
          FROM (SELECT line.id, MAX(part.max_date) AS paid_on,
                       SUM(part.amount) AS amount,
                       MAX(part.max_date) - COALESCE(line.date_maturity, line.date)
                           AS days
                  FROM account_partial_reconcile part
                  JOIN account_move_line line ON line.id = part.debit_move_id
                  JOIN account_account account ON account.id = line.account_id
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.company_id = %(company_id)s
                   AND account.account_type = 'asset_receivable'
                   AND line.reconciled
                   AND move.move_type IN ('out_invoice', 'out_receipt')
              GROUP BY line.id) item
      GROUP BY 1) paid USING (month)
"""

COLUMNS = SQL(
    "id, company_id, date, amount_open, amount_overdue, sales, dso, countback, "
    "days_late, cei"
)


class DunningInsightMonth(models.Model):
    """Key figures on the last day of each of the past months."""

    _name = "dunning.insight.month"
    _description = "Key figures by month"
    _order = "date desc, id"
    _auto = False
    _rec_name = "date"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="On", readonly=True)
    amount_open = fields.Monetary(string="Open", readonly=True)
    amount_overdue = fields.Monetary(string="Overdue", readonly=True)
    sales = fields.Monetary(
        string="Sales of the month",
        readonly=True,
        help="Invoices less credit notes of the month, VAT included.",
    )
    dso = fields.Float(
        string="DSO",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Days sales outstanding: what is open, over the sales of the last three "
        "months, times their days (Credit Research Foundation). Open is all of the "
        "receivable accounts, credits taken off, VAT included on both sides.",
    )
    countback = fields.Float(
        string="DSO, counted back",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="What is open is taken off from the sales of this month, then of the one "
        "before, and so on; the days of those months count (Credit Research "
        "Foundation).",
    )
    days_late = fields.Float(
        string="Days late",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Average days past the due date of what was settled in the month, by "
        "amount. Days before the due date count as less than none.",
    )
    cei = fields.Float(
        string="CEI (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Collection effectiveness index: what was collected of what could be. "
        "Open at the start and sales, less all that is open at the end, over the same "
        "less what is not due (Credit Research Foundation).",
    )

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        rows = [row for company in self.env.companies for row in self._list(company)]
        types = SQL(
            "(0, 0, NULL::date, 0::numeric, 0::numeric, 0::numeric, 0::float, "
            "0::float, 0::float, 0::float)"
        )
        values = SQL(", ").join(
            SQL("(%s)", SQL(", ").join(SQL("%s", value) for value in row))
            for row in rows
        )
        every = SQL("%s, %s", types, values) if rows else types
        return SQL(
            "SELECT %s FROM (VALUES %s) AS month (%s) WHERE id != 0",
            COLUMNS,
            every,
            COLUMNS,
        )

    @api.model
    def _list(self, company):
        """Return the key figures of a company: a row for each of the past months.

        :rtype: list[tuple]
        """
        months, late = self._select_months(company)
        days = sorted(months)
        rows = []
        for position, day in enumerate(days[1:], start=1):
            if not (months[day].open or months[day].sales):
                continue  # before the books begin
            until = [months[earlier] for earlier in days[: position + 1]]
            month = until[-1]
            rows.append(
                (
                    company.id * 1000 + position,
                    company.id,
                    day,
                    month.open,
                    month.open - month.current,
                    month.sales,
                    get_dso(until[-3:]),
                    get_countback(until),
                    late.get(day),
                    get_cei(until[-2].open, month),
                )
            )
        return rows

    @api.model
    def _select_months(self, company):
        """Read what the figures of a company are worked out from.

        :return: `Month` by its last day, and average days late by that day
        :rtype: tuple[dict, dict]
        """
        scope = self.with_context(allowed_company_ids=company.ids)
        age = scope.env["dunning.insight.age"]._sql_age()
        opened = {
            day: (float(amount), float(current or 0))
            for day, amount, current in self.env.execute_query(
                SQL(
                    """
                    SELECT date, SUM(amount),
                           SUM(amount) FILTER (WHERE bucket = 'current')
                      FROM (%s) age WHERE NOT is_now GROUP BY date
                    """,
                    age,
                )
            )
        }
        rows = self.env.execute_query(SQL(MONTHS_QUERY, company_id=company.id))
        sales = {day: amount for day, amount, _late in rows}
        late = {day: days for day, _amount, days in rows if days is not None}
        months = {
            day: Month(day.day, sales.get(day) or 0.0, *opened.get(day, (0.0, 0.0)))
            for day in self._list_ends(company)
        }
        return months, late

    @api.model
    def _list_ends(self, company):
        """Return the last days of the past months, the newest first."""
        day, ends = company._get_dunning_today(), []
        for _month in range(MONTHS):
            day = day.replace(day=1) - timedelta(days=1)
            ends.append(day)
        return ends
