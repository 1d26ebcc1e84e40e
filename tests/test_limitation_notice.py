from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .limitation_common import LimitationCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLimitationNotice(LimitationCommon):
    """The letter that interrupts the limitation."""

    def test_letter_in_dutch(self):
        move = self._create_old_invoice(date(2022, 2, 1), 1234.56)

        notice = self._interrupt(move, "2026-11-23")
        with freeze_time("2026-11-23"):
            [page] = self._print(notice)

        for text in (
            "Stuiting van de verjaring",
            "€ 1.234,56",
            "zegge: twaalfhonderdvierendertig euro en zesenvijftig cent",
            "stuiten wij de verjaring",
            "behouden ons ondubbelzinnig het recht op nakoming voor",
            "artikel 3:317",
            "Hoogachtend,",
        ):
            self.assertIn(text, page)
        self.assertNotIn("Uiterlijk op", page)
        self.assertNotIn("kosten", page)

    def test_letter_in_english(self):
        partner = self._create_debtor("Thistle & Sons Ltd", lang="en_US")
        move = self._create_old_invoice(date(2022, 2, 1), partner=partner)

        notice = self._interrupt(move, "2026-11-23")
        with freeze_time("2026-11-23"):
            [page] = self._print(notice)

        for text in (
            "Interruption of the limitation",
            "we unequivocally reserve our right to performance",
            "Yours faithfully,",
        ):
            self.assertIn(text, page)
        self.assertNotIn("No later than", page)

    def test_by_email_and_post_and_kept_as_evidence(self):
        move = self._create_old_invoice(date(2022, 2, 1))

        notice = self._send_interruption(move, "2026-11-23")

        self.assertEqual(set(notice.delivery_ids.mapped("channel")), {"email", "post"})
        self.assertEqual(notice.state, "sent")
        self.assertEqual((notice.date, notice.deadline), (date(2026, 11, 23), False))
        self.assertTrue(notice.letter_id)
        self.assertEqual(self._get_last_day(move), date(2031, 11, 23))

    def test_plan_is_not_affected(self):
        move = self._create_due_invoice()
        self._send("2026-11-05")
        item = self._get_item(move)
        [before] = item.get_dunning_plan("2026-11-24")

        self._send_interruption(move, "2026-11-24")

        self.assertEqual(item.get_dunning_plan("2026-11-24"), [before])
        self.assertFalse(before["obstacle"])
        move.invalidate_recordset()
        self.assertEqual(move.dunning_level_id, self.reminder)
        self.assertIn(
            move,
            self.env["account.move"].search(
                [("dunning_level_id", "=", self.reminder.id)]
            ),
        )
        self.assertEqual(self._send("2026-11-24").notice_ids.level_id, self.demand)

    def test_first_letter_still_to_come(self):
        move = self._create_due_invoice()
        self._send_interruption(move, "2026-11-03")

        self.assertFalse(move.dunning_level_id)
        self.assertIn(
            move, self.env["account.move"].search([("dunning_level_id", "=", False)])
        )
        self.assertEqual(self._send("2026-11-05").notice_ids.level_id, self.reminder)

    def test_whatever_the_obstacle_and_beside_a_proposal(self):
        move = self._create_due_invoice()
        excluded = self._create_due_invoice(50)
        self._propose("2026-11-05")
        self._get_item(excluded).no_followup = True

        notice = self._send_interruption(move | excluded, "2026-11-05")

        self.assertEqual(notice.line_ids.move_id, move | excluded)
        self.assertEqual(notice.state, "sent")

    def test_credits_are_not_taken_off(self):
        move = self._create_due_invoice(100)
        self._create_due_invoice(100, move_type="out_refund")

        notice = self._send_interruption(move, "2026-11-23")

        self.assertEqual((notice.state, notice.amount_total), ("sent", 100))

    def test_paid_item_is_left_out(self):
        paid = self._create_due_invoice()
        self._pay(paid)
        with self.assertRaisesRegex(UserError, "None of these items is open"):
            self._interrupt(paid, "2026-11-23")

        move = self._create_due_invoice()
        notice = self._interrupt(move, "2026-11-23")
        notice.action_confirm()
        self._pay(move)
        self._deliver("2026-11-23")

        self.assertEqual(notice.state, "cancelled")

    def test_again_years_later(self):
        move = self._create_old_invoice(date(2022, 2, 1))

        self._send_interruption(move, "2026-11-23")
        self.assertEqual(self._get_last_day(move), date(2031, 11, 23))
        self._send_interruption(move, "2031-10-01")

        self.assertEqual(self._get_last_day(move), date(2036, 10, 1))

    def test_earlier_letter_can_be_cancelled_still(self):
        move = self._create_due_invoice()
        first = self._send("2026-11-05").notice_ids
        self._send_interruption(move, "2026-11-06")

        first._cancel("Wrong customer")

        self.assertEqual(first.state, "cancelled")

    def test_not_named_as_the_previous_letter(self):
        move = self._create_due_invoice()
        first = self._send("2026-11-05").notice_ids
        self._send_interruption(move, "2026-11-06")

        second = self._propose("2026-11-24").notice_ids

        self.assertEqual(second._get_last_before(second._get_earlier_lines()), first)

    def test_one_letter_per_debtor_from_the_list(self):
        user = new_test_user(
            self.env,
            "anna",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        moves = self._create_due_invoice() | self._create_due_invoice(
            partner=self.consumer
        )
        items = self.env["account.move.line"]
        for move in moves:
            items |= self._get_item(move)

        action = items.with_user(user).action_interrupt_dunning_limitation()

        notices = self.env["dunning.notice"].search(action["domain"])
        self.assertEqual(notices.partner_id, self.debtor | self.consumer)
        self.assertEqual(notices.level_id, self.level)

    def test_failed_letter_is_sent_again(self):
        move = self._create_due_invoice()
        notice = self._interrupt(move, "2026-11-23")
        with freeze_time("2026-11-23"):
            notice.action_confirm()
            notice.deliver()
            notice._set_failed("Mail server on fire")
            notice.action_retry()
            retry = move.dunning_notice_line_ids.notice_id - notice
            retry.deliver()
            self._accept_mails(retry)

        self.assertEqual((notice.state, retry.state), ("cancelled", "sent"))
        self.assertTrue(retry.is_limitation)
        self.assertEqual(self._get_last_day(move), date(2031, 11, 23))

    def test_level_stands_outside_policies(self):
        for values in (
            self._prepare_level("demand", "No policy"),
            self._prepare_level(
                "limitation_notice", "In a policy", policy_id=self.policy.id
            )
            | {"letter_opening": "Dear"},
        ):
            with (
                self.subTest(name=values["name"]),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env["dunning.level"].create(values)

    def test_level_sets_no_term_and_charges_nothing(self):
        for values in (
            {"letter_opening": "Pay by {deadline}."},
            {"with_interest": True},
            {"charges": "claim"},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                self.level.with_context(lang="nl_NL").write(values)

    def test_no_level_is_explained(self):
        self.level.action_archive()

        with self.assertRaisesRegex(UserError, "Interruption letter"):
            self._interrupt(self._create_due_invoice(), "2026-11-23")
