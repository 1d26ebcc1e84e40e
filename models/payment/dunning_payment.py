import hashlib
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.account.tools import format_structured_reference_iso

from ...tools.portal_form import parse_amount
from ..claim.engine.charge import ZERO, to_decimal
from ..portal_account.res_partner import OpenAccount
from .engine import Payable, divide, find_references, pack, unpack

#: A choice is shown for so many days after it was made.
DAYS_SHOWN = 90

#: So many different sums of a choice are remembered.
ASKED_KEPT = 10

#: What was paid by bank with its reference may come that late.
DAYS_KEPT = 400


def get_key(item_ids, notice):
    """Return what tells one choice of a customer from another."""
    text = f"{notice.id if notice else 0}:{','.join(map(str, sorted(item_ids)))}"
    return hashlib.sha256(text.encode()).hexdigest()


class DunningPayment(models.Model):
    """What a customer chose to pay at once: one reference, one code, one payment.

    The same items are the same choice, whatever they come to that day.
    """

    _name = "dunning.payment"
    _description = "What a customer chose to pay"
    _inherit = ["portal.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Payment reference", required=True, readonly=True, copy=False
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    notice_id = fields.Many2one(
        comodel_name="dunning.notice",
        string="Letter",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    visitor_id = fields.Many2one(
        comodel_name="res.partner",
        string="Chosen by",
        readonly=True,
        help="Who chose, where it is not the debtor: who represents him by law.",
    )
    item_ids = fields.Many2many(
        comodel_name="account.move.line", string="Items", readonly=True
    )
    asked = fields.Json(
        string="What was asked",
        readonly=True,
        copy=False,
        help="What the page asked in the last days, by its sum: a payment by bank "
        "comes some days later, and pays what was asked.",
    )
    key = fields.Char(required=True, readonly=True, copy=False)
    chosen_on = fields.Date(
        string="Chosen on",
        required=True,
        readonly=True,
        default=lambda self: fields.Date.today(),
    )
    transaction_ids = fields.One2many(
        comodel_name="payment.transaction",
        inverse_name="dunning_payment_id",
        string="Online payments",
        readonly=True,
    )

    _key_unique = models.UniqueIndex("(company_id, partner_id, key)")
    _name_unique = models.UniqueIndex("(name)")

    # === COMPUTE METHODS === #

    def _compute_access_url(self):
        # EXTENDS 'portal'
        result = super()._compute_access_url()
        for payment in self:
            payment.access_url = f"/my/dunning/pay/{payment.id}"
        return result

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Give each choice a reference with check digits (ISO 11649)."""
        # sudo: a customer makes it, a sequence is the system's
        Sequence = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            if not vals.get("name"):
                number = Sequence.next_by_code("dunning.payment")
                reference = format_structured_reference_iso(number)
                vals["name"] = reference.replace(" ", "")
        return super().create(vals_list)

    # === BUSINESS METHODS === #

    @api.model
    def _get_portal_domain(self, partner):
        """Return the domain of the choices that a customer may see.

        :param partner: any contact of the customer
        :rtype: Domain
        """
        return Domain("partner_id", "=", partner.commercial_partner_id.id)

    def _is_on_portal(self):
        """Whether the page of this choice is shown: it was made not long ago."""
        self.ensure_one()
        last_day = self.chosen_on + timedelta(days=DAYS_SHOWN)
        return last_day >= fields.Date.today()

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode="read", **_link):
        # EXTENDS 'portal': there are no messages on the page
        return super()._get_thread_with_access(thread_id, mode=mode)

    @api.autovacuum
    def _gc_unused(self):
        """Forget choices of long ago that nobody paid online."""
        before = fields.Date.today() - timedelta(days=DAYS_KEPT)
        self.search(
            [("chosen_on", "<", before), ("transaction_ids", "=", False)], limit=1000
        ).unlink()

    @api.model
    def _find_stated(self, texts):
        """Return the choices that bank lines state: one search, if any states one.

        :param dict texts: what each bank line says, by any key
        :return: the `dunning.payment` by key; those without are left out
        :rtype: dict
        """
        stated = {key: find_references(text) for key, text in texts.items()}
        names = sorted({name for found in stated.values() for name in found})
        if not names:
            return {}
        known = {choice.name: choice for choice in self.search([("name", "in", names)])}
        chosen = {}
        for key, found in stated.items():
            if choice := next((known[name] for name in found if name in known), None):
                chosen[key] = choice
        return chosen

    # --- What is asked for it today.

    def _get_account(self):
        """Return what is asked today of what was chosen.

        :rtype: OpenAccount
        """
        self.ensure_one()
        visitor = self.visitor_id or self.partner_id
        if self.notice_id:
            return self.notice_id._get_account_today(visitor).pick(self.item_ids.ids)
        for account in self.partner_id._list_dunning_accounts(visitor):
            if (account.company, account.currency) == (
                self.company_id,
                self.currency_id,
            ):
                return account.pick(self.item_ids.ids)
        fmt = self.partner_id._get_dunning_account_format(self.currency_id)
        return OpenAccount(self.company_id, self.currency_id, fmt, (), ZERO)

    def _get_under_way(self):
        """Return the payments of these items of which it is not known what becomes.

        :rtype: recordset of `payment.transaction`
        """
        self.ensure_one()
        found = self.env["payment.transaction"].search(
            [
                "|",
                ("invoice_ids", "in", self.item_ids.move_id.ids),
                ("dunning_payment_id.item_ids", "in", self.item_ids.ids),
                ("state", "in", ("pending", "authorized", "done")),
                "|",
                ("state", "!=", "done"),
                ("is_post_processed", "=", False),
            ]
        )
        return found.filtered(
            lambda tx: (
                tx._is_dunning_under_way()
                and (
                    not tx.dunning_payment_id
                    or tx.dunning_payment_id.item_ids & self.item_ids
                )
            )
        )

    def _get_online(self, account):
        """Return what of it can be paid online today.

        :param OpenAccount account: what is asked today
        :rtype: OpenAccount
        """
        if not self.company_id._has_dunning_payment_page():
            return account._replace(items=())
        return self._get_online_of(account)

    @api.model
    def _get_online_of(self, account):
        """Return what comes in on the company's own account when it is paid online.

        :param OpenAccount account: what is asked today
        :rtype: OpenAccount
        """
        moves = self.env["account.move"].union(*(i.line.move_id for i in account.items))
        accounts = account.company._get_dunning_accounts(moves)
        own = account.company.partner_id
        payable = {
            move
            for move in moves
            if (not accounts[move] or accounts[move].partner_id == own)
            and not move._get_dunning_blocked()
        }
        return account._replace(
            items=tuple(
                item
                for item in account.items
                if item.line.move_id in payable and item.total
            )
        )

    def _get_virtual_letter(self):
        """Return an unsaved letter, which knows how payments are asked for."""
        return self.env["dunning.notice"].new(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "currency_id": self.currency_id.id,
            }
        )

    def _prepare_choice(self, chosen):
        """Return what a page shows of this choice.

        :param OpenAccount chosen: what is asked today of what was chosen
        :rtype: dict
        """
        self._keep_asked(chosen)
        return {
            **self._prepare_transfer(chosen),
            "choice": self,
            "sum": chosen.everything,
            "count": len(chosen.items),
            "online": self._get_online(chosen).everything,
        }

    def _keep_asked(self, account):
        """Remember what is asked today, for when the money comes in by bank.

        :param OpenAccount account: what is asked today
        """
        key = str(account.everything)
        today = self.company_id._get_dunning_today().isoformat()
        asked = self.asked or {}
        if not account.everything or asked.get(key, {}).get("day") == today:
            return
        kept = [pair for pair in asked.items() if pair[0] != key][1 - ASKED_KEPT :]
        self.asked = dict(kept) | {key: self._prepare_division(account)}

    def _prepare_transfer(self, account, amount=None):
        """Return how to pay it at the bank, see `dunning.notice._prepare_transfer`.

        :param OpenAccount account: what is asked today
        :param Decimal amount: what is paid of it; all without
        :rtype: dict
        """
        letter = self._get_virtual_letter().with_context(dunning_reference=self.name)
        asked = [
            (item.line.move_id, float(item.open - item.disputed))
            for item in account.items
            if item.total
        ]
        moves = self.env["account.move"].union(*(move for move, _amount in asked))
        total = float(amount or account.everything)
        transfer = letter._prepare_transfer(moves, total) | {"amount": total}
        return transfer | letter._prepare_parts(asked, total)

    def _prepare_portal_values(self, typed=None):
        """Return what the page of this choice shows.

        :param typed: the amount that the customer wants to pay, as he typed it
        :rtype: dict
        """
        self.ensure_one()
        account = self._get_account()
        self._keep_asked(account)
        online = self._get_online(account)
        amount, error = self._read_amount(typed, online)
        is_part = amount and amount != online.everything
        return {
            "choice": self,
            "account": account,
            "fmt": account.fmt,
            "online": online.everything,
            "amount": amount,
            "amount_error": error,
            "amount_typed": typed or "",
            "is_part": is_part,
            "split": is_part and self._tell_split(amount, online),
            "payment": account.everything
            and self._prepare_transfer(account, amount if is_part else None),
            "under_way": self._get_under_way(),
            "last": self._get_last_transaction(),
        }

    def _get_last_transaction(self):
        """Return the last online payment, if the customer may wonder about it still."""
        last = self.transaction_ids._get_last()
        since = fields.Datetime.now() - timedelta(days=1)
        return last.filtered(lambda tx: tx.last_state_change >= since)

    def _read_amount(self, typed, online):
        """Return the amount that a customer typed, and what is wrong with it.

        :param typed: what anybody may have sent; all that is asked without it
        :param OpenAccount online: what can be paid online today
        :rtype: tuple[Decimal, str | None]
        """
        if not typed or not online.everything:
            return online.everything, None
        parsed = parse_amount(typed) if isinstance(typed, str) else None
        try:
            return self._check_amount(float(parsed or 0), online), None
        except UserError as error:
            return online.everything, str(error)

    def _tell_split(self, amount, online):
        """Return what part of a debt a payment pays: costs, interest, principal.

        :param Decimal amount: what is paid
        :param OpenAccount online: what can be paid online today
        :rtype: dict[str, Decimal]
        """
        payables = self._prepare_payables(online.items)
        charged = {item.key for item in payables if item.is_charge}
        parts, _rest = divide(payables, amount)
        split = {
            name: sum((getattr(part, name) for part in parts), ZERO)
            for name in ("costs", "interest", "principal")
        }
        before = sum((p.principal for p in parts if p.key in charged), ZERO)
        return split | {"charged": before, "principal": split["principal"] - before}

    # --- Paying it online.

    def _check_amount(self, amount, online):
        """Return what is paid online, or say why it cannot be that.

        :param amount: the amount, as anybody may have sent it
        :param OpenAccount online: what can be paid online today
        :rtype: Decimal
        :raise UserError: what is wrong with it, as the customer understands it
        """
        self.ensure_one()
        asked = online.everything
        money = online.fmt.amount
        if not asked:
            raise UserError(
                self.env._("Nothing is to be paid any more of what you chose.")
            )
        is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
        if not is_number or not 0 < amount < 1e12:
            raise UserError(
                self.env._("Enter an amount above zero, such as %s.", money(asked))
            )
        amount = to_decimal(float(amount))
        if amount == asked:
            return amount
        if amount > asked:
            raise UserError(
                self.env._(
                    "No more than %s is to be paid of what you chose: something was "
                    "paid or credited in the meantime. Look at the page again.",
                    money(asked),
                )
            )
        if not self.company_id.dunning_own_amount:
            raise UserError(
                self.env._(
                    "The amount has changed since you opened this page: it is %s now. "
                    "Look at the page again.",
                    money(asked),
                )
            )
        return amount

    def _check_free(self):
        """Let no two payments of the same items run at a time.

        :raise UserError: when one is under way
        """
        self.ensure_one()
        is_free = self.partner_id.try_lock_for_update(allow_referencing=True)
        if not is_free or self._get_under_way():
            raise UserError(
                self.env._(
                    "A payment for these invoices is being processed. Wait until you "
                    "hear what became of it, so that you do not pay twice."
                )
            )

    def _prepare_transaction(self, amount, online):
        """Return the values of the online payment of this choice.

        :param Decimal amount: what is paid
        :param OpenAccount online: what can be paid online today
        :rtype: dict
        """
        moves = self.env["account.move"].union(*(i.line.move_id for i in online.items))
        # An entry of opening balances is no invoice, and holds those of others too.
        moves = moves.filtered(lambda move: move.is_invoice(include_receipts=True))
        is_whole = amount == online.everything
        return {
            "dunning_payment_id": self.id,
            "dunning_division": self._prepare_division(online, is_whole),
            "invoice_ids": moves.ids,
        }

    # --- How a payment of it is divided.

    def _prepare_division(self, account, is_whole=True):
        """Return over what a payment is divided, to keep it until the money comes.

        :param OpenAccount account: what is asked today
        :param bool is_whole: whether all of it is paid: then credits are set off
        :return: amounts and days as text
        :rtype: dict
        """
        credits = self._get_credits() if is_whole and account.credit else None
        return {
            "day": self.company_id._get_dunning_today().isoformat(),
            "items": pack(self._prepare_payables(account.items)),
            "credit": str(-account.credit if credits else ZERO),
            "credit_ids": credits.ids if credits else [],
        }

    def _divide(self, division, amount):
        """Divide a payment over what was asked.

        :param dict division: see `_prepare_division`
        :param Decimal amount: the payment
        :return: parts of the payment, see `engine.divide`
        :rtype: list[Part]
        """
        money = amount + Decimal(division["credit"])
        parts, _rest = divide(unpack(division["items"]), money)
        return parts

    def _charge(self, division, amount):
        """Charge the interest and costs that were paid and are not in the ledger.

        What a letter charged in the meantime is left out.

        :param dict division: see `_prepare_division`
        :param Decimal amount: the payment
        :return: the invoices
        :rtype: recordset of `account.move`
        """
        parts = self._divide(division, amount)
        paid = {part.key: part for part in parts if part.costs or part.interest}
        if not paid:
            return self.env["account.move"]
        lines = self.env["account.move.line"].browse(paid).exists()
        frozen = {item.key: item for item in unpack(division["items"])}
        charged = lines._get_dunning_charges()
        by_notice = defaultdict(list)
        for key, notice in lines._get_dunning_claiming_notices(self.notice_id).items():
            part = _leave_out_charged(paid[key], frozen[key], charged.get(key, ()))
            if part.costs or part.interest:
                by_notice[notice].append(part)
        day = fields.Date.to_date(division["day"])
        return self.env["dunning.notice"]._charge_paid(dict(by_notice), day)

    def _settle(self, money, division, amount, charges):
        """Set a payment off against what it is for: charges first, then the items.

        :param money: the receivable entry of the payment
        :param dict division: see `_prepare_division`
        :param Decimal amount: the payment
        :param charges: invoices for interest and costs that it pays
        """
        payment = money
        parts = {p.key: float(p.principal) for p in self._divide(division, amount)}
        items = self.env["account.move.line"].browse(parts).exists()
        new = charges._get_dunning_open_receivables() - items
        lines = (items | new).filtered(
            lambda line: line.account_id == payment.account_id and not line.reconciled
        )
        money |= self._get_credits_used(division, payment.account_id)
        whole = lines.filtered(
            lambda line: (
                line in new
                or line.currency_id.compare_amounts(
                    parts[line.id], line.amount_residual_currency
                )
                >= 0
            )
        )
        _set_off(money, whole)
        rest = {line: parts[line.id] for line in lines - whole if parts[line.id]}
        *others, last = [*rest] or [self.item_ids.browse()]
        for line in others:
            payment._pay_dunning_part(line, rest[line])
        _set_off(money, last)
        # What a letter charged since the payment began was paid with it.
        _set_off(
            money, items._get_dunning_charge_moves()._get_dunning_open_receivables()
        )

    def _get_credits_used(self, division, account):
        """Return the open credits that were taken off what was asked."""
        credits = self.env["account.move.line"].browse(division["credit_ids"])
        return credits.exists().filtered(
            lambda line: line.account_id == account and not line.reconciled
        )

    def _get_credits(self):
        """Return the open credits of the debtor, which lower what is asked."""
        Line = self.env["account.move.line"]
        besides = Line._get_dunning_credits(self.company_id, self.partner_id)
        return besides.filtered(
            lambda line: (
                line.amount_residual_currency < 0
                and line.currency_id == self.currency_id
            )
        )

    def _prepare_payables(self, items):
        """Return the items as a payment is divided over them.

        :param items: what is asked today (`AccountItem`)
        :rtype: list[Payable]
        """
        items = [item for item in items if item.total]
        lines = self.item_ids.browse(item.line.id for item in items if not item.claim)
        today = self.company_id._get_dunning_today()
        claims = lines._get_dunning_item_claims(today) if lines else {}
        return [
            _make_payable(item, item.claim or claims.get(item.line.id))
            for item in items
        ]


def _set_off(money, lines):
    """Set money off against entries in the same account, as far as it goes."""
    money = money.filtered(lambda line: not line.reconciled)
    lines = lines.filtered(
        lambda line: line.account_id in money.account_id and not line.reconciled
    )
    if money and lines:
        (money | lines).reconcile()


def _leave_out_charged(part, frozen, charges):
    """Return what is left to be charged of a part after what was charged since.

    :param Part part: what is paid of an item
    :param Payable frozen: the item when the payment began
    :param charges: what is charged for it by now
    :rtype: Part
    """
    costs = sum((c.costs + c.vat for c in charges), ZERO) - frozen.charged_costs
    interest = sum((c.interest for c in charges), ZERO) - frozen.charged_interest
    left = max(part.costs - max(costs, ZERO), ZERO)
    return part._replace(
        costs=left,
        vat=min(part.vat, left),
        interest=max(part.interest - max(interest, ZERO), ZERO),
    )


def _make_payable(item, claim):
    """Return one item as a payment is divided over it.

    :param AccountItem item: what is asked
    :param DebtClaim claim: what may be claimed for it, if anything
    :rtype: Payable
    """
    if not claim or item.line.move_id.dunning_charge_notice_id:
        is_charge = bool(item.line.move_id.dunning_charge_notice_id)
        return Payable(item.line.id, item.due, item.total, is_charge=is_charge)
    return Payable(
        item.line.id,
        item.due,
        item.open - item.disputed,
        costs=item.costs,
        vat=min(claim.vat, item.costs),
        interest=item.interest,
        paid_costs=min(claim.paid_costs, item.costs),
        paid_interest=min(claim.paid_interest, item.interest),
        charged_costs=sum((c.costs + c.vat for c in claim.debt.charges), ZERO),
        charged_interest=sum((c.interest for c in claim.debt.charges), ZERO),
    )
