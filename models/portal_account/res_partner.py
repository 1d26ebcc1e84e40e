from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

from ..claim.engine.charge import ZERO, to_decimal
from ..handover.dunning_notice import HANDED
from ..letter.letter_format import LetterFormat
from ..portal.dunning_notice import ARRANGED, PROTECTED


class AccountItem(NamedTuple):
    """An open item on the page of all that a customer owes."""

    line: models.BaseModel  # account.move.line
    number: str
    open: Decimal  # what is left of the invoice
    disputed: Decimal = ZERO  # part of it that is not asked for meanwhile
    interest: Decimal = ZERO
    costs: Decimal = ZERO  # VAT included
    is_due: bool = True
    rests: str | None = None  # why nothing is asked for it

    @property
    def due(self):
        return self.line.date_maturity or self.line.date

    @property
    def total(self):
        """What is asked for it, today or when it is due."""
        if self.rests:
            return ZERO
        return self.open - self.disputed + self.interest + self.costs


class OpenAccount(NamedTuple):
    """What a customer owes a company in one currency."""

    company: models.BaseModel
    fmt: LetterFormat
    items: tuple
    credit: Decimal  # open credits and payments, not above zero
    payment: dict | None = None  # how to pay what is to be paid today

    def _sum(self, items):
        asked = [item for item in items if not item.rests]
        total = sum((item.total for item in asked), ZERO)
        return max(total + self.credit, ZERO) if asked else ZERO

    @property
    def today(self):
        return self._sum([item for item in self.items if item.is_due])

    @property
    def everything(self):
        return self._sum(self.items)


class ResPartner(models.Model):
    """What a customer sees of all that he owes."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _get_dunning_account_domain(self):
        """Return the domain of the invoices and opening balances that this one owes.

        :rtype: Domain
        """
        self.ensure_one()
        return self.env["account.move.line"]._get_dunning_open_domain() & Domain(
            "partner_id.commercial_partner_id", "=", self.commercial_partner_id.id
        )

    def _get_dunning_accounts_open(self):
        """Return what a customer owes: a few statements for each company.

        :rtype: list[OpenAccount]
        """
        self.ensure_one()
        Line, debtor = self.env["account.move.line"], self.commercial_partner_id
        domain = self._get_dunning_account_domain() & Domain(
            "move_id.dunning_charge_notice_id", "=", False
        )
        owed = Line.search(domain, order="date_maturity, id").grouped("company_id")
        credited = Line.search(
            [
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("partner_id.commercial_partner_id", "=", debtor.id),
                "|",
                ("amount_residual", "<", 0),
                ("move_id.dunning_charge_notice_id", "!=", False),
            ]
        ).grouped("company_id")
        accounts = []
        for company in sorted({*owed, *credited}, key=lambda company: company.id):
            accounts += self._get_dunning_accounts_of(
                company, owed.get(company, Line).with_company(company)
            )
        return accounts

    def _get_dunning_accounts_of(self, company, lines):
        """Return what a customer owes one company, an account for each currency.

        :param company: the `res.company`
        :param lines: the open items, charges left out
        :rtype: list[OpenAccount]
        """
        besides = lines._get_dunning_credits(company, self.commercial_partner_id)
        charges = besides.filtered(lambda line: line.amount_residual_currency > 0)
        credits = besides - charges
        shares = charges._share_dunning_charges()
        charged = {key for parts in shares.values() for key in parts}
        reasons = self._get_dunning_account_rests(
            lines | charges | lines.browse(charged).exists()
        )
        items = self._get_dunning_account_items(company, lines, reasons)
        numbers = charges._get_dunning_numbers()
        for line in charges:
            keys = (line.id, *shares[line])
            rests = next((reasons[key] for key in keys if key in reasons), None)
            amount = to_decimal(line.amount_residual_currency)
            items.append(AccountItem(line, numbers[line.id], amount, rests=rests))
        paid_out = credits._get_dunning_paid_out()
        accounts = []
        for currency in (lines | besides).currency_id.sorted("id"):
            own = credits.filtered(lambda line, c=currency: line.currency_id == c)
            account = OpenAccount(
                company,
                self._get_dunning_account_format(currency),
                tuple(item for item in items if item.line.currency_id == currency),
                min(to_decimal(own._sum_dunning_credits(paid_out)), ZERO),
            )
            accounts.append(self._pay_dunning_account(account, currency))
        return accounts

    def _get_dunning_account_rests(self, lines):
        """Return why nothing is asked for some items now, by their id.

        :param lines: open items (`account.move.line`)
        :rtype: dict[int, str]
        """
        status = self.commercial_partner_id.dunning_protection_id
        is_represented = status and status._is_represented()
        stopped = lines if is_represented else lines._get_dunning_stopped()
        return (
            dict.fromkeys(lines._get_dunning_handed_over().ids, HANDED)
            | dict.fromkeys(lines._get_dunning_arranged().ids, ARRANGED)
            | dict.fromkeys(stopped.ids, PROTECTED)
        )

    def _get_dunning_account_items(self, company, lines, reasons):
        """Return the open items of one company as the page shows them.

        Interest and costs only as far as a letter asked for them.

        :rtype: list[AccountItem]
        """
        today = company._get_dunning_today()
        claims = lines._get_dunning_item_claims(today)
        asked = lines._get_dunning_interest_asked()
        numbers = lines._get_dunning_numbers()
        items = []
        for line in lines:
            item = AccountItem(
                line,
                numbers[line.id],
                to_decimal(line.amount_residual_currency),
                is_due=(line.date_maturity or line.date) <= today,
                rests=reasons.get(line.id),
            )
            if (claim := claims.get(line.id)) and not item.rests:
                item = item._replace(
                    open=claim.debt.principal - claim.paid,
                    disputed=claim.debt.suspended,
                    interest=claim.interest if line in asked else ZERO,
                    costs=claim.costs + claim.vat,
                )
            items.append(item)
        return items

    def _get_dunning_account_format(self, currency):
        lang = "nl" if (self.env.lang or "").startswith("nl") else "en"
        return LetterFormat(lang, currency.name, currency.decimal_places)

    def _pay_dunning_account(self, account, currency):
        """Add how to pay what is to be paid today, as letters do it.

        :param OpenAccount account: what is owed
        :rtype: OpenAccount
        """
        if not account.today:
            return account
        due = [item for item in account.items if item.is_due and item.total]
        asked = [(item.line.move_id, float(item.open - item.disputed)) for item in due]
        moves = self.env["account.move"].union(*(move for move, _amount in asked))
        notice = self.env["dunning.notice"].new(
            {
                "company_id": account.company.id,
                "partner_id": self.commercial_partner_id.id,
                "currency_id": currency.id,
            }
        )
        total = float(account.today)
        payment = notice._prepare_transfer(moves, total)
        return account._replace(payment=payment | notice._prepare_parts(asked, total))
