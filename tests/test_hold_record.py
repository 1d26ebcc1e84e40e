from datetime import date, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import format_date

from .common import FIRST_REMINDER, DunningCommon

REVIEW = date(2026, 11, 12)
DAY_AFTER = date(2026, 11, 13)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestHold(DunningCommon):
    """What is on hold is not dunned, until the last day of the hold has passed."""

    def _hold(self, move, day=FIRST_REMINDER, **values):
        values = {"kind": "internal", "date_review": REVIEW, **values}
        with freeze_time(day):
            return self.env["dunning.hold"]._hold_items(self._get_item(move), values)

    def _hold_debtor(self, day=FIRST_REMINDER, **values):
        values = {"kind": "internal", "date_review": REVIEW, **values}
        with freeze_time(day):
            return self.env["dunning.hold"]._hold_debtors(
                self.debtor, self.company, values
            )

    def _run_daily(self, day):
        with freeze_time(day):
            self.env["dunning.run"]._work_daily(self.company)

    def _get_bodies(self, record):
        return " ".join(record.message_ids.mapped(lambda m: str(m.body)))

    # === THE PLAN === #

    def test_each_kind_has_its_obstacle(self):
        for kind, obstacle in [
            ("dispute", "dispute"),
            ("promise", "promise"),
            ("arrangement_offered", "arrangement_offered"),
            ("internal", "paused"),
            ("courtesy", "paused"),
            ("other", "paused"),
        ]:
            move = self._create_due_invoice()
            self._hold(move, kind=kind)
            with self.subTest(kind=kind):
                self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), obstacle)

    def test_item_on_hold_due_on_first_day_after(self):
        move = self._create_due_invoice()
        self._hold(move)

        self.assertEqual(self._get_obstacle(move, REVIEW), "paused")
        self.assertFalse(self._get_obstacle(move, DAY_AFTER))
        [step] = self._get_item(move).get_dunning_plan(FIRST_REMINDER)
        self.assertEqual(step["date"], DAY_AFTER)
        self.assertEqual(step["level_id"], self.reminder.id)

    def test_hold_that_starts_later_does_not_count_yet(self):
        move = self._create_due_invoice()
        self._hold(move, date_from=FIRST_REMINDER + timedelta(days=1))

        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))
        self.assertEqual(self._get_obstacle(move, REVIEW), "paused")

    def test_hold_on_an_item_leaves_other_items(self):
        held, other = self._create_due_invoice(), self._create_due_invoice(50)
        self._hold(held)

        run = self._propose(FIRST_REMINDER)

        self.assertEqual(run.notice_ids.line_ids.move_id, other)
        self.assertEqual(run.obstacle_ids.obstacle, "paused")

    def test_hold_on_debtor_covers_later_invoices(self):
        self._hold_debtor()
        move = self._create_due_invoice()

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "paused")

    def test_several_holds_the_longest_counts(self):
        move = self._create_due_invoice()
        self._hold_debtor(kind="promise", date_review=date(2026, 11, 9))
        longest = self._hold(move, kind="dispute")
        self._hold(move, kind="courtesy", date_review=date(2026, 11, 10))

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "dispute")
        with freeze_time(FIRST_REMINDER):
            self.assertEqual(move.dunning_hold_id, longest)

    def test_default_review_day_by_kind(self):
        move = self._create_due_invoice()
        with freeze_time(FIRST_REMINDER):
            hold = self.env["dunning.hold"]._hold_items(
                self._get_item(move), {"kind": "dispute"}
            )

        # Thirty days after 5 November.
        self.assertEqual(hold.date_review, date(2026, 12, 5))

    def test_item_of_hold_disappears_debtor_is_not_held(self):
        held, other = self._create_due_invoice(), self._create_due_invoice(50)
        hold = self._hold(held)
        held.button_draft()
        held.unlink()

        self.assertFalse(hold.move_line_ids)
        self.assertFalse(self._get_obstacle(other, FIRST_REMINDER))

    def test_hold_on_two_debtors_is_two_holds(self):
        move = self._create_due_invoice()
        other = self._create_due_invoice(partner=self._create_debtor("Other B.V."))

        holds = self._hold(move + other)

        self.assertEqual(len(holds), 2)
        self.assertEqual(holds.partner_id, (move + other).commercial_partner_id)

    def test_hold_with_items_of_another_debtor_refused(self):
        other = self._create_due_invoice(partner=self._create_debtor("Other B.V."))

        with self.assertRaises(ValidationError):
            self.env["dunning.hold"].create(
                {
                    "partner_id": self.debtor.id,
                    "move_line_ids": self._get_item(other).ids,
                }
            )

    # === ENDING === #

    def test_hold_ended_plans_the_same_day(self):
        move = self._create_due_invoice()
        hold = self._hold(move)
        with freeze_time(date(2026, 11, 9)):
            hold._end("Answered")

        self.assertEqual(self._get_obstacle(move, date(2026, 11, 8)), "paused")
        self.assertFalse(self._get_obstacle(move, date(2026, 11, 9)))
        self.assertRecordValues(
            hold, [{"date_end": date(2026, 11, 9), "end_reason": "Answered"}]
        )

    def test_hold_is_never_deleted(self):
        hold = self._hold(self._create_due_invoice())

        with self.assertRaises(UserError):
            hold.unlink()

    # === SENDING === #

    def test_item_held_after_the_proposal_drops_out(self):
        held, other = self._create_due_invoice(), self._create_due_invoice(50)
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._hold(held)

        self._deliver(FIRST_REMINDER)

        self.assertEqual(run.notice_ids.line_ids.move_id, other)
        self.assertEqual(run.notice_ids.amount_total, 50)

    def test_debtor_held_after_the_proposal_letter_is_cancelled(self):
        self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._hold_debtor()

        self._deliver(FIRST_REMINDER)

        self.assertEqual(run.notice_ids.state, "cancelled")

    # === EXPIRY AND CHATTER === #

    def test_expiry_asks_the_owner_once_and_not_dunned_that_day(self):
        move = self._create_due_invoice()
        hold = self._hold(move, user_id=self.env.user.id)

        self._run_daily(REVIEW)
        self._run_daily(REVIEW)

        self.assertFalse(move.dunning_notice_line_ids)
        self.assertEqual(len(hold.activity_ids), 1)
        self.assertEqual(hold.activity_ids.date_deadline, REVIEW)
        self.assertEqual(self._get_bodies(move).count("is over after"), 1)
        self.assertEqual(self._get_bodies(self.debtor).count("is over after"), 1)

        self._run_daily(DAY_AFTER)

        self.assertEqual(len(hold.activity_ids), 1)
        self.assertEqual(move.dunning_notice_line_ids.state, "draft")

    def test_expiry_after_an_outage_not_dunned_the_day_it_is_told(self):
        move = self._create_due_invoice()
        hold = self._hold(move)

        self._run_daily(date(2026, 11, 17))

        self.assertFalse(move.dunning_notice_line_ids)
        self.assertEqual(len(hold.activity_ids), 1)

        self._run_daily(date(2026, 11, 18))

        self.assertEqual(move.dunning_notice_line_ids.state, "draft")

    def test_round_by_hand_after_an_outage_tells_the_owner_first(self):
        move = self._create_due_invoice()
        hold = self._hold(move)

        run = self._propose(date(2026, 11, 17))

        self.assertFalse(run.notice_ids)
        self.assertEqual(run.obstacle_ids.obstacle, "paused")
        self.assertEqual(len(hold.activity_ids), 1)
        self.assertEqual(hold.date_announced, date(2026, 11, 17))

        self._run_daily(date(2026, 11, 17))
        run = self._propose(date(2026, 11, 18))

        self.assertEqual(run.notice_ids.line_ids.move_id, move)
        self.assertEqual(len(hold.activity_ids), 1)

    def test_round_by_a_clerk_tells_the_owner(self):
        hold = self._hold(self._create_due_invoice(), user_id=self.env.user.id)
        clerk = new_test_user(
            self.env,
            login="dunning_clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

        with freeze_time(date(2026, 11, 17)):
            self.env["dunning.run"].with_user(clerk).propose(self.company)

        self.assertEqual(hold.activity_ids.user_id, self.env.user)

    def test_expiry_of_paid_invoice_asks_nothing(self):
        move = self._create_due_invoice()
        hold = self._hold(move)
        self._pay(move)

        self._run_daily(REVIEW)

        self.assertFalse(hold.activity_ids)

    def test_later_date_asks_again(self):
        hold = self._hold(self._create_due_invoice())
        self._run_daily(REVIEW)

        hold.date_review = date(2026, 11, 20)

        self.assertFalse(hold.activity_ids)
        self._run_daily(date(2026, 11, 20))
        self.assertEqual(len(hold.activity_ids), 1)

    def test_planned_pause_stands_in_chatter_with_its_first_day(self):
        move = self._create_due_invoice()
        self._hold(move, date_from=date(2026, 11, 9))
        first = format_date(self.env, date(2026, 11, 9))
        self.assertIn(f"paused from {first} up to and", self._get_bodies(move))

        other = self._create_due_invoice(50)
        self._hold(other)
        self.assertIn("paused up to and including", self._get_bodies(other))

    def test_adding_and_ending_stand_in_chatter(self):
        move = self._create_due_invoice()
        hold = self._hold(move, note="Asked the <b>warehouse</b>")
        with freeze_time(REVIEW):
            hold._end("Answered")

        for record in (move, self.debtor):
            bodies = self._get_bodies(record)
            self.assertIn("Asked the &lt;b&gt;warehouse", bodies)
            self.assertIn("Pause of dunning ended: Answered", bodies)
