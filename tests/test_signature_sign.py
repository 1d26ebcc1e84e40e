from datetime import date

from odoo.exceptions import UserError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .arrangement_common import DRAWN_UP, SIGNATURE, ArrangementCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementSign(ArrangementCommon):
    """Both sides sign once, and what was signed is kept and sent."""

    def setUp(self):
        super().setUp()
        self.arrangement = self._offer(
            self._create_due_invoice(amount=300.0), with_interest=False
        )

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "payment.arrangement"),
                ("res_id", "=", self.arrangement.id),
            ],
            order="id",
        )

    def test_offer_is_mailed_with_a_link_to_sign(self):
        mail = self._get_mails()

        self.assertEqual(len(mail), 1)
        self.assertIn("administratie@goudenaar.example", mail.email_to)
        self.assertIn(self.arrangement.access_token, mail.body_html)
        self.assertEqual(mail.attachment_ids, self.arrangement.offer_document_id)
        self.assertEqual(self.arrangement.offered_by_id, self.env.user)

    @freeze_time("2026-11-09 10:00:00")
    def test_signing_starts_it_and_tells_both(self):
        self.arrangement._sign("G. Aar", SIGNATURE, "192.0.2.7")

        self.assertRecordValues(
            self.arrangement,
            [
                {
                    "state": "active",
                    "started_on": date(2026, 11, 9),
                    "signed_by": "G. Aar",
                    "signed_ip": "192.0.2.7",
                    "signed_how": "portal",
                }
            ],
        )
        self.assertTrue(self.arrangement.signature)
        self.assertTrue(self.arrangement.signed_document_id.raw.startswith(b"%PDF"))
        signed = self._get_mails()[1:]
        self.assertEqual(signed.attachment_ids, self.arrangement.signed_document_id)
        self.assertEqual(len(signed), 2)
        self.assertIn(self.env.user.email, signed.mapped("email_to")[1])

    @freeze_time(DRAWN_UP)
    def test_second_signature_is_refused(self):
        self.arrangement._sign("G. Aar", SIGNATURE, "192.0.2.7")

        with self.assertRaisesRegex(UserError, "Reload"):
            self.arrangement._sign("P. Ander", SIGNATURE, "192.0.2.8")

        self.assertEqual(self.arrangement.signed_by, "G. Aar")

    @freeze_time(DRAWN_UP)
    def test_empty_signature_is_refused(self):
        for name, signature in (("", SIGNATURE), ("  ", SIGNATURE), ("A", False)):
            with self.subTest(name), self.assertRaisesRegex(UserError, "sign"):
                self.arrangement._sign(name, signature, "192.0.2.7")

        self.assertEqual(self.arrangement.state, "offered")

    def test_lapsed_offer_cannot_be_signed(self):
        # Offered on 6 November for 14 days, and the first instalment is on the 20th.
        with (
            freeze_time("2026-11-21"),
            self.assertRaisesRegex(UserError, "open until"),
        ):
            self.arrangement._sign("G. Aar", SIGNATURE, "192.0.2.7")

    def _sign_on_paper(self, **values):
        action = self.arrangement.action_sign_on_paper()
        wizard = (
            self.env[action["res_model"]]
            .with_context(**action["context"])
            .create({"document": SIGNATURE, "filename": "getekend.png", **values})
        )
        wizard.action_sign()

    @freeze_time(DRAWN_UP)
    def test_signed_on_paper(self):
        self._sign_on_paper()

        self.assertRecordValues(
            self.arrangement,
            [
                {
                    "state": "active",
                    "signed_by": "Bakkerij De Gouden Aar B.V.",
                    "signed_how": "paper",
                }
            ],
        )
        self.assertEqual(self.arrangement.signed_document_id.name, "getekend.png")

    @freeze_time("2026-11-09")
    def test_signed_on_paper_not_after_today(self):
        with self.assertRaisesRegex(UserError, "after today"):
            self._sign_on_paper(date=date(2026, 11, 10))

        self.assertEqual(self.arrangement.state, "offered")

    @freeze_time("2026-11-21")
    def test_signed_on_paper_while_the_offer_was_open(self):
        with self.assertRaisesRegex(UserError, "open until"):
            self._sign_on_paper(date=date(2026, 11, 21))
        self.assertEqual(self.arrangement.state, "offered")

        self._sign_on_paper(date=date(2026, 11, 20))
        self.assertEqual(self.arrangement.state, "active")
        # The day alone.
        self.assertIn(" 20 november 2026.", self.arrangement._get_signed_text())

    def test_agreement_says_what_was_agreed(self):
        page = self._render("nl_NL")

        for text in (
            "Betalingsregeling",
            "erkent",
            "€ 300,00",
            "20 november 2026",
            "NL91 ABNA 0417 1643 00",
            "schuldvernieuwing",
            "3 dagen",
            "7 dagen",
        ):
            self.assertIn(text, page)

    def test_agreement_in_english(self):
        self.debtor.lang = "en_US"
        page = self._render("en_US")

        for text in ("acknowledges to owe", "€ 300.00", "20 November 2026", "novation"):
            self.assertIn(text, page)

    def _render(self, lang):
        self.env["res.lang"]._activate_lang(lang)
        values = self.arrangement._prepare_letter_values()
        page = (
            values["arrangement"]
            .env["ir.qweb"]
            ._render("l10n_nl_dunning.payment_arrangement_letter", values)
        )
        return str(page).replace("\N{NO-BREAK SPACE}", " ")


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementPortal(ArrangementCommon, HttpCase):
    """The page of an arrangement, for a visitor without login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env.ref("base.public_user").sudo().lang = "en_US"
        cls.today = cls.company._get_dunning_today()

    def setUp(self):
        super().setUp()
        move = self._create_due_invoice(amount=300.0, due=date(2026, 10, 2))
        self.arrangement = self._draw_up(
            move, day=self.today, with_interest=False, first_date=self.today
        )
        self.arrangement.action_offer()
        self.url = f"/my/arrangements/{self.arrangement.id}"
        self.token = self.arrangement._portal_ensure_token()

    def _accept(self, token, **params):
        answer = self.make_jsonrpc_request(
            f"{self.url}/accept?access_token={token}",
            {"name": "G. Aar", "signature": SIGNATURE.decode(), **params},
        )
        self.env.invalidate_all()
        return answer

    def test_visitor_reads_and_signs_in_a_browser(self):
        self.start_tour(
            f"{self.url}?access_token={self.token}", "dunning_arrangement_sign"
        )

        self.assertRecordValues(
            self.arrangement,
            [{"state": "active", "signed_by": "G. Aar", "signed_how": "portal"}],
        )

    def test_page_shows_nothing_without_the_right_token(self):
        for token in ("", "?access_token=forged", "?access_token=%E2%82%AC"):
            with self.subTest(token):
                page = self.url_open(f"{self.url}{token}")
                self.assertNotIn(self.arrangement.name, page.text)

    def test_page_shows_instalments_with_the_token(self):
        page = self.url_open(f"{self.url}?access_token={self.token}")

        self.assertIn(self.arrangement.name, page.text)
        self.assertEqual(page.text.count("100.00"), 3)

    def test_draft_is_not_shown(self):
        self.arrangement.write({"state": "draft", "offered_on": False})

        page = self.url_open(f"{self.url}?access_token={self.token}")

        self.assertNotIn(self.arrangement.name, page.text)

    def test_signing_with_a_forged_token_is_refused(self):
        answer = self._accept("forged")

        self.assertIn("does not exist", answer["error"])
        self.assertEqual(self.arrangement.state, "offered")

    def test_signing_twice_is_refused(self):
        self.assertIn("redirect_url", self._accept(self.token))
        self.assertIn("Reload", self._accept(self.token, name="P. Ander")["error"])
        self.assertEqual(self.arrangement.signed_by, "G. Aar")

    def test_signing_a_lapsed_or_withdrawn_offer_is_refused(self):
        self.arrangement.offer_until = date(2026, 1, 1)
        self.assertIn("open until", self._accept(self.token)["error"])

        self.arrangement._cancel("Ingetrokken")
        self.assertIn("Reload", self._accept(self.token)["error"])

    def test_unreadable_signature_is_refused(self):
        with mute_logger("odoo.http"):
            answer = self._accept(self.token, signature="x")

        self.assertTrue(answer["error"])
        self.assertEqual(self.arrangement.state, "offered")

    def test_agreement_and_code_take_the_token(self):
        pdf = self.url_open(f"{self.url}?access_token={self.token}&report_type=pdf")
        code = f"{self.url}/code/{self.arrangement.line_ids[0].id}"

        self.assertTrue(pdf.content.startswith(b"%PDF"))
        image = self.url_open(f"{code}?access_token={self.token}")
        self.assertTrue(image.content.startswith(b"\x89PNG"))
        self.assertEqual(self.url_open(code).status_code, 404)
