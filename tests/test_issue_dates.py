from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER, DunningCommon

#: Thursday, a week after the first reminder.
LATER = date(2026, 11, 12)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDates(DunningCommon):
    """A letter bears the day on which it leaves: HR 2016:2704.

    The reminder of Thursday 5 November gives fourteen days: until the 19th; one of the
    12th until the 26th.
    """

    def _issue(self, amount=100, day=FIRST_REMINDER, **values):
        """Issue a letter; return it while it waits for mail server or post."""
        self.move = self._create_due_invoice(amount, **values)
        run = self._propose(day)
        with freeze_time(day):
            run.action_confirm()
        self._deliver(day)
        return run.notice_ids

    def _issue_post(self, **values):
        self.debtor.email = False
        return self._issue(**values)

    def _post(self, notice, day, today=None):
        with freeze_time(today or day):
            notice.delivery_ids.filtered(
                lambda delivery: delivery.channel == "post"
            )._set_posted(day)

    # === POST === #

    def test_posted_a_week_later(self):
        notice = self._issue_post()
        paper = notice.letter_id

        self._post(notice, LATER)

        self.assertEqual((notice.date, notice.deadline), (LATER, date(2026, 11, 26)))
        self.assertEqual(notice.line_ids.deadline, date(2026, 11, 26))
        self.assertEqual(notice.line_ids.days_late, 10)
        self.assertNotEqual(notice.letter_id, paper)
        self.assertTrue(paper.exists())
        self.assertIn("leaves on", notice.message_ids[0].body)

    def test_posted_on_its_own_day(self):
        notice = self._issue_post()
        paper = notice.letter_id

        self._post(notice, FIRST_REMINDER)

        self.assertEqual((notice.date, notice.letter_id), (FIRST_REMINDER, paper))

    def test_day_of_posting_in_the_past_is_recorded_as_it_was(self):
        notice = self._issue_post()

        self._post(notice, date(2026, 11, 6), today=LATER)

        self.assertEqual(notice.date, FIRST_REMINDER)
        self.assertEqual(notice.delivery_ids.date_sent, datetime(2026, 11, 6, 12))

    def test_claims_what_is_left(self):
        notice = self._issue_post()
        self._pay(self.move, 40, day=date(2026, 11, 9))

        self._post(notice, LATER)

        self.assertEqual((notice.amount_total, notice.amount_claim), (60, 60))

    def test_nothing_due_any_more_is_not_posted(self):
        notice = self._issue_post()
        self._pay(self.move, day=date(2026, 11, 9))

        with self.assertRaisesRegex(UserError, "Nothing is due any more"):
            self._post(notice, LATER)

    def test_wizard_prints_again_first(self):
        notice = self._issue_post()
        with freeze_time(LATER):
            wizard = self.env["dunning.delivery.post"].create(
                {"delivery_ids": notice.delivery_ids.ids}
            )
            self.assertEqual(wizard.late_count, 1)
            wizard.action_print_again()
            self.assertEqual((notice.date, notice.state), (LATER, "pending"))
            wizard.action_post()

        self.assertEqual((notice.date, notice.state), (LATER, "sent"))

    def test_other_columns_stay_frozen(self):
        notice = self._issue_post()

        for key in (True, "MAKING_AGAIN"):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                notice.with_context(dunning_making_again=key).date = LATER

    # === E-MAIL === #

    def test_mail_server_down_for_two_days(self):
        notice = self._issue()
        mail = notice.delivery_ids.mail_id
        self.assertIn("19\xa0november\xa02026", mail.body_html)

        with freeze_time("2026-11-07 09:00:00"):
            mail.send()
            self._accept_mails(notice)

        # Fourteen days after Saturday 7 November: Saturday 21, so Monday 23.
        self.assertEqual(notice.date, date(2026, 11, 7))
        self.assertEqual(notice.deadline, date(2026, 11, 23))
        self.assertIn("23\xa0november\xa02026", mail.body_html)
        self.assertNotIn("19\xa0november\xa02026", mail.body_html)
        self.assertEqual(mail.attachment_ids, notice.letter_id)

    def test_mail_of_what_was_paid_meanwhile_is_not_sent(self):
        notice = self._issue()
        self._pay(self.move, day=date(2026, 11, 6))

        with freeze_time("2026-11-07 09:00:00"):
            notice.delivery_ids.mail_id.send()

        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(notice.delivery_ids.mail_id.state, "cancel")

    def test_just_past_midnight(self):
        notice = self._issue()

        # 0:30 on Friday 6 November in the Netherlands.
        with freeze_time("2026-11-05 23:30:00"):
            self._accept_mails(notice)

        self.assertEqual(notice.date, FIRST_REMINDER)

    # === THE LAST CHANNEL === #

    def test_next_letter_waits_for_the_one_that_was_not_posted(self):
        self.reminder.by_post = True
        notice = self._issue()
        with freeze_time(FIRST_REMINDER):
            self._accept_mails(notice)
        self.assertEqual(notice.state, "sent")

        # Without the post the demand would be due on Tuesday 24 November.
        self.assertEqual(self._get_obstacle(self.move, "2026-11-24"), "unposted")
        # Fourteen days after the deadline of the 19th it waits no longer.
        self.assertEqual(self._get_obstacle(self.move, "2026-12-03"), "unposted")
        self.assertFalse(self._get_obstacle(self.move, "2026-12-04"))

    def test_term_counts_from_the_last_channel(self):
        self.reminder.by_post = True
        notice = self._issue()
        with freeze_time(FIRST_REMINDER):
            self._accept_mails(notice)

        self._post(notice, LATER)

        # Until the 26th, then three working days.
        self.assertEqual(self._get_obstacle(self.move, "2026-11-30"), "waiting")
        self.assertFalse(self._get_obstacle(self.move, "2026-12-01"))
