import os
import re
from datetime import date, timedelta
from pathlib import Path

from odoo.tests import freeze_time, tagged

from ..law.letter_contents import CIRCUMSTANCES, ELEMENTS, LETTERS, get_contents
from .arrangement_common import FIRST, ArrangementCommon
from .letter_common import TODAY, LetterCommon
from .protection_common import ProtectionCommon

#: How each element of a letter is said: in Dutch and in English. Of some the words
#: depend on the letter, and of some on who gets it.
PATTERNS = {
    "creditor": (
        r"Kantoormeubelen B\.V\. · gevestigd te Amsterdam, KvK 30123456",
        r"Kantoormeubelen B\.V\. · registered seat in Amsterdam, Chamber of Commerce "
        r"\(KvK\) 30123456",
    ),
    "debtor": (r"Jan van der Heijden|Gouden Aar",) * 2,
    "date": (r"\d+ (november|december) 2026", r"\d+ (November|December) 2026"),
    "items": (r"F/2026/\d+",) * 2,
    "amount": (r"€ [\d.]+,\d\d", r"€ [\d,]+\.\d\d"),
    "account": (r"NL91 ABNA 0417 1643 00",) * 2,
    "request": (r"Wilt u", r"Would you please"),
    "demand": (
        r"[Ww]ij manen u (hierbij )?aan|Wij stellen .* hierbij in gebreke"
        r"|Wij sommeren u",
        r"We hereby demand|We hereby give .* formal notice|We summon you",
    ),
    "demand_answer": (r"Wij manen u aan", r"We hereby demand"),
    "asking": (r"verzoeken (wij )?u|Wilt u", r"request you|kindly|Would you please"),
    "deadline": (
        r"uiterlijk op \d+ \w+ 202\d|Uiterlijk op \d+",
        r"by \d+ \w+ 202\d|No later than \d+",
    ),
    "default_notice": (r"is een ingebrekestelling", r"is a default notice"),
    "default_follows": (
        r"zonder nadere aankondiging in verzuim",
        r"in default \(in verzuim\) without further notice",
    ),
    "default_of_consumer": (
        r"zonder nadere aankondiging in verzuim",
        r"in default \(in verzuim\) without further notice",
    ),
    "interest_from_due_date": (
        r"wettelijke handelsrente vanaf de dag na de vervaldatum van elke factuur",
        r"statutory commercial interest from the day after the due date of each",
    ),
    "interest_from_default": (
        r"wettelijke rente vanaf de dag waarop (u|Jan van der Heijden) in verzuim",
        r"statutory interest from the day on which (you|Jan van der Heijden) (are|is) "
        r"in default",
    ),
    "costs_follow": (
        r"op vergoeding van de buitengerechtelijke incassokosten",
        r"compensation for the extrajudicial collection costs",
    ),
    "vague_interest": (
        r"Vanaf dat moment kunnen wij|voor zover de wet dat toelaat",
        r"From that moment we can|as far as the law allows",
    ),
    "costs_before_notice": (
        r"incassokosten|buitengerechtelijk",
        r"collection costs|extrajudicial",
    ),
    "fourteen_days": (
        r"binnen veertien dagen, te rekenen vanaf de dag nadat deze brief bij u is "
        r"bezorgd",
        r"within fourteen days, counted from the day after this letter has been "
        r"delivered to you",
    ),
    "term_by_date": (r"[Uu]iterlijk op|vóór \d", r"No later than|before \d|by \d+ \w"),
    "costs_amount": (
        r"verschuldigd van € [\d.]+,\d\d \(artikel 6:96",
        r"collection costs of € [\d,]+\.\d\d \(article 6:96",
    ),
    "costs_base": (
        r"berekend over het bedrag van € [\d.]+,\d\d volgens de wettelijke staffel",
        r"worked out over the amount of € [\d,]+\.\d\d by the statutory scale",
    ),
    "costs_not_yet_due": (
        r"Op dit moment (bent u|zijn) deze kosten nog niet verschuldigd",
        r"At this moment (you do not owe these costs|these costs are not owed) yet",
    ),
    "vat_declared": (
        r"niet kunnen verrekenen, en dat de vergoeding om die reden met btw is",
        r"cannot deduct the VAT .* increased by VAT for that reason",
    ),
    "specification": (
        r"Procent per jaar .* \(artikel 6:119a? BW\).* voor elke dag daarna",
        r"Percent a year .* \(article 6:119a? BW\).* for every day after",
    ),
    "imputation": (
        r"betalingen zijn eerst op de kosten, dan op de rente en daarna op de hoofdsom "
        r"afgeboekt \(artikel 6:44 BW\)",
        r"ayments were set off against the costs first, then against the interest and "
        r"after that against the principal \(article 6:44",
    ),
    "handing_over": (r"uit handen geven", r"hand over the claim"),
    "costs_of_proceedings": (
        r"De kosten daarvan en van een procedure komen voor zover de wet dat bepaalt "
        r"voor (uw rekening|rekening van)",
        r"costs of that and of legal proceedings will be for (your|the) account",
    ),
    "limitation": (
        r"stuiten wij de verjaring .* ondubbelzinnig het recht op nakoming voor",
        r"interrupt the limitation .* unequivocally reserve our right to performance",
    ),
    "rights_reserved": (
        r"rechten blijven voorbehouden|behouden (al onze|ons alle) rechten",
        r"reserve all (our|other) rights",
    ),
    "taken_back": (r"als niet verzonden", r"disregard (it|the letter)"),
    "many_letters": (r"meermaals", r"more than once"),
    "courtesy": (r"s\.v\.p\.|!", r"!"),
    "capacity": (
        r"In uw hoedanigheid van|curator in het faillissement van|bewindvoerder van"
        r"|vertegenwoordigd door|erven van|schuldhulpverlener van",
        r"In your capacity of|trustee in the bankruptcy of|administrator of"
        r"|represented by|heirs of|debt counsellor of",
    ),
    "representative_owes": (
        r"\bbent u\b|\bu bent\b|u in gebreke|waarop u in verzuim|u .{0,30}verschuldigd"
        r"|uw rekening|Uw betalingen",
        r"\byou are in\b|\byou (will )?owe\b|give you formal|your account|Your payment",
    ),
    "nature": (
        r"vordering tot betaling van facturen",
        r"claim for payment of invoices",
    ),
    "documents": (r"als bewijsstukken bijgevoegd", r"enclosed as evidence"),
    "priority": (r"aanspraak op voorrang", r"claim (no )?priority"),
    "deferral": (r"\buitstel\b", r"\bextension\b|\bdefer"),
    "still_owed": (
        r"(u blijft|blijft) in verzuim|verplichting tot betaling blijft",
        r"in default|obligation to pay stays",
    ),
    "acknowledgement": (r"erkent met .*schuldig te zijn", r"acknowledges to owe"),
    "no_novation": (r"geen sprake van schuldvernieuwing", r"no novation"),
    "lapse": (
        r"vervalt de regeling en is het hele restant",
        r"arrangement lapses and (the whole|all of the) remain",
    ),
}
LANGUAGES = {"nl_NL": 0, "en_US": 1}


