from odoo import models

from ..ledger.account_move_line import INVOICE_TYPES


class AccountPartialReconcile(models.Model):
    """Payments that are taken off the items which they paid."""

    _inherit = "account.partial.reconcile"

    # === CRUD METHODS === #

    def unlink(self):
        """Remember the payments that customers' items are open again for."""
        # EXTENDS 'account'
        self.check_access("unlink")
        values_list = self._prepare_dunning_returned()
        result = super().unlink()
        if values_list:
            # sudo: whoever undoes a payment, a job or a payment provider too
            Returned = self.env["dunning.returned"].sudo()
            kept = self.env["account.move.line"].browse(
                values["move_line_id"] for values in values_list
            )
            kept = set(kept.exists().ids)
            Returned.create([v for v in values_list if v["move_line_id"] in kept])
        return result

    # === BUSINESS METHODS === #

    def _prepare_dunning_returned(self):
        """Return the values of the payments among these, see `dunning.returned`.

        :rtype: list[dict]
        """
        Returned = self.env["dunning.returned"]
        values_list = []
        for partial in self.sudo():  # the same
            item, credit = partial.debit_move_id, partial.credit_move_id
            payment = credit.move_id.origin_payment_id
            bank_line = credit.move_id.statement_line_id
            if (
                item.account_type == "asset_receivable"
                and item.move_type in (*INVOICE_TYPES, "entry")
                and item.parent_state == "posted"
                and (payment or bank_line)
            ):
                values_list.append(
                    Returned._record(
                        item,
                        partial.debit_amount_currency,
                        credit.date,
                        is_collected=Returned._is_collection(payment),
                        payment_id=payment.id,
                        credit_line_id=credit.id,
                        statement_line_id=bank_line.id,
                    )
                )
        return values_list
