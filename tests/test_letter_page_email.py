from odoo.tests import tagged
from odoo.tools import mute_logger

from .letter_common import LetterCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestEmailRender(LetterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls._get_level("reminder")
        cls.other = cls._create_debtor(
            "Slagerij Vermeer B.V.", email="vermeer@example.com", lang="en_US"
        )

    def _issue(self, *notices):
        notices = self.env["dunning.notice"].union(*notices)
        notices._attach_letters()
        notices._set_pending()
        notices._send()
        return notices.delivery_ids.mail_id

    def test_mail_is_queued_in_the_language_of_the_recipient(self):
        notice = self._create_letter((1234.56, self.level))

        mail = self._issue(notice)

        self.assertRecordValues(
            mail,
            [
                {
                    "state": "outgoing",
                    "auto_delete": False,
                    "model": "dunning.notice",
                    "res_id": notice.id,
                    "message_type": "email_outgoing",
                    "email_to": notice.email,
                    "subject": f"Betalingsherinnering ({notice.name})",
                }
            ],
        )
        body = mail.body_html.replace("\N{NO-BREAK SPACE}", " ")
        for text in ("Geachte", "€ 1.234,56", "1 december 2026", "NL91 ABNA 0417"):
            self.assertIn(text, body)
        self.assertNotIn("Dear", body)
        self.assertEqual(notice.delivery_ids.state, "pending")

    def test_mail_shows_in_the_conversation(self):
        notice = self._create_letter((10, self.level))

        mail = self._issue(notice)

        self.assertIn(mail.mail_message_id, notice.message_ids)

    def test_mail_queue_is_woken(self):
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()

        self._issue(self._create_letter((10, self.level)))

        self.assertTrue(triggers.search_count([("cron_id", "=", cron.id)]))

    def test_attachments_never_go_to_another_debtor(self):
        self.level.attach_invoices = True
        first = self._create_letter((10, self.level), (20, self.level))
        second = self._create_letter((30, self.level), partner=self.other)

        mails = self._issue(first, second)

        self.assertEqual(len(mails), 2)
        for mail, notice in zip(mails.sorted("res_id"), (first, second), strict=True):
            files = mail.attachment_ids
            self.assertIn(notice.letter_id, files)
            self.assertEqual(len(files), 1 + len(notice.line_ids))
            self.assertEqual(set(files.mapped("res_id")), {notice.id})
            text = self._read(notice.letter_id.raw)[0]
            self.assertIn(notice.partner_id.name, text)
        self.assertFalse(mails[0].attachment_ids & mails[1].attachment_ids)

    def test_invoice_that_was_sent_goes_along_as_it_was_sent(self):
        self.level.attach_invoices = True
        notice = self._create_letter((10, self.level))
        move = notice.line_ids.move_id
        existing = self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": b"%PDF-1.4",
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        move.invalidate_recordset(["invoice_pdf_report_id"])

        mail = self._issue(notice)

        self.assertEqual(mail.attachment_ids, notice.letter_id | existing)

    def test_level_without_copies_sends_the_letter_alone(self):
        notice = self._create_letter((10, self.level))

        mail = self._issue(notice)

        self.assertEqual(mail.attachment_ids, notice.letter_id)

    def test_mail_comes_from_who_signs_and_replies_reach_the_letter(self):
        domain = self.env["mail.alias.domain"].create(
            {"name": "vandam.example", "catchall_alias": "post", "bounce_alias": "b"}
        )
        self.company.alias_domain_id = domain
        self.env.user.email = "eline@vandam.example"
        notice = self._create_letter((10, self.level))

        mail = self._issue(notice)

        self.assertIn("eline@vandam.example", mail.email_from)
        self.assertIn("post@vandam.example", mail.reply_to)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_reply_lands_on_the_letter(self):
        notice = self._create_letter((10, self.level))
        mail = self._issue(notice)

        self.env["mail.thread"].message_process(
            "dunning.notice",
            (
                f"From: {self.debtor.email}\nTo: post@vandam.example\n"
                f"Subject: Re\nMessage-Id: <reply@goudenaar.example>\n"
                f"In-Reply-To: {mail.message_id}\n\nBetaald!"
            ).encode(),
        )

        self.assertIn("Betaald!", notice.message_ids[0].body)

    def test_blacklisted_address_fails_without_a_mail(self):
        self.env["mail.blacklist"]._add(self.debtor.email)
        blocked = self._create_letter((10, self.level))
        free = self._create_letter((10, self.level), partner=self.other)

        mails = self._issue(blocked, free)

        self.assertEqual(mails.mapped("res_id"), free.ids)
        self.assertEqual(blocked.delivery_ids.state, "failed")
        self.assertIn("blacklist", blocked.delivery_ids.error)
        self.assertEqual(blocked.state, "failed")

    def test_online_payment_is_offered_only_when_it_is_enabled(self):
        notice = self._create_letter((10, self.level))
        self.assertNotIn("Online", self._issue(notice).body_html)
        notice.state = "sent"
        notice.flush_recordset()

        self.env["ir.config_parameter"].set_param(
            "account_payment.enable_portal_payment", "True"
        )
        self.env["payment.provider"].search(
            [("company_id", "=", self.company.id)], limit=1
        ) or self.env["payment.provider"].create(
            {"name": "Test", "company_id": self.company.id}
        )
        self.env.cr.execute(
            "UPDATE payment_provider SET state = 'enabled' WHERE company_id = %s",
            (self.company.id,),
        )
        self.env["payment.provider"].invalidate_model()
        single = self._create_letter((10, self.level))
        several = self._create_letter(
            (10, self.level), (20, self.level), partner=self.other
        )

        self.assertIn("payment_token=", self._issue(single).body_html)
        body = self._issue(several).body_html
        self.assertNotIn("payment_token=", body)
        self.assertEqual(body.count("/my/invoices/"), 2)
        self.assertEqual(
            several._prepare_letter_values()[several.id]["payment"]["link"], False
        )
