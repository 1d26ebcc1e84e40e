from datetime import date

from odoo.tests import freeze_time, tagged

from .arrangement_common import DRAWN_UP, FIRST, ArrangementCommon

LATE = date(2026, 11, 25)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementLedger(ArrangementCommon):
    """What was paid follows from the ledger, whatever happens there."""

    def setUp(self):
        super().setUp()
        self.move = self._create_due_invoice(amount=300.0)

    def _pay_unallocated(self, amount, day=FIRST, partner=None):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or self.debtor).id,
                "amount": amount,
                "date": day,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        return payment

    def test_before_the_start_does_not_count(self):
        self._pay(self.move, 60, day=date(2026, 11, 4))
        arrangement = self._start(self.move, with_interest=False)

        self.assertEqual(arrangement.amount_total, 240.0)
        self.assertEqual(self._see(arrangement, FIRST), ("on_time", 0.0, 240.0, 0))

    def test_partial_and_early_payment(self):
        arrangement = self._start(self.move, with_interest=False)
        self._pay(self.move, 150, day=date(2026, 11, 9))

        self.assertEqual(self._see(arrangement, LATE), ("on_time", 150.0, 150.0, 0))
        self.assertRecordValues(
            arrangement.line_ids,
            [
                {"amount_paid": 100.0, "paid_on": date(2026, 11, 9)},
                {"amount_paid": 50.0, "paid_on": False},
                {"amount_paid": 0.0, "paid_on": False},
            ],
        )

    def test_late_payment_and_its_reversal(self):
        arrangement = self._start(self.move, with_interest=False)
        self.assertEqual(self._see(arrangement, LATE), ("late", 0.0, 300.0, 5))

        payment = self._pay(self.move, 100, day=LATE)
        self.assertEqual(self._see(arrangement, LATE), ("on_time", 100.0, 200.0, 0))

        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self._see(arrangement, LATE), ("late", 0.0, 300.0, 5))

    def test_payment_before_the_start_put_back_after_it_does_not_count(self):
        payment = self._pay(self.move, 60, day=date(2026, 11, 4))
        arrangement = self._start(self.move, with_interest=False)

        item = self._get_item(self.move)
        credit = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == item.account_id
        )
        item.remove_move_reconcile()
        (item + credit).reconcile()

        self.assertEqual(self._see(arrangement, FIRST), ("on_time", 0.0, 240.0, 0))

    def test_credit_note_shortens_from_the_end(self):
        arrangement = self._start(self.move, with_interest=False)
        self._credit(self.move, 120)

        self.assertEqual(self._see(arrangement, LATE), ("late", 0.0, 180.0, 5))
        self.assertEqual(arrangement.line_ids.mapped("amount_open"), [100.0, 80.0, 0.0])

    def test_in_one_go_is_fulfilled(self):
        arrangement = self._start(self.move, with_interest=False)
        self._pay(self.move, 300, day=date(2026, 11, 9))

        self.assertEqual(self._see(arrangement, FIRST), ("fulfilled", 300.0, 0.0, 0))

    def test_unallocated_payment_counts_once(self):
        arrangement = self._start(self.move, with_interest=False)
        other = self._create_due_invoice(amount=200.0)
        second = self._start(other, with_interest=False, instalment_count=2)
        self._pay_unallocated(100)

        self.assertEqual(self._see(arrangement, LATE)[:2], ("on_time", 100.0))
        self.assertEqual(self._see(second, LATE)[:2], ("late", 0.0))

    def test_old_credit_of_the_debtor_does_not_count(self):
        arrangement = self._start(self.move, with_interest=False)
        self._pay_unallocated(100, day=date(2026, 11, 1))

        self.assertEqual(self._see(arrangement, FIRST)[1], 0.0)

    def test_interest_beside_the_ledger_is_paid_by_what_comes_on_top(self):
        # Interest of 4 days on 300 at 10.40 %: 0.34.
        arrangement = self._start(self.move)
        self.assertEqual(arrangement.amount_total, 300.34)

        self._pay(self.move, 300, day=date(2026, 11, 9))
        self.assertEqual(self._see(arrangement, FIRST)[2], 0.34)

        self._pay_unallocated(0.34, day=date(2026, 11, 10))
        self.assertEqual(self._see(arrangement, FIRST)[:3], ("fulfilled", 300.34, 0.0))

    def test_follows_all_in_few_statements(self):
        arrangements = self._start(self.move)
        for number in range(5):
            move = self._create_due_invoice(
                partner=self._create_debtor(f"Debiteur {number}")
            )
            arrangements |= self._start(move)
        arrangements.item_ids.move_line_id.mapped("amount_currency")
        arrangements.line_ids.mapped("amount")
        self.env.flush_all()

        with freeze_time(LATE), self.assertQueryCount(6):
            arrangements._get_progress()

    # === INTEREST === #

    def _get_interest(self, day):
        item = self._get_item(self.move)
        claims = item._get_dunning_item_claims(day)
        return float(claims[item.id].interest)

    def test_no_interest_over_the_arrangement_also_after_it_lapsed(self):
        arrangement = self._start(self.move)
        # Up to and including 6 November: 300 x 10.40 % x 4 / 365 = 0.34.
        self.assertEqual(self._get_interest(LATE), 0.34)

        arrangement.write({"state": "broken", "broken_on": LATE})

        self.assertEqual(self._get_interest(LATE), 0.34)
        # Ten more days from 26 November to 5 December: 14 days = 1.1967.
        self.assertEqual(self._get_interest(date(2026, 12, 5)), 1.2)

    def test_frozen_interest_is_due_after_it_lapsed(self):
        arrangement = self._start(self.move, interest_policy="frozen")
        self.assertEqual(self._get_interest(LATE), 0.34)

        arrangement.write({"state": "broken", "broken_on": LATE})

        # 23 days: 300 x 10.40 % x 23 / 365 = 1.966.
        self.assertEqual(self._get_interest(LATE), 1.97)

    def test_interest_of_the_time_that_a_replaced_one_ran_stays_away(self):
        arrangement = self._start(self.move)
        with freeze_time(LATE):
            arrangement._end("cancelled", "Nieuwe afspraak")

        # Up to 6 November 0.34; ten days from 26 November to 5 December: 14 days.
        self.assertEqual(self._get_interest(date(2026, 12, 5)), 1.2)

    def test_running_interest_is_due_when_it_was_cancelled(self):
        arrangement = self._start(self.move, interest_policy="running")
        self.assertEqual(self._get_interest(LATE), 0.34)
        with freeze_time(LATE):
            arrangement._end("cancelled", "Nieuwe afspraak")

        # 23 days: 300 x 10.40 % x 23 / 365 = 1.966.
        self.assertEqual(self._get_interest(LATE), 1.97)

    # === FILTERS === #

    def test_filters_find_late_and_lapsing_tomorrow(self):
        arrangement = self._start(self.move, with_interest=False)
        arrangement.line_ids[0].warned_until = date(2026, 12, 1)
        Arrangement = self.env["payment.arrangement"]
        mine = [("id", "=", arrangement.id)]
        for day, late, breaking in (
            (FIRST, False, False),
            (LATE, True, False),
            (date(2026, 12, 1), True, True),
        ):
            with self.subTest(day), freeze_time(day):
                tomorrow = [("breaks_on", "<=", "+1d")]
                states = [("progress", "in", ("late", "warned", "breaching"))]
                self.assertEqual(bool(Arrangement.search(mine + states)), late)
                self.assertEqual(bool(Arrangement.search(mine + tomorrow)), breaking)

    def test_expected_instalments_leave_out_what_is_paid(self):
        arrangement = self._start(self.move, with_interest=False)
        self._pay(self.move, 100, day=DRAWN_UP)

        expected = self.env["payment.arrangement.line"].search(
            [("is_open", "=", True), ("arrangement_id", "=", arrangement.id)]
        )

        self.assertEqual(expected, arrangement.line_ids[1:])
