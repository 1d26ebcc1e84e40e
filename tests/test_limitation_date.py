from ast import literal_eval
from datetime import date

from odoo.tests import freeze_time, new_test_user, tagged

from .limitation_common import LimitationCommon

ACTIVITY_TYPE = "l10n_nl_dunning.mail_activity_limitation"


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
            items = self.env["account.move.line"]._get_dunning_lapsing_items(
                self.company
            )

        self.assertEqual(items.move_id, move)

    def test_number_of_statements_does_not_grow(self):
        counts = []
        for _round in range(2):
            for _number in range(3):
                self._create_old_invoice(date(2022, 2, 1))
            self.env.invalidate_all()
            with freeze_time("2026-11-23"):
                before = self.env.cr.sql_log_count
                self.env["account.move.line"]._get_dunning_lapsing_items(self.company)
                counts.append(self.env.cr.sql_log_count - before)

        self.assertLessEqual(counts[1], counts[0])


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLimitationReminder(LimitationCommon):
    """The activity on the invoice."""

    def _remind(self, day):
        with freeze_time(day):
            self.env["account.move.line"]._remind_dunning_limitation(self.company)

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
