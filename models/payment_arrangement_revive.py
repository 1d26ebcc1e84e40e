from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class PaymentArrangement(models.Model):
    """Offers that expired, though the debtor had signed them on paper in time."""

    _inherit = "payment.arrangement"

    # === BUSINESS METHODS === #

    def _revive(self, day):
        """Open an expired offer again, because it was signed in time.

        What the offer asks, and until when, stays as it was signed. Instalments whose
        day has passed meanwhile are late from the start.

        :param date day: when the debtor signed
        :raise UserError: when it was offered anew or paid, or its items are in another
            arrangement
        """
        self.ensure_one()
        self._check_not_offered_anew()
        self._claim_items()
        self._check_items_open()
        self.write({"ended_on": False, "end_reason": False})
        self._message_log(
            body=self.env._(
                "Signed on %(day)s, while the offer was open until %(until)s: it is "
                "valid after all.",
                day=format_date(self.env, day),
                until=format_date(self.env, self.offer_until),
            )
        )

    def _check_not_offered_anew(self):
        """Check that the debtor got no other offer in the place of this one.

        :raise UserError: naming the other offer
        """
        self.ensure_one()
        newer = self.replaced_by_ids.filtered("offered_on")
        if newer:
            raise UserError(
                self.env._(
                    "%(newer)s was offered in the place of %(arrangement)s. Let the "
                    "customer sign that one, or draw up a new arrangement.",
                    newer=newer[0].name,
                    arrangement=self.name,
                )
            )

    def _check_items_open(self):
        """Check that there is something left to pay in instalments.

        :raise UserError: when all items are paid or withdrawn
        """
        self.ensure_one()
        items = self.item_ids.move_line_id
        if not items.filtered(
            lambda line: line.parent_state == "posted" and not line.reconciled
        ):
            raise UserError(
                self.env._(
                    "Nothing is open any more on the items of %s. There is nothing to "
                    "pay in instalments.",
                    self.name,
                )
            )
