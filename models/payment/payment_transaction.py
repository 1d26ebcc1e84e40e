import re

from odoo import fields, models
from odoo.fields import Command

from ..claim.engine.charge import to_decimal
from ..plan.dunning_planner import SLOW_METHODS


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
        charges = choice._charge(self.dunning_division, to_decimal(self.amount))
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
        if not self.invoice_ids:  # opening balances only: Odoo has nothing to reconcile
            self._reconcile_dunning(
                payment.move_id.line_ids.filtered(
                    lambda line: line.account_type == "asset_receivable"
                )
            )
        self._warn_dunning_surplus(payment)
        return payment

    def _get_dunning_payment_date(self):
        """Return the day on which the customer paid, or today if that is closed."""
        day = fields.Date.to_date(self.dunning_division["day"])
        today = self.company_id._get_dunning_today()
        journal = self.provider_id.journal_id
        closed = self.company_id._get_violated_lock_dates(day, False, journal)
        return today if closed or day > today else day

    def _reconcile_dunning(self, money):
        """Set a payment off against what it is for.

        :param money: the receivable entry of the payment
        """
        self.ensure_one()
        self.dunning_payment_id._settle(
            money,
            self.dunning_division,
            to_decimal(-money.amount_residual_currency),
            self.invoice_ids.filtered("dunning_charge_notice_id"),
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
            source._reconcile_dunning(paid)
