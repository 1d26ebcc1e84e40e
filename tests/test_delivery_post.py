from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDeliveryByPost(DunningCommon):
    """Posted letters, withdrawn letters, and letters as evidence."""

    def _queue(self, day=FIRST_REMINDER):
        """Propose and confirm a round; return its letters."""
        run = self._propose(day)
        with freeze_time(day):
            run.action_confirm()
        return run.notice_ids

    # === POST === #

    def test_posted_letter_counts_from_the_recorded_day(self):
        self.debtor.email = False
        move = self._create_due_invoice()
        notice = self._queue()
        self._deliver(FIRST_REMINDER)
        self.assertEqual(notice.delivery_ids.channel, "post")
        self.assertEqual(notice.state, "pending")
        self.assertEqual(notice.delivery_ids.page_count, 1)

        notice.delivery_ids._set_sent("2026-11-06 12:00:00")

        self.assertEqual(notice.state, "sent")
        self.assertEqual(notice.delivery_ids.page_count, 0)
        self.env.invalidate_all()
        self.assertEqual(move.dunning_level_id, self.reminder)

    def test_returned_letter_fails(self):
        self.debtor.email = False
        self._create_due_invoice()
        notice = self._queue()
        self._deliver(FIRST_REMINDER)
        notice.delivery_ids._set_sent("2026-11-06 12:00:00")

        notice.delivery_ids.action_returned()

        self.assertEqual(notice.delivery_ids.state, "returned")
        self.assertEqual(notice.state, "failed")

    def test_failed_mail_beside_posted_letter_does_not_fail_the_notice(self):
        self.reminder.by_post = True
        self._create_due_invoice()
        notice = self._queue()
        self._deliver(FIRST_REMINDER)

        self._refuse_mails(notice)
        self.assertEqual(notice.state, "pending")

        by_post = notice.delivery_ids.filtered(lambda d: d.channel == "post")
        by_post._set_sent("2026-11-06 12:00:00")
        self.assertEqual(notice.state, "sent")

    def test_bounced_mail_beside_unposted_letter_does_not_count(self):
        self.reminder.by_post = True
        move = self._create_due_invoice()
        notice = self._send(FIRST_REMINDER).notice_ids
        self.assertEqual(notice.state, "sent")

        notice._message_receive_bounce("administratie@goudenaar.example", self.debtor)

        self.assertEqual(notice.state, "pending")
        self.env.invalidate_all()
        self.assertFalse(move.dunning_level_id)

    # === CANCEL === #

    def test_cancelled_letter_gives_its_level_back(self):
        move = self._create_due_invoice()
        notice = self._send(FIRST_REMINDER).notice_ids

        notice._cancel("Sent by mistake")

        self.assertIn("Cancelled: Sent by mistake", notice.message_ids[0].body)
        self.env.invalidate_all()
        self.assertFalse(move.dunning_level_id)
        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))

    def test_letter_with_a_later_one_cannot_be_cancelled(self):
        self._create_due_invoice()
        first = self._send(FIRST_REMINDER).notice_ids
        self._send("2026-11-24")

        with self.assertRaisesRegex(UserError, "builds on it"):
            first._cancel("Sent by mistake")

    def test_cancelled_letter_takes_its_mail_out_of_the_queue(self):
        self._create_due_invoice()
        notice = self._queue()
        self._deliver(FIRST_REMINDER)

        notice._cancel("Customer called")

        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(notice.delivery_ids.mail_id.state, "cancel")
        self.assertEqual(notice.delivery_ids.state, "cancelled")

    def test_issued_letter_cannot_be_changed(self):
        self._create_due_invoice()
        notice = self._send(FIRST_REMINDER).notice_ids

        for change in (
            lambda: notice.write({"date": "2026-11-01"}),
            lambda: notice.write({"amount_claim": 1}),
            lambda: notice.line_ids.write({"amount_residual": 1}),
            lambda: notice.line_ids.unlink(),
            lambda: notice.line_ids.copy(),
        ):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                change()

    def test_issued_letter_cannot_be_deleted(self):
        self._create_due_invoice()
        notice = self._send(FIRST_REMINDER).notice_ids

        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            notice.unlink()
