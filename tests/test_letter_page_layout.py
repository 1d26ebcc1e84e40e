import base64
from io import BytesIO

from PIL import Image

from odoo.tests import tagged

from .letter_common import LetterCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLetterLayout(LetterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder = cls._get_level("reminder")
        cls.demand = cls._get_level("demand")
        cls.formal = cls._get_level("default_notice")

    def _render_html(self, notice):
        return notice._render_letter_pages()[notice.id]

    def _create_logo(self):
        stream = BytesIO()
        Image.new("RGBA", (900, 260), "teal").save(stream, format="PNG")
        return base64.b64encode(stream.getvalue())

    def test_eight_items_fit_on_one_page(self):
        self.company.write(
            {
                "logo": self._create_logo(),
                "report_header": "<p>Kantoormeubelen sinds 1954</p>",
                "report_footer": "<p>KvK 12345678 · btw NL123456782B90</p>",
            }
        )
        ladders = {"business": "default_notice", "consumer": "fourteen_day"}
        for ladder, formal in ladders.items():
            for kind in ("reminder", "demand", formal, "final_demand"):
                for count in (4, 8):
                    with self.subTest(ladder=ladder, kind=kind, count=count):
                        notice = self._create_long_letter(
                            count, self._get_level(kind, ladder)
                        )

                        pages = self._print(notice)

                        self.assertEqual(len(pages), 1)
                        self.assertNotIn("Pagina", pages[0])

    def test_last_page_is_never_the_footer_alone(self):
        self.company.write(
            {
                "logo": self._create_logo(),
                "report_footer": "<p>KvK 12345678 · btw NL123456782B90</p>",
            }
        )
        for count in range(12, 19):
            with self.subTest(count=count):
                notice = self._create_long_letter(count, self.formal)

                self.assertIn("Hoogachtend", self._print(notice)[-1])

    def test_long_letter_repeats_the_table_head_and_numbers_its_pages(self):
        notice = self._create_long_letter(60, self.demand)

        pages = self._print(notice)

        self.assertEqual(len(pages), 2)
        for number, page in enumerate(pages, start=1):
            self.assertIn("Vervaldatum", page)
            self.assertIn(f"{notice.name} · Pagina {number} van 2", page)
        rows = [line.move_name for line in notice.line_ids]
        self.assertTrue(all(any(row in page for page in pages) for row in rows))
        self.assertIn("Totaal", pages[1])

    def test_signature_is_never_alone_on_a_page(self):
        for count in range(20, 36, 3):
            with self.subTest(count=count):
                notice = self._create_long_letter(count, self.demand)

                pages = self._print(notice)

                self.assertIn("is deze brief daarmee afgehandeld", pages[-1])
                self.assertIn(self.env.user.name, pages[-1])

    def test_items_at_a_lower_level_stand_apart_with_their_own_request(self):
        notice = self._create_letter((500, self.formal), (70, self.reminder))

        [page] = self._print(notice)

        formal, friendly = page.split("Los van het bovenstaande")
        self.assertIn("€ 500,00 (zegge: vijfhonderd euro)", formal)
        self.assertNotIn("€ 70,00", formal)
        self.assertIn(
            "Wilt u € 70,00 uiterlijk op 1 december 2026 overmaken?", friendly
        )
        self.assertIn("Totaal van deze brief € 570,00", friendly)

    def test_credits_are_deducted_in_a_group_of_their_own(self):
        notice = self._create_letter((500, self.demand), credits=[120.5])

        [page] = self._print(notice)

        self.assertIn("In mindering", page)
        self.assertIn("€ -120,50", page)
        self.assertIn("Totaal € 379,50", page)

    def test_credits_larger_than_the_formal_claim_lower_the_next_one(self):
        notice = self._create_letter(
            (50, self.formal), (400, self.reminder), credits=[100]
        )

        sections = notice._prepare_letter_values()[notice.id]["sections"]

        self.assertEqual(
            [(section.kind, section.amount) for section in sections],
            [("default_notice", 50), ("reminder", 300)],
        )

    def test_window_follows_the_settings(self):
        notice = self._create_letter((10, self.reminder))
        self.company.write({"dunning_window_top": 52, "dunning_window_left": 22})

        left = self._render_html(notice)
        self.company.dunning_window_side = "right"
        right = self._render_html(notice)

        # 12 mm of the top is the margin of the paper.
        self.assertIn("top: 40mm; left: 22mm;", left)
        self.assertIn("top: 40mm; left: 123mm;", right)

    def test_address_abroad_is_written_as_over_there(self):
        partner = self._create_debtor(
            "Thistle & Sons Ltd",
            street="12 Redchurch Street",
            zip="E2 7JP",
            city="London",
            country_id=self.env.ref("base.uk").id,
            lang="en_US",
        )
        notice = self._create_letter((10, self.demand), partner=partner)

        self.assertEqual(
            notice._get_address_lines(),
            [
                "Thistle & Sons Ltd",
                "12 Redchurch Street",
                "London",
                "E2 7JP",
                "UNITED KINGDOM",
            ],
        )

    def test_pre_printed_paper_gets_no_letterhead(self):
        self.company.report_footer = "<p>KvK 12345678</p>"
        notice = self._create_letter((10, self.reminder))

        with_head = self._print(notice)[0]
        self.company.dunning_letterhead = False
        without = self._print(notice)[0]

        self.assertIn("KvK 12345678", with_head)
        self.assertNotIn("KvK 12345678", without)
        self.assertIn("NL91 ABNA 0417 1643 00", without)

    def test_address_follows_the_post(self):
        contact = self.env["res.partner"].create(
            {"name": "Piet Smit", "parent_id": self.debtor.id, "type": "contact"}
        )
        self.debtor.zip = "3811ab"
        notice = self._create_letter((10, self.reminder), recipient_id=contact.id)

        address = notice.with_context(lang="nl_NL")._get_address_lines()

        self.assertEqual(
            [line.replace("\N{NO-BREAK SPACE}", " ") for line in address],
            [
                "Bakkerij De Gouden Aar B.V.",
                "T.a.v. Piet Smit",
                "Dorpsstraat 1",
                "3811 AB  AMERSFOORT",
            ],
        )

    def test_address_abroad_ends_with_the_country(self):
        partner = self._create_debtor(
            "Thistle Ltd", country_id=self.env.ref("base.uk").id, lang="en_US"
        )

        address = self._create_letter(
            (10, self.reminder), partner=partner
        )._get_address_lines()

        self.assertEqual(address[-1], "UNITED KINGDOM")

    def test_proposal_is_marked_and_has_the_figures_of_today(self):
        notice = self._create_letter((10, self.reminder), issue=False)

        [page] = self._print(notice)

        self.assertIn("CONCEPT", page)
        self.assertFalse(notice.name)

    def test_page_loads_nothing(self):
        notice = self._create_letter((10, self.formal))

        page = self._render_html(notice)

        for text in ("http:", "https:", "<script", "<link", "@import", 'src="/'):
            self.assertNotIn(text, page)
        self.assertEqual(page.count("<h1"), 1)

    def test_code_to_scan_needs_euro_and_iban(self):
        notice = self._create_letter((10, self.reminder))
        self.assertIn("data:image/png;base64,", self._render_html(notice))

        self.bank_account.allow_out_payment = False
        self.bank_account.acc_number = "1234567"

        self.assertNotIn("data:image/png;base64,", self._render_html(notice))

    def test_other_currency_is_named(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        notice = self._create_letter((10, self.formal), currency_id=dollar.id)

        [page] = self._print(notice)

        self.assertIn("USD 10,00 (zegge: tien Amerikaanse dollar)", page)
