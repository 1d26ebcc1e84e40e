from odoo import api, models
from odoo.tools import SQL

#: Codes of payment methods by which the creditor collects the invoice himself.
DIRECT_DEBIT_CODES = ("sdd", "sepa_direct_debit", "direct_debit")


class AccountMoveLine(models.Model):
    """The parts of the one statement that selects open items."""

    _inherit = "account.move.line"

    @api.model
    def _dunning_sql_selection(self, company, today, among):
        """The one statement that selects open items, see `read_items`.

        :param company: the `res.company`
        :param SQL today: the day for which is planned
        :param SQL among: condition on ids of debtors, to be put behind a column; all
            of them without
        """
        return SQL(
            """
            WITH entry AS MATERIALIZED (%(entries)s),
                 credit AS MATERIALIZED (%(credits)s),
                 latest AS (%(latest)s),
                 hold AS (%(holds)s),
                 arrangement AS (%(arrangements)s),
                 paying AS MATERIALIZED (%(payments)s)
            %(debtors)s UNION ALL %(items)s
            ORDER BY partner_id, currency_id, due NULLS FIRST, line_id
            """,
            entries=self._dunning_sql_entries(company, among),
            credits=self._dunning_sql_credits(),
            latest=self._dunning_sql_latest(),
            holds=self._dunning_sql_holds(company, today),
            arrangements=self._dunning_sql_arrangements(among),
            payments=self._dunning_sql_payments(),
            debtors=self._dunning_sql_debtor_rows(company, among),
            items=self._dunning_sql_item_rows(company),
        )

    @api.model
    def _dunning_sql_entries(self, company, among):
        """Open receivable entries: what is to be paid, and the credits against it."""
        return SQL(
            """
            SELECT line.id, line.partner_id, line.currency_id, line.move_id,
                   line.journal_id, line.date, line.no_followup, line.amount_residual,
                   COALESCE(line.date_maturity, line.date) AS due,
                   line.amount_residual_currency AS residual
              FROM account_move_line line
             WHERE %(is_open)s
               AND line.company_id = %(company_id)s
               AND %(among)s
            """,
            is_open=self._dunning_sql_is_open(),
            company_id=company.id,
            among=self._dunning_sql_among("line", "partner_id", among),
        )

    @api.model
    def _dunning_sql_is_open(self):
        """Whether `line` is an open entry on an account of customers."""
        return SQL(
            """
            line.reconciled IS NOT TRUE
            AND line.parent_state = 'posted'
            AND line.partner_id IS NOT NULL
            AND line.amount_residual != 0
            AND line.account_id = ANY(ARRAY(
                SELECT id FROM account_account WHERE account_type = 'asset_receivable'
            ))
            """
        )

    @api.model
    def _dunning_sql_is_item(self):
        """Whether the open `line` of `move` is an item to be dunned.

        Opening balances count when somebody switched their exclusion off; payments out
        and exchange differences never do. The domain that lists search by says the
        same, see `_get_dunning_open_domain`.
        """
        return SQL(
            """
            (line.amount_residual > 0 AND CASE move.move_type
                WHEN 'entry' THEN
                    line.no_followup IS FALSE
                    AND line.journal_id IN (
                        SELECT id FROM account_journal WHERE type = 'general'
                    )
                ELSE move.move_type IN ('out_invoice', 'out_receipt')
            END)
            """
        )

    @api.model
    def _dunning_sql_among(self, alias, column, among):
        """Whether a column is one of some debtors; any will do without them."""
        if among is None:
            return SQL("TRUE")
        return SQL("%s %s", SQL.identifier(alias, column), among)

    @api.model
    def _dunning_sql_direct_debit(self):
        """Whether the creditor collects `move` himself.

        To be extended by modules that know of mandates.
        """
        return SQL(
            """
            COALESCE(move.preferred_payment_method_line_id IN (
                SELECT method_line.id
                  FROM account_payment_method_line method_line
                  JOIN account_payment_method method
                    ON method.id = method_line.payment_method_id
                 WHERE method.code IN %s
            ), FALSE)
            """,
            DIRECT_DEBIT_CODES,
        )

    @api.model
    def _dunning_sql_payments(self):
        """The invoices that the customer is paying at a payment provider."""
        return SQL(
            """
            SELECT rel.invoice_id
              FROM account_invoice_transaction_rel rel
              JOIN payment_transaction transaction
                ON transaction.id = rel.transaction_id
             WHERE rel.invoice_id IN (SELECT move_id FROM entry)
               AND transaction.state IN ('pending', 'authorized')
            """
        )

    @api.model
    def _dunning_sql_latest(self):
        """The last effective letter about each item: the level it stands at."""
        return SQL(
            """
            SELECT last.move_line_id, last.deadline, level.text AS level
              FROM (
                SELECT DISTINCT ON (line.move_line_id)
                       line.move_line_id, line.deadline, line.level_id
                  FROM entry
                  JOIN dunning_notice_line line ON line.move_line_id = entry.id
                 WHERE line.state = 'sent'
                   AND line.level_id NOT IN (
                       SELECT id FROM dunning_level WHERE kind = 'limitation_notice'
                   )
              ORDER BY line.move_line_id, line.deadline DESC, line.id DESC
                   ) last
              JOIN (
                SELECT id,
                       JSON_BUILD_ARRAY(id, policy_id, sequence, %(rank)s)::text AS text
                  FROM dunning_level level
                OFFSET 0  -- once for each level
                   ) level ON level.id = last.level_id
            """,
            rank=self.env["dunning.level"]._dunning_sql_rank("level"),
        )

    @api.model
    def _dunning_sql_items(self, company):
        """The entries that are dunned, with what their invoices tell.

        The instalment is the unit.
        """
        return SQL(
            """
            SELECT line.*,
                   ABS(move.amount_total_signed) AS invoice_total,
                   COALESCE(line.no_followup, FALSE)
                       OR move.payment_state = 'blocked' AS excluded,
                   COALESCE(move.is_move_sent, FALSE)
                       OR move.move_type = 'entry' AS is_sent,
                   move.payment_state = 'in_payment'
                       OR move.id IN (SELECT invoice_id FROM paying) AS in_payment,
                   %(direct_debit)s AS direct_debit,
                   move.dunning_charge_notice_id IS NOT NULL AS is_charge,
                   move.dunning_policy_id AS policy_id,
                   %(finding)s AS finding,
                   CASE WHEN line.partner_id IN (
                             SELECT partner_id
                               FROM dunning_protection
                              WHERE ended_on IS NULL
                        )
                        THEN LEAST(move.invoice_date, move.delivery_date, line.date)
                        END AS arose
              FROM entry line
              JOIN account_move move ON move.id = line.move_id
             WHERE %(is_item)s
            OFFSET 0
            """,
            is_item=self._dunning_sql_is_item(),
            direct_debit=self._dunning_sql_direct_debit(),
            finding=self.env["account.move"]._dunning_sql_finding(company),
        )

    @api.model
    def _dunning_sql_item_rows(self, company):
        """A row for each open item, without its debtor, see `read_items`.

        An amount that is the same as what is open is left out, and text otherwise: to
        make floats of numerics takes longer than all else that is done to a column.
        """
        return SQL(
            """
            SELECT item.partner_id, item.currency_id, item.due, item.id, item.move_id,
                   latest.deadline,
                   CASE WHEN hold.disputed IS NULL THEN item.residual
                        ELSE item.residual - hold.disputed END::text,
                   CASE WHEN hold.disputed IS NULL
                        THEN NULLIF(item.amount_residual, item.residual)
                        ELSE item.amount_residual
                             * (1 - hold.disputed / NULLIF(item.residual, 0))
                        END::text,
                   CASE WHEN hold.disputed IS NULL
                        THEN NULLIF(item.invoice_total, item.residual)
                        ELSE item.invoice_total END::text,
                   latest.level,
                   CASE WHEN (
                        excluded, is_sent, in_payment, direct_debit, is_charge,
                        policy_id, finding, arose, hold.move_line_id,
                        arrangement.move_line_id
                   ) IS DISTINCT FROM (
                        FALSE, TRUE, FALSE, FALSE, FALSE, NULL, NULL, NULL, NULL, NULL
                   ) THEN JSON_BUILD_ARRAY(
                        excluded, is_sent, in_payment, direct_debit, is_charge,
                        policy_id, finding, hold.hold_id, hold.kind,
                        COALESCE(hold.disputed, 0), COALESCE(is_active, FALSE),
                        hold.hold_until, hold.date_term, offered_until,
                        lapse_deadline, arose
                   )::text END,
                   NULL
              FROM (%(items)s) item
         LEFT JOIN latest ON latest.move_line_id = item.id
         LEFT JOIN hold ON hold.move_line_id = item.id
         LEFT JOIN arrangement ON arrangement.move_line_id = item.id
            """,
            items=self._dunning_sql_items(company),
        )
