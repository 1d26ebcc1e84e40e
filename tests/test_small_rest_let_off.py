from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER
from .ledger_common import LedgerCommon

DAY = date(2026, 11, 10)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSmallRest(LedgerCommon):
    """What is left after a payment and not worth a letter is let off by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.company_data["default_account_expense"]
        cls.company.write(
            {"dunning_rest_amount": 1, "dunning_rest_account_id": cls.account.id}
        )

    def _work(self, day=DAY):
        with freeze_time(day):
            self.env["dunning.run"]._work_daily(self.company)

    def test_rest_is_let_off_with_an_entry(self):
        move = self._create_due_invoice(100)
        self._pay(move, 99.95)
        self._work()

        self.assertEqual(move.payment_state, "paid")
        entry = self.env["account.move.line"].search(
            [("account_id", "=", self.account.id), ("move_id.move_type", "=", "entry")]
        )
        self.assertEqual((entry.debit, entry.date), (0.05, DAY))
        self.assertIn("let off", move.message_ids[0].body)

    def test_off_without_an_amount(self):
        self.company.dunning_rest_amount = 0
        move = self._create_due_invoice(100)
        self._pay(move, 99.95)
        self._work()

        self.assertEqual(move.amount_residual, 0.05)

    def test_limit_counts_for_each_item(self):
        exact, over = self._create_due_invoice(100), self._create_due_invoice(100)
        self._pay(exact, 99)
        self._pay(over, 98.99)
        self._work()

        self.assertEqual((exact.amount_residual, over.amount_residual), (0, 1.01))

    def test_what_is_wholly_unpaid_is_never_let_off(self):
        move = self._create_due_invoice(0.50)
        [opening] = self._create_opening((self.debtor, "2025-0187", 0.80))
        self._work()

        self.assertEqual((move.amount_residual, opening.amount_residual), (0.5, 0.8))

    def test_rest_after_a_credit_note_and_of_an_opening_balance(self):
        move = self._create_due_invoice(100)
        credit = self._create_due_invoice(99.70, move_type="out_refund")
        (self._get_item(move) | self._get_item(credit)).reconcile()
        [opening] = self._create_opening((self.debtor, "2025-0187", 80.30))
        payment = self._create_payment(self.debtor, 80)
        line = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == opening.account_id
        )
        (opening | line).reconcile()
        self._work()

        self.assertEqual((move.amount_residual, opening.amount_residual), (0, 0))

    def test_not_before_it_is_due(self):
        move = self._create_due_invoice(100, due=date(2026, 11, 20))
        self._pay(move, 99.95)
        self._work()
        self.assertEqual(move.amount_residual, 0.05)

        self._work(date(2026, 11, 23))
        self.assertEqual(move.amount_residual, 0)

    def test_what_somebody_looks_into_is_left_alone(self):
        move = self._create_due_invoice(100)
        self._pay(move, 99.95)
        with freeze_time(FIRST_REMINDER):
            self.env["dunning.hold"]._dispute_items(
                self._get_item(move), {"note": "Niet geleverd"}
            )
        self._work()

        self.assertEqual(move.amount_residual, 0.05)

    def test_rest_in_a_foreign_currency(self):
        # The limit is in euros: 1 dollar is half a euro here.
        currency = self.setup_other_currency("USD", rates=[("2016-01-01", 2.0)])
        move = self._create_due_invoice(100, currency_id=currency.id)
        self._register_payment(
            move, amount=98.50, currency_id=currency.id, payment_date=date(2026, 11, 4)
        )
        self.assertEqual(move.amount_residual, 1.5)
        self._work()

        self.assertEqual((move.amount_residual, move.payment_state), (0, "paid"))

    def test_locked_period_is_left_closed(self):
        move = self._create_due_invoice(100)
        self._pay(move, 99.95)
        self.company.sudo().fiscalyear_lock_date = date(2026, 11, 30)
        with freeze_time(DAY):
            self.env["account.move.line"]._let_off_dunning_rests(self.company)

        entry = self._get_item(move).matched_credit_ids.credit_move_id.filtered(
            lambda line: line.move_type == "entry" and not line.payment_id
        )
        self.assertGreater(entry.date, date(2026, 11, 30))

    def test_interest_is_not_divided_anew(self):
        move = self._create_due_invoice(1000)
        self._pay(move, 999.50)
        self._work()

        # What the creditor lets off is no payment: nothing of it went to interest.
        payments = self._get_item(move)._select_dunning_payments()
        self.assertEqual(sum(float(row[3]) for row in payments), 0.5)

    def test_account_has_to_be_chosen(self):
        with self.assertRaises(ValidationError):
            self.company.dunning_rest_account_id = False

    # --- A rest that is not let off.

    def test_below_the_minimum_nothing_goes_out(self):
        self.company.dunning_rest_amount = 0
        self.policy.minimum_amount = 5
        move = self._create_due_invoice(100)
        self._pay(move, 99.70)

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "below_minimum")

    def test_rest_does_not_stop_other_items(self):
        self.company.dunning_rest_amount = 0
        self.policy.minimum_amount = 5
        self._pay(self._create_due_invoice(100), 99.70)
        self._create_due_invoice(50)

        notice = self._send(FIRST_REMINDER).notice_ids

        self.assertEqual((notice.state, notice.amount_claim), ("sent", 50.3))
