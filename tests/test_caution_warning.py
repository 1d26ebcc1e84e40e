from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common import FIRST_REMINDER
from .ledger_common import LedgerCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCaution(LedgerCommon):
    """What else to know before a letter goes out."""

    def _create_bill(self, amount, partner=None, **values):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": (partner or self.debtor).id,
                "invoice_date": date(2026, 10, 1),
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": amount, "tax_ids": []})
                ],
                **values,
            }
        )
        bill.action_post()
        return bill

    # --- A debtor who sends bills himself.

    def test_open_bills_are_said_and_not_set_off(self):
        self._create_due_invoice(1000)
        self._create_bill(400)

        notice = self._propose(FIRST_REMINDER).notice_ids

        self.assertIn("400", notice.warning)
        self.assertEqual(notice.amount_claim, 1000)

    def test_bill_of_a_contact_and_credit_of_a_vendor(self):
        contact = self._create_contact()
        self._create_due_invoice(1000)
        self._create_bill(400, partner=contact)
        self._create_bill(150, move_type="in_refund")

        # 400 less 150.
        self.assertIn("250", self._propose(FIRST_REMINDER).notice_ids.warning)

    def test_nothing_to_say(self):
        self._create_due_invoice(1000)
        self._create_bill(400, partner=self.other)
        self._register_payment(self._create_bill(70))

        self.assertFalse(self._propose(FIRST_REMINDER).notice_ids.warning)

    def test_letter_that_went_out_is_past_warning(self):
        self._create_due_invoice(1000)
        self._create_bill(400)

        self.assertFalse(self._send(FIRST_REMINDER).notice_ids.warning)

    # --- Money that went back.

    def test_reversal_on_the_account_of_the_customer(self):
        self._pay(self._create_due_invoice(100))
        self._create_due_invoice(300)
        self._create_payment(self.debtor, 100, direction="outbound")

        notice = self._propose(FIRST_REMINDER).notice_ids

        # It is no claim of its own, and the invoice that it undoes counts as paid.
        self.assertEqual(notice.amount_claim, 300)
        self.assertIn("100", notice.warning)

    def test_refund_that_was_paid_out_is_nothing_to_tell(self):
        self._create_due_invoice(100, move_type="out_refund")
        self._create_payment(self.debtor, 100, direction="outbound")
        self._create_due_invoice(300)

        self.assertFalse(self._propose(FIRST_REMINDER).notice_ids.warning)

    # --- Credits that do not answer to the claim.

    def test_payment_in_another_currency(self):
        currency = self.setup_other_currency("USD", rates=[("2016-01-01", 2.0)])
        self._create_due_invoice(300)
        self._create_payment(self.debtor, 120, currency_id=currency.id)
        self._create_payment(self.debtor, 60)

        notice = self._propose(FIRST_REMINDER).notice_ids

        # What was paid in euros is set off, what was paid in dollars is said.
        self.assertEqual(notice.amount_claim, 240)
        self.assertIn("120", notice.warning)
        self.assertNotIn("60", notice.warning)

    # --- Addresses that bounced before.

    def test_address_that_bounced(self):
        self.debtor.message_bounce = 2
        self._create_due_invoice(1000)

        notice = self._propose(FIRST_REMINDER).notice_ids

        self.assertIn(self.debtor.name, notice.warning)
        self.assertIn("(2)", notice.warning)
        notice.write({"by_email": False, "by_post": True})
        self.assertFalse(notice.warning)
