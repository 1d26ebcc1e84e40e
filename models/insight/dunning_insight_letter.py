from odoo import fields, models
from odoo.tools import SQL

from .days import sql_days

#: What was paid of an item in the days after a letter; credit notes pay nothing.
QUERY = """
SELECT line.id, notice.company_id, notice.partner_id, notice.date, line.level_id,
       level.policy_id, level.kind, notice.id AS notice_id, line.move_line_id,
       %(kind)s AS debtor_kind, line.amount_residual AS amount,
       CASE WHEN notice.by_registered THEN 'registered'
            WHEN notice.by_email AND notice.by_post THEN 'both'
            WHEN notice.by_email THEN 'email' ELSE 'post' END AS channel,
       CASE WHEN line.amount_residual < 100 THEN 'small'
            WHEN line.amount_residual < 1000 THEN 'medium'
            WHEN line.amount_residual < 10000 THEN 'large' ELSE 'huge' END AS size,
       paid.within_7, paid.within_14, paid.within_30,
       CASE WHEN notice.date + 7 <= today.day AND line.amount_residual > 0
            THEN 100 * LEAST(paid.within_7 / line.amount_residual, 1) END AS share_7,
       CASE WHEN notice.date + 14 <= today.day AND line.amount_residual > 0
            THEN 100 * LEAST(paid.within_14 / line.amount_residual, 1) END AS share_14,
       CASE WHEN notice.date + 30 <= today.day AND line.amount_residual > 0
            THEN 100 * LEAST(paid.within_30 / line.amount_residual, 1) END AS share_30,
       item.reconciled AND NOT EXISTS (
           SELECT FROM dunning_notice_line later
            WHERE later.move_line_id = line.move_line_id AND later.state = 'sent'
              AND later.id > line.id) AS is_last
  FROM dunning_notice_line line
  JOIN dunning_notice notice ON notice.id = line.notice_id
  JOIN dunning_level level ON level.id = line.level_id
  JOIN account_move_line item ON item.id = line.move_line_id
  JOIN res_partner debtor ON debtor.id = notice.partner_id
  JOIN (VALUES %(days)s) today (company_id, day)
    ON today.company_id = notice.company_id
CROSS JOIN LATERAL (
        SELECT %(within_7)s AS within_7, %(within_14)s AS within_14,
               %(within_30)s AS within_30
          FROM account_partial_reconcile part
          JOIN account_move_line credit ON credit.id = part.credit_move_id
          JOIN account_move payment ON payment.id = credit.move_id
         WHERE part.debit_move_id = line.move_line_id
           AND part.max_date > notice.date
           AND payment.move_type != 'out_refund'
       ) paid
 WHERE line.state = 'sent'
"""


class DunningInsightLetter(models.Model):
    """What letters bring in: what is paid of an item in the days after each of them."""

    _name = "dunning.insight.letter"
    _description = "What each level does"
    _order = "date desc, id desc"
    _auto = False
    _rec_name = "notice_id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="notice_id.currency_id")
    notice_id = fields.Many2one(
        comodel_name="dunning.notice", string="Letter", readonly=True
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line", string="Item", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Debtor", readonly=True
    )
    date = fields.Date(readonly=True)
    policy_id = fields.Many2one(comodel_name="dunning.policy", readonly=True)
    level_id = fields.Many2one(comodel_name="dunning.level", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["dunning.level"]._fields["kind"].selection,
        string="Kind of letter",
        readonly=True,
    )
    channel = fields.Selection(
        selection=[
            ("email", "E-mail"),
            ("post", "Post"),
            ("both", "E-mail and post"),
            ("registered", "Registered post"),
        ],
        readonly=True,
    )
    size = fields.Selection(
        selection=[
            ("small", "Less than 100"),
            ("medium", "100 to 1,000"),
            ("large", "1,000 to 10,000"),
            ("huge", "10,000 and more"),
        ],
        string="Amount of the item",
        readonly=True,
    )
    debtor_kind = fields.Selection(
        selection=[("business", "Business"), ("consumer", "Consumer")],
        string="Kind of debtor",
        readonly=True,
    )
    amount = fields.Monetary(string="Asked", readonly=True)
    within_7 = fields.Monetary(string="Paid within 7 days", readonly=True)
    within_14 = fields.Monetary(string="Paid within 14 days", readonly=True)
    within_30 = fields.Monetary(string="Paid within 30 days", readonly=True)
    share_7 = fields.Float(
        string="Share within 7 days (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Average share of an item that is paid within seven days of the letter. "
        "Letters of less than seven days ago do not count.",
    )
    share_14 = fields.Float(
        string="Share within 14 days (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
    )
    share_30 = fields.Float(
        string="Share within 30 days (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
    )
    is_last = fields.Boolean(
        string="Last before payment",
        readonly=True,
        help="The item was settled, and no letter about it came after this one.",
    )

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        self.env.flush_all()
        within = {
            f"within_{days}": SQL(
                "COALESCE(SUM(part.debit_amount_currency) "
                "FILTER (WHERE part.max_date <= notice.date + %s), 0)",
                days,
            )
            for days in (7, 14, 30)
        }
        return SQL(
            QUERY,
            days=sql_days(self.env),
            kind=self.env["res.partner"]._dunning_sql_debtor_kind("debtor"),
            **within,
        )
