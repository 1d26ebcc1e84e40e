from datetime import date

from odoo.tests import freeze_time, tagged

from .test_charge_posting import LAST_DAY, ChargeCommon

#: Twenty days after the charge.
LATER = date(2027, 1, 20)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaimAfterCharge(ChargeCommon):
    """What was charged counts once: on its own invoice."""

    def test_memo_claim_goes_on_with_new_interest_only(self):
        move, _notice = self._charge()

        claim = self._get_claim(move, LATER)

        # 59 of the 79 days were charged.
        self.assertEqual((claim.interest, claim.costs), (20, 0))
        self.assertEqual(claim.total, 3670)

    def test_charge_bears_no_interest_and_no_costs(self):
        _move, notice = self._charge()

        claim = self._get_claim(notice.charge_move_id, date(2028, 1, 20))

        self.assertEqual((claim.interest, claim.costs, claim.total), (0, 0, 549))

    def test_totals_of_today(self):
        move, notice = self._charge()

        with freeze_time("2027-01-01"):
            # The charge counts from its first day, though it is not due yet.
            self.assertEqual(self.debtor.dunning_total_claim, 3650 + 1 + 549)
        self.env.invalidate_all()  # another day
        with freeze_time(LATER):
            self.assertRecordValues(
                move,
                [
                    {
                        "dunning_claim_interest": 20,
                        "dunning_claim_costs": 0,
                        "dunning_claim_charged": 549,
                        "dunning_claim_total": 4219,
                    }
                ],
            )
            self.assertEqual(notice.charge_move_id.dunning_claim_total, 549)
            items = self._get_items(move | notice.charge_move_id)
            self.assertEqual(sum(items.mapped("dunning_total")), 4219)
            self.assertEqual(self.debtor.dunning_total_claim, 4219)
            self.assertEqual(notice.amount_today, 4219)

    def test_payment_of_the_charge_counts_through_the_ledger(self):
        move, notice = self._charge()
        self._pay(notice.charge_move_id, 500, day=LATER)

        with freeze_time(LATER):
            self.assertEqual(move.dunning_claim_charged, 49)
            self.assertEqual(move.dunning_claim_interest, 20)
            self.assertEqual(self.debtor.dunning_total_claim, 3719)

    def test_payment_of_the_invoice_lowers_the_base_of_interest(self):
        move, _notice = self._charge()
        self._pay(move, 1825, day=date(2027, 1, 10))

        # It pays the 10 that were not charged and 1,815 of the principal; 10 days over
        # 1,835 follow: 5.03.
        claim = self._get_claim(move, LATER)
        self.assertEqual(float(claim.open_principal), 1835)
        self.assertEqual(float(claim.open_interest), 5.03)

    def test_shares_of_two_invoices_in_one_charge(self):
        moves = self._create_due_invoice(1000) | self._create_due_invoice(3000)
        notice = self._send_all()

        # 525 over 4,000: 1,000 bears 16.16 and a fourth, 3,000 bears 48.49 and three.
        self.assertEqual(notice.charge_move_id.amount_total, 589.65)
        with freeze_time(LAST_DAY):
            self.assertEqual(moves.mapped("dunning_claim_charged"), [147.41, 442.24])

    def test_charge_that_was_reset_to_draft_does_not_count(self):
        move, notice = self._charge()
        notice.charge_move_id.button_draft()

        claim = self._get_claim(move, LATER)

        self.assertEqual((claim.interest, claim.costs), (79, 490))


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLettersAfterCharge(ChargeCommon):
    """The charge goes along with letters, it never makes one."""

    def test_charge_is_never_dunned_by_itself(self):
        move, notice = self._charge()
        self._pay(move, day=date(2027, 1, 2))

        run = self._propose("2027-02-15")

        self.assertFalse(run.notice_ids)
        self.assertEqual(
            self._get_obstacle(notice.charge_move_id, date(2027, 2, 15)), "charged"
        )
        with freeze_time("2027-02-15"):
            self.assertIn("charges interest", notice.charge_move_id.dunning_summary)

    def test_charge_goes_along_with_the_next_letter(self):
        _move, notice = self._charge()
        self._pay(notice.charge_move_id, 100, day=date(2027, 1, 5))
        self._create_due_invoice(200, due=date(2027, 1, 11))

        letter = self._send("2027-01-20").notice_ids

        line = letter.line_ids.filtered(lambda line: not line.level_id)
        self.assertRecordValues(
            line, [{"move_name": notice.charge_move_id.name, "amount_residual": 449}]
        )
        self.assertEqual((letter.amount_total, letter.amount_claim), (649, 649))
        self.assertEqual(letter.item_count, 1)

    def test_letter_tells_the_charge_apart(self):
        self._charge()
        self._create_due_invoice(200, due=date(2027, 1, 11))

        letter = self._send("2027-01-20").notice_ids
        main, charged = letter._prepare_letter_values()[letter.id]["sections"]

        self.assertEqual((main.kind, main.amount), ("reminder", 200))
        self.assertEqual((charged.kind, charged.amount), ("charge", 549))
        self.assertIn("549", charged.request[0])

    def test_later_demand_asks_new_interest_only(self):
        self.default_notice.write(
            {"charges": "charge", "with_interest": True, "debtor_kind": "business"}
        )
        self._create_due_invoice(3650)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            notice = self._send(day).notice_ids
        # 39 days and 490; 20 days more at the final demand.
        self.assertEqual(notice.charge_move_id.amount_total, 529)

        last = self._send(LAST_DAY).notice_ids

        self.assertEqual((last.amount_interest, last.amount_costs), (20, 0))
        self.assertEqual(last.amount_claim, 3650 + 529 + 20)
        self.assertEqual(last.charge_move_id.amount_total, 20)
        with freeze_time(LAST_DAY):
            self.assertEqual(self.debtor.dunning_total_claim, 4199)

    def test_letter_prints_what_was_charged_before(self):
        self.default_notice.write(
            {"charges": "charge", "with_interest": True, "debtor_kind": "business"}
        )
        self._create_due_invoice(3650)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)

        last = self._send(LAST_DAY).notice_ids
        [item] = last.claim_data["items"]

        self.assertEqual(
            (item["charged_interest"], item["interest"]), ("39.00", "20.00")
        )


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCancelCharge(ChargeCommon):
    """A charge is taken back by a credit note, with its reason."""

    def _cancel(self, notice):
        with freeze_time(LATER):
            wizard = self.env["dunning.charge.cancel"].with_user(self.invoicing)
            wizard.with_context(**notice.action_cancel_charge()["context"]).create(
                {"reason": "Coulance"}
            ).action_cancel()

    def test_credit_note_with_reason(self):
        _move, notice = self._charge()

        self._cancel(notice)

        charge = notice.charge_move_id
        self.assertRecordValues(
            charge.reversal_move_ids,
            [
                {
                    "move_type": "out_refund",
                    "state": "posted",
                    "amount_total": 549,
                    "amount_residual": 0,
                    "ref": "Coulance",
                }
            ],
        )
        self.assertEqual(charge.payment_state, "reversed")
        self.assertFalse(notice.has_charge)
        self.assertEqual(notice.charge_cancel_reason, "Coulance")
        self.assertEqual(charge.dunning_charge_reason, "Coulance")
        self.assertIn("Coulance", notice.message_ids[0].body)
        self.assertIn("Coulance", str(charge.message_ids.mapped("body")))

    def test_memo_claim_counts_again(self):
        move, notice = self._charge()

        self._cancel(notice)

        claim = self._get_claim(move, LATER)
        self.assertEqual((claim.interest, claim.costs), (79, 490))
        with freeze_time(LATER):
            self.assertEqual(self.debtor.dunning_total_claim, 3650 + 79 + 490)

    def test_paid_part_becomes_a_credit_of_the_debtor(self):
        _move, notice = self._charge()
        self._pay(notice.charge_move_id, 49, day=date(2027, 1, 5))

        self._cancel(notice)

        self.assertEqual(notice.charge_move_id.amount_residual, 0)
        with freeze_time(LATER):
            # 3,650 + 79 + 490, less the 49.
            self.assertEqual(self.debtor.dunning_total_claim, 4170)

    def test_credit_note_by_hand_counts_too(self):
        move, notice = self._charge()

        with freeze_time(LATER):
            notice.charge_move_id._reverse_moves(
                [{"invoice_date": LATER, "date": LATER}], cancel=True
            )

        self.assertFalse(notice.has_charge)
        self.assertEqual(self._get_claim(move, LATER).costs, 490)

    def test_half_a_credit_note_by_hand(self):
        move, notice = self._charge()
        with freeze_time(LATER):
            credit = notice.charge_move_id._reverse_moves([{"invoice_date": LATER}])
            for line in credit.invoice_line_ids:
                line.price_unit /= 2
            credit.action_post()

        claim = self._get_claim(move, LATER)

        # Half of 59 and of 490 were credited.
        self.assertEqual((float(claim.interest), float(claim.costs)), (49.5, 245))

    def test_cancelled_letter_takes_its_charge_along(self):
        move, notice = self._charge()

        with freeze_time(LATER):
            notice._cancel("Wrong customer")

        self.assertFalse(notice.has_charge)
        self.assertEqual(self._get_claim(move, LATER).costs, 0)

    def test_cancelled_charge_is_not_posted_again_by_another_delivery(self):
        self.final_demand.by_post = True
        _move, notice = self._charge()
        self._cancel(notice)

        with freeze_time(LATER):
            notice.delivery_ids.filtered(
                lambda delivery: delivery.channel == "post"
            )._set_posted(LATER)

        self.assertEqual(len(notice.charge_move_ids), 1)
        self.assertFalse(notice.has_charge)
