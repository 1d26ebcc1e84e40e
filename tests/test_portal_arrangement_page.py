import base64
from datetime import date

from psycopg2.errors import ForeignKeyViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import (
    HttpCase,
    JsonRpcException,
    freeze_time,
    tagged,
)
from odoo.tools import mute_logger

from .arrangement_common import DRAWN_UP, SIGNATURE, ArrangementCommon


@freeze_time(DRAWN_UP)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementPages(ArrangementCommon, HttpCase):
    """Arrangements in the account of a customer, and what their pages leave alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.user = cls._create_portal_user(cls.debtor, "aar", "en_US")
        cls.stranger = cls._create_portal_user(
            cls._create_debtor("Vermeer"), "vermeer", "en_US"
        )

    def setUp(self):
        super().setUp()
        self.arrangement = self._offer(
            self._create_due_invoice(amount=300.0), with_interest=False
        )
        self.url = f"/my/arrangements/{self.arrangement.id}"
        self.link = f"{self.url}?access_token={self.arrangement._portal_ensure_token()}"

    def _accept(self, **params):
        values = {"name": "G. Aar", "signature": SIGNATURE.decode(), **params}
        answer = self.make_jsonrpc_request(self.link.replace("?", "/accept?"), values)
        self.env.invalidate_all()
        return answer

    # === LIST === #

    def test_debtor_finds_arrangement_after_login(self):
        self.authenticate("aar", "aar")

        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["arrangement_count"]}
        )
        listed = self.url_open("/my/arrangements").text
        page = self.url_open(self.url).text

        self.assertEqual(counters, {"arrangement_count": 1})
        self.assertIn(self.arrangement.name, listed)
        self.assertIn("300.00", listed)
        self.assertIn('href="/my/arrangements"', page)

    def test_list_names_the_next_instalment(self):
        self.arrangement._activate()
        self.authenticate("aar", "aar")

        text = self.url_open("/my/arrangements").text

        self.assertIn("100.00", text)
        self.assertIn("20\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026", text)

    def test_list_has_nothing_of_others_and_no_drafts(self):
        draft = self._draw_up(self._create_due_invoice(amount=60.0))
        self.authenticate("aar", "aar")
        self.assertNotIn(f"/my/arrangements/{draft.id}", self._read_list())
        self.authenticate("vermeer", "vermeer")

        self.assertNotIn(self.arrangement.name, self._read_list())
        self.assertNotIn(self.arrangement.name, self.url_open(self.url).text)

    def _read_list(self):
        return self.url_open("/my/arrangements").text

    def test_customers_have_no_access_rights(self):
        for model in ("payment.arrangement", "payment.arrangement.line"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.user).search([])

    @mute_logger("odoo.http")
    def test_link_neither_reads_nor_writes_messages(self):
        thread = {
            "thread_model": "payment.arrangement",
            "thread_id": self.arrangement.id,
            "token": self.arrangement.access_token,
        }
        post = {"body": "Spam", "message_type": "comment"}
        for path, values in (
            ("/mail/chatter_fetch", {}),
            ("/mail/message/post", {"post_data": post}),
        ):
            with self.subTest(path), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(path, {**thread, **values})

    # === SIGNING === #

    def test_signature_is_a_picture_and_nothing_else(self):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///x"/></svg>'
        for signature in (
            base64.b64encode(svg).decode(),
            base64.b64encode(b"<?xml version='1.0'?>" + svg).decode(),
            base64.b64encode(b"%PDF-1.4").decode(),
            "data:image/png;base64," + SIGNATURE.decode(),
            "é",
            ["x"],
            {"x": 1},
            7,
        ):
            with self.subTest(str(signature)[:20]):
                self.assertIn("error", self._accept(signature=signature))
                self.assertEqual(self.arrangement.state, "offered")
                self.assertFalse(self.arrangement.signature)

    def test_name_of_who_signs_is_made_harmless(self):
        for name in (["G. Aar"], 7, "\u200b\u202e", " \n "):
            with self.subTest(repr(name)):
                self.assertIn("error", self._accept(name=name))

        self._accept(name="<b>G.</b>\n Aar\u202e" + "x" * 5000)

        self.assertTrue(self.arrangement.signed_by.startswith("<b>G.</b> Aarxxx"))
        self.assertEqual(len(self.arrangement.signed_by), 100)
        for body in self.arrangement.message_ids.mapped("body"):
            self.assertNotIn("<b>", body)

    def test_what_is_signed_is_what_was_offered(self):
        offer = self.arrangement.offer_document_id.raw
        pdf = self.url_open(f"{self.link}&report_type=pdf").content
        self.assertEqual(pdf, offer)
        for values in (
            {"grace_days": 1},
            {"interest_policy": "running"},
            {"amount_running": 5},
            {"partner_id": self.stranger.partner_id.id},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self.arrangement.write(values)
        for item_or_line in (self.arrangement.item_ids, self.arrangement.line_ids[0]):
            with self.assertRaises(UserError):
                item_or_line.unlink()
        with self.assertRaises(UserError):
            self.arrangement.item_ids.copy()

        self._accept()

        signed = self.arrangement.signed_document_id.raw
        pdf = self.url_open(f"{self.link}&report_type=pdf").content
        self.assertEqual(pdf, signed)
        self.assertNotEqual(signed, offer)

    def test_old_page_signs_no_offer_that_took_its_place(self):
        replacement = self._draw_up(
            self.arrangement.item_ids.move_id, replaces_id=self.arrangement.id
        )
        replacement.action_offer()

        self.assertIn("Reload", self._accept()["error"])
        self.assertEqual(self.arrangement.state, "cancelled")
        self.assertEqual(replacement.state, "offered")

    # === PROTECTION === #

    def _protect(self, kind, **values):
        return self.env["dunning.protection"].create(
            {"partner_id": self.debtor.id, "kind": kind, "date": DRAWN_UP, **values}
        )

    def test_protection_calls_back_an_open_offer(self):
        self._protect("bankruptcy")

        self.assertEqual(self.arrangement.state, "cancelled")
        self.assertIn("error", self._accept())
        self.assertNotIn("arrangement_sign", self.url_open(self.link).text)

    def test_nothing_is_asked_while_the_law_protects_the_debtor(self):
        self.arrangement._activate()
        self.assertIn("NL91\N{NO-BREAK SPACE}ABNA", self.url_open(self.link).text)
        self._protect("debt_restructuring")

        page = self.url_open(self.link).text

        self.assertIn("arrangement_rests", page)
        self.assertNotIn("NL91\N{NO-BREAK SPACE}ABNA", page)
        self.authenticate("aar", "aar")
        self.assertNotIn("100.00", self._read_list())

    def test_offer_to_the_representative_is_not_for_the_debtor_to_sign(self):
        self._protect(
            "administration",
            representative_id=self._create_debtor("Bewind Oost").id,
        )
        move = self.arrangement.item_ids.move_id
        self.arrangement = self._offer(move, with_interest=False)
        self.url = f"/my/arrangements/{self.arrangement.id}"
        token = self.arrangement._portal_ensure_token()
        self.link = f"{self.url}?access_token={token}"

        self.authenticate("aar", "aar")
        self.assertNotIn("arrangement_sign", self.url_open(self.link).text)
        self.assertIn("contact us", self._accept()["error"])
        self.authenticate(None, None)
        self.assertIn("arrangement_sign", self.url_open(self.link).text)
        self._accept(name="B. Oost")

        self.assertEqual(self.arrangement.signed_by, "B. Oost")

    def test_documents_that_were_signed_are_not_deleted(self):
        self._accept()

        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation):
            self.arrangement.signed_document_id.unlink()

    def test_last_day_of_the_offer(self):
        self.assertEqual(self.arrangement.offer_until, date(2026, 11, 20))
        with freeze_time("2026-11-20"):
            self.assertIn("arrangement_sign", self.url_open(self.link).text)
        with freeze_time("2026-11-21"):
            self.assertNotIn("arrangement_sign", self.url_open(self.link).text)
