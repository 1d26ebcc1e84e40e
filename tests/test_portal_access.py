from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import JsonRpcException, freeze_time, tagged
from odoo.tools import mute_logger

from .letter_common import TODAY
from .portal_common import PortalCommon


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalAccess(PortalCommon):
    """Who sees which letter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls._get_level("reminder")
        cls.notice = cls._create_letter((100, cls.level))
        cls.token = cls.notice._portal_ensure_token()

    def test_link_opens_the_page_without_login(self):
        answer = self._open(self.notice, self.token)

        self.assertTrue(self._is_page(answer, self.notice))
        self.assertIn(self.notice.name, answer.text)

    def test_without_token_a_visitor_has_to_log_in(self):
        answer = self._open(self.notice)

        self.assertIn("/web/login", answer.url)
        self.assertNotIn(self.notice.name, answer.text)

    def test_forged_token_opens_nothing(self):
        other = self._create_letter((100, self.level), partner=self.other)
        for token in (
            other._portal_ensure_token(),
            self.token[:-1],
            self.token.upper(),
            "%00",
            "é",
            "' OR 1=1--",
            "x" * 5000,
        ):
            with self.subTest(token=token[:40]):
                answer = self._open(self.notice, token)

                self.assertIn("/web/login", answer.url)
                self.assertNotIn(self.notice.name, answer.text)

    def test_letter_without_token_is_not_opened_by_an_empty_one(self):
        self.notice.access_token = False

        answer = self.url_open(f"/my/dunning/{self.notice.id}?access_token=")

        self.assertIn("/web/login", answer.url)

    def test_every_contact_of_the_debtor_opens_it_after_login(self):
        self.authenticate("anna", "anna")

        self.assertTrue(self._is_page(self._open(self.notice), self.notice))

    def test_other_customer_does_not_open_it(self):
        self.authenticate("vermeer", "vermeer")

        answer = self._open(self.notice)

        self.assertFalse(self._is_page(answer, self.notice))
        self.assertNotIn(self.notice.name, answer.text)

    def test_letter_that_does_not_exist(self):
        self.authenticate("anna", "anna")

        self.assertNotIn("/my/dunning", self.url_open("/my/dunning/999999999").url)

    def test_ids_that_cannot_be_are_not_found(self):
        self.authenticate("anna", "anna")
        for path, status in (
            ("/my/dunning/0", 200),
            ("/my/dunning/2147483648", 200),
            ("/my/dunning/99999999999999?access_token=x", 200),
            ("/my/dunning/99999999999999999999999?report_type=pdf", 200),
            ("/my/arrangements/0", 200),
            ("/my/arrangements/99999999999999", 200),
            ("/my/arrangements/99999999999999/code/1", 404),
            ("/my/dunning/-1", 200),
            ("/my/dunning/-99999999999999", 200),
            ("/my/dunning/one", 404),
            ("/my/dunning/1e3", 404),
            ("/my/arrangements/-99999999999999", 200),
            ("/my/arrangements/one", 404),
        ):
            with self.subTest(path):
                answer = self.url_open(path)

                self.assertEqual(answer.status_code, status)
                if status == 200:  # the home page, as for any letter that is not there
                    self.assertTrue(answer.url.endswith("/my"), answer.url)

    def test_pages_of_the_list_that_cannot_be(self):
        self.authenticate("anna", "anna")
        for path in ("dunning", "arrangements"):
            for page in ("0", "2", "99999999999999999999999"):
                with self.subTest(path=path, page=page):
                    answer = self.url_open(f"/my/{path}/page/{page}")

                    self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.url_open("/my/dunning/page/x").status_code, 404)

    def test_forms_to_ids_that_cannot_be(self):
        self.authenticate("anna", "anna")
        data = {"csrf_token": Request.csrf_token(self), "access_token": "x"}
        for form in ("dispute", "arrangement"):
            with self.subTest(form):
                answer = self.url_open(f"/my/dunning/99999999999999/{form}", data)

                self.assertEqual(answer.status_code, 200)
                self.assertTrue(answer.url.endswith("/my"))
        answer = self.make_jsonrpc_request(
            "/my/arrangements/99999999999999/accept", {"access_token": ["x"]}
        )
        self.assertIn("error", answer)

    @mute_logger("odoo.http")
    def test_link_neither_reads_nor_writes_messages(self):
        self.notice.message_post(body="Hello", subtype_xmlid="mail.mt_comment")
        link = {"thread_model": "dunning.notice", "thread_id": self.notice.id}
        post = {"body": "Spam", "message_type": "comment"}
        for path, values in (
            ("/mail/chatter_fetch", {"token": self.token}),
            ("/mail/message/post", {"post_data": post, "token": self.token}),
        ):
            with self.subTest(path), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(path, {**link, **values})

    def test_draft_invoice_is_no_document_of_the_letter(self):
        move = self.notice.line_ids.move_id
        self.assertIn(
            f"/my/invoices/{move.id}?", self._open(self.notice, self.token).text
        )
        move.button_draft()
        self.env.flush_all()

        page = self._open(self.notice, self.token)

        self.assertNotIn(f"/my/invoices/{move.id}?", page.text)

    def test_only_issued_letters_have_a_page(self):
        self.authenticate("anna", "anna")
        for state, is_seen in [
            ("draft", False),
            ("queued", False),
            ("pending", True),
            ("sent", True),
            ("failed", True),
            ("cancelled", False),
        ]:
            with self.subTest(state=state):
                self.notice.state = state
                self.env.flush_all()

                for token in (None, self.token):
                    answer = self._open(self.notice, token)
                    self.assertEqual(self._is_page(answer, self.notice), is_seen)
                listed = self.url_open("/my/dunning").text
                self.assertEqual(self.notice.name in listed, is_seen)

    def test_list_has_the_letters_of_the_own_company_only(self):
        other = self._create_letter((100, self.level), partner=self.other)
        self.authenticate("vermeer", "vermeer")

        text = self.url_open("/my/dunning?sortby=nonsense").text

        self.assertIn(other.name, text)
        self.assertNotIn(self.notice.name, text)

    def test_counter_on_the_home_page(self):
        self.authenticate("anna", "anna")

        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["dunning_count"]}
        )

        self.assertEqual(answer, {"dunning_count": 1})

    def test_customers_have_no_access_rights(self):
        for model in ("dunning.notice", "dunning.notice.line", "dunning.delivery"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.user).search([])

    def test_letter_is_downloaded_as_it_was_sent(self):
        self.notice.letter_id = self.env["ir.attachment"].create(
            {
                "name": "letter.pdf",
                "raw": b"%PDF-1.4 as sent",
                "res_model": "dunning.notice",
                "res_id": self.notice.id,
            }
        )

        answer = self._open(self.notice, self.token, report_type="pdf")

        self.assertEqual(answer.content, b"%PDF-1.4 as sent")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        forged = self._open(self.notice, "forged", report_type="pdf")
        self.assertNotIn(b"as sent", forged.content)

    @mute_logger("odoo.http")
    def test_strange_parameters_do_no_harm(self):
        for query in (
            {"report_type": "<script>"},
            {"error": "<script>alert(1)</script>"},
            {"success": "<script>alert(1)</script>"},
            {"pid": "<script>alert(1)</script>"},
            {"values": "<script>alert(1)</script>"},
        ):
            with self.subTest(query=query):
                answer = self._open(self.notice, self.token, **query)

                self.assertEqual(answer.status_code, 200)
                self.assertNotIn("<script>alert(1)", answer.text)
