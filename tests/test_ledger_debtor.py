from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER
from .ledger_common import LedgerCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDebtor(LedgerCommon):
    """All entries of a debtor count, whoever of his contacts they name, both ways."""

    def _propose_letter(self):
        return self._propose(FIRST_REMINDER).notice_ids

    def _get_claim_today(self):
        with freeze_time(FIRST_REMINDER):
            return self.debtor.dunning_total_claim

    def _get_credits(self, notice):
        """Return what the letter takes off: amount, what of it was paid, what is left.

        :rtype: list[tuple]
        """
        return [
            (line.amount_total, line.amount_paid, line.amount_residual)
            for line in notice.line_ids
            if not line.level_id
        ]

    # === CONTACTS === #

    def test_payment_of_a_contact_counts_for_the_debtor(self):
        move = self._create_due_invoice(100)
        self._create_payment(self._create_contact(), 60)

        notice = self._propose_letter()

        self.assertEqual(notice.amount_claim, 40)  # 100 - 60
        self.assertEqual(self._get_credits(notice), [(-60, 0, -60)])
        # With interest over three days: 40 x 10.4% x 3 / 365 = 0.03.
        self.assertEqual(self._get_claim_today(), 40.03)
        with freeze_time(FIRST_REMINDER):
            self.assertEqual(move.dunning_claim_total, 40.03)

    def test_payment_of_a_contact_of_a_contact_counts(self):
        self._create_due_invoice(100)
        branch = self._create_contact("Filiaal")
        self._create_payment(self._create_contact(parent_id=branch.id), 60)

        self.assertEqual(self._propose_letter().amount_claim, 40)

    def test_whose_contact_paid_all_gets_no_letter(self):
        move = self._create_due_invoice(100)
        self._create_payment(self._create_contact(), 100)

        self.assertFalse(self._propose_letter())
        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "no_balance")

    def test_payment_of_a_contact_after_the_proposal_lowers_the_letter(self):
        self._create_due_invoice(100)
        run = self._propose(FIRST_REMINDER)
        self._create_payment(self._create_contact(), 60)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._deliver(FIRST_REMINDER)

        self.assertEqual(run.notice_ids.amount_claim, 40)

    def test_payment_of_a_company_below_the_debtor_is_its_own(self):
        # A daughter that is a company is a debtor itself.
        self._create_due_invoice(100)
        daughter = self._create_contact("Dochter B.V.", is_company=True)
        self._create_payment(daughter, 60)

        self.assertEqual(self._propose_letter().amount_claim, 100)

    def test_opening_item_of_a_contact_stands_in_the_letter_to_the_debtor(self):
        self._create_due_invoice(100)
        self._create_opening((self._create_contact(), "2025-0187", 30))

        notice = self._propose_letter()

        self.assertEqual(notice.partner_id, self.debtor)
        self.assertEqual(notice.amount_claim, 130)

    def test_pause_of_the_debtor_holds_the_items_of_his_contacts(self):
        item = self._create_opening((self._create_contact(), "2025-0187", 30))
        with freeze_time(FIRST_REMINDER):
            self.env["dunning.hold"]._hold_items(
                item, {"kind": "internal", "date_review": "2026-12-01"}
            )

        [step] = item.get_dunning_plan(FIRST_REMINDER)

        self.assertEqual(step["obstacle"], "paused")

    # === PAID OUT === #

    def test_refund_that_was_paid_out_in_part(self):
        self._create_due_invoice(200, move_type="out_refund")
        self._create_payment(self.debtor, 150, direction="outbound")
        self._create_due_invoice(500)

        notice = self._propose_letter()

        # 500 less the 50 that he still gets.
        self.assertEqual(notice.amount_claim, 450)
        self.assertEqual(self._get_credits(notice), [(-200, -150, -50)])
        # 450 x 10.4% x 3 / 365 = 0.38.
        self.assertEqual(self._get_claim_today(), 450.38)

    def test_refund_that_was_paid_out_to_a_contact(self):
        self._create_due_invoice(200, move_type="out_refund")
        self._create_payment(self._create_contact(), 150, direction="outbound")
        self._create_due_invoice(500)

        self.assertEqual(self._propose_letter().amount_claim, 450)
        # 450 x 10.4% x 3 / 365 = 0.38.
        self.assertEqual(self._get_claim_today(), 450.38)

    def test_refund_that_was_paid_out_as_a_whole(self):
        self._create_due_invoice(200, move_type="out_refund")
        self._create_payment(self.debtor, 200, direction="outbound")
        self._create_due_invoice(500)

        notice = self._propose_letter()

        self.assertEqual(notice.amount_claim, 500)
        self.assertFalse(self._get_credits(notice))

    def test_more_paid_out_than_he_had_to_get_is_not_claimed(self):
        self._create_due_invoice(50, move_type="out_refund")
        self._create_payment(self.debtor, 150, direction="outbound")
        self._create_due_invoice(500)

        self.assertEqual(self._propose_letter().amount_claim, 500)
        # 500 x 10.4% x 3 / 365 = 0.43.
        self.assertEqual(self._get_claim_today(), 500.43)

    def test_what_was_paid_out_takes_off_the_oldest_credits_first(self):
        self._create_due_invoice(100, move_type="out_refund")
        self._create_due_invoice(80, move_type="out_refund", invoice_date="2026-10-02")
        self._create_payment(self.debtor, 120, direction="outbound")
        self._create_due_invoice(500)

        notice = self._propose_letter()

        # Of 100 nothing is left, of 80 he got 20: 500 - 60.
        self.assertEqual(self._get_credits(notice), [(-80, -20, -60)])
        self.assertEqual(notice.amount_claim, 440)

    def test_refund_paid_out_to_somebody_else_is_not_his(self):
        self._create_due_invoice(200, move_type="out_refund")
        self._create_payment(self.other, 150, direction="outbound")
        self._create_due_invoice(500)

        notice = self._propose_letter()

        self.assertEqual(notice.amount_claim, 300)

    def test_letter_is_sent_with_what_is_left_of_a_refund(self):
        self._create_due_invoice(200, move_type="out_refund")
        run_day = FIRST_REMINDER
        self._create_due_invoice(500)
        run = self._propose(run_day)
        self.assertEqual(run.notice_ids.amount_claim, 300)
        self._create_payment(self.debtor, 150, direction="outbound")
        with freeze_time(run_day):
            run.action_confirm()
        self._deliver(run_day)

        self.assertEqual(run.notice_ids.amount_claim, 450)
        self.assertEqual(run.notice_ids.state, "pending")
