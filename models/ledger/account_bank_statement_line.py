from odoo import api, models
from odoo.tools import SQL

from .engine import BankLine

#: What tells that money waits, and for whom it may be.
WAITING_FIELDS = (
    *("company_id", "move_id", "partner_id", "account_number", "payment_ref"),
    *("amount", "amount_residual", "currency_id", "is_reconciled"),
)


class AccountBankStatementLine(models.Model):
    """Money that came in and that nobody matched yet."""

    _inherit = "account.bank.statement.line"

    # === BUSINESS METHODS === #

    @api.model
    def _get_dunning_waiting(self, company):
        """Return what waits at the bank of a company: one statement.

        A line without debtor is his whose account number it came from.

        :param company: the `res.company`
        :return: the oldest first
        :rtype: list[BankLine]
        """
        self.flush_model(WAITING_FIELDS)
        self.env["account.move"].flush_model(["date", "state"])
        rows = self.env.execute_query(self._dunning_sql_waiting(company))
        return [BankLine(*row) for row in rows]

    @api.model
    def _dunning_sql_waiting(self, company):
        """What waits at the bank of a company, see `BankLine`."""
        return SQL(
            """
            SELECT line.id, move.date,
                   COALESCE(NULLIF(ABS(line.amount_residual), 0), line.amount)
                       ::float,
                   line.currency_id,
                   COALESCE(
                       partner.commercial_partner_id, holder.commercial_partner_id
                   ),
                   line.payment_ref
              FROM account_bank_statement_line line
              JOIN account_move move ON move.id = line.move_id
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
         LEFT JOIN LATERAL (
                   SELECT MIN(bank.partner_id) AS partner_id
                     FROM res_partner_bank bank
                    WHERE line.partner_id IS NULL
                      AND bank.active
                      AND bank.sanitized_acc_number = UPPER(
                          REGEXP_REPLACE(line.account_number, '\\W+', '', 'g'))
                   ) known ON TRUE
         LEFT JOIN res_partner holder ON holder.id = known.partner_id
             WHERE line.company_id = %(company_id)s
               AND line.is_reconciled IS NOT TRUE
               AND line.amount > 0
               AND move.state = 'posted'
          ORDER BY move.date, line.id
            """,
            company_id=company.id,
        )
