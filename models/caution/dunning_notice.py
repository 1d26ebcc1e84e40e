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
        """Say what is owed to the debtor, and that his address bounced: one statement.

        Nothing is set off by itself: somebody has to declare it (6:127 BW), or agree.
        """
        # EXTENDS 'l10n_nl_dunning'
        super()._compute_warning()
        proposed = self._origin.filtered(lambda notice: notice.state in OPEN_STATES)
        for company, notices in proposed.grouped("company_id").items():
            bills, bounces = notices._find_cautions(company)
            for notice in self & notices if bills or bounces else ():
                debtor = notice.partner_id.commercial_partner_id
                texts = [
                    notice.warning,
                    notice._warn_bills(bills.get(debtor.id)),
                    notice.by_email
                    and notice._warn_bounces(bounces.get(notice.recipient_id.id)),
                ]
                notice.warning = " ".join(filter(None, texts)) or False

    # === BUSINESS METHODS === #

    def _find_cautions(self, company):
        """Return what is owed to the debtors of these letters, and whose mails bounced.

        :param company: the `res.company`
        :return: amounts in its currency by id of the debtor, and how many mails by id
            of the recipient
        :rtype: tuple[dict, dict]
        """
        self.env["account.move.line"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id", "message_bounce"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT 'bill', partner.commercial_partner_id,
                       -SUM(line.amount_residual)::float
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
                SELECT 'bounce', id, message_bounce
                  FROM res_partner
                 WHERE id IN %(recipients)s AND message_bounce > 0
                """,
                company_id=company.id,
                debtors=self.partner_id.commercial_partner_id._ids or (0,),
                recipients=self.recipient_id._ids or (0,),
            )
        )
        found = defaultdict(dict)
        for kind, record_id, value in rows:
            found[kind][record_id] = value
        return found["bill"], found["bounce"]

    def _warn_bills(self, amount):
        """Say what is owed to the debtor of this letter, if anything is."""
        if not amount:
            return ""
        currency = self.company_id.currency_id
        return self.env._(
            "We owe this customer %s on bills that are open: they can be set off.",
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
