from odoo import fields, models
from odoo.exceptions import UserError

#: Account of the Dutch chart for interest received from others.
INTEREST_ACCOUNT = "4795"


class ResCompany(models.Model):
    """Where interest and costs are charged in the ledger."""

    _inherit = "res.company"

    dunning_charge_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Journal",
        domain="[('type', '=', 'sale')]",
        check_company=True,
        help="Journal of the invoices for interest and collection costs. Without one, "
        "the first sales journal.",
    )
    dunning_interest_product_id = fields.Many2one(
        comodel_name="product.product", string="Product for interest"
    )
    dunning_costs_product_id = fields.Many2one(
        comodel_name="product.product", string="Product for collection costs"
    )
    dunning_interest_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account for interest",
        check_company=True,
        help="Without one, the income account of the product, the account for interest "
        "income of the Dutch chart, or the account of the journal.",
    )
    dunning_costs_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account for collection costs",
        check_company=True,
        help="Without one, the income account of the product, or the account of the "
        "journal.",
    )

    # === BUSINESS METHODS === #

    def _get_dunning_charge_journal(self):
        """Return the journal of invoices for interest and costs.

        :rtype: recordset of `account.journal`
        :raise UserError: when there is none
        """
        self.ensure_one()
        Journal = self.env["account.journal"]
        journal = self.dunning_charge_journal_id or Journal.search(
            [*Journal._check_company_domain(self), ("type", "=", "sale")], limit=1
        )
        if not journal:
            raise UserError(
                self.env._(
                    "There is no journal to charge interest and costs in. Choose one "
                    "in Settings › Invoicing › Dunning."
                )
            )
        return journal

    def _get_dunning_charge_account(self, part):
        """Return the account on which interest or costs are charged.

        :param str part: `interest` or `costs`
        :rtype: recordset of `account.account`
        :raise UserError: when there is none
        """
        self.ensure_one()
        account = self[f"dunning_{part}_account_id"]
        if not account and (product := self[f"dunning_{part}_product_id"]):
            template = product.product_tmpl_id.with_company(self)
            account = template.get_product_accounts()["income"]
        if not account and part == "interest":
            account = self._get_dunning_chart_account(INTEREST_ACCOUNT)
        account = account or self._get_dunning_charge_journal().default_account_id
        if not account.active:
            raise UserError(
                self.env._(
                    "There is no account to charge interest and costs on. Choose one "
                    "in Settings › Invoicing › Dunning."
                )
            )
        return account

    def _get_dunning_chart_account(self, code):
        """Return an account of the Dutch chart, if it is still in use."""
        account = (
            self.env["account.chart.template"]
            .with_company(self)
            .ref(code, raise_if_not_found=False)
            or self.env["account.account"]
        )
        return account.filtered("active")
