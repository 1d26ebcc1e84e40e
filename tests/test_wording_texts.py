import re

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.policy.dunning_level import TEXT_FIELDS
from .letter_common import LetterCommon

KINDS = ("reminder", "demand", "default_notice", "final_demand")
CONSUMER_KINDS = ("reminder", "demand", "fourteen_day", "final_demand")

#: What a letter of each kind must say.
DUTCH = {
    "reminder": [
        "Betalingsherinnering",
        "Wilt u",
        "als niet verzonden beschouwen",
        "Met vriendelijke groet,",
    ],
    "demand": [
        "Aanmaning",
        "Wij manen u hierbij aan",
        "Heeft u het volledige bedrag al overgemaakt, dan is deze brief daarmee",
        "Met vriendelijke groet,",
    ],
    "default_notice": [
        "Deze brief is een ingebrekestelling",
        "zegge: twaalfhonderdvierendertig euro en zesenvijftig cent",
        "in verzuim",
        "rechten blijven voorbehouden",
        "stuiten wij de verjaring",
        "Hoogachtend,",
    ],
    # 1,234.56, costs 185.18, interest 1,234.56 x 10.40 % x 21 / 365 = 7.39.
    "final_demand": [
        "laatste sommatie",
        "zegge: veertienhonderdzevenentwintig euro en dertien cent",
        "uit handen geven",
        "stuiten wij de verjaring",
        "Hoogachtend,",
    ],
}
ENGLISH = {
    "reminder": ["Payment reminder", "Would you please", "Kind regards,"],
    "demand": ["Demand for payment", "We hereby demand", "Kind regards,"],
    "default_notice": [
        "This letter is a default notice",
        "one thousand, two hundred and thirty-four euros and fifty-six cents",
        "in default",
        "We reserve all other rights",
        "Yours faithfully,",
    ],
    "final_demand": [
        "This is our final demand",
        "hand over the claim",
        "interrupt the limitation",
        "Yours faithfully,",
    ],
}
#: 14 days after 23 November 2026 are 7 December; 8 days are 1 December, and so on.
DEADLINES = {
    "reminder": ("1 december 2026", "1 December 2026"),
    "demand": ("1 december 2026", "1 December 2026"),
    "default_notice": ("7 december 2026", "7 December 2026"),
    "final_demand": ("30 november 2026", "30 November 2026"),
}
COSTS = r"incassokosten|buitengerechtelijk|collection costs|extrajudicial"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLetterTexts(LetterCommon):
    def _print_kind(self, kind, ladder="business", **values):
        level = self._get_level(kind, ladder)
        [page] = self._print(self._create_letter((1234.56, level), **values))
        return page

    def test_dutch_letters_say_what_their_kind_requires(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                page = self._print_kind(kind)

                self.assertIn("Geachte heer of mevrouw,", page)
                self.assertIn("€ 1.234,56", page)
                self.assertIn("NL91 ABNA 0417 1643 00", page)
                self.assertIn("23 november 2026", page)
                self.assertIn(DEADLINES[kind][0], page)
                for text in DUTCH[kind]:
                    self.assertIn(text, page)

    def test_dutch_letters_have_no_english(self):
        english = r"\b(the|we|you|your|of the|invoice|amount|please|payment)\b"
        for ladder, kinds in (("business", KINDS), ("consumer", CONSUMER_KINDS)):
            for kind in kinds:
                with self.subTest(ladder=ladder, kind=kind):
                    page = self._print_kind(kind, ladder)

                    self.assertFalse(re.findall(english, page, re.IGNORECASE))

    def test_english_letters_say_what_their_kind_requires(self):
        partner = self._create_debtor("Thistle & Sons Ltd", lang="en_US")
        for kind in KINDS:
            with self.subTest(kind=kind):
                page = self._print_kind(kind, partner=partner)

                self.assertIn("Dear Sir or Madam,", page)
                self.assertIn("€ 1,234.56", page)
                self.assertIn(DEADLINES[kind][1], page)
                for text in ENGLISH[kind]:
                    self.assertIn(text, page)
                self.assertNotIn("Geachte", page)

    def test_language_without_letters_gets_english(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        partner = self._create_debtor("Boulangerie Martin", lang="fr_FR")

        page = self._print_kind("reminder", partner=partner)

        self.assertIn("Dear Sir or Madam,", page)

    def test_language_of_the_user_has_no_influence(self):
        notice = self._create_letter((10, self._get_level("reminder")))

        [page] = self._print(notice.with_context(lang="en_US"))

        self.assertIn("Geachte heer of mevrouw,", page)

    def test_consumers_are_not_threatened_with_costs(self):
        for kind in ("reminder", "demand"):
            with self.subTest(kind=kind):
                page = self._print_kind(kind, "consumer", partner=self.consumer)

                self.assertIn("Geachte Jan van der Heijden,", page)
                self.assertFalse(re.findall(COSTS, page, re.IGNORECASE))

    def test_consumer_on_the_ladder_of_businesses_is_not_threatened_either(self):
        page = self._print_kind("final_demand", partner=self.consumer)

        self.assertFalse(re.findall(COSTS, page, re.IGNORECASE))

    def test_businesses_read_about_costs_from_the_default_notice_on(self):
        found = {
            kind: bool(re.findall(COSTS, self._print_kind(kind))) for kind in KINDS
        }

        self.assertEqual(
            found,
            {
                "reminder": False,
                "demand": False,
                "default_notice": True,
                "final_demand": True,
            },
        )

    def test_texts_of_the_level_cannot_remove_what_the_law_asks(self):
        level = self._get_level("default_notice")
        level.with_context(lang="nl_NL").write(
            {"letter_subject": "Brief", "letter_opening": "Tja.", "letter_closing": ""}
        )

        [page] = self._print(self._create_letter((10, level)))

        for text in ("ingebrekestelling", "in verzuim", "rechten blijven voorbehouden"):
            self.assertIn(text, page)

    def test_placeholders_are_filled_in_the_language_of_the_letter(self):
        level = self._get_level("reminder")
        level.with_context(lang="nl_NL").letter_opening = (
            "{debtor}|{recipient}|{company}|{reference}|{date}|{deadline}|{amount}|"
            "{invoices}|{oldest_due_date}|{days_late}|{iban}|{phone}|{email}|"
            "{responsible}"
        )
        notice = self._create_letter((1000, level))

        values = notice._prepare_letter_values()[notice.id]

        invoice = notice.line_ids.move_name
        self.assertEqual(
            values["opening"][0].replace("\N{NO-BREAK SPACE}", " "),
            "Bakkerij De Gouden Aar B.V.|Bakkerij De Gouden Aar B.V.|"
            f"Van Dam Kantoormeubelen B.V.|{notice.name}|23 november 2026|"
            f"1 december 2026|€ 1.000,00|{invoice}|2 november 2026|21|"
            "NL91 ABNA 0417 1643 00|+31 20 123 45 67|debiteuren@vandam.example|"
            + notice.responsible_id.name,
        )

    def test_placeholder_with_nothing_to_fill_in_is_named(self):
        level = self._get_level("demand")
        level.with_context(lang="nl_NL").letter_opening = "Na {previous_date} …"
        notice = self._create_letter((10, level))

        with self.assertRaisesRegex(UserError, "{previous_date}"):
            notice._render_letters()

    def test_date_of_the_previous_letter_is_stated(self):
        first = self._create_letter((10, self._get_level("reminder")))
        item = first.line_ids.move_line_id
        level = self._get_level("demand")
        level.with_context(lang="nl_NL").letter_opening = "Na {previous_date} …"
        second = self._create_letter((99, level))
        second.line_ids.move_line_id = item

        [page] = self._print(second)

        self.assertIn("Na 23 november 2026 …", page)
        self.assertIn(f"({first.name})", page)

    def test_text_is_never_markup(self):
        level = self._get_level("reminder")
        level.with_context(lang="nl_NL").letter_opening = "<b>Beste</b> & lezer"

        [page] = self._print(self._create_letter((10, level)))

        self.assertIn("<b>Beste</b> & lezer", page)

    def test_broken_placeholder_is_explained(self):
        level = self._get_level("reminder")
        notice = self._create_letter((10, level))
        level.flush_recordset()
        self.env.cr.execute(  # past the check of the form, as an import could be
            "UPDATE dunning_level SET letter_closing = %s WHERE id = %s",
            ('{"en_US": "{amuont}", "nl_NL": "{amuont}"}', level.id),
        )
        level.invalidate_recordset()

        with self.assertRaisesRegex(UserError, "{amuont}"):
            notice._render_letters()

    def test_texts_of_shipped_levels_keep_the_tone_of_their_letter(self):
        policies = self.env["dunning.policy"].with_context(active_test=False)
        levels = policies.search([("company_id", "=", False)]).level_ids
        self.assertTrue(levels)
        asked = r"[Vv]erzoeken|Wilt u|[Pp]lease|[Kk]indly|request"
        for lang in ("nl_NL", "en_US"):
            for level in levels.with_context(lang=lang):
                for name in TEXT_FIELDS:
                    with self.subTest(lang=lang, level=level.name, field=name):
                        text = level[name] or ""
                        self.assertNotRegex(text, r"!|s\.v\.p\.|svp\b|meermaals")
                        if level.kind != "reminder":
                            self.assertNotRegex(text, asked)
                        self.assertLessEqual(text.count("dient"), 1)
