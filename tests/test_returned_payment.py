from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER
from .ledger_common import LedgerCommon

#: Tuesday. Five working days later is Tuesday 17 November.
UNDONE = date(2026, 11, 10)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestReturnedPayment(LedgerCommon):
    """Direct debits that come back, and payments that are taken back."""

    def _undo(self, payment, day=UNDONE):
        with freeze_time(day):
            payment.action_draft()
            payment.action_cancel()

    def _create_bank_line(self, amount, day):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": day,
                "payment_ref": "Incasso",
                "amount": amount,
                "partner_id": self.debtor.id,
            }
        )

    def _book_on_debtor(self, bank_line):
        """Match a line of the bank with the account of the customer."""
        _liquidity, suspense, _other = bank_line._seek_for_lines()
        suspense.account_id = self.company_data["default_account_receivable"]
        return suspense

    # --- The plan: a term, and then dunning goes on.

    def test_term_of_working_days(self):
        move = self._create_due_invoice(100)
        self._undo(self._pay(move))

        self.assertEqual(self._get_obstacle(move, date(2026, 11, 10)), "returned")
        self.assertEqual(self._get_obstacle(move, date(2026, 11, 17)), "returned")
        self.assertFalse(self._get_obstacle(move, date(2026, 11, 18)))
        [step] = self._get_item(move).get_dunning_plan(UNDONE)
        self.assertEqual(step["date"], date(2026, 11, 18))

    def test_term_is_a_setting(self):
        self.company.dunning_returned_days = 2
        move = self._create_due_invoice(100)
        self._undo(self._pay(move))

        self.assertEqual(self._get_obstacle(move, date(2026, 11, 12)), "returned")
        self.assertFalse(self._get_obstacle(move, date(2026, 11, 13)))

    def test_term_comes_before_the_next_level_too(self):
        move = self._create_due_invoice(100)
        self._send(FIRST_REMINDER)
        # The demand would be due on 24 November; five working days from Monday 23 are
        # over after Monday 30.
        self._undo(self._pay(move, day=date(2026, 11, 18)), date(2026, 11, 23))

        self.assertEqual(self._get_obstacle(move, date(2026, 11, 30)), "returned")
        self.assertFalse(self._get_obstacle(move, date(2026, 12, 1)))

    def test_part_of_an_invoice(self):
        move = self._create_due_invoice(100)
        self._undo(self._pay(move, 30))

        self.assertEqual(self._get_obstacle(move, UNDONE), "returned")
        self.assertEqual(self.env["dunning.returned"].search([]).amount, 30)

    def test_payment_that_is_only_taken_off_is_still_there(self):
        move = self._create_due_invoice(100)
        self._pay(move)
        with freeze_time(UNDONE):
            self._get_item(move).remove_move_reconcile()

        self.assertEqual(self._get_obstacle(move, UNDONE), "no_balance")

    def test_payment_that_was_for_another_invoice(self):
        move, other = self._create_due_invoice(100), self._create_due_invoice(100)
        payment = self._pay(move)
        with freeze_time(UNDONE):
            item = self._get_item(move)
            item.remove_move_reconcile()
            credit = payment.move_id.line_ids.filtered(
                lambda line: line.account_id == item.account_id
            )
            (credit | self._get_item(other)).reconcile()

        self.assertFalse(self._get_obstacle(move, UNDONE))

    def test_payment_that_was_reversed(self):
        move = self._create_due_invoice(100)
        payment = self._pay(move)
        with freeze_time(UNDONE):
            payment.move_id._reverse_moves([{"date": UNDONE}], cancel=True)

        self.assertEqual(self._get_obstacle(move, UNDONE), "returned")

    def test_line_of_the_bank_that_was_taken_back(self):
        move = self._create_due_invoice(100)
        came = self._create_bank_line(100, date(2026, 11, 4))
        (self._book_on_debtor(came) | self._get_item(move)).reconcile()
        self.assertEqual(move.payment_state, "paid")

        with freeze_time(UNDONE):
            came.action_undo_reconciliation()
            self.assertNotEqual(self._get_obstacle(move, UNDONE), "returned")
            went = self._create_bank_line(-100, UNDONE)
            (self._book_on_debtor(came) | self._book_on_debtor(went)).reconcile()

        self.assertEqual(self._get_obstacle(move, UNDONE), "returned")

    def test_payment_without_entry_that_is_rejected(self):
        move = self._create_due_invoice(100)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.debtor.id,
                "amount": 100,
                "date": date(2026, 11, 4),
                "journal_id": self.company_data["default_journal_bank"].id,
                "invoice_ids": [Command.set(move.ids)],
            }
        )
        payment.payment_method_line_id.payment_account_id = False
        payment.outstanding_account_id = False
        payment.action_post()
        self.assertFalse(payment.move_id)

        with freeze_time(UNDONE):
            payment.action_reject()

        self.assertEqual(self._get_obstacle(move, UNDONE), "returned")
        self.assertEqual(self.env["dunning.returned"].search([]).amount, 100)

    def test_invoice_paid_by_direct_debit_is_dunned_when_that_came_back(self):
        move = self._create_due_invoice(100)
        method = (
            self.env["account.payment.method"]
            .sudo()
            .create({"name": "SDD", "code": "sdd", "payment_type": "inbound"})
        )
        line = (
            self.env["account.payment.method.line"]
            .sudo()
            .create(
                {
                    "payment_method_id": method.id,
                    "journal_id": self.company_data["default_journal_bank"].id,
                }
            )
        )
        move.preferred_payment_method_line_id = line
        self.assertEqual(self._get_obstacle(move, date(2026, 11, 6)), "direct_debit")
        self._undo(self._pay(move))

        self.assertEqual(self._get_obstacle(move, date(2026, 11, 17)), "returned")
        self.assertFalse(self._get_obstacle(move, date(2026, 11, 18)))
        # It can be collected again by the same method.
        context = move.action_dunning_collect_again()["context"]
        self.assertEqual(context["default_payment_method_line_id"], line.id)

    def test_paid_again(self):
        move = self._create_due_invoice(100)
        self._undo(self._pay(move))
        self._pay(move, day=date(2026, 11, 12))

        self.assertFalse(self._get_item(move).get_dunning_plan(date(2026, 11, 20)))

    # --- What is said of it.

    def test_tab_says_so(self):
        move = self._create_due_invoice(100)
        self._undo(self._pay(move, 40))

        move = move.with_context(lang="en_US")
        with freeze_time(UNDONE):
            self.assertIn("a payment of 40.00", move.dunning_summary)
            self.assertIn("came back on 10 November 2026", move.dunning_summary)
            self.assertIn("17 November 2026", move.dunning_summary)
        self.env.invalidate_all()
        with freeze_time("2026-11-20"):
            self.assertIn("A letter is due today", move.dunning_summary)
            self.assertIn("came back on 10 November 2026", move.dunning_summary)

    def test_next_letter_says_so_once(self):
        self.debtor.lang = "en_US"
        move = self._create_due_invoice(100)
        self._undo(self._pay(move))

        first = self._send("2026-11-18").notice_ids
        second = self._send("2026-12-08").notice_ids

        said = "It was undone on"
        pages = [notice._render_letter_pages()[notice.id] for notice in first | second]
        self.assertEqual([said in page for page in pages], [True, False])
        self.assertIn(f"for {move.name} on", pages[0])

    def test_mistake_of_ones_own(self):
        move = self._create_due_invoice(100)
        self._undo(self._pay(move))
        with freeze_time(UNDONE):
            move.action_dunning_returned_mistake()

        self.assertFalse(self._get_obstacle(move, UNDONE))
        notice = self._propose(UNDONE).notice_ids
        self.assertNotIn("undone", notice._render_letter_pages()[notice.id])

    # --- Collect again.

    def test_nothing_to_collect_by(self):
        move = self._create_due_invoice(100)
        self._undo(self._pay(move))

        with self.assertRaisesRegex(UserError, "Nothing is known"):
            move.action_dunning_collect_again()

    def test_collect_by_a_saved_method(self):
        move = self._create_due_invoice(100)
        self._undo(self._pay(move))
        journal = self.company_data["default_journal_bank"]
        line = journal.inbound_payment_method_line_ids[:1]
        provider = (
            self.env["payment.provider"]
            .sudo()
            .create(
                {"name": "Provider", "state": "test", "company_id": self.company.id}
            )
        )
        line.sudo().payment_provider_id = provider
        method = self.env["payment.method"].sudo().create({"name": "SDD", "code": "s"})
        token = (
            self.env["payment.token"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "partner_id": self.debtor.id,
                    "provider_ref": "token",
                    "payment_details": "1234",
                }
            )
        )

        context = move.action_dunning_collect_again()["context"]

        self.assertEqual(context["default_payment_token_id"], token.id)
        self.assertEqual(context["default_payment_method_line_id"], line.id)
