from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .letter_common import TODAY
from .portal_common import DisputeCommon

SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>{{7*7}}"


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalHostile(DisputeCommon):
    """What the form of a dispute does with whatever anybody sends."""

    def test_scripts_are_shown_as_text_everywhere(self):
        answer = self._dispute(text=SCRIPT + " en meer")

        self.assertNotIn("<script>alert(", answer.text)
        hold = self._get_disputes()
        self.assertEqual(hold.note, SCRIPT + " en meer")
        messages = (
            hold.message_ids
            | self.notice.message_ids
            | self.line.move_id.message_ids
            | self.debtor.message_ids
        )
        for html in [*messages.mapped("body"), hold.activity_ids.note]:
            self.assertNotIn("<script", html)
            self.assertNotIn("<img", html)
        self.assertIn("&lt;script&gt;", hold.activity_ids.note)

    def test_scripts_in_a_refused_form_are_shown_as_text(self):
        answer = self._dispute(
            text=SCRIPT, line_id=f'"{SCRIPT}', category_id=SCRIPT, amount=f'"{SCRIPT}'
        )

        self.assertEqual(answer.status_code, 422)
        self.assertNotIn("<script>alert(", answer.text)
        self.assertNotIn("<img src=x", answer.text)
        self.assertFalse(self._get_disputes())

    def test_wrong_values_are_refused(self):
        other = self._create_letter((100, self.level), partner=self.other)
        draft = self._create_letter((100, self.level))
        for values in (
            {"line_id": str(other.line_ids.id)},
            {"line_id": str(draft.line_ids.id)},
            {"line_id": str(self.line.move_line_id.id + 10**6)},
            {"line_id": "1 OR 1=1"},
            {"line_id": ""},
            {"line_id": "٣"},
            {"category_id": "0"},
            {"category_id": "-1"},
            {"category_id": "999999999999999999999"},
            {"category_id": ""},
            {"amount": "0"},
            {"amount": "-5"},
            {"amount": "100,01"},
            {"amount": "1e2"},
            {"amount": "NaN"},
            {"amount": "Infinity"},
            {"amount": "9" * 5000},
            {"amount": "een tientje"},
            {"text": ""},
            {"text": " \n\t "},
            {"text": "\u200b\u202e\x07" * 50},
            {"text": "x" * 3001},
            {"text": "x" * 2_000_000},
        ):
            with self.subTest(values=str(values)[:60]):
                answer = self._dispute(**values)

                self.assertEqual(answer.status_code, 422)
                self.assertFalse(self._get_disputes())

    def test_missing_fields_are_refused(self):
        token = self.notice.access_token
        data = {"csrf_token": self._get_csrf_token(), "access_token": token}

        answer = self.url_open(f"/my/dunning/{self.notice.id}/dispute", data)

        self.assertEqual(answer.status_code, 422)

    def test_control_characters_are_left_out(self):
        self._dispute(text="Niet\x00 geleverd\u202e, \x1b[31mdus niet betaald")

        self.assertEqual(
            self._get_disputes().note, "Niet geleverd, [31mdus niet betaald"
        )

    def test_files_are_what_they_say(self):
        for name, content in (
            ("factuur.pdf", b"<html><script>alert(1)</script></html>"),
            ("foto.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
            ("foto.png", b"MZ\x90\x00 program"),
            ("leeg.pdf", b""),
            ("groot.pdf", self.pdf + b"x" * 5 * 1024 * 1024),
        ):
            with self.subTest(name=name):
                answer = self._dispute(files=[("files", (name, content))])

                self.assertEqual(answer.status_code, 422)
                self.assertFalse(self._get_disputes())

    def test_no_more_than_three_files(self):
        answer = self._dispute(files=[("files", ("a.pdf", self.pdf))] * 4)

        self.assertEqual(answer.status_code, 422)
        self.assertIn("Stuur hooguit 3 bestanden", self._get_text(answer.text))

    def test_name_of_a_file_is_made_harmless(self):
        name = "../../etc/<b>passwd</b>\u202e.html"
        self._dispute(files=[("files", (name, self.pdf))])

        attachment = self._get_disputes().message_ids.attachment_ids
        self.assertEqual(attachment.mimetype, "application/pdf")
        self.assertNotRegex(attachment.name, r"[/\\<>\u202e]")
        self.assertTrue(attachment.name.endswith(".pdf"))

    @mute_logger("odoo.http")
    def test_form_of_another_site_is_refused(self):
        answer = self._dispute(csrf_token="forged")

        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self._get_disputes())

    def test_who_fills_in_the_hidden_field_gets_nowhere(self):
        answer = self._dispute(company_website="https://spam.example")

        self.assertEqual(answer.status_code, 200)
        self.assertFalse(self._get_disputes())

    def test_only_who_sees_the_letter_disputes_it(self):
        for token in (False, "forged", "é"):
            with self.subTest(token=token):
                answer = self._dispute(token=token)

                self.assertNotIn("/my/dunning", answer.url.partition("?")[0])
        self.authenticate("vermeer", "vermeer")
        self._dispute(token=False)
        self.assertFalse(self._get_disputes())

    def test_cancelled_letter_takes_no_dispute(self):
        self.notice.state = "cancelled"
        self.env.flush_all()

        self._dispute()

        self.assertFalse(self._get_disputes())
