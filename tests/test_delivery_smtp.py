import email
import socket
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import FIRST_REMINDER, DunningCommon

BOUNCE = """\
From: MAILER-DAEMON@goudenaar.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce-1@goudenaar.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain

Your message could not be delivered.

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; goudenaar.example

Final-Recipient: rfc822; administratie@goudenaar.example
Action: failed
Status: 5.1.1

--cut
Content-Type: message/rfc822

To: administratie@goudenaar.example
Message-Id: {id}
Subject: Betalingsherinnering

--cut--
"""


class Mailbox:
    """A mail server that refuses one address and keeps the rest."""

    def __init__(self, refused):
        self.refused = refused
        self.messages = {}

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address == self.refused:
            return "550 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content)
        for address in envelope.rcpt_tos:
            self.messages[address] = message
        return "250 Message accepted for delivery"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSmtp(DunningCommon):
    """Letters that really go to a mail server, on this machine."""

    @classmethod
    def default_env_context(cls):
        return {}  # with mail threads as in production

    def setUp(self):
        super().setUp()
        self.mailbox = Mailbox(refused="weg@bestaatniet.example")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        controller = Controller(self.mailbox, hostname="127.0.0.1", port=port)
        controller.start()
        self.addCleanup(controller.stop)
        self.env["ir.mail_server"].sudo().search([]).active = False
        self.env["ir.mail_server"].sudo().create(
            {
                "name": "Loopback",
                "smtp_host": "127.0.0.1",
                "smtp_port": port,
                "smtp_encryption": "none",
            }
        )
        self.startPatcher(
            patch.object(
                type(self.env["ir.mail_server"]), "_disable_send", lambda _self: False
            )
        )

    def _work_mail_queue(self, notices):
        """Send what is in Odoo's mail queue for these letters."""
        mails = notices.delivery_ids.mail_id.sudo()
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        mails.send()

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_mail_server_accepts_one_and_refuses_the_other(self):
        good = self._create_debtor("Good", email="goed@goudenaar.example")
        bad = self._create_debtor("Bad", email="weg@bestaatniet.example")
        for partner in (good, bad):
            self._create_due_invoice(partner=partner)
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._deliver(FIRST_REMINDER)

        self._work_mail_queue(run.notice_ids)

        states = {n.partner_id.name: n.state for n in run.notice_ids}
        self.assertEqual(states, {"Good": "sent", "Bad": "failed"})
        self.assertEqual(list(self.mailbox.messages), ["goed@goudenaar.example"])
        failed = run.notice_ids.filtered(lambda n: n.partner_id == bad)
        self.assertIn("550", failed.error)
        self.assertIn("weg@bestaatniet.example", failed.error)

    def test_mail_carries_the_letter_and_a_reply_lands_on_it(self):
        self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._deliver(FIRST_REMINDER)
        notice = run.notice_ids
        self._work_mail_queue(notice)

        message = self.mailbox.messages["administratie@goudenaar.example"]
        pdfs = [
            part
            for part in message.walk()
            if part.get_content_type() == "application/pdf"
        ]
        self.assertEqual(len(pdfs), 1)
        self.assertEqual(pdfs[0].get_payload(decode=True), notice.letter_id.raw)
        self.assertEqual(notice.delivery_ids.message_id, message["Message-Id"])

        self.env["mail.thread"].message_process(
            "dunning.notice",
            "From: administratie@goudenaar.example\n"
            f"To: {message['Reply-To'] or message['From']}\n"
            "Message-Id: <reply-1@goudenaar.example>\n"
            f"In-Reply-To: {message['Message-Id']}\n"
            f"References: {message['Message-Id']}\n"
            "Subject: Re: Betalingsherinnering\n\n"
            "De betaling is vandaag gedaan.",
        )

        self.assertIn("De betaling is vandaag gedaan", notice.message_ids[0].body)

    def test_bounce_that_comes_back_fails_the_letter(self):
        self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._deliver(FIRST_REMINDER)
        notice = run.notice_ids
        self._work_mail_queue(notice)
        self.assertEqual(notice.state, "sent")

        bounce_address = self.company.bounce_email or "bounce@vandam.example"
        self.env["mail.thread"].message_process(
            False, BOUNCE.format(to=bounce_address, id=notice.delivery_ids.message_id)
        )

        self.assertEqual(notice.state, "failed")
        self.assertEqual(notice.delivery_ids.state, "failed")
        self.assertIn("administratie@goudenaar.example", notice.error)
