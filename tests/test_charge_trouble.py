from datetime import date
from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .test_charge_posting import LAST_DAY, ChargeCommon

#: Twenty days after the charge.
LATER = date(2027, 1, 20)
LOGGER = "odoo.addons.l10n_nl_dunning.models.charge.dunning_notice"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestChargeError(ChargeCommon):
    """What goes wrong in the ledger is told to somebody and leaves nothing behind."""

    def _fail(self, *_args, **_kwargs):
        raise ZeroDivisionError("out of luck")

    def test_unexpected_error_is_logged_and_rolled_back(self):
        _move, notice = self._issue()
        Notice = type(notice)

        with (
            patch.object(Notice, "_log_charges", self._fail),
            freeze_time(LAST_DAY),
            self.assertLogs(LOGGER, "ERROR") as logs,
        ):
            self._accept_mails(notice)

        self.assertIn("ZeroDivisionError", logs.output[0])
        self.assertIn("out of luck", notice.charge_error)
        self.assertEqual(notice.state, "sent")
        self.assertFalse(notice.charge_move_ids)
        self.assertEqual(len(notice.activity_ids), 1)

    def test_letter_that_comes_back_is_not_charged_after_all(self):
        _move, notice = self._issue()
        with (
            patch.object(type(notice), "_log_charges", self._fail),
            freeze_time(LAST_DAY),
            mute_logger(LOGGER),
        ):
            self._accept_mails(notice)

        with freeze_time("2027-01-02"):
            notice._message_receive_bounce("x@y.example", self.debtor)
            notice.action_charge()

        self.assertFalse(notice.charge_error)
        self.assertFalse(notice.charge_move_ids)
        # What is left to do is to get the letter to the debtor.
        self.assertEqual(notice.activity_ids.summary, "Dunning letter not delivered")

    def test_credit_that_fails_is_work_until_the_charge_is_cancelled(self):
        _move, notice = self._charge()
        Move = type(self.env["account.move"])
        with (
            patch.object(Move, "_credit_dunning_charges", self._fail),
            mute_logger(LOGGER),
            freeze_time("2027-01-02"),
        ):
            notice._message_receive_bounce("x@y.example", self.debtor)
        self.assertTrue(notice.has_charge and notice.charge_error)

        with freeze_time("2027-01-02"):
            notice._cancel_charges("Came back")

        self.assertFalse(notice.has_charge or notice.charge_error)

    def test_charge_that_was_reset_to_draft_is_not_left_behind(self):
        _move, notice = self._charge()
        notice.charge_move_id.button_draft()

        with freeze_time(LATER):
            notice._cancel("Wrong customer")

        self.assertEqual(notice.charge_move_id.state, "cancel")

    def test_posted_again_after_it_came_back_charges_again(self):
        self.final_demand.by_post = True
        _move, notice = self._charge()
        by_email, by_post = notice.delivery_ids.sorted("channel")
        with freeze_time("2027-01-02"):
            by_email._set_failed("No such user")
            self.assertFalse(notice.has_charge)

            by_post._set_posted(date(2027, 1, 2))

        self.assertTrue(notice.has_charge)
        self.assertEqual(len(notice.charge_move_ids), 2)
        # A letter of 2 January by then: two more days of 1 euro.
        self.assertEqual(sum(notice.charge_move_ids.mapped("amount_residual")), 551)

    def test_waived_before_it_was_posted(self):
        self.final_demand.write({"by_email": False, "by_post": True})
        for what, until, expected in (
            # A letter of 2 January by then: 61 days.
            ("both", LAST_DAY, [2]),
            ("costs", False, [61]),
            # 50 of the 61 days.
            ("interest", date(2026, 12, 22), [11, 490]),
        ):
            with self.subTest(what), self.env.cr.savepoint() as savepoint:
                self._create_due_invoice(3650)
                notice = self._send_all()
                items = notice.line_ids.move_line_id
                with freeze_time("2027-01-02"):
                    self.env["dunning.waiver"]._waive(items, what, until, "Coulance")
                    notice.delivery_ids._set_posted(date(2027, 1, 2))
                lines = notice.charge_move_ids.invoice_line_ids
                self.assertEqual(lines.mapped("price_unit"), expected)
                savepoint.rollback()

    def test_invoice_that_is_credited_after_the_charge(self):
        move, notice = self._charge()
        self.assertFalse(notice.activity_ids)
        with freeze_time(LATER):
            refund = move._reverse_moves([{"invoice_date": LATER, "date": LATER}])
            refund.invoice_line_ids.price_unit = 1825
            refund.action_post()
            (self._get_items(move) + self._get_items(refund)).reconcile()

        self.assertIn(notice.charge_move_id.name, notice.activity_ids.note)
        # 3,650 less 1,825; the charge of 549 stands until somebody decides.
        with freeze_time(LATER):
            self.assertEqual(self.debtor.dunning_total_claim, 1825 + 549)
            notice._cancel_charges("Te hoog")
            self.env.invalidate_all()
            # 79 days at 0.50, and 15 % of 1,825.
            self.assertEqual(self.debtor.dunning_total_claim, 1825 + 39.5 + 273.75)
        self.assertEqual(len(notice.activity_ids), 1)

    def test_parts_of_half_a_credit_add_up_to_the_cent(self):
        moves = self._create_due_invoice(1000) | self._create_due_invoice(3000)
        notice = self._send_all()
        charge = notice.charge_move_id
        with freeze_time(LATER):
            credit = charge._reverse_moves([{"invoice_date": LATER}])
            for line in credit.invoice_line_ids:
                line.price_unit = round(line.price_unit / 3, 2)
            credit.action_post()

        left = charge._get_dunning_charged()[charge.id].values()

        # 589.65 less a third: 64.65 / 3 = 21.55 and 525 / 3 = 175.
        self.assertEqual(len(moves), len(left))
        self.assertEqual(float(sum(part.costs + part.interest for part in left)), 393.1)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestChargeOfConsumer(ChargeCommon):
    """Nothing is charged to a consumer without a notice that arrived."""

    def test_notice_that_comes_back_late_takes_the_charge_along(self):
        self.consumer_policy.level_ids[2].charges = "charge"
        move = self._create_due_invoice(1000, partner=self.consumer)
        letters = [
            self._send(day).notice_ids
            for day in ("2026-11-05", "2026-11-24", "2026-12-15")
        ]
        self.assertTrue(letters[2].has_charge)

        with freeze_time("2026-12-21"):
            letters[1].delivery_ids.action_returned()

        self.assertFalse(letters[2].has_charge)
        self.assertEqual(letters[2].charge_move_id.payment_state, "reversed")
        self.assertEqual(self._get_claim(move, LATER).costs, 0)
