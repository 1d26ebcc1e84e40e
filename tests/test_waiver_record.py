from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .test_charge_posting import ChargeCommon

#: Twenty days after the final demand of 31 December.
LATER = date(2027, 1, 20)


class WaiverCommon(ChargeCommon):
    def _waive(self, records, **values):
        """Waive as a user does; the day must be frozen."""
        action = (
            records.action_waive()
            if records._name == "dunning.notice"
            else records.action_waive_dunning()
        )
        wizard = (
            self.env["dunning.waive"]
            .with_user(self.invoicing)
            .with_context(**action["context"])
            .create({"reason": "Coulance", **values})
        )
        wizard.action_waive()
        return self.env["dunning.waiver"].search([], order="id desc", limit=1)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestWaiver(WaiverCommon):
    """Interest and costs that are only claimed, not charged."""

    @freeze_time("2026-11-22")
    def test_interest_up_to_a_day(self):
        move = self._create_due_invoice(3650)

        waiver = self._waive(move, what="interest", until=date(2026, 11, 12))

        # 10 of the 20 days at 1 euro.
        self.assertEqual(waiver.amount_interest, 10)
        self.assertEqual(self._get_claim(move, date(2026, 11, 22)).interest, 10)
        self.assertEqual(move.dunning_waiver_ids, waiver)
        self.assertIn("Coulance", str(move.message_ids[0].body))

    def test_costs_altogether(self):
        self.final_demand.charges = "claim"
        move, notice = self._charge()

        with freeze_time(LATER):
            waiver = self._waive(notice, what="costs")

        self.assertEqual((waiver.amount_costs, waiver.amount_interest), (490, 0))
        claim = self._get_claim(move, LATER)
        self.assertEqual((claim.interest, claim.costs), (79, 0))
        self.assertEqual(notice.waiver_ids, waiver)

    def test_frozen_letter_stays_as_it_is(self):
        self.final_demand.charges = "claim"
        _move, notice = self._charge()

        with freeze_time(LATER):
            self._waive(notice)

        self.assertEqual((notice.amount_interest, notice.amount_costs), (59, 490))

    @freeze_time("2026-12-31")
    def test_proposed_letter_follows(self):
        self._create_due_invoice(3650)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)
        notice = self._propose("2026-12-31").notice_ids
        self.assertEqual(notice.amount_claim, 3650 + 59 + 490)

        self._waive(notice)

        self.assertEqual(notice.amount_claim, 3650)

    @freeze_time("2026-11-22")
    def test_all_that_a_customer_owes(self):
        self._create_due_invoice(3650)
        self._create_due_invoice(3650, due=date(2026, 11, 12))

        waiver = self._waive(self.debtor, what="interest")

        self.assertEqual(waiver.amount_interest, 30)
        self.assertEqual(self.debtor.dunning_total_claim, 7300)

    @freeze_time("2026-11-22")
    def test_ended_waiver_counts_no_longer(self):
        move = self._create_due_invoice(3650)
        waiver = self._waive(move, what="interest")

        self.env["dunning.waiver.end"].with_user(self.invoicing).create(
            {"waiver_ids": waiver.ids, "reason": "Broken promise"}
        ).action_end()

        self.assertEqual(self._get_claim(move, date(2026, 11, 22)).interest, 20)
        self.assertEqual(waiver.end_reason, "Broken promise")
        self.assertEqual(waiver.end_user_id, self.invoicing)
        self.assertIn("Broken promise", str(move.message_ids[0].body))

    @freeze_time("2026-11-22")
    def test_payment_before_the_waiver_goes_to_the_principal(self):
        move = self._create_due_invoice(3650)
        self._pay(move, 1825, day=date(2026, 11, 12))
        self._waive(move, what="interest", until=date(2026, 11, 12))

        claim = self._get_claim(move, date(2026, 11, 22))

        # 10 days at 0.50 over the other half.
        self.assertEqual((claim.open_principal, claim.open_interest), (1825, 5))

    @freeze_time("2026-11-22")
    def test_never_changed_and_never_deleted(self):
        waiver = self._waive(self._create_due_invoice(3650))

        with self.assertRaisesRegex(UserError, "never deleted"):
            waiver.sudo().unlink()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            waiver.reason = "Something else"

    @freeze_time("2026-11-22")
    def test_readers_do_not_waive(self):
        waiver = self._waive(self._create_due_invoice(3650))

        with self.assertRaises(AccessError):
            waiver.with_user(self.clerk).read(["reason"])

    @freeze_time("2026-11-22")
    def test_nothing_open(self):
        with self.assertRaisesRegex(UserError, "nothing open"):
            self.debtor.action_waive_dunning()


@tagged("post_install_l10n", "post_install", "-at_install")
class TestWaiverOfCharge(WaiverCommon):
    """What was charged already is credited."""

    def test_all_of_it(self):
        move, notice = self._charge()

        with freeze_time(LATER):
            waiver = self._waive(notice)
            # 79 days at 1 euro, 59 of them charged.
            self.assertEqual((waiver.amount_interest, waiver.amount_costs), (79, 490))
            self.assertEqual(waiver.credit_move_ids.amount_total, 549)
            self.assertEqual(waiver.credit_move_ids.ref, "Coulance")
            self.assertEqual(self.debtor.dunning_total_claim, 3650)
        self.assertEqual(notice.charge_move_id.amount_residual, 0)
        # The next day bears interest again.
        self.assertEqual(self._get_claim(move, date(2027, 1, 21)).interest, 1)

    def test_costs_only_from_the_charge_itself(self):
        move, notice = self._charge()

        with freeze_time(LATER):
            waiver = self._waive(notice.charge_move_id, what="costs")

        self.assertEqual(waiver.item_ids, self._get_items(move))
        self.assertEqual(waiver.credit_move_ids.invoice_line_ids.price_unit, 490)
        self.assertEqual(notice.charge_move_id.amount_residual, 59)
        self.assertEqual(self._get_claim(move, LATER).total, 3670)

    def test_interest_up_to_a_day_before_the_charge(self):
        move, notice = self._charge()

        with freeze_time(LATER):
            waiver = self._waive(move, what="interest", until=date(2026, 12, 22))

        # 50 of the 59 days that were charged.
        self.assertEqual(waiver.credit_move_ids.amount_total, 50)
        self.assertEqual(notice.charge_move_id.amount_residual, 499)
        self.assertEqual(self._get_claim(move, LATER).interest, 20)

    def test_of_one_invoice_in_a_charge_for_two(self):
        moves = self._create_due_invoice(1000) | self._create_due_invoice(3000)
        notice = self._send_all()

        with freeze_time(LATER):
            waiver = self._waive(moves[0], what="costs")

        # A fourth of 525; the other invoice is not claimed again.
        self.assertEqual(waiver.credit_move_ids.amount_total, 131.25)
        self.assertEqual(notice.charge_move_id.amount_residual, 458.4)
        self.assertEqual(self._get_claim(moves, LATER).costs, 0)

    def test_paid_invoice_with_an_open_charge(self):
        move, notice = self._charge()
        self._pay(move, day=date(2027, 1, 5))

        with freeze_time(LATER):
            self._waive(notice)

        self.assertEqual(notice.charge_move_id.amount_residual, 0)

    def test_cancel_what_a_waiver_left(self):
        _move, notice = self._charge()
        with freeze_time(LATER):
            self._waive(notice, what="costs")

            notice._cancel_charges("Agreed")

        self.assertFalse(notice.has_charge)
        self.assertEqual(
            set(notice.charge_move_id.reversal_move_ids.mapped("amount_total")),
            {59, 490},
        )
