from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, LazyTranslate, format_date

from ...tools.groups import ACCOUNTING_GROUPS
from ..ledger.engine import is_number
from .engine import SEVERITIES, InvoiceFacts, check_invoice

_lt = LazyTranslate(__name__)


#: What each finding means, and how to mend it.
FINDINGS = {
    "mail_failed": (
        _lt("The mail with the invoice did not arrive."),
        _lt("Correct the e-mail address and send the invoice again."),
    ),
    "network_failed": (
        _lt("The network of e-invoices did not deliver the invoice."),
        _lt("The customer may not have it: look at the error and send it again."),
    ),
    "no_reference": (
        _lt("The customer demands an order number, and the invoice has none."),
        _lt("Enter it as customer reference and send the invoice again."),
    ),
    "no_iban": (
        _lt("No bank account stands on the invoice."),
        _lt("Choose the recipient bank on the invoice."),
    ),
    "no_vat": (
        _lt("VAT was reverse-charged, and the customer has no VAT number."),
        _lt("Enter the VAT number on the customer."),
    ),
    "not_sent": (
        _lt("The invoice was not sent."),
        _lt("Send it to the customer."),
    ),
    "no_address": (
        _lt("The customer has neither an e-mail address nor a postal address."),
        _lt("Enter an e-mail address, or street, postal code and city."),
    ),
    "due_differs": (
        _lt("The due date is not the one of the payment term."),
        _lt("Check which of them was agreed."),
    ),
    "no_pdf": (
        _lt("No PDF of the invoice was kept."),
        _lt("A letter gets a new copy; check that it is equal to what was sent."),
    ),
    "untrusted_iban": (
        _lt("The bank account on the invoice is not marked as trusted."),
        _lt("Check the account and mark it on the bank account."),
    ),
    "no_trace": (
        _lt("The invoice is marked as sent, and no mail to the customer is known."),
        _lt("Check by which way the customer got it."),
    ),
    "no_registry": (
        _lt("The customer is a business without KvK number and VAT number."),
        _lt("Look the company up and enter its number, for later letters."),
    ),
}


#: Fields in which modules for e-invoices keep what became of one, and what says that
#: it did not arrive. Those of modules that are not installed do not count.
NETWORK_STATES = {
    "peppol_move_state": ("error",),
    "nemhandel_move_state": ("error",),
    "edi_blocking_level": ("error",),
}


BADGES = {"error": "danger", "warning": "warning", "info": "secondary"}


ROW = Markup(
    '<div class="d-flex gap-2 mb-1"><i class="fa fa-circle text-%s mt-1"></i>'
    '<div>%s <span class="text-muted">%s</span></div></div>'
)


