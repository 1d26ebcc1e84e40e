import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.account.tools import format_structured_reference_iso

from ...tools.portal_form import parse_amount
from ..claim.engine.charge import ZERO, to_decimal
from ..portal_account.res_partner import AccountItem, OpenAccount
from .engine import Payable, divide, pack

#: A choice is shown for so many days after it was made.
DAYS_SHOWN = 90

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
                ("invoice_ids", "in", self.item_ids.move_id.ids),
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

    def _prepare_choice(self, account):
        """Return what a page shows of this choice.

        :param OpenAccount account: all that the debtor owes in the currency
        :rtype: dict
        """
        chosen = account.pick(self.item_ids.ids)
        return {
            **self._prepare_transfer(chosen),
            "choice": self,
            "sum": chosen.everything,
            "count": len(chosen.items),
            "online": self._get_online(chosen).everything,
        }

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
        parts, _rest = divide(self._prepare_payables(online.items), amount)
        return {
            name: sum((getattr(part, name) for part in parts), ZERO)
            for name in ("costs", "interest", "principal")
        }

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
        is_whole = amount == online.everything
        credits = self._get_credits() if is_whole else self.item_ids.browse()
        payables = self._prepare_payables(online.items)
        moves = self.env["account.move"].union(*(i.line.move_id for i in online.items))
        return {
            "dunning_payment_id": self.id,
            "dunning_division": {
                "day": self.company_id._get_dunning_today().isoformat(),
                "items": pack(payables),
                "credit": str(-online.credit if is_whole else ZERO),
                "credit_ids": credits.ids,
            },
            "invoice_ids": moves.ids,
        }

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
        today = self.company_id._get_dunning_today()
        lines = self.item_ids.browse(item.line.id for item in items)
        claims = lines._get_dunning_item_claims(today)
        charges = lines._get_dunning_charges()
        return [
            _make_payable(item, claims.get(item.line.id), charges.get(item.line.id, ()))
            for item in items
        ]


def _make_payable(item, claim, charges):
    """Return one item as a payment is divided over it.

    :param AccountItem item: what is asked
    :param DebtClaim claim: what may be claimed for it, if anything
    :param charges: what was charged for it (`Charge`)
    :rtype: Payable
    """
    assert isinstance(item, AccountItem)
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
        charged_costs=sum((c.costs + c.vat for c in charges), ZERO),
        charged_interest=sum((c.interest for c in charges), ZERO),
    )
