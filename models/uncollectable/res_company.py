from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    """Where what is not paid is entered, and which period the VAT return has."""

    _inherit = "res.company"

    dunning_vat_period = fields.Selection(
        selection=[("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        string="Period of the VAT return",
        default="quarter",
        required=True,
    )
    dunning_bad_debt_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Journal for uncollectable claims",
        domain="[('type', '=', 'general')]",
        check_company=True,
        help="Without one, the first journal for miscellaneous entries.",
    )
    dunning_vat_refund_account_id = fields.Many2one(
        comodel_name="account.account",
        string="VAT refunded on open claims",
        check_company=True,
        help="VAT that was refunded while the customer still owes it. It is taken off "
        "the loss when the claim is written off, and paid back when the customer pays.",
    )
    dunning_loss_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Loss on uncollectable claims",
        check_company=True,
    )

    # === BUSINESS METHODS === #

    def _get_dunning_bad_debt_journal(self):
        """Return the journal in which uncollectable claims are entered.

        :rtype: recordset of `account.journal`
        :raise UserError: when there is none
        """
        self.ensure_one()
        journal = self.dunning_bad_debt_journal_id or self.env[
            "account.journal"
        ].search(
            [
                *self.env["account.journal"]._check_company_domain(self),
                ("type", "=", "general"),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "Choose a journal for uncollectable claims in the settings, under "
                    "Dunning."
                )
            )
        return journal

    def _get_dunning_bad_debt_account(self, name):
        """Return an account for uncollectable claims.

        :param str name: the setting that has it
        :raise UserError: when none was chosen
        """
        self.ensure_one()
        if not self[name]:
            raise UserError(
                self.env._(
                    "Choose the account “%s” in the settings, under Dunning.",
                    self._fields[name]._description_string(self.env),
                )
            )
        return self[name]

    def _get_dunning_vat_period(self, day):
        """Return the period of the VAT return in which a day lies.

        :rtype: str
        """
        self.ensure_one()
        if self.dunning_vat_period == "month":
            return f"{day:%Y-%m}"
        if self.dunning_vat_period == "year":
            return str(day.year)
        return f"{day.year}-Q{(day.month + 2) // 3}"