class AccountMove(models.Model):
    """The check of an invoice before its first letter."""

    _inherit = "account.move"

    dunning_finding_count = fields.Integer(
        string="Findings",
        compute="_compute_dunning_findings",
        groups=ACCOUNTING_GROUPS,
        help="What may keep the customer from paying, before the first letter.",
    )
    dunning_findings = fields.Html(
        string="Invoice check",
        compute="_compute_dunning_findings",
        sanitize=False,
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "ref", "partner_bank_id", "is_move_sent", "dunning_level_id")
    @api.depends_context("lang")
    def _compute_dunning_findings(self):
        moves = self._origin.filtered(lambda move: move._has_dunning_check())
        mails = moves._get_dunning_last_mails()
        findings = moves._get_dunning_findings(mails)
        for move in self:
            codes = findings.get(move._origin.id, [])
            mail = mails.get(move._origin.id)
            move.dunning_finding_count = move._count_dunning_findings(codes)
            move.dunning_findings = move._render_dunning_findings(codes, mail)

    # === BUSINESS METHODS === #

    def _has_dunning_check(self):
        """Whether this is an open invoice about which no letter went out yet.

        What a letter charged went out with that letter.
        """
        self.ensure_one()
        return (
            self.state == "posted"
            and not self.dunning_charge_notice_id
            and self.move_type in ("out_invoice", "out_receipt")
            and self.payment_state in ("not_paid", "partial")
            and not self.dunning_level_id
            # sudo: the check is the same for users who may not read the settings
            and self.company_id.sudo().dunning_invoice_check != "none"
        )

    def _get_dunning_findings(self, mails):
        """Check these invoices.

        :param dict mails: the last mail about each, see `_get_dunning_last_mails`
        :return: codes of `SEVERITIES` by id of the invoice
        :rtype: dict[int, list[str]]
        """
        consumers = self.commercial_partner_id._get_dunning_consumers()
        return {
            move.id: check_invoice(
                move._get_dunning_facts(
                    mails.get(move.id), move.commercial_partner_id.id not in consumers
                )
            )
            for move in self
        }

    def _get_dunning_facts(self, mail, is_business):
        """Return what the check needs to know of this invoice.

        :param mail: the last mail about it, see `_get_dunning_last_mails`, or None
        :param bool is_business: whether the customer is a business
        :rtype: InvoiceFacts
        """
        self.ensure_one()
        debtor = self.commercial_partner_id
        partners = self.partner_id | debtor | debtor.dunning_contact_id
        term = self.invoice_payment_term_id
        return InvoiceFacts(
            is_sent=self.is_move_sent,
            is_mailed=bool(mail),
            mail_failed=bool(mail) and mail[2],
            network_failed=self._has_dunning_network_error(),
            has_pdf=bool(self.invoice_pdf_report_id),
            has_email=any(partner.email_normalized for partner in partners),
            has_post=any(partner._has_dunning_post() for partner in partners),
            has_iban=bool(self.partner_bank_id),
            is_iban_trusted=self.partner_bank_id.allow_out_payment,
            wants_reference=debtor.dunning_require_reference,
            has_reference=bool(self.ref),
            wants_vat=self.fiscal_position_id.vat_required,
            has_vat=is_number(debtor.vat),
            is_business=is_business,
            has_registry=is_number(debtor.company_registry),
            due=self.invoice_date_due,
            term_due=max(
                (line._get_due_date(self.invoice_date) for line in term.line_ids),
                default=None,
            ),
        )

    def _has_dunning_network_error(self):
        """Whether a network of e-invoices did not deliver this invoice."""
        self.ensure_one()
        return any(
            self[name] in states
            for name, states in NETWORK_STATES.items()
            if name in self._fields
        )

    def _get_dunning_last_mails(self):
        """Return the last mail about each invoice: to whom, when, whether it failed.

        :rtype: dict[int, tuple[str, datetime, bool]]
        """
        if not self:
            return {}
        self.env["mail.notification"].flush_model()
        condition = SQL("message.res_id IN %s", self._ids)
        rows = self.env.execute_query(self._dunning_sql_last_mails(condition))
        return {move_id: tuple(mail) for move_id, *mail in rows}

    @api.model
    def _count_dunning_findings(self, codes):
        """Return how many findings ask for something to be done."""
        return sum(SEVERITIES[code] != "info" for code in codes)

    def _render_dunning_findings(self, codes, mail):
        """Return the findings as a list with what to do about each.

        :param list[str] codes: codes of `SEVERITIES`
        :param mail: the last mail about the invoice, or None
        :rtype: Markup or bool
        """
        rows = [
            ROW % (BADGES[SEVERITIES[code]], *map(self.env._, FINDINGS[code]))
            for code in codes
        ]
        if mail:
            address, moment, _failed = mail
            sentence = self.env._(
                "Last mailed to %(address)s on %(day)s.",
                address=address or "?",
                day=format_date(self.env, moment, date_format="d MMMM y"),
            )
            rows.append(ROW % ("muted", sentence, ""))
        return Markup("").join(rows) or False

    # === SQL === #

    @api.model
    def _dunning_sql_last_mails(self, condition):
        """The last mail about each invoice to its customer: address and failure.

        A mail to several contacts has failed when it reached none of them.

        :param SQL condition: on `message.res_id`, the id of the invoice
        """
        return SQL(
            """
            SELECT DISTINCT ON (message.res_id) message.res_id,
                   COALESCE(partner.email_normalized, notification.mail_email_address),
                   message.date,
                   notification.notification_status IN ('bounce', 'exception') AS failed
              FROM mail_message message
              JOIN mail_notification notification
                ON notification.mail_message_id = message.id
              JOIN account_move sent ON sent.id = message.res_id
         LEFT JOIN res_partner partner ON partner.id = notification.res_partner_id
             WHERE message.model = 'account.move'
               AND %(condition)s
               AND notification.notification_type = 'email'
               AND notification.notification_status != 'canceled'
               AND (partner.id IS NULL
                    OR partner.commercial_partner_id = sent.commercial_partner_id)
          ORDER BY message.res_id, message.id DESC, failed
            """,
            condition=condition,
        )

    @api.model
    def _dunning_sql_finding(self, company):
        """The first finding on `move` that keeps its first letter back, if wanted.

        :param company: the `res.company`
        """
        if company.sudo().dunning_invoice_check != "block":  # sudo: see above
            return SQL("NULL::varchar")
        failing = SQL(
            """message.res_id IN (
                SELECT failing.res_id
                  FROM mail_notification refused
                  JOIN mail_message failing ON failing.id = refused.mail_message_id
                 WHERE refused.notification_status IN ('bounce', 'exception')
                   AND failing.model = 'account.move')"""
        )
        return SQL(
            """
            CASE WHEN move.move_type NOT IN ('out_invoice', 'out_receipt') THEN NULL
                 WHEN move.id IN (
                      SELECT mail.res_id FROM (%(mails)s) mail WHERE mail.failed
                 ) THEN 'mail_failed'
                 WHEN COALESCE(move.ref, '') = '' AND move.commercial_partner_id IN (
                      SELECT id FROM res_partner WHERE dunning_require_reference
                 ) THEN 'no_reference'
                 WHEN move.partner_bank_id IS NULL THEN 'no_iban'
                 WHEN move.fiscal_position_id IN (
                      SELECT id FROM account_fiscal_position WHERE vat_required
                 ) AND move.commercial_partner_id IN (
                      SELECT id FROM res_partner WHERE NOT (%(has_vat)s)
                 ) THEN 'no_vat'
                 END
            """,
            mails=self._dunning_sql_last_mails(failing),
            has_vat=self.env["res.partner"]._dunning_sql_is_number(
                "res_partner", "vat"
            ),
        )
