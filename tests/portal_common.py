import re

from odoo.tests import HttpCase, new_test_user

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

    @classmethod
    def _create_portal_user(cls, partner, login):
        return new_test_user(
            cls.env,
            login=login,
            groups="base.group_portal",
            partner_id=partner.id,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            lang="nl_NL",
        )

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

    def _get_text(self, html):
        """Return the text of a page, with plain single spaces."""
        body = html[html.index('id="wrap"') :]
        text = re.sub(r"<[^>]+>", " ", body).replace("\N{NO-BREAK SPACE}", " ")
        return " ".join(text.split())

    def _is_page(self, answer, notice):
        """Whether an answer is the page of this letter."""
        return answer.status_code == 200 and f"/my/dunning/{notice.id}" in answer.url
