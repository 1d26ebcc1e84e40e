from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.groups import ACCOUNTING_GROUPS
from ..claim.engine.charge import ZERO, to_decimal
from ..handover.dunning_notice import HANDED
from ..letter.letter_format import LetterFormat
from ..portal.dunning_notice import ARRANGED, PROTECTED
from . import account_link
from .account_link import AccountLink

#: What of a debtor's items is shown.
SHOWN = ("all", "due", "later")

#: What the page reads of an item.
ITEM_FIELDS = [
    *("company_id", "partner_id", "currency_id", "company_currency_id", "move_id"),
    *("date", "date_maturity", "amount_currency", "amount_residual", "account_id"),
    *("amount_residual_currency", "reconciled", "parent_state", "journal_id"),
]

#: More invoices than these are not put into one file.
MOST_INVOICES = 100


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
    paid: Decimal = ZERO  # what was paid or credited of it
    claim: object = None  # the `DebtClaim` behind it, where that is at hand

    @property
    def amount(self):
        """What was invoiced."""
        return self.open + self.paid

    @property
    def is_charge(self):
        """Whether it is itself interest and costs that were charged."""
        return bool(self.line.move_id.dunning_charge_notice_id)

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
    currency: models.BaseModel
    fmt: LetterFormat
    items: tuple
    credit: Decimal  # open credits and payments, not above zero
    payment: dict | None = None  # how to pay what is to be paid today
    credits: models.BaseModel | None = None  # the entries (`account.move.line`)

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

    def pick(self, keys):
        """Return what is owed of some items only.

        :param keys: ids of the items
        :rtype: OpenAccount
        """
        wanted = set(keys)
        items = tuple(item for item in self.items if item.line.id in wanted)
        return self._replace(items=items, payment=None)


