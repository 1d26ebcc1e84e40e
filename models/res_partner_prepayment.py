from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

from .res_partner import ACCOUNTING_GROUPS


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
