from odoo import fields, models
from odoo.tools import SQL

#: Promises have even numbers, arrangements odd ones.
QUERY = """
SELECT hold.id::bigint * 2 AS id, 'promise' AS kind, hold.company_id, hold.partner_id,
       hold.user_id, hold.date_from AS date, hold.promise_amount AS amount,
       promise.paid AS amount_paid, promise.result, hold.currency_id
  FROM (%(promises)s) promise
  JOIN dunning_hold hold ON hold.id = promise.id
 UNION ALL
SELECT agreement.id::bigint * 2 + 1, 'arrangement', agreement.company_id,
       agreement.partner_id, agreement.responsible_id,
       COALESCE(agreement.offered_on, agreement.date), agreement.amount_total, NULL,
       CASE agreement.state WHEN 'fulfilled' THEN 'kept' WHEN 'broken' THEN 'broken'
            WHEN 'active' THEN 'open' WHEN 'offered' THEN 'open'
            ELSE 'withdrawn' END, agreement.currency_id
  FROM payment_arrangement agreement
 WHERE agreement.state != 'draft' AND agreement.company_id IN %(companies)s
"""


class DunningInsightAgreement(models.Model):
    """What promises and arrangements are worth, and who agrees on them."""

    _name = "dunning.insight.agreement"
    _description = "Promises and arrangements"
    _order = "date desc, id desc"
    _auto = False
    _rec_name = "partner_id"

    kind = fields.Selection(
        selection=[("promise", "Promise"), ("arrangement", "Arrangement")],
        readonly=True,
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Debtor", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Agreed by", readonly=True
    )
    date = fields.Date(readonly=True)
    amount = fields.Monetary(string="Agreed", readonly=True)
    amount_paid = fields.Monetary(string="Paid of promises", readonly=True)
    result = fields.Selection(
        selection=[
            ("open", "Running"),
            ("kept", "Kept"),
            ("partly", "Partly kept"),
            ("broken", "Broken"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Outcome",
        readonly=True,
    )

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        self.env.flush_all()
        companies = self.env.companies or self.env.company
        return SQL(
            QUERY,
            promises=self.env["dunning.hold"]._promise_sql(companies, SQL("TRUE")),
            companies=companies._ids,
        )
