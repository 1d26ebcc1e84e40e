from datetime import date
from io import BytesIO

from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from .contact_common import ContactCommon

PROMISED = date(2026, 11, 13)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPromiseConfirm(ContactCommon):
    """The confirmation of a promise, in the language of the debtor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("nl_NL", "en_US"):
            cls.env["res.lang"]._activate_lang(lang)

    def _promise(self, amount=250, **values):
        self._record(
            "reached",
            agreement="promise",
            promise_amount=amount,
            promise_date=PROMISED,
            **values,
        )
        return self.env["dunning.hold"].search([("promise_date", "!=", False)], limit=1)

    def _get_mail(self, promise):
        return self.env["mail.mail"].search(
            [("model", "=", "dunning.hold"), ("res_id", "=", promise.id)]
        )

    def _read(self, html):
        return " ".join(str(html).replace("\N{NO-BREAK SPACE}", " ").split())

    def test_confirmation_waits_in_the_mail_queue_in_dutch(self):
        promise = self._promise()

        mail = self._get_mail(promise)
        self.assertEqual(mail.state, "outgoing")
        self.assertIn("administratie@goudenaar.example", mail.email_to)
        self.assertEqual(mail.subject, f"Bevestiging: betaling van {self.move.name}")
        body = self._read(mail.body_html)
        self.assertIn("Geachte heer of mevrouw,", body)
        self.assertIn("€ 250,00", body)
        self.assertIn("13 november 2026", body)
        self.assertIn(self.move.name, body)
        self.assertIn("NL91 ABNA 0417 1643 00", body)
        for english in ("Thank you", "Please", "Kind regards", "exception"):
            self.assertNotIn(english, body)
        for absent in ("eenmalig", "rest van"):
            self.assertNotIn(absent, body)

    def test_confirmation_in_english_tells_what_is_special(self):
        self.debtor.lang = "en_US"

        promise = self._promise(100, promise_is_exception=True)

        mail = self._get_mail(promise)
        self.assertEqual(mail.subject, f"Confirmation: payment of {self.move.name}")
        body = self._read(mail.body_html)
        self.assertIn("Dear Sir or Madam,", body)
        self.assertIn("€ 100.00", body)
        self.assertIn("13 November 2026", body)
        self.assertIn("The rest of what is open remains payable", body)
        self.assertIn("as an exception", body)

    def test_confirmation_goes_to_the_contact_for_letters(self):
        person = self._create_debtor(
            "Ria", parent_id=self.debtor.id, is_company=False, email="ria@aar.example"
        )
        self.debtor.dunning_contact_id = person

        mail = self._get_mail(self._promise())

        self.assertIn("ria@aar.example", mail.email_to)
        self.assertIn("Geachte Ria,", self._read(mail.body_html))

    def test_debtor_without_mail_address_gets_a_letter_to_be_posted(self):
        self.debtor.email = False

        promise = self._promise(promise_is_exception=True)

        self.assertFalse(self._get_mail(promise))
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "dunning.hold"), ("res_id", "=", promise.id)]
        )
        self.assertEqual(attachment.mimetype, "application/pdf")
        [sheet] = PdfFileReader(BytesIO(attachment.raw)).pages
        text = self._read(sheet.extractText())
        for part in (
            "Dorpsstraat 1",
            "250,00",
            "13 november 2026",
            "eenmalig",
            "Scan met uw bankapp",
        ):
            self.assertIn(part.replace(" ", ""), text.replace(" ", ""))
        self.assertEqual(promise.activity_ids.user_id, self.clerk)

    def test_blacklisted_address_is_not_written_to(self):
        self.env["mail.blacklist"]._add(self.debtor.email)

        promise = self._promise()

        self.assertFalse(self._get_mail(promise))
        self.assertEqual(promise.activity_ids.user_id, self.clerk)
