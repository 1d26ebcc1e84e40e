from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # === BUSINESS METHODS === #

    def _build_credit_warning_message(
        self, record, current_amount=0.0, exclude_current=False, exclude_amount=0.0
    ):
        """Warn of customers who had better pay in advance.

        Quotations and new invoices take their warning from here, as far as the company
        works with credit limits.
        """
        # EXTENDS 'account'
        message = super()._build_credit_warning_message(
            record,
            current_amount=current_amount,
            exclude_current=exclude_current,
            exclude_amount=exclude_amount,
        )
        # sudo: who makes a quotation sees the advice, not what it comes from
        debtor = record.partner_id.commercial_partner_id.sudo()
        if debtor:
            debtor = debtor.with_company(record.company_id)
            advice = debtor._get_dunning_prepayment_warning()
            message = "\n".join(filter(None, (message, advice)))
        return message
