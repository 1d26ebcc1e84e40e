from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .portal_common import PortalCommon


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalCharge(PortalCommon):
    """The page of a letter asks what the letter asks, to the cent.

    1,000 at the final demand: 15 % of costs, and 21 days of interest at 10.40 %: 5.98.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder = cls._get_level("reminder")
        cls.default_notice = cls._get_level("default_notice")
        cls.final_demand = cls._get_level("final_demand")
        cls.final_demand.charges = "charge"

    def _arrange(self, items):
        terms = self.env["payment.arrangement.wizard"].new(
            {
                "currency_id": self.company.currency_id.id,
                "instalment_count": 3,
                "first_date": "2026-12-01",
            }
        )
        arrangement = self.env["payment.arrangement"]._draw_up(items, terms)
        arrangement.action_offer()
        arrangement._activate()
        return arrangement

    def _assert_asked(self, notice, amount):
        self.assertIn(f"Vandaag te betalen {amount}", self._read_page(notice))

    def _assert_settled(self, notice):
        self.assertIn("U hoeft niets te doen", self._read_page(notice))

    # === MIXED LEVELS === #

    def test_mixed_levels_before_and_after_the_charge(self):
        notice = self._create_letter(
            (1000, self.final_demand), (300, self.reminder), (50, self.default_notice)
        )
        # 1,000 + 300 + 50 + 150 + 5.98.
        self.assertIn("€ 1.505,98", " ".join(self._print(notice)))
        self.assertEqual(notice.amount_claim, 1505.98)
        self._assert_asked(notice, "€ 1.505,98")

        notice._post_charges()

        self.assertEqual(notice.charge_move_id.amount_total, 155.98)
        self._assert_asked(notice, "€ 1.505,98")
        text = self._read_page(notice)
        self.assertIn(
            "Eerder in rekening gebrachte rente en incassokosten € 155,98", text
        )

    def test_letter_on_its_way_asks_what_it_says(self):
        notice = self._create_letter((1000, self.final_demand), (300, self.reminder))
        notice.state = "pending"
        self.env.flush_all()

        # 1,300 + 150 + 5.98.
        self._assert_asked(notice, "€ 1.455,98")

    def test_charge_that_the_letter_lists_is_asked(self):
        first = self._create_letter((1000, self.final_demand))
        first._post_charges()
        charge = self._get_item(first.charge_move_id)
        second = self._create_letter(
            (300, self.reminder), again=[(charge, self.env["dunning.level"])]
        )
        self.assertEqual(second.amount_claim, 455.98)

        self._assert_asked(second, "€ 455,98")
        self._pay(first.charge_move_id, 100, day=TODAY)
        self._assert_asked(second, "€ 355,98")

    # === OTHER LETTERS === #

    def test_charge_of_another_letter_is_not_asked(self):
        notice = self._create_letter((300, self.reminder))
        other = self._create_letter((1000, self.final_demand))
        other._post_charges()

        self._assert_asked(notice, "€ 300,00")
        self._pay(notice.line_ids.move_id, day=TODAY)
        self._assert_settled(notice)
        self._assert_asked(other, "€ 1.155,98")
        moves = other.line_ids.move_id | other.charge_move_id
        text = self._read_page(other)
        self.assertIn(", ".join(moves.mapped("name")), text)
        # It is among the documents.
        self.assertIn(f"Factuur {other.charge_move_id.name}", text)

    def test_later_charge_is_asked_as_far_as_it_is_for_the_items(self):
        notice = self._create_letter((1000, self.reminder))
        later = self._create_letter(
            (3000, self.final_demand),
            again=[(notice.line_ids.move_line_id, self.final_demand)],
        )
        later._post_charges()
        # Costs over 4,000: 375 + 10 % of 1,500 = 525. Interest 5.98 and 17.95.
        self.assertEqual(later.charge_move_id.amount_total, 548.93)

        # A fourth of the costs, 131.25, and 5.98.
        self._assert_asked(notice, "€ 1.137,23")
        self._assert_asked(later, "€ 4.548,93")

    # === WHAT RESTS === #

    def test_charge_stays_asked_when_something_else_is_arranged(self):
        notice = self._create_letter((1000, self.final_demand), (300, self.reminder))
        notice._post_charges()
        charged, other = notice.line_ids.move_line_id
        self._arrange(other)

        self._assert_asked(notice, "€ 1.155,98")

    def test_charge_rests_with_the_item_that_it_is_for(self):
        notice = self._create_letter((1000, self.final_demand), (300, self.reminder))
        notice._post_charges()
        charged, _other = notice.line_ids.move_line_id
        arrangement = self._arrange(charged)

        self._assert_asked(notice, "€ 300,00")
        # So it does in letters.
        charge = self._get_item(notice.charge_move_id)
        MoveLine = self.env["account.move.line"]
        self.assertFalse(MoveLine._get_dunning_credits(self.company, self.debtor))
        arrangement.write({"state": "broken", "broken_on": TODAY})
        found = MoveLine._get_dunning_credits(self.company, self.debtor)
        self.assertEqual(found, charge)

    def test_charge_in_an_arrangement_is_not_asked_besides(self):
        notice = self._create_letter((1000, self.final_demand), (300, self.reminder))
        notice._post_charges()
        charge = self._get_item(notice.charge_move_id)
        self._arrange(charge)

        # The new invoice alone, and what was charged before only once.
        self._assert_asked(notice, "€ 1.300,00")
        found = self.env["account.move.line"]._get_dunning_credits(
            self.company, self.debtor
        )
        self.assertFalse(found)

    def test_letter_about_a_new_debt_does_not_ask_the_charge_of_a_moratorium(self):
        notice = self._create_letter((1000, self.final_demand))
        notice._post_charges()
        charge = self._get_item(notice.charge_move_id)
        self.env["dunning.protection"].create(
            {"partner_id": self.debtor.id, "kind": "moratorium", "date": TODAY}
        )
        self.assertNotIn(
            charge,
            self.env["account.move.line"]._get_dunning_credits(
                self.company, self.debtor
            ),
        )

    def test_arrangement_that_a_clerk_draws_up_starts_with_the_charge(self):
        notice = self._create_letter((1000, self.final_demand), (300, self.reminder))
        notice._post_charges()
        charge = self._get_item(notice.charge_move_id)
        Wizard = self.env["payment.arrangement.wizard"]
        charged, other = notice.line_ids.move_id
        for record, items in (
            (notice, notice.line_ids.move_line_id | charge),
            (charged, self._get_item(charged) | charge),
            (other, self._get_item(other)),
        ):
            with self.subTest(record.display_name):
                action = Wizard._open_for(record)
                wizard = Wizard.with_context(**action["context"]).create({})

                self.assertEqual(wizard.item_ids, items)
