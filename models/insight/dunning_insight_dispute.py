from odoo import fields, models
from odoo.tools import SQL

QUERY = """
SELECT hold.id, hold.company_id, hold.partner_id, hold.user_id, hold.category_id,
       hold.date_from AS date, hold.outcome, hold.currency_id,
       hold.amount_disputed AS amount, hold.date_end - hold.date_from AS days,
       CASE WHEN hold.date_end IS NULL THEN 'open' ELSE 'ended' END AS state,
       CASE WHEN hold.outcome IS NULL THEN NULL
            WHEN hold.outcome = 'justified' THEN 100 ELSE 0 END AS share_justified
  FROM dunning_hold hold
 WHERE hold.kind = 'dispute'
"""


class DunningInsightDispute(models.Model):
    """What customers dispute: what goes wrong in one's own house."""

    _name = "dunning.insight.dispute"
    _description = "Disputes and their outcome"
    _order = "date desc, id desc"
    _auto = False
    _rec_name = "partner_id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Debtor", readonly=True
    )
    user_id = fields.Many2one(comodel_name="res.users", string="Owner", readonly=True)
    category_id = fields.Many2one(
        comodel_name="dunning.dispute.category", readonly=True
    )
    date = fields.Date(string="Since", readonly=True)
    state = fields.Selection(
        selection=[("open", "Without answer"), ("ended", "Answered")], readonly=True
    )
    outcome = fields.Selection(
        selection=[
            ("justified", "Justified"),
            ("unjustified", "Not justified"),
            ("withdrawn", "Withdrawn"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(string="Disputed", readonly=True)
    days = fields.Integer(string="Days until answered", readonly=True, aggregator="avg")
    share_justified = fields.Float(
        string="Justified (%)", digits=(16, 1), readonly=True, aggregator="avg"
    )

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        self.env.flush_all()
        return SQL(QUERY)
