from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...tools.groups import ACCOUNTING_GROUPS
from ..promise.dunning_hold import FAILED_RESULTS

#: Letters that count against a customer.
COUNTED_KINDS = ("default_notice", "fourteen_day", "final_demand")


class PaymentRecord(NamedTuple):
    """What speaks for prepayment, zero where it stays below the threshold."""

    notices: int
    days_late: int
    promises: int


class ResPartner(models.Model):
    """Which customers had better pay in advance, and who does."""

    _inherit = "res.partner"

    dunning_prepayment_advised = fields.Boolean(
        string="Prepayment advised",
        compute="_compute_dunning_prepayment_advised",
        search="_search_dunning_prepayment_advised",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_prepayment_reason = fields.Char(
        string="Why prepayment is advised",
        compute="_compute_dunning_prepayment_advised",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_prepayment_since = fields.Date(
        string="Pays in advance since",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups=ACCOUNTING_GROUPS,
    )
    dunning_former_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Payment term before",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    @api.depends_context("company", "lang")
    def _compute_dunning_prepayment_advised(self):
        debtors = self.commercial_partner_id._origin
        records = debtors._get_dunning_payment_records(self.env.company)
        for partner in self:
            record = records.get(partner.commercial_partner_id._origin.id)
            partner.dunning_prepayment_advised = bool(record)
            partner.dunning_prepayment_reason = record and (
                self._explain_dunning_payment_record(record)
            )

    def _search_dunning_prepayment_advised(self, operator, value):
        if operator != "in":
            return NotImplemented
        records = self._get_dunning_payment_records(self.env.company, everybody=True)
        domain = Domain("commercial_partner_id", "in", list(records))
        return domain if True in value else ~domain

    @api.model
    def _commercial_fields(self):
        # EXTENDS 'base'
        return [
            *super()._commercial_fields(),
            "dunning_prepayment_since",
            "dunning_former_term_id",
        ]

    # === ACTION METHODS === #

    def action_require_dunning_prepayment(self):
        """Let this customer pay in advance from now on."""
        debtor = self._get_dunning_prepayment_debtor()
        if debtor.dunning_prepayment_since:
            return  # a colleague was first: the term before that stays known
        term = self.env.company._get_dunning_immediate_term()
        former = debtor.property_payment_term_id
        reason = self.dunning_prepayment_reason
        debtor.write(
            {
                "property_payment_term_id": term.id,
                "dunning_former_term_id": former.id,
                "dunning_prepayment_since": self.env.company._get_dunning_today(),
            }
        )
        debtor.message_post(
            body=self.env._(
                "Pays in advance from now on: the payment term %(former)s became "
                "%(term)s. %(reason)s",
                former=former.name or self.env._("(none)"),
                term=term.name,
                reason=reason or "",
            )
        )

    def action_end_dunning_prepayment(self):
        """Give this customer his former payment term back."""
        debtor = self._get_dunning_prepayment_debtor()
        former = debtor.dunning_former_term_id
        values = {"dunning_former_term_id": False, "dunning_prepayment_since": False}
        if debtor.property_payment_term_id == (
            self.env.company._get_dunning_immediate_term()
        ):  # else somebody has chosen another term since
            values["property_payment_term_id"] = former.id
        debtor.write(values)
        debtor.message_post(
            body=self.env._(
                "No longer pays in advance. Payment term: %s.",
                debtor.property_payment_term_id.name or self.env._("(none)"),
            )
        )

    # === BUSINESS METHODS === #

    def _get_dunning_prepayment_debtor(self):
        """Return the debtor whose payment term changes.

        :raise AccessError: for users who do not make invoices
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("Only who makes invoices may decide on prepayment.")
            )
        # sudo: this one thing, also without the right to edit contacts
        return self.commercial_partner_id.sudo()

    def _get_dunning_prepayment_warning(self):
        """Return what a new invoice or quotation should warn of, or an empty text."""
        self.ensure_one()
        if self.dunning_prepayment_since:
            return self.env._(
                "%(customer)s pays in advance since %(day)s.",
                customer=self.name,
                day=format_date(self.env, self.dunning_prepayment_since),
            )
        if self.dunning_prepayment_advised:
            return self.env._(
                "Prepayment advised for %(customer)s: %(reason)s",
                customer=self.name,
                reason=self.dunning_prepayment_reason,
            )
        return ""

    # --- How well customers kept their word and paid so far.

    @api.model
    def _explain_dunning_payment_record(self, record):
        """Say in plain words what speaks for prepayment.

        :param PaymentRecord record: the record of a customer
        :rtype: str
        """
        sentences = []
        if record.notices:
            sentences.append(
                self.env._(
                    "Formal letters in the last twelve months: %s.", record.notices
                )
            )
        if record.days_late:
            sentences.append(
                self.env._(
                    "Paid %(days)s days late on average over the last %(number)s "
                    "invoices.",
                    days=record.days_late,
                    # sudo: also for who may not read the settings
                    number=self.env.company.sudo().dunning_prepayment_invoices,
                )
            )
        if record.promises:
            sentences.append(
                self.env._(
                    "Promises to pay that were broken in the last twelve months: %s.",
                    record.promises,
                )
            )
        return " ".join(sentences)

    def _get_dunning_payment_records(self, company, everybody=False):
        """Return the customers whose record reaches a threshold of the company.

        :param company: the `res.company`
        :param bool everybody: all customers instead of these
        :return: what speaks for prepayment, by id of the customer
        :rtype: dict[int, PaymentRecord]
        """
        if not (self or everybody):
            return {}
        self.env.flush_all()
        settings = company.sudo()  # sudo: also for who may not read the settings
        since = company._get_dunning_today() - relativedelta(years=1)
        partner_ids = None if everybody else self._ids
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, COALESCE(notices, 0), COALESCE(days_late, 0),
                       COALESCE(promises, 0)
                  FROM (%(formal)s) formal
             FULL JOIN (%(late)s) late USING (partner_id)
             FULL JOIN (%(broken)s) broken USING (partner_id)
                """,
                formal=self._dunning_sql_formal_letters(settings, since, partner_ids),
                late=self._dunning_sql_days_late(settings, since, partner_ids),
                broken=self._dunning_sql_broken(settings, since, partner_ids),
            )
        )
        return {partner_id: PaymentRecord(*record) for partner_id, *record in rows}

    # === SQL === #

    @api.model
    def _dunning_sql_among(self, alias, partner_ids):
        """Whether the debtor of a row is one of these, or whoever without any."""
        if partner_ids is None:
            return SQL("TRUE")
        return SQL("%s IN %s", SQL.identifier(alias, "partner_id"), partner_ids)

    @api.model
    def _dunning_sql_formal_letters(self, company, since, partner_ids):
        """Customers with as many formal letters as the company bears."""
        return SQL(
            """
            SELECT notice.partner_id, COUNT(*)::int AS notices
              FROM dunning_notice notice
              JOIN dunning_level level ON level.id = notice.level_id
             WHERE notice.company_id = %(company_id)s
               AND notice.state = 'sent'
               AND notice.date > %(since)s
               AND level.kind IN %(kinds)s
               AND %(partners)s
          GROUP BY notice.partner_id
            HAVING %(least)s > 0 AND COUNT(*) >= %(least)s
            """,
            company_id=company.id,
            since=since,
            kinds=COUNTED_KINDS,
            partners=self._dunning_sql_among("notice", partner_ids),
            least=company.dunning_prepayment_notices,
        )

    @api.model
    def _dunning_sql_days_late(self, company, since, partner_ids):
        """Customers who pay as late as the company bears: an average, not below 0.

        An instalment is paid on the day of its last payment; credit notes pay nothing.
        """
        return SQL(
            """
            SELECT partner_id, ROUND(AVG(days))::int AS days_late
              FROM (SELECT partner.commercial_partner_id AS partner_id,
                           GREATEST(MAX(part.max_date) - item.date_maturity, 0) AS days,
                           ROW_NUMBER() OVER (
                               PARTITION BY partner.commercial_partner_id
                                   ORDER BY MAX(part.max_date) DESC, item.id DESC
                           ) AS position
                      FROM account_partial_reconcile part
                      JOIN account_move_line item ON item.id = part.debit_move_id
                      JOIN res_partner partner ON partner.id = item.partner_id
                      JOIN account_move move ON move.id = item.move_id
                      JOIN account_move_line credit ON credit.id = part.credit_move_id
                      JOIN account_move payment ON payment.id = credit.move_id
                     WHERE part.company_id = %(company_id)s
                       AND part.max_date > %(since)s
                       AND item.reconciled
                       AND item.date_maturity IS NOT NULL
                       AND move.move_type IN ('out_invoice', 'out_receipt')
                       AND payment.move_type != 'out_refund'
                       AND %(partners)s
                  GROUP BY item.id, partner.commercial_partner_id) paid
             WHERE position <= %(number)s
          GROUP BY partner_id
            HAVING COUNT(*) = %(number)s AND %(days)s > 0 AND AVG(days) >= %(days)s
            """,
            company_id=company.id,
            since=since,
            partners=self._dunning_sql_among("item", partner_ids),
            number=company.dunning_prepayment_invoices,
            days=company.dunning_prepayment_days,
        )

    @api.model
    def _dunning_sql_broken(self, company, since, partner_ids):
        """Customers with as many broken promises to pay as the company bears."""
        return SQL(
            """
            SELECT hold.partner_id, COUNT(*)::int AS promises
              FROM (%(promises)s) promise
              JOIN dunning_hold hold ON hold.id = promise.id
             WHERE promise.result IN %(failed)s
          GROUP BY hold.partner_id
            HAVING %(least)s > 0 AND COUNT(*) >= %(least)s
            """,
            promises=self.env["dunning.hold"]._promise_sql(
                company,
                SQL(
                    "hold.date_review > %s AND %s",
                    since,
                    self._dunning_sql_among("hold", partner_ids),
                ),
            ),
            failed=FAILED_RESULTS,
            least=company.dunning_prepayment_promises,
        )
