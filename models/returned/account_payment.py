from odoo import models

#: States of a payment that is on its way or arrived, and of one that did not.
GOOD_STATES = ("in_process", "paid")
BAD_STATES = ("draft", "canceled", "rejected")


class AccountPayment(models.Model):
    """Payments without an entry of their own that are rejected or cancelled."""

    _inherit = "account.payment"

    # === CRUD METHODS === #

    def write(self, vals):
        """Remember what was paid by payments that are undone.

        Those with an entry are known by its reconciliation.
        """
        # EXTENDS 'account'
        values_list = []
        if vals.get("state") in BAD_STATES:
            values_list = self.filtered(
                lambda payment: payment.state in GOOD_STATES and not payment.move_id
            )._prepare_dunning_returned()
        result = super().write(vals)
        if values_list:
            # sudo: whoever undoes a payment, a job or a payment provider too
            self.env["dunning.returned"].sudo().create(values_list)
        return result

    # === BUSINESS METHODS === #

    def _prepare_dunning_returned(self):
        """Return what these payments were for, see `dunning.returned`.

        :rtype: list[dict]
        """
        Returned = self.env["dunning.returned"]
        values_list = []
        for payment in self.sudo():  # the same
            left = payment.amount
            items = payment.invoice_ids.line_ids.filtered(
                lambda line, currency=payment.currency_id: (
                    line.account_type == "asset_receivable"
                    and line.currency_id == currency
                    and line.amount_residual > 0
                )
            )
            for item in items.sorted(lambda line: (line.date_maturity, line.id)):
                amount = min(left, item.amount_residual_currency)
                left -= amount
                if item.currency_id.is_zero(amount):
                    continue
                values_list.append(
                    Returned._record(
                        item,
                        amount,
                        payment.date,
                        is_collected=Returned._is_collection(payment),
                        payment_id=payment.id,
                    )
                )
        return values_list
