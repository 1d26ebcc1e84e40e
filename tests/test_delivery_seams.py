from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER
from .seams_common import SeamCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestChannelOfAnotherModule(SeamCommon):
    """Reminders by SMS: one file of another module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._install("dunning_sms")
        cls.debtor.phone = "+31 6 12345678"

    def _send_watched(self):
        """Send the letters of the first reminder and return what the carrier got."""
        Delivery = type(self.env["dunning.delivery"])
        with patch.object(Delivery, "_hand_over") as hand_over:
            run = self._propose(FIRST_REMINDER)
            with freeze_time(FIRST_REMINDER):
                run.action_confirm()
            self._deliver(FIRST_REMINDER)
        return run.notice_ids, [call.args[0] for call in hand_over.call_args_list]

    def test_it_goes_out_beside_the_mail(self):
        self.reminder.by_sms = True
        self._create_due_invoice()

        notice, numbers = self._send_watched()

        self.assertEqual(numbers, ["+31 6 12345678"])
        self.assertEqual(
            sorted(notice.delivery_ids.mapped("channel")), ["email", "sms"]
        )
        self.assertEqual(notice.state, "sent")

    def test_the_first_channel_that_works_is_enough(self):
        self.reminder.write({"by_sms": True, "channel_rule": "first"})
        self._create_due_invoice()
        other = self._create_debtor("Zonder mail", email=False, phone="+31 6 87654321")
        self._create_due_invoice(partner=other)

        notices, numbers = self._send_watched()

        # The one with an address gets a mail alone, the other nothing but an SMS.
        self.assertEqual(numbers, ["+31 6 87654321"])
        channels = {
            notice.partner_id: notice.delivery_ids.mapped("channel")
            for notice in notices
        }
        self.assertEqual(channels, {self.debtor: ["email"], other: ["sms"]})

    def test_who_has_no_number_is_not_reached_by_it(self):
        self.reminder.write({"by_sms": True, "by_email": False, "post_fallback": False})
        self.debtor.phone = False
        move = self._create_due_invoice()

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "no_address")

    def test_what_must_be_in_writing_does_not_go_out_by_it_alone(self):
        self._create_due_invoice()
        notice = self._propose(FIRST_REMINDER).notice_ids
        notice.level_id = self.default_notice
        notice.write({"by_email": False, "by_sms": True})

        with self.assertRaisesRegex(UserError, "must be in writing"):
            notice._check_sendable()
