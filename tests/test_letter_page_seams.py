from io import BytesIO

from odoo.tests import freeze_time, tagged
from odoo.tools.pdf import PdfFileReader

from .common import FIRST_REMINDER
from .seams_common import SeamCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDocumentOfAnotherModule(SeamCommon):
    """Who paid after a letter is thanked: one file of another module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._install("dunning_thanks")

    def test_thanks_are_printed_kept_and_mailed(self):
        move = self._create_due_invoice()
        self._send(FIRST_REMINDER)

        with freeze_time("2026-11-10"):
            self._pay(move)

        thanks = self.env["dunning.thanks"].sudo().search([("move_id", "=", move.id)])
        letter = self.env["dunning.letter"].search([("kind", "=", "thanks")])
        self.assertEqual(letter._get_source(), thanks.sudo(False))
        self.assertEqual(letter.document_id.name, "Thank you.pdf")
        [sheet] = PdfFileReader(BytesIO(letter.document_id.raw)).pages
        text = " ".join(sheet.extract_text().split())
        self.assertIn("Bakkerij De Gouden Aar B.V.", text)
        self.assertIn(f"All of {move.name} was paid. Thank you.", text)
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", "dunning.thanks"), ("res_id", "=", thanks.id)])
        )
        self.assertIn("<administratie@goudenaar.example>", mail.email_to)
        self.assertEqual(mail.attachment_ids, letter.document_id)
        self._accept_mails(letter)
        self.assertEqual(letter.state, "sent")

    def test_who_got_no_letter_is_not_thanked(self):
        self._pay(self._create_due_invoice())

        self.assertFalse(self.env["dunning.thanks"].sudo().search([]))
