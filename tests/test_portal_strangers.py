from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .portal_common import PortalCommon


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalStrangers(PortalCommon):
    """What the page of a letter does not give away to who should not have it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls._get_level("reminder")
        cls.demand = cls._get_level("demand")
        cls.trustee = cls._create_debtor(
            "Mr. A.J. van Loon", is_company=False, email="vanloon@curatoren.example"
        )

    # === LINKS === #

    def _protect(self):
        return self.env["dunning.protection"].create(
            {
                "partner_id": self.debtor.id,
                "kind": "administration",
                "date": TODAY,
                "representative_id": self.trustee.id,
            }
        )

    def _create_later(self, notice, **values):
        items = notice.line_ids.move_line_id
        later = self._create_letter(
            again=[(item, self.demand) for item in items], **values
        )
        later._portal_ensure_token()
        return later

    def test_link_to_the_newer_letter_is_for_whom_that_letter_is(self):
        notice = self._create_letter((100, self.level))
        later = self._create_later(notice)
        page = self.url_open(notice._get_portal_page()).text
        self.assertIn(later.access_token, page)

        protection = self._protect()
        page = self.url_open(notice._get_portal_page()).text
        self.assertIn(later.name, page)
        self.assertNotIn(later.access_token, page)

        # Who represented him once does not get his letters for ever.
        former = self._create_letter(
            (50, self.level),
            recipient_id=self.trustee.id,
            protection_id=protection.id,
        )
        later = self._create_later(former)
        self.assertIn(later.access_token, self.url_open(former._get_portal_page()).text)
        protection._end(TODAY, "Opgeheven")
        self.assertNotIn(
            later.access_token, self.url_open(former._get_portal_page()).text
        )

    def test_link_to_an_arrangement_is_for_who_may_sign_it(self):
        notice = self._create_letter((100, self.level))
        terms = self.env["payment.arrangement.wizard"].new(
            {
                "currency_id": self.company.currency_id.id,
                "instalment_count": 2,
                "first_date": TODAY,
            }
        )
        arrangement = self.env["payment.arrangement"]._draw_up(
            notice.line_ids.move_line_id, terms
        )
        arrangement.action_offer()
        arrangement._activate()
        arrangement._portal_ensure_token()
        page = self.url_open(notice._get_portal_page()).text
        self.assertIn(arrangement.access_token, page)

        self._protect()

        page = self.url_open(notice._get_portal_page()).text
        self.assertIn(arrangement.name, page)
        self.assertNotIn(arrangement.access_token, page)

    # === OTHER CUSTOMERS === #

    def test_invoice_that_was_made_out_to_somebody_else_is_his_alone(self):
        notice = self._create_letter((100, self.level), (50, self.level))
        wrong = notice.line_ids[0].move_id
        wrong.button_draft()
        wrong.partner_id = self.other
        wrong.action_post()
        item = self._get_item(wrong)
        self.assertEqual(notice.line_ids[0].move_line_id, item)
        later = self._create_letter(again=[(item, self.demand)], partner=self.other)
        later._portal_ensure_token()
        wrong._portal_ensure_token()
        self.env["dunning.hold"]._hold_items(
            item,
            {
                "kind": "promise",
                "promise_amount": 77,
                "promise_date": TODAY,
            },
        )
        category = self.env.ref("l10n_nl_dunning.dunning_dispute_category_price")
        self.env["dunning.hold"]._dispute_items(item, {"category_id": category.id}, 33)

        page = self.url_open(notice._get_portal_page()).text

        text = self._get_text(page)
        self.assertIn("Vandaag te betalen € 50,00", text)
        self.assertIn("€ 100,00 Vervallen", text)
        for secret in (
            later.name,
            later.access_token,
            wrong.access_token,
            "77,00",
            "33,00",
        ):
            self.assertNotIn(secret, page)
        self.assertIn("€ 100,00", self._read_page(later))

    def test_visitor_has_nothing_of_his_own(self):
        public = self.env.ref("base.public_partner")
        notice = self._create_letter((100, self.level), partner=public)

        answer = self._open(notice)

        self.assertIn("/web/login", answer.url)
        self.assertNotIn(notice.name, answer.text)
        self.assertTrue(
            self._is_page(self._open(notice, notice._portal_ensure_token()), notice)
        )

    # === COMPANIES === #

    def test_letters_of_two_companies_stand_in_one_list(self):
        data = self.setup_other_company(name="Van Dam Verhuur B.V.")
        move = self._create_due_invoice(70, journal_id=data["default_journal_sale"].id)
        own = self._create_letter((100, self.level))
        other = self._create_letter(
            again=[(self._get_item(move), self.level)], company_id=data["company"].id
        )
        self.assertEqual(other.company_id, data["company"])
        self.authenticate("anna", "anna")

        text = self._get_text(self.url_open("/nl/my/dunning").text)
        page = self._get_text(self.url_open(f"/nl/my/dunning/{other.id}").text)

        self.assertIn(f"{own.name} Betalingsherinnering 23 november 2026 € 100", text)
        self.assertIn(f"{other.name} Betalingsherinnering 23 november 2026 € 70", text)
        self.assertIn("Vandaag te betalen € 70,00", page)
        self.assertIn("Van Dam Verhuur B.V.", page)
        self.assertNotIn("NL91", page)
