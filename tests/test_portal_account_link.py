from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .portal_common import PortalCommon
from .protection_common import ProtectionCommon

REFUSED = "Deze link werkt niet meer"


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalAccountLink(PortalCommon):
    """All that is open, without a login: for whom has the debtor's link."""

    def _get_url(self, partner=None):
        return (partner or self.debtor)._get_dunning_account_url(self.company)

    def _read(self, url):
        answer = self.url_open(f"/nl{url}")
        return answer.status_code, self._get_text(answer.text)

    def test_link_opens_the_page_of_its_debtor_alone(self):
        own = self._create_due_invoice(100)
        strange = self._create_due_invoice(70, partner=self.other)

        status, text = self._read(self._get_url())

        self.assertEqual(status, 200)
        self.assertIn(own.name, text)
        self.assertNotIn(strange.name, text)

    def test_link_shows_its_debtor_whoever_is_logged_in(self):
        self._create_due_invoice(100)
        strange = self._create_due_invoice(70, partner=self.other)
        self.authenticate("vermeer", "vermeer")

        _status, text = self._read(self._get_url())

        self.assertIn("Bakkerij De Gouden Aar", text)
        self.assertNotIn(strange.name, text)

    def test_forged_links(self):
        self._create_due_invoice(70, partner=self.other)
        base, token = self._get_url().split("=")
        debtor, recipient, day, signature = token.split("-")
        other = str(self.other.id)
        forged = [
            "-".join((other, recipient, day, signature)),
            "-".join((debtor, other, day, signature)),
            "-".join((debtor, recipient, "20991231", signature)),
            "-".join((debtor, recipient, day, "0" * 32)),
            "-".join((debtor, recipient, day, "")),
            "x",
            "1-2-3-4",
            "999999999999-1-20991231-" + "0" * 32,
            "%00",
            "%C3%A9",
            "a" * 5000,
        ]
        for text in forged:
            with self.subTest(token=text):
                status, page = self._read(f"{base}={text}")
                self.assertEqual(status, 403)
                self.assertIn(REFUSED, page)

    def test_link_expires(self):
        url = self._get_url()

        # 90 days after 23 November 2026 is 21 February 2027.
        with freeze_time(date(2027, 2, 21)):
            self.assertEqual(self._read(url)[0], 200)
        with freeze_time(date(2027, 2, 22)):
            self.assertEqual(self._read(url)[0], 403)

    def test_withdrawn_link_and_the_next_one(self):
        self._create_due_invoice(100)
        url = self._get_url()
        choice_url = self._choose_url()

        self.debtor.action_withdraw_dunning_links()

        self.assertEqual(self._read(url)[0], 403)
        self.assertEqual(self._read(choice_url)[0], 403)
        self.assertEqual(self._read(self._get_url())[0], 200)

    def _choose_url(self):
        debtor = self.debtor.sudo()
        [account] = debtor._list_dunning_accounts()
        keys = [item.line.id for item in account.items]
        return debtor._choose_dunning_payment(account, keys).get_portal_url()

    def test_each_letter_has_a_link_of_its_day(self):
        first = self._get_url()
        with freeze_time(TODAY + timedelta(days=1)):
            self.assertNotEqual(self._get_url(), first)

    def test_page_of_a_letter_and_its_mail_lead_there(self):
        notice = self._create_letter((100, self._get_level("reminder")))

        page = self.url_open(notice._get_portal_page()).text
        [letter] = notice._prepare_letter_values().values()
        values = notice._prepare_email_values(letter)

        self.assertIn("/my/dunning/account?access_token=", page)
        answer = self.url_open(values["account_page"])
        self.assertIn("Alles wat openstaat", self._get_text(answer.text))
        self.assertIn(notice.line_ids.move_name, answer.text)

    def test_letter_of_long_ago_and_letter_before_links_were_withdrawn(self):
        notice = self._create_letter((100, self._get_level("reminder")))
        url = notice._get_account_page()

        # 90 days after 23 November 2026 is 21 February 2027.
        with freeze_time(date(2027, 2, 22)):
            self.assertEqual(self.url_open(url).status_code, 403)
        self.assertEqual(self.url_open(url).status_code, 200)
        self.debtor.action_withdraw_dunning_links()
        self.assertEqual(self.url_open(url).status_code, 403)
        page = self.url_open(notice._get_portal_page()).text
        self.assertNotIn("/my/dunning/account", page)

    def test_link_of_a_letter_with_the_token_of_another(self):
        level = self._get_level("reminder")
        notice = self._create_letter((100, level))
        other = self._create_letter((70, level), partner=self.other)
        url = f"/my/dunning/{notice.id}/account?access_token={other.access_token}"

        self.assertEqual(self.url_open(url).status_code, 403)

    def test_language_is_that_of_the_debtor(self):
        self._create_due_invoice(100)

        answer = self.url_open(
            self._get_url(), headers={"Accept-Language": "en-US,en;q=0.9"}
        )

        self.assertIn("Alles wat openstaat", self._get_text(answer.text))

    def test_companies_below_stand_apart(self):
        shop = self._create_debtor("Filiaal Zuid B.V.", parent_id=self.debtor.id)
        own = self._create_due_invoice(100)
        below = self._create_due_invoice(70, partner=shop)
        self.authenticate("anna", "anna")

        _status, mine = self._read("/my/dunning/account")
        _status, other = self._read(f"/my/dunning/account?debtor={shop.id}")
        strange = self.url_open(f"/my/dunning/account?debtor={self.other.id}")

        self.assertIn(own.name, mine)
        self.assertNotIn(below.name, mine)
        self.assertIn("Filiaal Zuid", mine)
        self.assertIn(below.name, other)
        self.assertNotIn(own.name, other)
        self.assertEqual(strange.status_code, 404)

    def test_invoice_as_pdf_with_the_link(self):
        move = self._create_due_invoice(100)
        strange = self._create_due_invoice(70, partner=self.other)
        query = self._get_url().split("?")[1]

        own = self.url_open(f"/my/dunning/account/invoice/{move.id}?{query}")
        other = self.url_open(f"/my/dunning/account/invoice/{strange.id}?{query}")

        self.assertIn(f"/my/invoices/{move.id}", own.url)
        self.assertEqual(other.status_code, 404)

    def test_too_many_invoices_for_one_file(self):
        for _number in range(3):
            self._create_due_invoice(100)
        module = "odoo.addons.l10n_nl_dunning.models.portal_account.res_partner"
        query = self._get_url().split("?")[1]

        with patch(f"{module}.MOST_INVOICES", 2):
            answer = self.url_open(f"/nl/my/dunning/account/invoices?{query}")

        self.assertEqual(answer.status_code, 422)
        self.assertIn("meer dan er in één bestand", self._get_text(answer.text))


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalAccountRepresented(ProtectionCommon):
    """Who represents a debtor by law sees what the debtor is not asked for himself."""

    def test_administrator_is_asked(self):
        administrator = self._create_debtor("Bewind Zuid B.V.")
        self._create_due_invoice(100, partner=self.consumer)
        self._protect(
            "administration", partner=self.consumer, representative_id=administrator.id
        )

        [own] = self.consumer._list_dunning_accounts()
        [his] = self.consumer._list_dunning_accounts(administrator)

        self.assertEqual(float(own.everything), 0.00)
        self.assertEqual(float(his.everything), 100.00)
        self.assertIn(self.consumer, administrator._get_dunning_debtors())
        self.assertNotIn(administrator, self.consumer._get_dunning_debtors())
