from odoo import api, fields, models
from odoo.tools import SQL

from .days import sql_days

#: How far ahead money is expected.
WEEKS = 13

#: The item, and when its debtor can be expected to pay it: by his promise, else as late
#: as he paid on average over the last year. What is disputed or protected is left out,
#: what is paid in instalments is expected by these.
QUERY = """
WITH today (company_id, day) AS (VALUES %(days)s),
pace AS (
    SELECT item.company_id, partner.commercial_partner_id AS partner_id,
           AVG(GREATEST(item.paid_on - item.due, 0)) AS days
      FROM (SELECT line.id, line.company_id, line.partner_id,
                   COALESCE(line.date_maturity, line.date) AS due,
                   MAX(part.max_date) AS paid_on
              FROM account_partial_reconcile part
              JOIN account_move_line line ON line.id = part.debit_move_id
              JOIN account_move move ON move.id = line.move_id
              JOIN today ON today.company_id = line.company_id
             WHERE part.max_date > today.day - 365 AND line.reconciled
               AND move.move_type IN ('out_invoice', 'out_receipt')
          GROUP BY line.id) item
      JOIN res_partner partner ON partner.id = item.partner_id
  GROUP BY 1, 2
),
usual AS (SELECT company_id, AVG(days) AS days FROM pace GROUP BY company_id),
disputed AS (
    SELECT rel.move_line_id, BOOL_OR(hold.is_partial IS NOT TRUE) AS is_whole,
           SUM(hold.amount_disputed) AS amount
      FROM dunning_hold hold
      JOIN dunning_hold_item_rel rel ON rel.hold_id = hold.id
     WHERE hold.kind = 'dispute' AND hold.date_end IS NULL
  GROUP BY rel.move_line_id
),
promised AS (
    SELECT rel.move_line_id, MAX(hold.promise_date) AS day
      FROM dunning_hold hold
      JOIN dunning_hold_item_rel rel ON rel.hold_id = hold.id
      JOIN today ON today.company_id = hold.company_id
     WHERE hold.promise_date >= today.day AND hold.date_end IS NULL
  GROUP BY rel.move_line_id
)
SELECT item.id::bigint * 2 AS id, item.company_id, item.move_id,
       debtor.id AS partner_id,
       CASE WHEN promised.day IS NULL THEN 'due' ELSE 'promise' END AS source,
       GREATEST(today.day, COALESCE(promised.day, COALESCE(
           item.date_maturity, item.date) + ROUND(COALESCE(
           pace.days, usual.days, 0))::int)) AS date,
       item.amount_residual - COALESCE(disputed.amount, 0) AS amount
  FROM account_move_line item
  JOIN today ON today.company_id = item.company_id
  JOIN account_account account ON account.id = item.account_id
  JOIN res_partner partner ON partner.id = item.partner_id
  JOIN res_partner debtor ON debtor.id = partner.commercial_partner_id
LEFT JOIN pace ON pace.company_id = item.company_id AND pace.partner_id = debtor.id
LEFT JOIN usual ON usual.company_id = item.company_id
LEFT JOIN disputed ON disputed.move_line_id = item.id
LEFT JOIN promised ON promised.move_line_id = item.id
 WHERE account.account_type = 'asset_receivable'
   AND item.parent_state = 'posted'
   AND item.reconciled IS NOT TRUE
   AND item.amount_residual > COALESCE(disputed.amount, 0)
   AND disputed.is_whole IS NOT TRUE
   AND NOT EXISTS (
       SELECT FROM dunning_protection protection
        WHERE protection.partner_id = debtor.id AND protection.ended_on IS NULL
          AND COALESCE(protection.date_end, today.day) >= today.day)
   AND NOT EXISTS (
       SELECT FROM payment_arrangement_item part
         JOIN payment_arrangement agreement ON agreement.id = part.arrangement_id
        WHERE part.move_line_id = item.id AND agreement.state = 'active')
"""


class DunningInsightCash(models.Model):
    """The money that can be expected in the coming weeks."""

    _name = "dunning.insight.cash"
    _description = "Cash expected"
    _order = "date, id"
    _auto = False
    _rec_name = "partner_id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Debtor", readonly=True
    )
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", readonly=True
    )
    source = fields.Selection(
        selection=[
            ("due", "Due date and how the customer pays"),
            ("promise", "Promise"),
            ("instalment", "Instalment"),
        ],
        string="Expected by",
        readonly=True,
    )
    date = fields.Date(
        string="Expected on",
        readonly=True,
        help="The day of the promise or of the instalment; else the due date and the "
        "days that the customer was late on average over the last year, or customers "
        "of the company. What should have come already is expected today.",
    )
    amount = fields.Monetary(readonly=True)

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        self.env.flush_all()
        items = SQL(QUERY, days=sql_days(self.env))
        rows = SQL(", ").join(
            SQL("(%s::bigint, %s, NULL::int, %s, 'instalment', %s::date, %s)", *row)
            for row in self._list_instalments()
        )
        columns = SQL("id, company_id, move_id, partner_id, source, date, amount")
        every = items
        if rows.code:
            every = SQL(
                "%s UNION ALL SELECT %s FROM (VALUES %s) AS instalment (%s)",
                items,
                columns,
                rows,
                columns,
            )
        return SQL(
            "SELECT cash.* FROM (%(every)s) cash "
            "JOIN (VALUES %(days)s) now (company_id, day) USING (company_id) "
            "WHERE cash.date < now.day + %(length)s",
            every=every,
            days=sql_days(self.env),
            length=7 * WEEKS,
        )

    @api.model
    def _list_instalments(self):
        """Return what is still to be paid of instalments, in company currency.

        :rtype: list[tuple]
        """
        lines = self.env["payment.arrangement.line"].search(
            [("is_open", "=", True), ("company_id", "in", self.env.companies.ids)]
        )
        rows = []
        for line in lines:
            company = line.company_id
            today = company._get_dunning_today()
            amount = line.currency_id._convert(
                line.amount_open, company.currency_id, company, today
            )
            rows.append(
                (
                    2 * line.id + 1,
                    company.id,
                    line.partner_id.id,
                    max(line.date, today),
                    amount,
                )
            )
        return rows
