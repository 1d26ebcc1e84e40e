from odoo import fields, models
from odoo.tools import SQL

#: Each source has numbers of its own: five of them.
QUERY = """
SELECT notice.id::bigint * 8 AS id, notice.company_id, notice.partner_id,
       notice.currency_id, notice.date, 'announced' AS step, 'costs' AS what,
       notice.amount_announced AS amount
  FROM dunning_notice notice
 WHERE notice.state = 'sent' AND notice.amount_announced > 0
 UNION ALL
SELECT notice.id::bigint * 8 + 1, notice.company_id, notice.partner_id,
       notice.currency_id, notice.date, 'claimed', 'costs',
       notice.amount_costs + notice.amount_costs_vat
  FROM dunning_notice notice
 WHERE notice.state = 'sent' AND notice.amount_costs > 0
 UNION ALL
SELECT notice.id::bigint * 8 + 2, notice.company_id, notice.partner_id,
       notice.currency_id, notice.date, 'claimed', 'interest', notice.amount_interest
  FROM dunning_notice notice
 WHERE notice.state = 'sent' AND notice.amount_interest > 0
 UNION ALL
SELECT move.id::bigint * 8 + 3, move.company_id, move.commercial_partner_id,
       move.currency_id, move.invoice_date, 'charged', 'both',
       CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END * move.amount_total
  FROM account_move move
 WHERE move.state = 'posted' AND move.dunning_charge_notice_id IS NOT NULL
 UNION ALL
SELECT part.id::bigint * 8 + 4, part.company_id, move.commercial_partner_id,
       move.currency_id, part.max_date, 'received', 'both', part.debit_amount_currency
  FROM account_partial_reconcile part
  JOIN account_move_line item ON item.id = part.debit_move_id
  JOIN account_move move ON move.id = item.move_id
  JOIN account_move_line credit ON credit.id = part.credit_move_id
  JOIN account_move payment ON payment.id = credit.move_id
 WHERE move.dunning_charge_notice_id IS NOT NULL
   AND payment.move_type != 'out_refund'
 UNION ALL
SELECT waiver.id::bigint * 8 + 5, waiver.company_id, waiver.partner_id,
       waiver.currency_id, waiver.date, 'waived', 'costs', waiver.amount_costs
  FROM dunning_waiver waiver
 WHERE waiver.end_date IS NULL AND waiver.amount_costs > 0
 UNION ALL
SELECT waiver.id::bigint * 8 + 6, waiver.company_id, waiver.partner_id,
       waiver.currency_id, waiver.date, 'waived', 'interest', waiver.amount_interest
  FROM dunning_waiver waiver
 WHERE waiver.end_date IS NULL AND waiver.amount_interest > 0
"""


class DunningInsightCost(models.Model):
    """What becomes of interest and collection costs, from letter to money."""

    _name = "dunning.insight.cost"
    _description = "Interest and costs"
    _order = "date desc, id desc"
    _auto = False
    _rec_name = "partner_id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Debtor", readonly=True
    )
    date = fields.Date(readonly=True)
    step = fields.Selection(
        selection=[
            ("announced", "Announced"),
            ("claimed", "Claimed"),
            ("charged", "Charged"),
            ("received", "Received"),
            ("waived", "Waived"),
        ],
        readonly=True,
        help="A claim is repeated by each letter that claims it. What was received is "
        "what was paid of charges in the ledger.",
    )
    what = fields.Selection(
        selection=[
            ("interest", "Interest"),
            ("costs", "Collection costs"),
            ("both", "Interest and costs"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(readonly=True)

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        self.env.flush_all()
        return SQL(QUERY)
