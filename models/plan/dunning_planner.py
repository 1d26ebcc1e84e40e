from odoo import api, models
from odoo.tools import SQL

from ...law.protection import REPRESENTED_KINDS

#: Codes of methods of payment that take days, as a regular expression: transfers and
#: direct debits, whatever the country.
SLOW_METHODS = "transfer|debit|sdd|sepa|bank_account|bank_reference|open_banking"


class AccountMoveLine(models.Model):
    """The parts of the one statement that selects open items."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    @api.model
    def _dunning_sql_selection(self, company, today, since, among):
        """The one statement that selects open items, see `read_items`.

        :param company: the `res.company`
        :param SQL today: the day for which is planned
        :param tuple[SQL, SQL] since: see `_dunning_sql_payments`
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
            payments=self._dunning_sql_payments(*since),
            debtors=self._dunning_sql_debtor_rows(company, among),
            items=self._dunning_sql_item_rows(company),
        )

    @api.model
    def _dunning_sql_entries(self, company, among):
        """Open receivable entries: what is to be paid, and the credits against it."""
        return SQL(
            """
            SELECT line.id, %(debtor)s AS partner_id, line.currency_id, line.move_id,
                   line.journal_id, line.date, line.no_followup, line.amount_residual,
                   COALESCE(line.date_maturity, line.date) AS due,
                   line.amount_residual_currency AS residual, line.balance,
                   line.amount_residual < 0 OR %(is_paid_out)s AS is_credit
              FROM account_move_line line
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE %(is_open)s
               AND line.company_id = %(company_id)s
               AND %(among)s
            """,
            debtor=self._dunning_sql_debtor(),
            is_paid_out=self._dunning_sql_is_paid_out(),
            is_open=self._dunning_sql_is_open(),
            company_id=company.id,
            among=self._dunning_sql_among("partner", "commercial_partner_id", among),
        )

    @api.model
    def _dunning_sql_payments(self, slow_since, fast_since):
        """What customers began to pay at a payment provider, by invoice.

        A card or iDEAL tells within hours what became of a payment, a transfer or a
        direct debit takes days. After that nothing more is to be expected.

        :param SQL slow_since: moment from which a transfer may be on its way
        :param SQL fast_since: moment from which other payments may be
        """
        return SQL(
            """
            SELECT rel.invoice_id,
                   BOOL_OR(last_state_change >= limits.since) AS in_process,
                   MAX(last_state_change) FILTER (
                       WHERE last_state_change < limits.since
                   )::date AS pending_since
              FROM account_invoice_transaction_rel rel
              JOIN payment_transaction transaction
                ON transaction.id = rel.transaction_id
         LEFT JOIN payment_method method ON method.id = transaction.payment_method_id
         LEFT JOIN payment_provider provider ON provider.id = transaction.provider_id
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN transaction.state = 'authorized'
                                 OR provider.code = 'custom'
                                 OR method.code ~ %(slow)s
                               THEN %(slow_since)s ELSE %(fast_since)s END AS since
                   ) limits
             WHERE rel.invoice_id IN (SELECT move_id FROM entry)
               AND transaction.state IN ('pending', 'authorized')
          GROUP BY rel.invoice_id
            """,
            slow=SLOW_METHODS,
            slow_since=slow_since,
            fast_since=fast_since,
        )

    @api.model
    def _dunning_sql_latest(self):
        """The last effective letter about each item: the level it stands at.

        A letter counts only for the debtor who got it: with an invoice that was made
        out to somebody else all begins anew.
        """
        return SQL(
            """
            SELECT last.move_line_id, last.deadline, level.text AS level,
                   last.notice_id IN (
                       SELECT notice_id FROM dunning_delivery WHERE state = 'pending'
                   ) AS is_unposted
              FROM (
                SELECT DISTINCT ON (line.move_line_id)
                       line.move_line_id, line.deadline, line.level_id,
                       line.notice_id
                  FROM entry
                  JOIN dunning_notice_line line ON line.move_line_id = entry.id
                  JOIN dunning_notice notice ON notice.id = line.notice_id
                  JOIN res_partner debtor
                    ON debtor.id = notice.partner_id
                   AND debtor.commercial_partner_id = entry.partner_id
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

        The instalment is the unit. Of an entry with opening balances each is an item of
        its own, whatever the others come to.
        """
        return SQL(
            """
            SELECT line.*,
                   ABS(CASE move.move_type WHEN 'entry' THEN line.balance
                            ELSE move.amount_total_signed END) AS invoice_total,
                   COALESCE(line.no_followup, FALSE)
                       OR move.payment_state = 'blocked' AS excluded,
                   COALESCE(move.is_move_sent, FALSE)
                       OR move.move_type = 'entry' AS is_sent,
                   move.payment_state = 'in_payment'
                       OR COALESCE(paying.in_process, FALSE) AS in_payment,
                   paying.pending_since,
                   %(direct_debit)s AS direct_debit,
                   move.dunning_charge_notice_id IS NOT NULL AS is_charge,
                   move.dunning_policy_id AS policy_id,
                   %(finding)s AS finding,
                   CASE WHEN line.partner_id IN (
                             SELECT partner_id FROM dunning_protection
                              WHERE ended_on IS NULL
                        )
                        THEN LEAST(
                             move.invoice_date, move.delivery_date, line.date,
                             CASE move.move_type WHEN 'entry' THEN line.due END
                        ) END AS arose
              FROM entry line
              JOIN account_move move ON move.id = line.move_id
         LEFT JOIN paying ON paying.invoice_id = move.id
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
                        arrangement.move_line_id, COALESCE(is_unposted, FALSE),
                        pending_since
                   ) IS DISTINCT FROM (
                        FALSE, TRUE, FALSE, FALSE, FALSE, NULL, NULL, NULL, NULL, NULL,
                        FALSE, NULL
                   ) THEN JSON_BUILD_ARRAY(
                        excluded, is_sent, in_payment, direct_debit, is_charge,
                        policy_id, finding, hold.hold_id, hold.kind,
                        COALESCE(hold.disputed, 0), COALESCE(is_active, FALSE),
                        COALESCE(is_unposted, FALSE),
                        hold.hold_until, hold.date_term, offered_until,
                        lapse_deadline, arose, pending_since
                   )::text END,
                   NULL
              FROM (%(items)s) item
         LEFT JOIN latest ON latest.move_line_id = item.id
         LEFT JOIN hold ON hold.move_line_id = item.id
         LEFT JOIN arrangement ON arrangement.move_line_id = item.id
            """,
            items=self._dunning_sql_items(company),
        )

    # --- Who owes the open items that the one statement selects.

    @api.model
    def _dunning_sql_credits(self):
        """What each debtor may set off, per currency and over all currencies.

        What was paid out to him lowers it. More than he could set off is no claim.
        """
        return SQL(
            """
            SELECT partner_id, currency_id,
                   LEAST(SUM(residual) FILTER (WHERE is_credit), 0)::float AS credits,
                   SUM(LEAST(SUM(amount_residual) FILTER (WHERE is_credit), 0))
                       OVER (PARTITION BY partner_id)::float AS credits_company
              FROM entry
          GROUP BY partner_id, currency_id
            """
        )

    @api.model
    def _dunning_sql_debtors(self, company, among):
        """The debtors with the contact and the addresses that letters go to.

        Letters go to the dunning contact, else to the first invoice address, else to
        the debtor; where that contact has no address, the debtor's own is used. Those
        to whoever represents the debtor by law go to that address only. Who was
        archived, or left for another customer, is not written to.
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
                   %(is_abroad)s AS is_abroad,
                   NOT (debtor.active AND contact.active) AS is_archived,
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
         LEFT JOIN res_partner chosen
                ON chosen.id = debtor.dunning_contact_id
               AND chosen.commercial_partner_id = debtor.id
               AND chosen.active
         LEFT JOIN (
                SELECT parent_id, MIN(id) AS id
                  FROM res_partner invoicing
                 WHERE type = 'invoice'
                   AND active IS TRUE
                   AND %(among)s
              GROUP BY parent_id
                   ) invoicing
                ON invoicing.parent_id = debtor.id
              JOIN res_partner contact
                ON contact.id = COALESCE(
                   CASE WHEN represented THEN protection.representative_id END,
                   chosen.id,
                   invoicing.id,
                   debtor.id
                   )
            """,
            debtor_kind=self.env["res.partner"]._dunning_sql_debtor_kind("debtor"),
            is_abroad=self.env["res.partner"]._dunning_sql_is_abroad("debtor"),
            company_id=str(company.id),
            contact_post=self._dunning_sql_has_post("contact"),
            debtor_post=self._dunning_sql_has_post("debtor"),
            represented=REPRESENTED_KINDS,
            among=self._dunning_sql_among("invoicing", "parent_id", among),
        )

    @api.model
    def _dunning_sql_has_post(self, alias):
        """Whether a partner has an address that the post can deliver to."""
        return SQL(" AND ").join(
            SQL("COALESCE(%s, '') ~ '[[:alnum:]]'", SQL.identifier(alias, column))
            for column in ("street", "zip", "city")
        )

    @api.model
    def _dunning_sql_letters(self, company, among):
        """What is under way to each debtor, and when he was last written to."""
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id, notice.currency_id,
                   BOOL_OR(state = 'failed') AS is_failed,
                   BOOL_OR(state IN ('draft', 'queued', 'pending')) AS is_underway,
                   MAX(MAX(notice.date) FILTER (WHERE state = 'sent'))
                       OVER (PARTITION BY partner.commercial_partner_id)
                       AS last_contact
              FROM dunning_notice notice
              JOIN res_partner partner ON partner.id = notice.partner_id
             WHERE notice.company_id = %(company_id)s
               AND state != 'cancelled'
               AND is_limitation IS NOT TRUE
               AND %(among)s
          GROUP BY partner.commercial_partner_id, notice.currency_id
            """,
            company_id=company.id,
            among=self._dunning_sql_among("partner", "commercial_partner_id", among),
        )

    @api.model
    def _dunning_sql_debtor_rows(self, company, among):
        """A row for each debtor and currency, without an item, see `read_items`."""
        return SQL(
            """
            SELECT partner_id, currency_id, NULL::date AS due, NULL::int AS line_id,
                   %(no_item)s,
                   JSON_BUILD_ARRAY(
                       recipient_id, debtor_kind, policy_id, has_email, has_post,
                       COALESCE(is_failed, FALSE), COALESCE(is_underway, FALSE),
                       credits, credits_company, representation_id, kind, is_abroad,
                       is_archived, last_contact, protected_from, protected_until
                   )::text AS debtor
              FROM credit
              JOIN (%(debtors)s) person USING (partner_id)
         LEFT JOIN (%(letters)s) letter USING (partner_id, currency_id)
            """,
            debtors=self._dunning_sql_debtors(company, among),
            letters=self._dunning_sql_letters(company, among),
            no_item=SQL(", ").join([SQL("NULL")] * 7),
        )
