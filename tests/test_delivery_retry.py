from datetime import datetime
from unittest.mock import patch

from odoo.tests import BaseCase, freeze_time, tagged

from ..models.delivery.mail_mail import is_temporary
from .common import FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestTemporary(BaseCase):
    """What a mail server says for the moment, and what for good."""

    def test_answers(self):
        for reason, expected in (
            ("451 try again later", True),
            ("SMTPRecipientsRefused: {'a@b.nl': (452, b'mailbox full')}", True),
            ("SMTPDataError: 421 4.7.0 too many connections", True),
            ("[Errno 111] Connection refused", True),
            ("timed out", True),
            ("550 No such user", False),
            (
                "SMTPRecipientsRefused: {'a@b.nl': (550, b'5.1.1 no user 451 here')}",
                False,
            ),
            ("No valid recipient", False),
            ("", False),
        ):
            with self.subTest(reason=reason):
                self.assertEqual(is_temporary(reason, "unknown"), expected)

    def test_no_connection(self):
        self.assertTrue(is_temporary("", "mail_smtp"))


class DeliveryCase(DunningCommon):
    def setUp(self):
        super().setUp()
        self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._deliver(FIRST_REMINDER)
        self.notice = run.notice_ids
        self.delivery = self.notice.delivery_ids
        self.mail = self.delivery.mail_id.sudo()

    def _refuse(self, moment, reason="451 try again later"):
        with freeze_time(moment):
            self._refuse_mails(self.notice, reason)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestRetry(DeliveryCase):
    """A temporary error is tried again for a day, with pauses that grow."""

    def test_tried_again(self):
        self._refuse("2026-11-05 09:00:00")

        self.assertEqual((self.notice.state, self.delivery.state), ("pending",) * 2)
        self.assertEqual(self.mail.state, "outgoing")
        self.assertEqual(self.mail.scheduled_date, datetime(2026, 11, 5, 9, 5))
        self.assertIn("451 try again later", self.delivery.error)
        self.assertFalse(self.notice.activity_ids)

        with freeze_time("2026-11-05 09:05:00"):
            self._accept_mails(self.notice)

        self.assertEqual((self.notice.state, self.delivery.state), ("sent",) * 2)
        self.assertFalse(self.delivery.error)

    def test_pauses_grow_until_a_day_has_passed(self):
        moment, tries = datetime(2026, 11, 5, 6), []
        while self.notice.state == "pending":
            self._refuse(moment)
            if self.mail.state == "outgoing":
                tries.append((self.mail.scheduled_date - moment).seconds // 60)
                moment = self.mail.scheduled_date

        self.assertEqual(tries, [5, 15, 30, 60, 120, 240, 480, 480])
        # 1,430 minutes after six o'clock.
        self.assertEqual(moment, datetime(2026, 11, 6, 5, 50))
        self.assertEqual(self.notice.state, "failed")
        self.assertIn("451", self.notice.error)

    def test_permanent_error_fails_at_once(self):
        self._refuse("2026-11-05 09:00:00", "550 No such user")

        self.assertEqual((self.notice.state, self.delivery.state), ("failed",) * 2)

    def test_job_is_woken_for_the_next_try(self):
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        self._refuse("2026-11-05 09:00:00")

        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(datetime(2026, 11, 5, 9, 5), triggers.mapped("call_at"))


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPerhapsSent(DeliveryCase):
    """What was being handed over when a worker died is not sent again by itself."""

    def _die(self):
        """Leave the mail as a worker does that was killed after it had begun."""
        self.mail.dunning_handed_over = "2026-11-05 09:00:00"
        with (
            freeze_time("2026-11-05 09:10:00"),
            patch.object(type(self.mail), "_send") as send,
        ):
            self.mail.send()
        self.assertFalse(send.called)

    def test_person_is_asked(self):
        self._die()

        self.assertEqual(self.delivery.state, "perhaps")
        self.assertEqual(self.notice.state, "pending")
        self.assertTrue(self.notice.is_undelivered)
        self.assertIn("perhaps it was sent", self.delivery.error)
        self.assertEqual(len(self.notice.activity_ids), 1)
        self.assertEqual(self.mail.state, "exception")
        found = self.env["dunning.notice"].search(
            [("is_undelivered", "=", True), ("id", "=", self.notice.id)]
        )
        self.assertEqual(found, self.notice)

    def test_no_other_letter_meanwhile(self):
        self._die()

        move = self.notice.line_ids.move_id
        self.assertEqual(self._get_obstacle(move, "2026-12-01"), "proposed")

    def test_it_was_sent(self):
        self._die()

        with freeze_time("2026-11-06 09:00:00"):
            self.delivery.action_was_sent()

        self.assertEqual((self.notice.state, self.delivery.state), ("sent",) * 2)
        self.assertEqual(self.delivery.date_sent, datetime(2026, 11, 5, 9))
        self.assertEqual(self.notice.date, FIRST_REMINDER)
        self.assertFalse(self.notice.activity_ids)

    def test_sent_again_when_a_person_says_so(self):
        self._die()

        self.delivery.action_send_again()

        self.assertEqual(
            (self.delivery.state, self.mail.state), ("pending", "outgoing")
        )
        self.assertFalse(self.mail.dunning_handed_over)
        self.assertFalse(self.notice.activity_ids)

    def test_noted_before_it_is_handed_over(self):
        order = []
        with (
            freeze_time("2026-11-05 09:00:00"),
            patch.object(
                self.env.cr,
                "commit",
                lambda: order.append(("commit", bool(self.mail.dunning_handed_over))),
            ),
            patch.object(
                type(self.env["ir.mail_server"]), "_disable_send", lambda _self: False
            ),
            patch.object(
                type(self.env["ir.mail_server"]),
                "send_email",
                lambda *_args, **_kwargs: order.append("send") or "<id@example>",
            ),
        ):
            self.mail._send(auto_commit=True)

        self.assertEqual(order[:2], [("commit", True), "send"])
        self.assertEqual(self.delivery.state, "sent")
        self.assertFalse(self.mail.dunning_handed_over)