@tagged("post_install_l10n", "post_install", "-at_install")
class TestWordingContents(ProtectionCommon, LetterCommon, ArrangementCommon):
    """Each kind of letter, read from its PDF against what the law asks of it.

    To look at them, name a folder for them in `DUNNING_LETTERS`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.company_registry = "30123456"
        cls.env.user.name = "Sanne de Wit"
        cls.consumer.name = "Jan van der Heijden"
        cls.consumer.email = "jan@example.com"

    def _check(self, letter, debtor, pdf, lang, *circumstances):
        """Read a letter against the list.

        :param bytes pdf: the letter
        :param str lang: its language
        :param circumstances: those of the list that are so
        """
        if folder := os.environ.get("DUNNING_LETTERS"):  # to look at them
            name = "-".join((letter, debtor, lang[:2], *circumstances))
            Path(folder, f"{name}.pdf").write_bytes(pdf)
        text = " ".join(self._read(pdf))
        text = re.sub(r" ([.,?])", r"\1", text.replace("\N{NO-BREAK SPACE}", " "))
        required, forbidden = get_contents(letter, debtor, circumstances)
        number = LANGUAGES[lang]
        for key in required:
            if not re.search(PATTERNS[key][number], text):
                self.fail(f"{letter} ({lang}) lacks {key}, {ELEMENTS[key].why}: {text}")
        for key in forbidden:
            if found := re.search(PATTERNS[key][number], text):
                self.fail(f"{letter} ({lang}) says {found[0]}, {ELEMENTS[key].why}")

    def _get_debtors(self, lang):
        (self.debtor | self.consumer | self.trustee).lang = lang
        return {"business": self.debtor, "consumer": self.consumer}

    def _each_language(self):
        for lang in LANGUAGES:
            yield lang, self._get_debtors(lang)

    def _print_notice(self, notice):
        return notice._render_letters()[notice.id]

    # === THE LIST === #

    def test_list_knows_each_letter_and_circumstance_and_has_words_for_all(self):
        self.assertEqual(set(PATTERNS), set(ELEMENTS))
        for key, element in ELEMENTS.items():
            with self.subTest(element=key):
                self.assertTrue(element.ground and element.why)
                self.assertTrue(element.required or element.forbidden)
                self.assertLessEqual(
                    {*element.required, *element.forbidden}, {*LETTERS}
                )
                self.assertFalse({*element.required} & {*element.forbidden})
                self.assertIn(element.debtors, ("any", "business", "consumer"))
                self.assertIn(element.when, (None, *CIRCUMSTANCES))

    # === NOTICES === #

    def test_notices(self):
        ladders = {
            "business": ("reminder", "demand", "default_notice", "final_demand"),
            "consumer": ("reminder", "demand", "fourteen_day", "final_demand"),
        }
        for lang, debtors in self._each_language():
            for debtor, kinds in ladders.items():
                for kind in kinds:
                    notice = self._create_letter(
                        (1234.56, self._get_level(kind, debtor)),
                        partner=debtors[debtor],
                    )
                    if (kind, debtor) == ("final_demand", "consumer"):
                        continue  # not without the letters before it
                    self._check(kind, debtor, self._print_notice(notice), lang)

    def test_default_notice_to_a_consumer(self):
        for lang, debtors in self._each_language():
            notice = self._create_letter(
                (1234.56, self._get_level("default_notice")),
                partner=debtors["consumer"],
            )

            pdf = self._print_notice(notice)

            self._check("default_notice", "consumer", pdf, lang)

    def test_final_demand_to_a_consumer(self):
        for lang, debtors in self._each_language():
            partner = debtors["consumer"].copy({"name": "Jan van der Heijden"})
            notice = self._climb(partner)

            self._check("final_demand", "consumer", notice.letter_id.raw, lang)

    def _climb(self, partner):
        """Send the ladder of consumers on its days; return the last letter."""
        self.policy.active = False
        self.consumer_policy.active = False
        shipped = self.env.ref("l10n_nl_dunning.dunning_policy_consumer")
        shipped.active = True
        shipped.level_ids.attach_invoices = False
        self._create_due_invoice(300, partner=partner)
        day, notice = date(2026, 11, 5), self.env["dunning.notice"]
        while day < date(2027, 3, 1):
            notice = self._send(day, partners=partner).notice_ids or notice
            [step] = self.env["account.move.line"]._plan_dunning(
                self.company, day, partner
            )
            day = max(step.day or date(2027, 3, 1), day + timedelta(days=1))
        self.assertEqual(notice.level_id.kind, "final_demand")
        return notice

    def test_limitation_notice(self):
        level = self.env.ref("l10n_nl_dunning.dunning_level_limitation_notice")
        for lang, debtors in self._each_language():
            for debtor, partner in debtors.items():
                notice = self._create_letter((1234.56, level), partner=partner)

                pdf = self._print_notice(notice)

                self._check("limitation_notice", debtor, pdf, lang)

    def test_final_demand_after_a_payment_says_what_it_paid(self):
        level = self._get_level("final_demand")
        for lang, debtors in self._each_language():
            move = self._create_due_invoice(1000, partner=debtors["business"])
            self._pay(move, 100, day=date(2026, 11, 10))
            notice = self._create_letter(again=[(self._get_item(move), level)])

            pdf = self._print_notice(notice)

            self._check("final_demand", "business", pdf, lang, "paid")

    def test_letter_after_one_other_does_not_speak_of_many(self):
        for lang, debtors in self._each_language():
            first = self._create_letter(
                (1000, self._get_level("reminder")), partner=debtors["business"]
            )
            second = self._create_letter(
                again=[
                    (first.line_ids.move_line_id, self._get_level("default_notice"))
                ],
                partner=debtors["business"],
            )

            pdf = self._print_notice(second)

            self._check("default_notice", "business", pdf, lang, "one_letter")

    def test_vat_on_costs_is_declared(self):
        self.company.write(
            {"dunning_vat_deductible": False, "dunning_third_party": True}
        )
        for lang, debtors in self._each_language():
            notice = self._create_letter(
                (1234.56, self._get_level("fourteen_day", "consumer")),
                partner=debtors["consumer"],
            )

            pdf = self._print_notice(notice)

            self._check("fourteen_day", "consumer", pdf, lang, "vat")

    def test_notices_to_who_represents_the_debtor(self):
        status = self._protect("administration", partner=self.consumer)
        kinds = ("reminder", "demand", "fourteen_day", "final_demand")
        levels = [self._get_level(kind, "consumer") for kind in kinds]
        levels.append(self._get_level("default_notice"))
        for lang, debtors in self._each_language():
            for level in levels:
                notice = self._create_letter(
                    (1234.56, level),
                    partner=debtors["consumer"],
                    recipient_id=self.trustee.id,
                    protection_id=status.id,
                )
                if level.kind == "final_demand":
                    continue  # not without the letters before it

                pdf = self._print_notice(notice)

                self._check(level.kind, "consumer", pdf, lang, "represented")

    # === ANSWERS AND CONFIRMATIONS === #

    def _dispute(self, item):
        with freeze_time(TODAY):
            dispute = self.env["dunning.hold"]._dispute_items(item, {"note": "Kapot"})
            dispute._conclude("unjustified", "Heel", deadline=date(2026, 12, 7))
        return dispute.answer_id.raw

    def test_dispute_answer(self):
        for lang, debtors in self._each_language():
            for level, circumstances in (
                (self._get_level("reminder"), ()),
                (self._get_level("demand"), ("demanded",)),
            ):
                notice = self._create_letter(
                    (1234.56, level), partner=debtors["business"]
                )

                pdf = self._dispute(notice.line_ids.move_line_id)

                self._check("dispute_answer", "business", pdf, lang, *circumstances)

    def test_dispute_answer_to_who_represents_the_debtor(self):
        self._protect("administration", partner=self.consumer)
        for lang, debtors in self._each_language():
            move = self._create_due_invoice(100, partner=debtors["consumer"])

            pdf = self._dispute(self._get_item(move))

            self._check("dispute_answer", "consumer", pdf, lang, "represented")

    def test_promise_confirmation(self):
        for lang, debtors in self._each_language():
            for debtor, partner in debtors.items():
                partner.email = False
                move = self._create_due_invoice(100, partner=partner)
                for is_exception in (False, True):
                    with freeze_time(TODAY):
                        promise = self.env["dunning.hold"]._promise(
                            self._get_item(move),
                            {
                                "promise_amount": 100,
                                "promise_date": date(2026, 12, 1),
                                "promise_is_exception": is_exception,
                            },
                        )
                    [document] = promise.message_ids.attachment_ids

                    self._check("promise_confirmation", debtor, document.raw, lang)

    # === ARRANGEMENTS === #

    def _agree(self, partner):
        move = self._create_due_invoice(300, partner=partner)
        return self._start(move, day=date(2026, 11, 10))

    def test_agreement_warning_and_lapse(self):
        for lang, debtors in self._each_language():
            for debtor, partner in debtors.items():
                arrangement = self._agree(partner)
                pdf = arrangement._get_letters()[arrangement.id]
                self._check("agreement", debtor, pdf, lang)
                with freeze_time(FIRST + timedelta(days=4)):
                    line = arrangement._get_ordered_lines()[0]
                    line._set_warned(date(2026, 11, 24), date(2026, 12, 1))
                    document = arrangement._attach_warning_letter(line, TODAY)
                self._check("arrangement_warning", debtor, document.raw, lang)
                with freeze_time(date(2026, 12, 2)):
                    arrangement._break(date(2026, 12, 2))
                pdf = arrangement.lapse_document_id.raw
                self._check("arrangement_lapse", debtor, pdf, lang)

    def test_agreement_with_who_represents_the_debtor(self):
        self._protect("administration", partner=self.consumer)
        for lang, debtors in self._each_language():
            arrangement = self._agree(debtors["consumer"])

            pdf = arrangement._get_letters()[arrangement.id]

            self._check("agreement", "consumer", pdf, lang, "represented")

    def test_promise_of_who_represents_the_debtor(self):
        self._protect("administration", partner=self.consumer)
        for lang, debtors in self._each_language():
            self.trustee.email = False
            move = self._create_due_invoice(100, partner=debtors["consumer"])
            with freeze_time(TODAY):
                promise = self.env["dunning.hold"]._promise(
                    self._get_item(move),
                    {"promise_amount": 100, "promise_date": date(2026, 12, 1)},
                )
            pdf = promise.message_ids.attachment_ids.raw

            self._check("promise_confirmation", "consumer", pdf, lang, "represented")

    # === CLAIMS THAT ARE FILED === #

    def test_statement_of_claim(self):
        for kind in ("bankruptcy", "moratorium", "debt_restructuring"):
            for lang, debtors in self._each_language():
                partner = debtors["business"].copy({"name": "De Gouden Aar B.V."})
                self._create_due_invoice(1234.56, partner=partner)
                with freeze_time(TODAY):
                    status = self._protect(kind, partner=partner)
                    pdf = status._get_letters()[status.id]

                self._check("statement_of_claim", "business", pdf, lang)
                self._check("statement_of_claim", "business", pdf, lang, "represented")

    def test_claim_on_an_estate_and_statement_to_a_debt_counsellor(self):
        letters = {
            "deceased": "claim_on_estate",
            "debt_counselling": "statement_to_counsellor",
        }
        for kind, letter in letters.items():
            for lang, debtors in self._each_language():
                partner = debtors["consumer"].copy({"name": "Jan van der Heijden"})
                self._create_due_invoice(1234.56, partner=partner)
                with freeze_time(TODAY):
                    heirs = {"representative_id": False} if kind == "deceased" else {}
                    status = self._protect(kind, partner=partner, **heirs)
                    pdf = status._get_letters()[status.id]

                self._check(letter, "consumer", pdf, lang, "represented")

    def test_priority_is_claimed_where_there_is_any(self):
        self._create_due_invoice(100)
        status = self._protect("bankruptcy")
        status.priority = "retentierecht op een bureau"
        with freeze_time(TODAY):
            [page] = self._read(status._get_letters()[status.id])

        self.assertIn(
            "Wij maken aanspraak op voorrang: retentierecht op een bureau.", page
        )
        self.assertNotIn("geen aanspraak", page)
