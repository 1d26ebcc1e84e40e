from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .ledger_common import LedgerCommon

#: Ten days after the invoice of 1 October.
LAST_DAY = date(2026, 10, 11)
#: Invoices are due on 31 October, a Saturday; three working days of grace.
DAY = date(2026, 11, 5)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestEarlyDiscount(LedgerCommon):
    """Two percent within ten days, due in thirty."""

    def _create_discounted(self, amount=1000.0, **values):
        term = self.env["account.payment.term"].create(
            {
                "name": "2/10 30",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": "included",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        return self._create_due_invoice(
            amount, invoice_payment_term_id=term.id, due=False, **values
        )

    def _match(self, move, amount, day):
        """Match money of the bank with an invoice as a part payment."""
        payment = self._create_payment(self.debtor, amount, date=day)
        item = self._get_item(move)
        line = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == item.account_id
        )
        (item | line).reconcile()

    def test_registered_in_time_leaves_nothing(self):
        move = self._create_discounted()
        self._register_payment(move, payment_date=LAST_DAY)

        self.assertEqual(move.amount_residual, 0)

    def test_matched_in_time_owes_nothing(self):
        move = self._create_discounted()
        self._match(move, 980, LAST_DAY)

        self.assertEqual(move.amount_residual, 20)
        self.assertEqual(self._get_obstacle(move, DAY), "discounted")
        self.assertFalse(self._propose(DAY).notice_ids)

    def test_two_payments_in_time(self):
        move = self._create_discounted()
        self._match(move, 500, date(2026, 10, 5))
        self._match(move, 480, LAST_DAY)

        self.assertEqual(self._get_obstacle(move, DAY), "discounted")

    def test_a_day_too_late_owes_the_rest_and_is_told_why(self):
        move = self._create_discounted()
        self._match(move, 980, date(2026, 10, 12))

        notice = self._send(DAY).notice_ids

        self.assertEqual(notice.amount_claim, 20)
        page = notice._render_letter_pages()[notice.id]
        self.assertRegex(page, "(korting|discount)")
        self.assertRegex(page, "12.*(oktober|October).*2026")

    def test_less_than_the_discounted_sum(self):
        move = self._create_discounted()
        self._match(move, 970, LAST_DAY)

        notice = self._send(DAY).notice_ids

        # More is left than the discount: it has nothing to do with it.
        self.assertEqual(notice.amount_claim, 30)
        page = notice._render_letter_pages()[notice.id]
        self.assertNotRegex(page, "(korting|discount)")

    def test_rest_of_a_discount_is_let_off_within_the_limit(self):
        self.company.write(
            {
                "dunning_rest_amount": 20,
                "dunning_rest_account_id": self.company_data[
                    "default_account_expense"
                ].id,
            }
        )
        move = self._create_discounted()
        self._match(move, 980, LAST_DAY)

        self.env["account.move.line"]._let_off_dunning_rests(self.company)

        self.assertEqual(move.amount_residual, 0)
