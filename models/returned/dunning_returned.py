from odoo import api, fields, models, tools
from odoo.tools import SQL

from ...law import add_working_days
from ..ledger.account_move_line import DIRECT_DEBIT_CODES, INVOICE_TYPES


class DunningReturned(models.Model):
    """A payment of an open item that was undone.

    Whether the money went back is not stored but read from the ledger: it did not while
    the payment waits to be allocated, nor when it was allocated to other invoices.
    """

    _name = "dunning.returned"
    _description = "Payment that was undone"
    _order = "date desc, id desc"

    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Item",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="move_line_id.company_id", store=True)
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    amount = fields.Monetary(required=True)
    date = fields.Date(string="Undone on", required=True)
    date_until = fields.Date(
        string="Term until",
        required=True,
        help="Last day of the term that the customer gets before the next letter.",
    )
    date_payment = fields.Date(string="Paid on", required=True)
    is_collected = fields.Boolean(
        string="Collected by the company",
        help="By direct debit, or by a payment method that the customer saved.",
    )
    is_mistake = fields.Boolean(
        string="Own mistake",
        help="Booked by mistake: the customer did not pay, and nothing came back.",
    )
    payment_id = fields.Many2one(
        comodel_name="account.payment", index="btree_not_null", ondelete="set null"
    )
    credit_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Entry of the payment",
        index="btree_not_null",
        ondelete="set null",
    )
    statement_line_id = fields.Many2one(
        comodel_name="account.bank.statement.line",
        index="btree_not_null",
        ondelete="set null",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list and not self._is_any():
            self.env.registry.clear_cache()
        return super().create(vals_list)

    # === BUSINESS METHODS === #

    @api.model
    @tools.ormcache()
    def _is_any(self):
        """Whether a payment ever came back: most books need not be looked at."""
        # sudo: the same for all users, whose answer is kept
        return bool(self.sudo().search_count([], limit=1))

    @api.model
    def _record(self, item, amount, date_payment, **values):
        """Return the values of a payment of an item that is undone today.

        :param item: the `account.move.line` that is open again
        :param float amount: in the currency of the item
        :param date date_payment: the day of the payment
        :param values: what is known of the payment
        :rtype: dict
        """
        company = item.company_id
        today = company._get_dunning_today()
        # sudo: whoever undoes a payment, a job or a payment provider too
        days = company.sudo().dunning_returned_days
        return {
            "move_line_id": item.id,
            "amount": amount,
            "date": today,
            "date_until": add_working_days(today, days),
            "date_payment": date_payment,
            **values,
        }

    @api.model
    def _is_collection(self, payment):
        """Whether the company collected a payment itself."""
        return bool(
            payment.payment_token_id
            or payment.payment_method_line_id.code in DIRECT_DEBIT_CODES
        )

    @api.model
    def _find(self, items):
        """Return the payments of some items that went back: one statement.

        :param items: the `account.move.line`
        :return: the last one first
        :rtype: recordset of `dunning.returned`
        """
        if not items or not self._is_any():
            return self.browse()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT returned.id
                  FROM dunning_returned returned
                 WHERE returned.move_line_id IN %s AND %s
              ORDER BY returned.date DESC, returned.id DESC
                """,
                items._ids,
                self._sql_is_back(),
            )
        )
        return self.browse(row_id for (row_id,) in rows)

    @api.model
    def _sql_is_back(self):
        """Whether the money of `returned` is really gone."""
        to_invoice = SQL(
            """
            SELECT FROM account_partial_reconcile partial
              JOIN account_move_line debit ON debit.id = partial.debit_move_id
              JOIN account_move invoice ON invoice.id = debit.move_id
             WHERE partial.credit_move_id = credit.id
               AND invoice.move_type IN %s
            """,
            INVOICE_TYPES,
        )
        return SQL(
            """
            (returned.is_mistake IS NOT TRUE
             AND NOT EXISTS (
                 SELECT FROM account_move_line credit
                  WHERE credit.id = returned.credit_line_id
                    AND credit.parent_state = 'posted'
                    AND (credit.reconciled IS NOT TRUE OR EXISTS (%(to_invoice)s))
             )
             AND NOT EXISTS (
                 SELECT FROM account_bank_statement_line line
                  WHERE line.id = returned.statement_line_id
                    AND (line.is_reconciled IS NOT TRUE OR EXISTS (
                        SELECT FROM account_move_line credit
                         WHERE credit.move_id = line.move_id
                           AND EXISTS (%(to_invoice)s)
                    ))
             )
             AND NOT EXISTS (
                 SELECT FROM account_payment payment
                  WHERE payment.id = returned.payment_id
                    AND payment.move_id IS NULL
                    AND payment.state IN ('in_process', 'paid')
             ))
            """,
            to_invoice=to_invoice,
        )
