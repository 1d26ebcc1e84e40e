from datetime import datetime

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER
from .ledger_common import LedgerCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPending(LedgerCommon):
    """A payment under way keeps letters back as long as one of its kind takes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._create_due_invoice(100)
        cls.provider = cls.env["payment.provider"].sudo().create({"name": "Provider"})

    def _begin_payment(self, moment, code="card_test", state="pending", move=None):
        Method = self.env["payment.method"].sudo()
        method = Method.search([("code", "=", code)], limit=1) or Method.create(
            {"name": code, "code": code}
        )
        move = move or self.move
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": method.id,
                    "amount": 100,
                    "currency_id": self.company.currency_id.id,
                    "partner_id": self.debtor.id,
                    "reference": f"T {code} {moment}",
                    "invoice_ids": [Command.set(move.ids)],
                    "state": state,
                    "last_state_change": moment,
                }
            )
        )

    def _is_held(self, moment):
        """Whether a payment keeps the letter back at some moment, in UTC."""
        with freeze_time(moment):
            day = self.company._get_dunning_today()
            return self._get_obstacle(self.move, day) == "payment_in_process"

    def test_card_takes_hours(self):
        self._begin_payment("2026-11-05 08:00:00")

        self.assertTrue(self._is_held("2026-11-05 20:00:00"))
        # The default is a day.
        self.assertTrue(self._is_held("2026-11-06 07:00:00"))
        self.assertFalse(self._is_held("2026-11-06 09:00:00"))

    def test_hours_are_a_setting(self):
        self._begin_payment("2026-11-05 08:00:00", code="ideal")
        self.company.dunning_pending_hours = 2

        self.assertTrue(self._is_held("2026-11-05 09:59:00"))
        self.assertFalse(self._is_held("2026-11-05 10:01:00"))

    def test_transfer_takes_working_days(self):
        # Thursday. The third working day after it is Tuesday the 10th.
        self._begin_payment("2026-11-05 08:00:00", code="bank_transfer")

        self.assertTrue(self._is_held("2026-11-09 09:00:00"))
        self.assertTrue(self._is_held("2026-11-10 21:00:00"))
        self.assertFalse(self._is_held("2026-11-11 07:00:00"))

    def test_direct_debit_takes_working_days(self):
        self._begin_payment("2026-11-05 08:00:00", code="sepa_direct_debit")

        self.assertTrue(self._is_held("2026-11-10 09:00:00"))
        self.assertFalse(self._is_held("2026-11-11 09:00:00"))

    def test_days_are_a_setting(self):
        self._begin_payment("2026-11-05 08:00:00", code="bank_transfer")
        self.company.dunning_pending_days = 1

        self.assertTrue(self._is_held("2026-11-06 09:00:00"))
        self.assertFalse(self._is_held("2026-11-07 09:00:00"))

    def test_day_of_a_transfer_is_that_of_dutch_banks(self):
        # Half past eleven in the evening of the 4th in UTC is the 5th in Amsterdam.
        self._begin_payment("2026-11-04 23:30:00", code="bank_transfer")

        self.assertTrue(self._is_held("2026-11-10 09:00:00"))

    def test_reserved_amount_waits_for_the_creditor_some_days(self):
        payment = self._begin_payment("2026-11-05 08:00:00")
        self.env.flush_all()
        # Not written: that asks for a provider that can reserve amounts.
        self.env.cr.execute(
            "UPDATE payment_transaction SET state = 'authorized' WHERE id = %s",
            (payment.id,),
        )

        self.assertTrue(self._is_held("2026-11-10 09:00:00"))
        self.assertFalse(self._is_held("2026-11-11 09:00:00"))

    def test_new_attempt_after_an_old_one_holds(self):
        self._begin_payment("2026-11-03 08:00:00")
        self._begin_payment("2026-11-05 08:00:00")

        self.assertTrue(self._is_held("2026-11-05 12:00:00"))

    def test_what_was_done_cancelled_or_refused_holds_nothing(self):
        for state in ("cancel", "error", "draft"):
            self._begin_payment("2026-11-05 08:00:00", code=state, state=state)

        self.assertFalse(self._is_held("2026-11-05 09:00:00"))

    def test_letter_goes_out_afterwards_and_the_tab_says_why(self):
        self._begin_payment("2026-11-03 08:00:00")

        with freeze_time("2026-11-05 12:00:00"):
            self.assertIn(
                "A payment that was begun online on 3 November 2026 was never "
                "finished: dunning does not wait for it any more.",
                self.move.with_context(lang="en_US").dunning_summary,
            )
        self.assertEqual(self._send(FIRST_REMINDER).notice_ids.state, "sent")

    def test_tab_says_nothing_while_it_is_waited_for(self):
        self._begin_payment("2026-11-05 08:00:00")

        with freeze_time("2026-11-05 12:00:00"):
            summary = self.move.with_context(lang="en_US").dunning_summary
        self.assertIn("a payment is being processed", summary)
        self.assertNotIn("never finished", summary)

    def test_payment_begun_after_the_proposal_keeps_the_item_back(self):
        run = self._propose(FIRST_REMINDER)
        with freeze_time("2026-11-05 12:00:00"):
            self._begin_payment("2026-11-05 11:00:00", code="ideal")
            run.action_confirm()
            self.env["dunning.notice"].deliver()

        self.assertEqual(run.notice_ids.state, "cancelled")

    def test_moments_for_another_day_are_those_of_its_beginning(self):
        with freeze_time("2026-11-05 12:00:00"):
            since = self.company._get_dunning_pending_since(
                datetime(2026, 11, 9).date()
            )

        # Wednesday and Sunday, midnight in Amsterdam.
        self.assertEqual(
            since, (datetime(2026, 11, 3, 23, 0), datetime(2026, 11, 7, 23, 0))
        )
