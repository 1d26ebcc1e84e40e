import re
from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.fields import Command

from ..claim.engine.charge import ZERO, to_decimal
from ..plan.dunning_planner import SLOW_METHODS
from .engine import divide, unpack


class PaymentTransaction(models.Model):
    """An online payment of all that a customer chose."""

    _inherit = "payment.transaction"

    dunning_payment_id = fields.Many2one(
        comodel_name="dunning.payment",
        string="Chosen to pay",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    dunning_division = fields.Json(
        string="What is paid",
        readonly=True,
        help="What is paid, as it was asked when the payment began: amounts as text.",
    )

    # === BUSINESS METHODS === #

    def _get_dunning_day(self):
        """Return the day on which the customer paid: interest counts up to that."""
        self.ensure_one()
        return fields.Date.to_date(self.dunning_division["day"])

    def _is_dunning_under_way(self):
        """Whether it is still to be seen what becomes of this payment.

        As the plan sees it: a transfer takes days, other payments hours. After that
        the customer may pay in another way.
        """
        self.ensure_one()
        if self.state == "done":
            return not self.is_post_processed
        if (
            self.state not in ("pending", "authorized")
            or self.provider_code == "custom"
        ):
            return False
        company = self.company_id
        since = company._get_dunning_pending_since(company._get_dunning_today())
        return self.last_state_change >= since[not self._is_dunning_slow()]

    def _is_dunning_slow(self):
        """Whether it takes days until it is known what became of the payment."""
        code = self.payment_method_code or ""
        return self.state == "authorized" or bool(re.search(SLOW_METHODS, code))

    def _create_payment(self, **extra_create_values):
        """Charge interest and costs that were paid, then divide the payment."""
        # EXTENDS 'account_payment'
        self.ensure_one()
        choice = self.dunning_payment_id
        if not choice or not self.dunning_division:
            return super()._create_payment(**extra_create_values)
        charges = self._charge_dunning()
        self.invoice_ids = [Command.link(move.id) for move in charges]
        divided = self.with_context(dunning_transaction_id=self.id)
        payment = super(PaymentTransaction, divided)._create_payment(
            **{
                "partner_id": choice.partner_id.id,
                "date": self._get_dunning_payment_date(),
                **extra_create_values,
            }
        )
        payment = payment.with_context(dunning_transaction_id=False)
        self._warn_dunning_surplus(payment)
        return payment

    def _get_dunning_payment_date(self):
        """Return the day on which the customer paid, or today if that is closed."""
        day, today = self._get_dunning_day(), self.company_id._get_dunning_today()
        journal = self.provider_id.journal_id
        closed = self.company_id._get_violated_lock_dates(day, False, journal)
        return today if closed or day > today else day

    def _divide_dunning(self):
        """Divide what was paid over what was asked when the payment began.

        :return: parts of the payment, see `engine.divide`
        :rtype: list[Part]
        """
        data = self.dunning_division
        amount = to_decimal(self.amount) + Decimal(data["credit"])
        parts, _rest = divide(unpack(data["items"]), amount)
        return parts

    def _charge_dunning(self):
        """Charge the interest and costs that were paid and are not in the ledger.

        What a letter charged in the meantime is left out.

        :return: the invoices
        :rtype: recordset of `account.move`
        """
        paid = {p.key: p for p in self._divide_dunning() if p.costs or p.interest}
        if not paid:
            return self.env["account.move"]
        lines = self.env["account.move.line"].browse(paid).exists()
        frozen = {item.key: item for item in unpack(self.dunning_division["items"])}
        charged = lines._get_dunning_charges()
        notices = lines._get_dunning_claiming_notices(self.dunning_payment_id.notice_id)
        by_notice = defaultdict(list)
        for key, notice in notices.items():
            part = _leave_out_charged(paid[key], frozen[key], charged.get(key, ()))
            if part.costs or part.interest:
                by_notice[notice].append(part)
        Notice = self.env["dunning.notice"]
        return Notice._charge_paid(dict(by_notice), self._get_dunning_day())

    def _reconcile_dunning(self, money):
        """Set a payment off against what it is for: charges first, then the items.

        :param money: the receivable entry of the payment
        """
        self.ensure_one()
        parts = {part.key: part.principal for part in self._divide_dunning()}
        account = money.account_id
        charges = self.invoice_ids.filtered(
            lambda move: move.dunning_charge_notice_id and move.line_ids
        )._get_dunning_open_receivables()
        new_charges = charges.filtered(lambda line: line.id not in parts)
        lines = self.env["account.move.line"].browse(parts).exists()
        lines = (lines | new_charges).filtered(
            lambda line: line.account_id == account and not line.reconciled
        )
        money |= self._get_dunning_credits_used(account)
        whole = lines.filtered(
            lambda line: (
                line in new_charges
                or line.currency_id.compare_amounts(
                    float(parts[line.id]), line.amount_residual_currency
                )
                >= 0
            )
        )
        self._reconcile_dunning_whole(money, whole)
        self._reconcile_dunning_parts(
            money, {line: parts[line.id] for line in lines - whole if parts[line.id]}
        )
        # What a letter charged since the payment began was paid with it.
        since = self.env["account.move.line"].browse(parts)._get_dunning_charge_moves()
        self._reconcile_dunning_whole(money, since._get_dunning_open_receivables())

    def _reconcile_dunning_whole(self, money, lines):
        """Set what is left of a payment off against some entries, as far as it goes."""
        money = money.filtered(lambda line: not line.reconciled)
        lines = lines.filtered(
            lambda line: line.account_id in money.account_id and not line.reconciled
        )
        if money and lines:
            (money | lines).reconcile()

    def _reconcile_dunning_parts(self, money, parts):
        """Set what is left of a payment off against items that it pays in part.

        :param money: entries of the payment and of credits
        :param dict parts: what is paid of each item
        """
        money = money.filtered(lambda line: not line.reconciled)
        *others, last = [*parts] or [None]
        payment = money.filtered("move_id.origin_payment_id")
        for line in others:
            if payment and line.currency_id == line.company_currency_id:
                self.env["account.partial.reconcile"].create(
                    {
                        "debit_move_id": line.id,
                        "credit_move_id": payment.id,
                        **dict.fromkeys(
                            (
                                "amount",
                                "debit_amount_currency",
                                "credit_amount_currency",
                            ),
                            min(float(parts[line]), -payment.amount_residual_currency),
                        ),
                    }
                )
            elif money:
                (money | line).reconcile()
        if last:
            self._reconcile_dunning_whole(money, last)

    def _get_dunning_credits_used(self, account):
        """Return the open credits that were taken off what was asked."""
        credits = self.env["account.move.line"].browse(
            self.dunning_division["credit_ids"]
        )
        return credits.exists().filtered(
            lambda line: line.account_id == account and not line.reconciled
        )

    def _warn_dunning_surplus(self, payment):
        """Have somebody look at what was paid and nothing was open for."""
        line = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        rest = -sum(line.mapped("amount_residual_currency"))
        if self.currency_id.compare_amounts(rest, 0) <= 0:
            return
        worker = self.company_id._get_dunning_responsible()
        payment = payment.with_context(lang=worker.lang)
        payment.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=payment.env._("More was paid online than was open"),
            note=payment.env._(
                "Of this payment %s is left: what it was for was paid or credited in "
                "the meantime. Pay it back, or set it off against other invoices.",
                self.currency_id.format(rest),
            ),
            user_id=worker.id,
        )

    def _post_process(self):
        """Open again what was paid with money that went back to the customer."""
        # EXTENDS 'account_payment'
        new = self.filtered(lambda tx: tx.state == "done" and not tx.payment_id)
        result = super()._post_process()
        for transaction in new.filtered(lambda tx: tx.operation == "refund"):
            transaction._reopen_dunning()
        return result

    def _reopen_dunning(self):
        """Set a refund off against its payment, and the rest against the items anew."""
        source = self.source_transaction_id
        if (
            not source.dunning_payment_id
            or not source.payment_id
            or not self.payment_id
        ):
            return
        paid, refund = (
            payment.move_id.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            for payment in (source.payment_id, self.payment_id)
        )
        paid.remove_move_reconcile()
        (paid | refund).filtered(lambda line: not line.reconciled).reconcile()
        if not all(paid.mapped("reconciled")):
            source._reconcile_dunning_rest(paid)

    def _reconcile_dunning_rest(self, money):
        """Divide what is left of a payment after part of it went back."""
        charges = self.invoice_ids.filtered("dunning_charge_notice_id")
        first = charges._get_dunning_open_receivables()
        lines = self.env["account.move.line"].browse(
            part.key for part in self._divide_dunning()
        )
        for group in (first, lines.exists()):
            self._reconcile_dunning_whole(money, group)


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
