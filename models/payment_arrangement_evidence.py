from odoo import models
from odoo.exceptions import UserError

from .payment_arrangement_draw import TERMS

#: What stands in the offer, so that what is signed is what was read.
FROZEN_FIELDS = {
    *TERMS,
    "company_id",
    "partner_id",
    "currency_id",
    "date",
    "amount_running",
    "name",
}


class PaymentArrangement(models.Model):
    """What was offered is not changed any more: it is what the debtor signs."""

    _inherit = "payment.arrangement"

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if FROZEN_FIELDS.intersection(vals):
            self._check_is_draft()
        return result

    # === BUSINESS METHODS === #

    def _check_is_draft(self):
        """Check that nobody was offered these arrangements yet.

        :raise UserError: when one was
        """
        if self.filtered(lambda arrangement: arrangement.state != "draft"):
            raise UserError(
                self.env._(
                    "The terms of an arrangement that was offered are fixed. "
                    "Draw up a new arrangement in its place."
                )
            )
