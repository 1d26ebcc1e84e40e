from odoo import api, models
from odoo.tools import SQL

from ..tools.plan import OpenItem
from ..tools.protection import REPRESENTED_KINDS

#: Codes of payment methods by which the creditor collects the invoice himself.
DIRECT_DEBIT_CODES = ("sdd", "sepa_direct_debit", "direct_debit")


class AccountMoveLine(models.Model):
    """The parts of the one statement that selects open items."""

    _inherit = "account.move.line"

    @api.model
    def _dunning_sql_entries(self, company, partners):
        """Open receivable entries: items to be dunned and the credits against them.

        The instalment is the unit.
        """
        return SQL(
            """
            SELECT line.id, line.partner_id, line.currency_id,
                   %(is_item)s AS is_item,
                   line.move_id,
                   COALESCE(line.date_maturity, line.date) AS due,
                   LEAST(move.invoice_date, move.delivery_date, line.date) AS arose,
                   line.amount_residual_currency AS residual,
                   line.amount_residual AS residual_company,
                   ABS(move.amount_total_signed) AS invoice_total,
                   COALESCE(line.no_followup, FALSE)
                       OR move.payment_state = 'blocked' AS excluded,
                   COALESCE(move.is_move_sent, FALSE)
                       OR move.move_type = 'entry' AS is_sent,
                   move.payment_state = 'in_payment' AS in_payment,
                   %(direct_debit)s AS direct_debit,
                   move.dunning_charge_notice_id IS NOT NULL AS is_charge,
                   move.dunning_policy_id AS move_policy_id,
                   %(finding)s AS finding
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
             WHERE %(is_open)s
               AND line.company_id = %(company_id)s
               AND %(partners)s
            """,
            is_item=self._dunning_sql_is_item(),
            is_open=self._dunning_sql_is_open(),
            direct_debit=self._dunning_sql_direct_debit(),
            finding=self.env["account.move"]._dunning_sql_finding(company),
            company_id=company.id,
            partners=SQL("line.partner_id IN %s", tuple(partners.ids or [0]))
            if partners is not None
            else SQL("TRUE"),
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
            (line.amount_residual > 0 AND (
                move.move_type IN ('out_invoice', 'out_receipt')
                OR (
                    move.move_type = 'entry'
                    AND line.no_followup IS FALSE
                    AND line.journal_id IN (
                        SELECT id FROM account_journal WHERE type = 'general'
                    )
                )
            ))
            """
        )

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
    def _dunning_sql_credits(self):
        """What each debtor may set off, per currency and over all currencies."""
        return SQL(
            """
            SELECT partner_id, currency_id,
                   COALESCE(SUM(residual) FILTER (WHERE residual < 0), 0)::float
                       AS credits,
                   COALESCE(
                       SUM(SUM(residual_company) FILTER (WHERE residual_company < 0))
                           OVER (PARTITION BY partner_id),
                       0
                   )::float AS credits_company
              FROM entry
          GROUP BY partner_id, currency_id
            """
        )

    @api.model
    def _dunning_sql_debtors(self, company):
        """The debtors with the contact and the addresses that letters go to.

        Letters go to the dunning contact, else to the first invoice address, else to
        the debtor; where that contact has no address, the debtor's own is used. Those
        to whoever represents the debtor by law go to that address only.
        """
        return SQL(
            """
            SELECT debtor.id AS partner_id,
                   contact.id AS recipient_id,
                   %(debtor_kind)s AS debtor_kind,
                   (debtor.dunning_policy_id ->> %(company_id)s)::int AS policy_id,
                   contact.email_normalized IS NOT NULL
                       OR NOT represented AND debtor.email_normalized IS NOT NULL
                       AS has_email,
                   %(contact_post)s OR NOT represented AND %(debtor_post)s AS has_post,
                   CASE WHEN represented THEN protection.id END AS representation_id,
                   protection.kind,
                   protection.date AS protected_from,
                   protection.date_end AS protected_until
              FROM res_partner debtor
         LEFT JOIN dunning_protection protection
                ON protection.partner_id = debtor.id
               AND protection.ended_on IS NULL
        CROSS JOIN LATERAL (
                SELECT protection.representative_id IS NOT NULL
                   AND protection.kind IN %(represented)s AS represented
                   ) AS law
              JOIN res_partner contact
                ON contact.id = COALESCE(
                   CASE WHEN represented THEN protection.representative_id END,
                   debtor.dunning_contact_id,
                   (
                       SELECT MIN(child.id)
                         FROM res_partner child
                        WHERE child.parent_id = debtor.id
                          AND child.type = 'invoice'
                          AND child.active
                   ),
                   debtor.id
                   )
             WHERE debtor.id IN (SELECT partner_id FROM credit)
            """,
            debtor_kind=self.env["res.partner"]._dunning_sql_debtor_kind("debtor"),
            company_id=str(company.id),
            contact_post=self._dunning_sql_has_post("contact"),
            debtor_post=self._dunning_sql_has_post("debtor"),
            represented=REPRESENTED_KINDS,
        )

    @api.model
    def _dunning_sql_has_post(self, alias):
        """Whether a partner has an address that the post can deliver to."""
        return SQL(" AND ").join(
            SQL("COALESCE(%s, '') != ''", SQL.identifier(alias, column))
            for column in ("street", "zip", "city")
        )

    @api.model
    def _dunning_sql_latest(self):
        """The last effective letter about each item: the level it stands at."""
        return SQL(
            """
            SELECT last.move_line_id, last.deadline, level.id AS level_id,
                   level.policy_id, level.sequence, %(rank)s AS rank
              FROM (
                SELECT DISTINCT ON (line.move_line_id)
                       line.move_line_id, line.deadline, line.level_id
                  FROM entry
                  JOIN dunning_notice_line line ON line.move_line_id = entry.id
                 WHERE entry.is_item
                   AND line.state = 'sent'
                   AND line.level_id NOT IN (
                       SELECT id FROM dunning_level WHERE kind = 'limitation_notice'
                   )
              ORDER BY line.move_line_id, line.deadline DESC, line.id DESC
                   ) last
              JOIN dunning_level level ON level.id = last.level_id
            """,
            rank=self.env["dunning.level"]._dunning_sql_rank("level"),
        )

    @api.model
    def _dunning_sql_letters(self, company):
        """What is under way to each debtor, and when he was last written to."""
        return SQL(
            """
            SELECT partner_id, currency_id,
                   BOOL_OR(state = 'failed') AS is_failed,
                   BOOL_OR(state IN ('draft', 'queued', 'pending')) AS is_underway,
                   MAX(MAX(date) FILTER (WHERE state = 'sent'))
                       OVER (PARTITION BY partner_id) AS last_contact
              FROM dunning_notice
             WHERE company_id = %(company_id)s
               AND state != 'cancelled'
               AND is_limitation IS NOT TRUE
               AND partner_id IN (SELECT partner_id FROM credit)
          GROUP BY partner_id, currency_id
            """,
            company_id=company.id,
        )

    @api.model
    def _dunning_sql_debtor_rows(self, company):
        """A row for each debtor and currency: :class:`OpenDebtor` as JSON, no item."""
        return SQL(
            """
            SELECT JSON_BUILD_ARRAY(
                       recipient_id, debtor_kind, policy_id, has_email, has_post,
                       COALESCE(is_failed, FALSE), COALESCE(is_underway, FALSE),
                       credits, credits_company, representation_id, kind,
                       last_contact, protected_from, protected_until
                   )::text AS debtor,
                   partner_id, currency_id, %(no_item)s
              FROM credit
              JOIN (%(debtors)s) person USING (partner_id)
         LEFT JOIN (%(letters)s) letter USING (partner_id, currency_id)
            """,
            debtors=self._dunning_sql_debtors(company),
            letters=self._dunning_sql_letters(company),
            no_item=SQL(", ").join(
                SQL("NULL AS %s", SQL.identifier(name)) for name in OpenItem._fields[3:]
            ),
        )

    @api.model
    def _dunning_sql_item_rows(self):
        """A row for each open item, in the order of :class:`OpenItem`, no debtor.

        Amounts are cast: numerics would be turned into floats one by one in Python.
        """
        return SQL(
            """
            SELECT NULL, entry.partner_id, entry.currency_id,
                   entry.id, entry.move_id, entry.due,
                   CASE WHEN hold.disputed IS NULL THEN entry.residual
                        ELSE entry.residual - hold.disputed END::float,
                   CASE WHEN hold.disputed IS NULL THEN entry.residual_company
                        ELSE entry.residual_company
                             * (1 - hold.disputed / NULLIF(entry.residual, 0))
                        END::float,
                   entry.invoice_total::float, entry.excluded, entry.is_sent,
                   entry.in_payment OR entry.move_id IN (%(payments)s),
                   entry.direct_debit, entry.move_policy_id,
                   latest.policy_id, latest.sequence, latest.rank, latest.level_id,
                   latest.deadline, hold.hold_id, hold.kind, hold.hold_until,
                   entry.finding, COALESCE(hold.disputed::float, 0), hold.date_term,
                   COALESCE(arrangement.is_active, FALSE), arrangement.offered_until,
                   arrangement.lapse_deadline, entry.is_charge, entry.arose
              FROM entry
         LEFT JOIN latest ON latest.move_line_id = entry.id
         LEFT JOIN hold ON hold.move_line_id = entry.id
         LEFT JOIN arrangement ON arrangement.move_line_id = entry.id
             WHERE entry.is_item
            """,
            payments=self._dunning_sql_payments(),
        )
