from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Up to which amount rests are let off, and where that is booked."""

    _inherit = "res.company"

    dunning_rest_amount = fields.Monetary(
        string="Let off rests up to",
        help="What is left of an invoice after a payment or a credit note, and is no "
        "more than this, is let off by itself once it is due. Nothing without an "
        "amount. Invoices of which nothing was paid are never let off.",
    )
    dunning_rest_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account for rests",
        domain="[('account_type', '=like', 'expense%')]",
        check_company=True,
        help="Expense account on which rests are booked that are let off.",
    )
    dunning_rest_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Journal for rests",
        domain="[('type', '=', 'general')]",
        check_company=True,
        help="Without one, the first journal for miscellaneous entries.",
    )

    _check_dunning_rest_amount = models.Constraint(
        "CHECK(dunning_rest_amount >= 0)",
        "Rests that are let off cannot be negative.",
    )

    # === CONSTRAINTS === #

    @api.constrains("dunning_rest_amount", "dunning_rest_account_id")
    def _check_dunning_rest_account(self):
        for company in self:
            account = company.dunning_rest_account_id
            if company.dunning_rest_amount and not account:
                raise ValidationError(
                    self.env._("Choose the account for the rests that are let off.")
                )
            if account and account.internal_group != "expense":
                raise ValidationError(
                    self.env._(
                        "The account for rests must be one for expenses: %s is not.",
                        account.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    def _get_dunning_rest_journal(self):
        """Return the journal of the entries that let rests off.

        :rtype: recordset of `account.journal`
        """
        self.ensure_one()
        Journal = self.env["account.journal"]
        apart = self.currency_exchange_journal_id | self.tax_cash_basis_journal_id
        return self.dunning_rest_journal_id or Journal.search(
            [
                *Journal._check_company_domain(self),
                ("type", "=", "general"),
                ("id", "not in", apart.ids),
            ],
            limit=1,
        )
