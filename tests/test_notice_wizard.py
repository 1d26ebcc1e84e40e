from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .common import FIRST_REMINDER, DunningCommon

POSTED = date(2026, 11, 9)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLetterWizards(DunningCommon):
    """Recording what was posted, and withdrawing letters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder.write({"by_email": False, "by_post": True})

    def _issue(self, **channels):
        """Issue a letter that waits to be posted."""
        self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        run.notice_ids.write(channels)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._deliver(FIRST_REMINDER)
        return run.notice_ids

    def _open_post_wizard(self, deliveries):
        action = deliveries.action_post()
        return Form(self.env[action["res_model"]].with_context(**action["context"]))

    # === POST === #

    @freeze_time(POSTED)
    def test_post_makes_the_letter_sent_on_that_day(self):
        notice = self._issue()

        self._open_post_wizard(notice.delivery_ids).save().action_post()

        self.assertEqual(notice.state, "sent")
        self.assertRecordValues(
            notice.delivery_ids,
            [{"state": "sent", "channel": "post", "tracking_code": False}],
        )
        self.assertEqual(notice.delivery_ids.date_sent.date(), POSTED)

    @freeze_time(POSTED)
    def test_post_on_an_earlier_day_is_recorded_on_that_day(self):
        notice = self._issue()
        form = self._open_post_wizard(notice.delivery_ids)
        form.date = date(2026, 11, 6)

        form.save().action_post()

        self.assertEqual(notice.delivery_ids.date_sent, datetime(2026, 11, 6, 12))

    @freeze_time(POSTED)
    def test_post_of_a_registered_letter_takes_its_code(self):
        notice = self._issue(by_post=False, by_registered=True)
        form = self._open_post_wizard(notice.delivery_ids)
        self.assertTrue(form.has_tracking)
        form.tracking_code = "3STEST1234567"

        form.save().action_post()

        self.assertEqual(notice.delivery_ids.tracking_code, "3STEST1234567")

    @freeze_time(POSTED)
    def test_post_in_the_future_is_refused(self):
        notice = self._issue()
        form = self._open_post_wizard(notice.delivery_ids)
        form.date = date(2026, 11, 10)
        wizard = form.save()

        with self.assertRaisesRegex(UserError, "cannot be in the future"):
            wizard.action_post()
        self.assertEqual(notice.state, "pending")

    @freeze_time(POSTED)
    def test_post_before_the_date_of_the_letter_is_refused(self):
        notice = self._issue()
        form = self._open_post_wizard(notice.delivery_ids)
        form.date = date(2026, 11, 4)
        wizard = form.save()

        with self.assertRaisesRegex(UserError, "posted before that day"):
            wizard.action_post()

    @freeze_time(POSTED)
    def test_post_twice_is_refused(self):
        notice = self._issue()
        self._open_post_wizard(notice.delivery_ids).save().action_post()
        wizard = self._open_post_wizard(notice.delivery_ids).save()

        with self.assertRaisesRegex(UserError, "because it is in state “Sent”"):
            wizard.action_post()

    @freeze_time(POSTED)
    def test_post_of_an_email_is_refused(self):
        notice = self._issue(by_post=False, by_email=True)
        wizard = self._open_post_wizard(notice.delivery_ids).save()

        with self.assertRaisesRegex(UserError, "goes out by e-mail, not by post"):
            wizard.action_post()

    # === CANCEL === #

    def test_cancel_keeps_the_reason_and_takes_the_level_back(self):
        notice = self._issue()
        notice.delivery_ids._set_posted(FIRST_REMINDER)
        item = notice.line_ids.move_line_id
        self.assertEqual(item.dunning_level_id, self.reminder)
        action = notice.action_cancel()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.reason = "The invoice is disputed"

        form.save().action_cancel()

        item.invalidate_recordset()
        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(notice.cancel_reason, "The invoice is disputed")
        self.assertFalse(item.dunning_level_id)

    def test_cancel_without_reason_is_refused(self):
        notice = self._issue()
        action = notice.action_cancel()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))

        with self.assertRaisesRegex(AssertionError, "reason is a required field"):
            form.save()
