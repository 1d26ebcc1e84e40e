from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL, formatLang

from ..notice.dunning_notice import OPEN_STATES


class DunningNotice(models.Model):
    """Proposed letters to who sends bills himself, or whose mails came back before."""

    _inherit = "dunning.notice"

    # === COMPUTE METHODS === #

    @api.depends("recipient_id", "by_email")
    def _compute_warning(self):
        """Say what is owed to the debtor, and that his mails came back: one statement.

        Nothing is set off by itself: somebody has to declare it (6:127 BW), or agree.
        """
        # EXTENDS 'l10n_nl_dunning'
        result = super()._compute_warning()
        proposed = self._origin.filtered(lambda notice: notice.state in OPEN_STATES)
        for company, notices in proposed.grouped("company_id").items():
            found = notices._find_cautions(company)
            for notice in self & notices if found else ():
                debtor = notice.partner_id.commercial_partner_id
                texts = [
                    notice.warning,
                    notice._warn_bills(found["bill"].get(debtor.id)),
                    notice._warn_credits(found["credit"].get(debtor.id)),
                    notice._warn_gone(found["gone"].get(debtor.id)),
                    notice.by_email
                    and notice._warn_bounces(
                        found["bounce"].get(notice.recipient_id.id)
                    ),
                ]
                notice.warning = " ".join(filter(None, texts)) or False
        return result

    # === BUSINESS METHODS === #

    def _find_cautions(self, company):
        """Return what is owed to the debtors of these letters, and whose mails bounced.

        :param company: the `res.company`
        :return: of bills, and of money that left without a credit to pay out, the
            amount in its currency, and of credits amounts by id of the currency, by id
            of the debtor; how many mails by that of the recipient
        :rtype: defaultdict[str, dict]
        """
        self.env["account.move.line"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id", "message_bounce"])
        rows = self.env.execute_query(self._sql_cautions(company))
        found = defaultdict(dict)
        for kind, record_id, value, currency_id in rows:
            if kind == "credit":
                found[kind].setdefault(record_id, {})[currency_id] = value
            else:
                found[kind][record_id] = value
        return found

    def _sql_cautions(self, company):
        """What there is about debtors and recipients, see `_find_cautions`."""
        return SQL(
            """
            SELECT 'bill', partner.commercial_partner_id,
                   -SUM(line.amount_residual)::float, NULL::int
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE account.account_type = 'liability_payable'
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.company_id = %(company_id)s
               AND partner.commercial_partner_id IN %(debtors)s
          GROUP BY 1, 2
            HAVING SUM(line.amount_residual) < 0
         UNION ALL
            %(credits)s
         UNION ALL
            SELECT 'bounce', id, message_bounce, NULL
              FROM res_partner
             WHERE id IN %(recipients)s AND message_bounce > 0
            """,
            company_id=company.id,
            debtors=self.partner_id.commercial_partner_id._ids or (0,),
            credits=self._sql_credits(company),
            recipients=self.recipient_id._ids or (0,),
        )

    def _sql_credits(self, company):
        """What the debtors have with us by currency, and what left beyond that."""
        MoveLine = self.env["account.move.line"]
        return SQL(
            """
            SELECT 'credit', debtor_id, -SUM(residual)::float, currency_id
              FROM (%(entries)s) entry
             WHERE residual < 0
          GROUP BY debtor_id, currency_id
         UNION ALL
            SELECT 'gone', debtor_id, SUM(amount_residual)::float, NULL
              FROM (%(entries)s) entry
          GROUP BY debtor_id
            HAVING SUM(amount_residual) > 0
            """,
            entries=SQL(
                """
                SELECT partner.commercial_partner_id AS debtor_id, line.currency_id,
                       line.amount_residual, line.amount_residual_currency AS residual
                  FROM account_move_line line
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE %(is_open)s
                   AND line.company_id = %(company_id)s
                   AND (line.amount_residual < 0 OR %(is_paid_out)s)
                   AND partner.commercial_partner_id IN %(debtors)s
                """,
                is_open=MoveLine._dunning_sql_is_open(),
                is_paid_out=MoveLine._dunning_sql_is_paid_out(),
                company_id=company.id,
                debtors=self.partner_id.commercial_partner_id._ids or (0,),
            ),
        )

    def _warn_bills(self, amount):
        """Say what is owed to the debtor of this letter, if anything is."""
        if not amount:
            return ""
        currency = self.company_id.currency_id
        return self.env._(
            "We owe this customer %s on bills that are open: they can be set off.",
            formatLang(self.env, amount, currency_obj=currency),
        )

    def _warn_credits(self, amounts):
        """Say that the debtor has credits in other currencies than that of the letter.

        They do not answer to the claim (6:127(2) BW), but may be meant for it.

        :param dict amounts: by id of the currency
        """
        texts = [
            formatLang(
                self.env,
                amount,
                currency_obj=self.env["res.currency"].browse(currency_id),
            )
            for currency_id, amount in sorted((amounts or {}).items())
            if currency_id != self.currency_id.id
        ]
        return bool(texts) and self.env._(
            "The customer has open credits in another currency, which are not set off: "
            "%s.",
            ", ".join(texts),
        )

    def _warn_gone(self, amount):
        """Say that money went back to the debtor for which there was no credit.

        A direct debit that came back, perhaps: its invoice still counts as paid.

        :param float amount: in the currency of the company, None when there is nothing
        """
        if not amount:
            return ""
        currency = self.company_id.currency_id
        return self.env._(
            "%s went back to the customer and was not matched. Where a payment came "
            "back, match it with that payment, so that its invoice is open again.",
            formatLang(self.env, amount, currency_obj=currency),
        )

    def _warn_bounces(self, count):
        """Say that earlier mails to the recipient came back, if they did."""
        if not count:
            return ""
        return self.env._(
            "Earlier e-mails to %(recipient)s came back (%(count)s): check the "
            "address.",
            recipient=self.recipient_id.display_name,
            count=int(count),
        )
