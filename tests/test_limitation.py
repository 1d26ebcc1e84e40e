from ast import literal_eval
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .letter_common import LetterCommon

ACTIVITY_TYPE = "l10n_nl_dunning.mail_activity_limitation"


class LimitationCommon(LetterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.env.ref("l10n_nl_dunning.dunning_level_limitation_notice")

    @classmethod
    def _create_old_invoice(cls, due, amount=100.0, partner=None, **values):
        return cls._create_due_invoice(
            amount, due=due, partner=partner, invoice_date=due, **values
        )

    def _interrupt(self, moves, day):
        """Propose interruption letters for invoices on a day."""
        items = moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        with freeze_time(day):
            return self.env["dunning.notice"]._interrupt_limitation(items)

    def _send_interruption(self, moves, day):
        notices = self._interrupt(moves, day)
        with freeze_time(day):
            notices.action_confirm()
            notices.deliver()
            self._accept_mails(notices)
        return notices

    def _get_last_day(self, move):
        item = self._get_item(move)
        item.invalidate_recordset()
        return item.dunning_limitation_date


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLimitationDate(LimitationCommon):
    """Until when a claim can be enforced."""

    def test_business_five_years_consumer_two(self):
        business = self._create_old_invoice(date(2022, 3, 31))
        consumer = self._create_old_invoice(date(2024, 12, 15), partner=self.consumer)

        self.assertEqual(self._get_last_day(business), date(2027, 3, 31))
        self.assertEqual(self._get_last_day(consumer), date(2026, 12, 15))

    def test_formal_letters_interrupt_and_friendly_ones_do_not(self):
        for kind, expected in (
            ("reminder", date(2031, 11, 2)),
            ("demand", date(2031, 11, 2)),
            ("default_notice", date(2031, 11, 23)),
            ("final_demand", date(2031, 11, 23)),
        ):
            with self.subTest(kind=kind):
                # Due on 2 November 2026, letter of 23 November 2026.
                notice = self._create_letter((100, self._get_level(kind)))

                self.assertEqual(self._get_last_day(notice.line_ids.move_id), expected)

    def test_fourteen_day_notice_interrupts(self):
        level = self._get_level("fourteen_day", "consumer")
        notice = self._create_letter((100, level), partner=self.consumer)

        self.assertEqual(
            self._get_last_day(notice.line_ids.move_id), date(2028, 11, 23)
        )

    def test_letter_that_was_not_delivered_does_not_interrupt(self):
        notice = self._create_letter((100, self._get_level("final_demand")))
        notice.state = "failed"

        self.assertEqual(self._get_last_day(notice.line_ids.move_id), date(2031, 11, 2))

    def test_part_payment_interrupts_and_credit_note_does_not(self):
        paid = self._create_old_invoice(date(2022, 3, 31))
        credited = self._create_old_invoice(date(2022, 3, 31))
        self._pay(paid, 40, day=date(2023, 6, 15))
        credit = self._create_old_invoice(date(2023, 6, 15), 40, move_type="out_refund")
        (self._get_item(credited) | self._get_item(credit)).reconcile()

        self.assertEqual(self._get_last_day(paid), date(2028, 6, 15))
        self.assertEqual(
            self._get_item(paid).dunning_last_interruption, date(2023, 6, 15)
        )
        self.assertEqual(self._get_last_day(credited), date(2027, 3, 31))

    def test_payment_before_the_due_date_gains_nothing(self):
        move = self._create_old_invoice(date(2022, 3, 31))
        self._pay(move, 40, day=date(2022, 3, 1))

        self.assertEqual(self._get_last_day(move), date(2027, 3, 31))

    def test_interruption_after_the_claim_lapsed_changes_nothing(self):
        move = self._create_old_invoice(date(2019, 3, 31))
        self._pay(move, 40, day=date(2025, 1, 10))

        self.assertEqual(self._get_last_day(move), date(2024, 3, 31))

    def test_paid_item_has_none(self):
        move = self._create_old_invoice(date(2022, 3, 31))
        self._pay(move, day=date(2022, 5, 1))

        self.assertFalse(self._get_last_day(move))

    def test_list_of_what_lapses_within_three_months(self):
        # On 23 November 2026 these lapse on 23 February and 24 February 2027.
        business = self._create_old_invoice(date(2022, 2, 23))
        self._create_old_invoice(date(2022, 2, 24))
        consumer = self._create_old_invoice(date(2025, 2, 23), partner=self.consumer)
        self._create_old_invoice(date(2025, 2, 24), partner=self.consumer)
        lapsed = self._create_old_invoice(date(2020, 1, 10))
        paid = self._create_old_invoice(date(2020, 1, 10))
        self._pay(paid, day=date(2020, 5, 1))

        with freeze_time("2026-11-23"):
            items = self.env["account.move.line"].search(
                [
                    ("dunning_is_lapsing", "=", True),
                    ("company_id", "=", self.company.id),
                ]
            )

        self.assertEqual(items.move_id, business | consumer | lapsed)

    def test_list_for_whoever_may_read_invoices(self):
        move = self._create_old_invoice(date(2022, 2, 1))
        reader = new_test_user(
            self.env,
            "rob",
            groups="account.group_account_readonly",
            company_id=self.company.id,
        )
        action = self.env.ref("l10n_nl_dunning.dunning_limitation_action")
        MoveLine = self.env["account.move.line"].with_user(reader)

        with freeze_time("2026-11-23"):
            [row] = MoveLine.search_read(
                literal_eval(action.domain),
                ["move_id", "dunning_last_interruption", "dunning_limitation_date"],
            )
        arch = MoveLine.get_view(action.view_id.id)["arch"]

        self.assertEqual(row["move_id"][0], move.id)
        self.assertEqual(row["dunning_limitation_date"], date(2027, 2, 1))
        self.assertNotIn("action_interrupt_dunning_limitation", arch)

    def test_draft_has_none(self):
        move = self._create_old_invoice(date(2022, 2, 1))
        move.button_draft()

        self.assertFalse(self._get_last_day(move))

    def test_leap_day_is_not_missed(self):
        # 29 February 2024 and two years are 28 February 2026, three months from now.
        move = self._create_old_invoice(date(2024, 2, 29), partner=self.consumer)

        with freeze_time("2025-11-28"):
            items = self.env["account.move.line"]._get_lapsing_items(self.company)

        self.assertEqual(items.move_id, move)

    def test_number_of_statements_does_not_grow(self):
        counts = []
        for _round in range(2):
            for _number in range(3):
                self._create_old_invoice(date(2022, 2, 1))
            self.env.invalidate_all()
            with freeze_time("2026-11-23"):
                before = self.env.cr.sql_log_count
                self.env["account.move.line"]._get_lapsing_items(self.company)
                counts.append(self.env.cr.sql_log_count - before)

        self.assertLessEqual(counts[1], counts[0])


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLimitationReminder(LimitationCommon):
    """The activity on the invoice."""

    def _remind(self, day):
        with freeze_time(day):
            self.env["account.move.line"]._remind_limitation(self.company)

    def _get_reminders(self, move):
        move.invalidate_recordset()
        return move.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(ACTIVITY_TYPE)
        )

    def test_once_for_the_responsible(self):
        move = self._create_old_invoice(date(2022, 2, 1))

        self._remind("2026-10-31")
        self.assertFalse(self._get_reminders(move))
        self._remind("2026-11-01")
        self._remind("2026-11-02")

        self.assertRecordValues(
            self._get_reminders(move),
            [
                {
                    "date_deadline": date(2027, 2, 1),
                    "user_id": self.company._get_dunning_responsible().id,
                }
            ],
        )

    def test_not_again_when_done(self):
        move = self._create_old_invoice(date(2022, 2, 1))
        self._remind("2026-11-01")
        self._get_reminders(move).action_feedback()

        self._remind("2026-11-02")

        self.assertFalse(self._get_reminders(move))

    def test_taken_away_by_an_interruption_and_back_for_the_next_term(self):
        move = self._create_old_invoice(date(2022, 2, 1))
        self._remind("2026-11-01")
        self._send_interruption(move, "2026-11-23")

        self._remind("2026-11-24")
        self.assertFalse(self._get_reminders(move))

        self._remind("2031-08-24")
        self.assertEqual(
            self._get_reminders(move).mapped("date_deadline"), [date(2031, 11, 23)]
        )

    def test_lapsed_claims_and_paid_ones_get_none(self):
        lapsed = self._create_old_invoice(date(2020, 2, 1))
        paid = self._create_old_invoice(date(2022, 2, 1))
        self._pay(paid, day=date(2022, 5, 1))

        self._remind("2026-11-23")

        self.assertFalse(self._get_reminders(lapsed | paid))

    def test_none_when_the_kind_of_activity_was_deleted(self):
        move = self._create_old_invoice(date(2022, 2, 1))
        self.env.ref(ACTIVITY_TYPE).unlink()

        self._remind("2026-11-23")

        self.assertFalse(move.activity_ids)

    def test_daily_job_reaches_dutch_companies(self):
        move = self._create_old_invoice(date(2022, 2, 1))
        self.env["res.company"].search([]).dunning_propose_daily = False
        cron = self.env.ref("l10n_nl_dunning.ir_cron_propose")

        with self.enter_registry_test_mode(), freeze_time("2026-11-23"):
            cron.method_direct_trigger()
        self.env.invalidate_all()

        self.assertEqual(len(self._get_reminders(move)), 1)


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

        self.assertEqual(second._get_previous_letters()[second.id], first)

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


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSuspension(LimitationCommon):
    """The announcement that deliveries are suspended."""

    def test_from_the_first_working_day_after_the_deadline(self):
        level = self._get_level("default_notice")
        # 11 days after Monday 23 November is Friday 4 December; then Monday.
        level.write({"suspend_delivery": True, "term_days": 11})

        [page] = self._print(self._create_letter((100, level)))

        self.assertIn("vanaf 7 december 2026", page)
        self.assertIn("opschorten", page)
        self.assertIn("6:52 en 6:262", page)

    def test_later_when_more_days_are_given(self):
        level = self._get_level("demand")
        level.write({"suspend_delivery": True, "suspend_days": 3})
        partner = self._create_debtor("Thistle & Sons Ltd", lang="en_US")

        [page] = self._print(self._create_letter((100, level), partner=partner))

        # 8 days after 23 November is Tuesday 1 December; three working days later.
        self.assertIn("from 4 December 2026 until you have paid", page)

    def test_off_by_default(self):
        [page] = self._print(self._create_letter((100, self._get_level("demand"))))

        self.assertNotIn("opschorten", page)

    def test_not_in_letters_without_a_date(self):
        for level in (self._get_level("fourteen_day", "consumer"), self.level):
            with (
                self.subTest(level=level.kind),
                self.assertRaisesRegex(ValidationError, "names no last day"),
            ):
                level.suspend_delivery = True

    def test_not_before_the_deadline(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.demand.suspend_days = 0
            self.demand.flush_recordset()