class ResPartner(models.Model):
    """What a customer sees of all that he owes."""

    _inherit = "res.partner"

    dunning_account_edition = fields.Integer(
        string="Links withdrawn",
        readonly=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="How often the links to all that this customer owes were withdrawn.",
    )

    dunning_account_withdrawn = fields.Datetime(
        string="Links withdrawn on",
        readonly=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="Letters that were sent before lead no more to all that is open.",
    )

    # === ACTION METHODS === #

    def action_withdraw_dunning_links(self):
        """Let no link to all that is open work any more that was sent until now."""
        self.ensure_one()
        self.env["dunning.notice"].check_access("write")
        debtor = self.commercial_partner_id
        debtor._withdraw_dunning_links()
        debtor._message_log(
            body=self.env._("The links to all that this customer owes were withdrawn.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The links that were sent to %s do not work any more. The next "
                    "letter carries a new one.",
                    debtor.name,
                ),
            },
        }

    # === BUSINESS METHODS === #

    # --- Who sees it.

    def _withdraw_dunning_links(self):
        """Let no link of these debtors work that was sent until now."""
        self.check_access("write")
        for debtor in self.sudo():  # the field is for accountants to read
            debtor.write(
                {
                    "dunning_account_edition": debtor.dunning_account_edition + 1,
                    "dunning_account_withdrawn": self.env.cr.now(),
                }
            )

    def _get_dunning_account_url(self, company, recipient=None, since=None):
        """Return the path of all that is open, for whom needs no login.

        :param company: the `res.company` that sends it
        :param recipient: the `res.partner` it is sent to; the debtor without
        :param date since: the day from which it works for some time; today without
        :rtype: str
        """
        self.ensure_one()
        debtor = self.sudo().commercial_partner_id  # whoever sends the letter
        first_day = since or company._get_dunning_today()
        expires = first_day + timedelta(days=company.sudo().dunning_account_days)
        link = AccountLink(debtor.id, (recipient or debtor).id, expires)
        token = account_link.sign(debtor.env, link, debtor.dunning_account_edition)
        return f"/my/dunning/account?access_token={token}"

    @api.model
    def _find_dunning_account(self, token):
        """Return whose page a token opens, and for whom it was made.

        :param token: what anybody may have sent
        :return: the debtor and the recipient, both empty for one that does not work
        :rtype: tuple
        """
        nobody = self.browse()
        link = account_link.read(token)
        if not link or link.expires < fields.Date.today():
            return nobody, nobody
        debtor = self.browse(link.debtor_id).exists()
        if not debtor or not account_link.is_genuine(
            self.env, token, link, debtor.dunning_account_edition
        ):
            return nobody, nobody
        return debtor, self.browse(link.recipient_id).exists()

    def _get_dunning_debtors(self):
        """Return the debtors whose pages somebody may see who is logged in.

        His own customer first, then the companies below it, and whom it represents by
        law.

        :rtype: recordset of `res.partner`
        """
        self.ensure_one()
        own = self.commercial_partner_id
        below = self.search([("id", "child_of", own.id), ("is_company", "=", True)])
        represented = self.env["dunning.protection"].search(
            [("representative_id.commercial_partner_id", "=", own.id)]
        )
        in_force = represented.partner_id.filtered(
            lambda debtor: (
                (status := debtor.dunning_protection_id)
                and status._is_represented()
                and status.representative_id.commercial_partner_id == own
            )
        )
        below = below.filtered(lambda debtor: debtor.commercial_partner_id == debtor)
        return own | below | in_force

    # --- What is open.

    def _prepare_dunning_account(self, visitor, show=None):
        """Return what the page of all that is open shows.

        :param visitor: the `res.partner` who looks at it
        :param str show: which items are shown, see `SHOWN`
        :rtype: dict
        """
        self.ensure_one()
        show = show if show in SHOWN else SHOWN[0]
        accounts = [
            self._ask_dunning_account(account, show)
            for account in self._list_dunning_accounts(visitor)
        ]
        items = [item for account in accounts for item in account.items]
        lines = self.env["account.move.line"].union(*(item.line for item in items))
        arranged = [item.line.id for item in items if item.rests == ARRANGED]
        return {
            "accounts": accounts,
            "show": show,
            "is_shown": lambda item: show == "all" or item.is_due == (show == "due"),
            "promises": self._get_dunning_account_promises(lines),
            "arrangements": self._get_dunning_account_arrangements(arranged),
        }

    def _ask_dunning_account(self, account, show):
        """Add how to pay an account on its page.

        :param OpenAccount account: what is owed
        :param str show: which items are shown, see `SHOWN`
        :rtype: OpenAccount
        """
        return self._pay_dunning_account(account)

    def _get_dunning_account_promises(self, lines):
        """Return the promises that are open, by id of the item: one search.

        :rtype: dict[int, dunning.hold]
        """
        holds = self.env["dunning.hold"].search(
            [
                ("promise_date", "!=", False),
                ("date_end", "=", False),
                ("move_line_ids", "in", lines.ids),
            ]
        )
        waiting = holds.filtered(lambda hold: hold.promise_result == "open")
        return {line.id: hold for hold in waiting for line in hold.move_line_ids}

    def _get_dunning_account_arrangements(self, keys):
        """Return the arrangements in which items are paid, by id of the item.

        :param list keys: ids of the items that are paid in one
        :rtype: dict[int, payment.arrangement]
        """
        if not keys:
            return {}
        items = self.env["payment.arrangement.item"].search(
            [
                ("move_line_id", "in", keys),
                ("arrangement_id.state", "=", "active"),
            ]
        )
        return {item.move_line_id.id: item.arrangement_id for item in items}

    def _get_dunning_account_invoices(self):
        """Return the PDFs of all open invoices, the oldest first.

        :return: a name for the file of all of them, and the files
        :rtype: tuple[str, list[bytes]]
        :raise UserError: when there are too many for one file
        """
        self.ensure_one()
        domain = self._get_dunning_account_domain()
        lines = self.env["account.move.line"].search(domain, order="date, id")
        moves = lines.move_id.filtered(lambda move: move.is_invoice())
        if len(moves) > MOST_INVOICES:
            raise UserError(
                self.env._(
                    "There are %(count)s open invoices, more than go into one file "
                    "(%(most)s). Open them one by one, or ask us for a statement.",
                    count=len(moves),
                    most=MOST_INVOICES,
                )
            )
        printed = moves._get_dunning_copies()
        name = self.env._("Open invoices of %s.pdf", self.name)
        return name, [
            printed.get(move) or move.invoice_pdf_report_id.raw for move in moves
        ]

    def _get_dunning_account_domain(self):
        """Return the domain of the invoices and opening balances that this one owes.

        :rtype: Domain
        """
        self.ensure_one()
        return self.env["account.move.line"]._get_dunning_open_domain() & Domain(
            "partner_id.commercial_partner_id", "=", self.commercial_partner_id.id
        )

    def _get_dunning_accounts_open(self, visitor=None):
        """Return what a customer owes, and how to pay what is due.

        :param visitor: the `res.partner` who looks at it, where it is another
        :rtype: list[OpenAccount]
        """
        accounts = self._list_dunning_accounts(visitor)
        return [self._pay_dunning_account(account) for account in accounts]

    def _list_dunning_accounts(self, visitor=None):
        """Return what a customer owes: a few statements for each company.

        :param visitor: the `res.partner` who looks at it, where it is another
        :rtype: list[OpenAccount]
        """
        self.ensure_one()
        Line, debtor = self.env["account.move.line"], self.commercial_partner_id
        domain = self._get_dunning_account_domain() & Domain(
            "move_id.dunning_charge_notice_id", "=", False
        )
        # With all that the page reads: the ORM would fetch it in a second statement.
        owed = Line.search_fetch(domain, ITEM_FIELDS, order="date_maturity, id")
        owed = owed.grouped("company_id")
        credited = Line._read_group(
            [
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("partner_id.commercial_partner_id", "=", debtor.id),
                "|",
                ("amount_residual", "<", 0),
                ("move_id.dunning_charge_notice_id", "!=", False),
            ],
            ["company_id"],
        )
        credited = {company for [company] in credited}
        accounts = []
        for company in sorted({*owed, *credited}, key=lambda company: company.id):
            accounts += self._get_dunning_accounts_of(
                company, owed.get(company, Line).with_company(company), visitor
            )
        return accounts

    def _get_dunning_accounts_of(self, company, lines, visitor):
        """Return what a customer owes one company, an account for each currency.

        :param company: the `res.company`
        :param lines: the open items, charges left out
        :param visitor: the `res.partner` who looks at it, where it is another
        :rtype: list[OpenAccount]
        """
        besides = lines._get_dunning_credits(company, self.commercial_partner_id)
        charges = besides.filtered(lambda line: line.amount_residual_currency > 0)
        credits = besides - charges
        shares = charges._share_dunning_charges()
        charged = {key for parts in shares.values() for key in parts} - set(lines.ids)
        paid = lines.browse(charged).exists() if charged else lines.browse()
        reasons = self._get_dunning_account_rests(lines | charges | paid, visitor)
        numbers = (lines | charges)._get_dunning_numbers()
        items = self._get_dunning_account_items(company, lines, reasons, numbers)
        for line in charges:
            keys = (line.id, *shares[line])
            rests = next((reasons[key] for key in keys if key in reasons), None)
            amount = to_decimal(line.amount_residual_currency)
            paid = to_decimal(line.amount_currency) - amount
            items.append(
                AccountItem(line, numbers[line.id], amount, rests=rests, paid=paid)
            )
        paid_out = credits._get_dunning_paid_out()
        accounts = []
        for currency in (lines | besides).currency_id.sorted("id"):
            own = credits.filtered(lambda line, c=currency: line.currency_id == c)
            account = OpenAccount(
                company,
                currency,
                self._get_dunning_account_format(currency),
                tuple(item for item in items if item.line.currency_id == currency),
                min(to_decimal(own._sum_dunning_credits(paid_out)), ZERO),
                credits=own,
            )
            accounts.append(account)
        return accounts

    def _get_dunning_account_rests(self, lines, visitor):
        """Return why nothing is asked for some items now, by their id.

        Of who is represented nothing is asked himself.

        :param lines: open items (`account.move.line`)
        :param visitor: the `res.partner` who looks at it, where it is another
        :rtype: dict[int, str]
        """
        status = self.commercial_partner_id.dunning_protection_id
        is_represented = status and status._is_represented()
        is_other = is_represented and (
            not visitor
            or visitor.commercial_partner_id
            != status.representative_id.commercial_partner_id
        )
        stopped = lines if is_other else lines._get_dunning_stopped()
        return (
            dict.fromkeys(lines._get_dunning_handed_over().ids, HANDED)
            | dict.fromkeys(lines._get_dunning_arranged().ids, ARRANGED)
            | dict.fromkeys(stopped.ids, PROTECTED)
        )

    def _get_dunning_account_items(self, company, lines, reasons, numbers):
        """Return the open items of one company as the page shows them.

        Interest and costs only as far as a letter asked for them.

        :rtype: list[AccountItem]
        """
        today = company._get_dunning_today()
        claims = lines._get_dunning_item_claims(today)
        asked = lines._get_dunning_interest_asked()
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
                    claim=claim,
                )
            paid = to_decimal(line.amount_currency) - item.open
            items.append(item._replace(paid=paid))
        return items

    def _get_dunning_account_format(self, currency):
        lang = "nl" if (self.env.lang or "").startswith("nl") else "en"
        return LetterFormat(lang, currency.name, currency.decimal_places)

    def _pay_dunning_account(self, account):
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
                "currency_id": account.currency.id,
            }
        )
        total = float(account.today)
        payment = notice._prepare_transfer(moves, total)
        return account._replace(payment=payment | notice._prepare_parts(asked, total))
