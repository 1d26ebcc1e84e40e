import re

from odoo.tests import HttpCase

from .letter_common import LetterCommon


class PortalCommon(LetterCommon, HttpCase):
    """Letters, and who opens their pages: debtors, strangers, users of the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.other = cls._create_debtor("Slagerij Vermeer B.V.")
        cls.contact = cls._create_debtor(
            "Anna Bakker",
            is_company=False,
            parent_id=cls.debtor.id,
            email="anna@goudenaar.example",
        )
        cls.user = cls._create_portal_user(cls.contact, "anna")
        cls.stranger = cls._create_portal_user(cls.other, "vermeer")

    def _open(self, notice, token=None, **query):
        """Open the page of a letter; without token as whoever is logged in."""
        if token:
            query["access_token"] = token
        url = f"/my/dunning/{notice.id}"
        if query:
            url += "?" + "&".join(f"{name}={value}" for name, value in query.items())
        return self.url_open(url)

    def _read_page(self, notice):
        """Return the text of the page that a letter links to, without login."""
        answer = self.url_open(notice._get_portal_page())
        self.assertEqual(answer.status_code, 200)
        self.assertIn("/my/dunning/", answer.url)
        return self._get_text(answer.text)

    def _read_list(self):
        """Return the text of the list of letters that the user of the debtor has."""
        self.authenticate("anna", "anna")
        text = self._get_text(self.url_open("/nl/my/dunning").text)
        self.authenticate(None, None)
        return text

    def _set_state(self, notice, state):
        notice.state = state
        self.env.flush_all()

    def _get_text(self, html):
        """Return the text of a page, with plain single spaces."""
        body = html[html.index('id="wrap"') :]
        text = re.sub(r"<[^>]+>", " ", body).replace("\N{NO-BREAK SPACE}", " ")
        return " ".join(text.split())

    def _is_page(self, answer, notice):
        """Whether an answer is the page of this letter."""
        return answer.status_code == 200 and f"/my/dunning/{notice.id}" in answer.url


class DisputeCommon(PortalCommon):
    """A letter about two invoices, and the form to dispute them."""

    pdf = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls._get_level("reminder")
        cls.notice = cls._create_letter((100, cls.level), (50, cls.level))
        cls.notice._portal_ensure_token()
        cls.line = cls.notice.line_ids[0]
        cls.category = cls.env.ref("l10n_nl_dunning.dunning_dispute_category_quality")

    def _dispute(self, notice=None, line=None, token=None, files=None, **values):
        """Send the form of a dispute; return the page that comes after it."""
        notice = notice or self.notice
        if token is None:
            token = notice._portal_ensure_token()
        data = {
            "csrf_token": self._get_csrf_token(),
            "access_token": token or "",
            "line_id": str((line or notice.line_ids[0]).id),
            "category_id": str(self.category.id),
            "amount": "",
            "text": "Het blad van het bureau is beschadigd geleverd.",
            **values,
        }
        url = f"/nl/my/dunning/{notice.id}/dispute"
        return self.url_open(url, data, files=files)

    def _get_csrf_token(self):
        page = self.url_open(self.notice._get_portal_page()).text
        return re.search(r'csrf_token: "([^"]+)"', page)[1]

    def _get_disputes(self):
        return self.env["dunning.hold"].search([("partner_id", "=", self.debtor.id)])

    def _get_valid_dispute(self):
        """Return a dispute as the form gives it when all is right."""
        form = {
            "line_id": str(self.line.id),
            "category_id": str(self.category.id),
            "amount": "1",
            "text": "Het blad van het bureau is beschadigd geleverd.",
        }
        disputable = self.notice._get_disputable(
            self.notice._get_claims_today()[self.notice.id]
        )
        dispute, errors = self.notice._read_dispute(form, disputable)
        self.assertFalse(errors)
        return dispute
