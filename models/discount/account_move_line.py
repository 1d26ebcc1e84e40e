from odoo import models


class AccountMoveLine(models.Model):
    """Items of which nothing but the discount for early payment is left."""

    _inherit = "account.move.line"

    # The few open items with a discount are looked up in each plan.
    _dunning_discount_idx = models.Index(
        "(id) WHERE discount_date IS NOT NULL AND reconciled IS NOT TRUE"
    )

    # === BUSINESS METHODS === #

    def _get_dunning_late_discount(self):
        """Return when this item was paid, if that was too late for its discount.

        :return: the day, or None where what is left is not a missed discount
        :rtype: date
        """
        self.ensure_one()
        last_day = self.discount_date
        credits = self.matched_credit_ids.credit_move_id.filtered(
            lambda line: line.move_type == "entry"
        )
        if not last_day or not credits:
            return None
        discount = self.amount_currency - self.discount_amount_currency
        compare = self.currency_id.compare_amounts
        if compare(self.amount_residual_currency, discount) > 0:
            return None
        paid_on = max(credits.mapped("date"))
        return paid_on if paid_on > last_day else None
