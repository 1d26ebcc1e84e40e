from odoo import api, models
from odoo.tools import SQL

from ..tools.protection import REPRESENTED_KINDS


class AccountMoveLine(models.Model):
    """Who owes the open items that the one statement selects."""

    _inherit = "account.move.line"

    @api.model
    def _dunning_sql_credits(self):
        """What each debtor may set off, per currency and over all currencies."""
        return SQL(
            """
            SELECT partner_id, currency_id,
                   COALESCE(SUM(residual) FILTER (WHERE residual < 0), 0)::float
                       AS credits,
                   COALESCE(
                       SUM(SUM(amount_residual) FILTER (WHERE amount_residual < 0))
                           OVER (PARTITION BY partner_id),
                       0
                   )::float AS credits_company
              FROM entry
          GROUP BY partner_id, currency_id
            """
        )

    @api.model
    def _dunning_sql_debtors(self, company, among):
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
                   debtor.dunning_contact_id,
                   invoicing.id,
                   debtor.id
                   )
            """,
            debtor_kind=self.env["res.partner"]._dunning_sql_debtor_kind("debtor"),
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
            SQL("COALESCE(%s, '') != ''", SQL.identifier(alias, column))
            for column in ("street", "zip", "city")
        )

    @api.model
    def _dunning_sql_letters(self, company, among):
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
               AND %(among)s
          GROUP BY partner_id, currency_id
            """,
            company_id=company.id,
            among=self._dunning_sql_among("dunning_notice", "partner_id", among),
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
                       credits, credits_company, representation_id, kind,
                       last_contact, protected_from, protected_until
                   )::text AS debtor
              FROM credit
              JOIN (%(debtors)s) person USING (partner_id)
         LEFT JOIN (%(letters)s) letter USING (partner_id, currency_id)
            """,
            debtors=self._dunning_sql_debtors(company, among),
            letters=self._dunning_sql_letters(company, among),
            no_item=SQL(", ").join([SQL("NULL")] * 7),
        )
