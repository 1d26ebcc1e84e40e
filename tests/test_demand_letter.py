from datetime import timedelta

from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from .letter_common import LetterCommon

#: What no consumer may be confronted with before the fourteen-day notice has lapsed.
COSTS_WORDS = ("incassokosten", "buitengerechtelijk", "collection costs", "% ")


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLetterClaim(LetterCommon):
    """What each letter of the shipped ladders asks of each kind of debtor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.active = False
        cls.env["dunning.policy"].with_context(active_test=False).search(
            [("company_id", "=", False)]
        ).active = True

    def _climb(self, partner, amount=1000.0):
        """Send every letter of the ladder on its day; return their texts by kind."""
        self._create_due_invoice(amount, partner=partner)
        day, texts = Date.to_date("2026-11-05"), {}
        while day < Date.to_date("2027-02-01"):
            run = self._send(day, partners=partner)
            to_post = run.notice_ids.delivery_ids.filtered(
                lambda delivery: delivery.state == "pending"
            )
            if to_post:
                with freeze_time(day):
                    to_post._set_posted(day)
            for notice in run.notice_ids:
                self.assertEqual(notice.state, "sent", notice.error)
                pages = self._read(notice.letter_id.raw)
                texts[notice.level_id.kind] = " ".join(pages)
            steps = self.env["account.move.line"]._plan_dunning(
                self.company, day, partner
            )
            [step] = steps
            day = max(step.day or Date.to_date("2027-02-01"), day + timedelta(days=1))
        return texts

    def test_business(self):
        texts = self._climb(self.debtor)

        self.assertEqual(
            list(texts), ["reminder", "demand", "default_notice", "final_demand"]
        )
        for kind in ("reminder", "demand"):
            self.assertNotIn("rente", texts[kind])
            self.assertNotIn("kosten", texts[kind])
        self.assertIn("vergoeding van de buitengerechtelijke", texts["default_notice"])
        self.assertIn("uit handen geven", texts["default_notice"])
        self.assertIn("stuiten wij de verjaring", texts["default_notice"])
        self.assertNotIn("150,00", texts["default_notice"])
        # Sent on 1 December with fourteen days.
        self.assertIn(
            "uiterlijk op 15 december 2026 uw voorstel", texts["default_notice"]
        )

        # Sent on 18 December, 46 days late: 1,000 x 10.40 % x 46 / 365 = 13.106;
        # a day 0.2849; costs 15 % of 1,000; together 1,163.11.
        final_demand = texts["final_demand"]
        for part in (
            "Wettelijke handelsrente (artikel 6:119a BW)",
            "10,40%",
            "03-11-2026",
            "18-12-2026",
            "€ 13,11",
            "€ 0,28",
            "€ 150,00",
            "€ 1.163,11",
            "elfhonderddrieënzestig euro en elf cent",
            "stuiten wij de verjaring",
        ):
            self.assertIn(part, final_demand.replace("\xa0", " "))
        self.assertNotIn("btw", final_demand)

    def test_consumer(self):
        texts = self._climb(self.consumer)

        self.assertEqual(
            list(texts), ["reminder", "demand", "fourteen_day", "final_demand"]
        )
        for kind in ("reminder", "demand"):
            for word in COSTS_WORDS:
                self.assertNotIn(word, texts[kind].lower())

        notice = texts["fourteen_day"].replace("\xa0", " ")
        self.assertIn(
            "binnen veertien dagen, te rekenen vanaf de dag nadat deze brief bij u is "
            "bezorgd",
            notice,
        )
        self.assertIn("verschuldigd van € 150,00 (artikel 6:96", notice)
        self.assertIn("Op dit moment bent u deze kosten nog niet verschuldigd", notice)
        self.assertEqual(notice.count("150,00"), 1)
        self.assertNotIn("1.150,00", notice)
        self.assertNotIn("Uiterlijk", notice)
        self.assertNotIn("btw", notice)

        final_demand = texts["final_demand"].replace("\xa0", " ")
        self.assertIn("Wettelijke rente (artikel 6:119 BW)", final_demand)
        self.assertIn("4,00%", final_demand)
        self.assertIn("€ 150,00", final_demand)
        self.assertNotIn("handelsrente", final_demand)

    def test_formal_letters_take_nothing_back(self):
        for partner in (self.debtor, self.consumer):
            for kind, text in self._climb(partner).items():
                with self.subTest(partner=partner.name, kind=kind):
                    takes_back = "als niet verzonden beschouwen" in text
                    self.assertEqual(takes_back, kind == "reminder")
                    # Interest runs from the day after the due date, or from default.
                    self.assertNotIn("Vanaf dat moment kunnen wij", text)

    def test_letters_speak_of_earlier_ones_as_there_were(self):
        texts = self._climb(self.debtor)

        self.assertNotIn("eerdere brief hebben wij", texts["reminder"])
        self.assertIn("Op onze eerdere brief hebben wij geen", texts["demand"])
        self.assertNotIn("meermaals", texts["demand"])
        self.assertIn("Wij hebben u meermaals om betaling", texts["default_notice"])

    def test_small_amount_ends_with_the_letter_of_the_debtor_kind(self):
        self.assertEqual(
            list(self._climb(self.debtor, 30)), ["reminder", "default_notice"]
        )
        texts = self._climb(self.consumer, 30)
        self.assertEqual(list(texts), ["reminder", "demand", "fourteen_day"])
        # The minimum of the scale.
        self.assertIn("€ 40,00", texts["fourteen_day"].replace("\xa0", " "))

    def test_vat_on_costs_is_declared(self):
        self.company.write(
            {"dunning_vat_deductible": False, "dunning_third_party": True}
        )
        texts = self._climb(self.consumer)

        # 150 + 21 % is 181.50.
        notice = texts["fourteen_day"].replace("\xa0", " ")
        self.assertIn("verschuldigd van € 181,50 (artikel 6:96", notice)
        self.assertIn("is € 31,50 btw begrepen", notice)
        self.assertIn("niet kunnen verrekenen", notice)
        self.assertIn("om die reden met btw is verhoogd", notice)

    def test_part_payment_in_the_fourteen_days_lowers_the_costs(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            notice = self._send(day, partners=self.consumer).notice_ids
        self.assertEqual(notice.level_id.kind, "fourteen_day")
        self._pay(move, 900, day=Date.to_date("2026-12-20"))

        notice = self._send("2027-01-15", partners=self.consumer).notice_ids

        # The minimum of the scale over the 100 that was left, not 15 % of 1,000.
        self.assertEqual(notice.amount_costs, 40)
