from datetime import date
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import DUE, FIRST_REMINDER, DunningCommon

DEMAND = date(2026, 11, 24)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLookAhead(DunningCommon):
    """Why no letter goes out, what would lift that, and what happens on a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "nl_NL"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.reminder = cls.reminder.with_env(cls.env)

    def _create_simulation(self, day, **values):
        return self.env["dunning.simulation"].create(
            {"company_id": self.company.id, "day": day, **values}
        )

    def _get_lift(self, move, day, lang="en_US"):
        item = self._get_item(move)[0].with_context(dunning_day=day, lang=lang)
        return item.dunning_lift

    # === WHAT WOULD LIFT IT === #

    def test_every_obstacle_says_what_it_means_and_what_would_lift_it(self):
        for obstacle in self.env["dunning.planner"]._get_obstacles():
            with self.subTest(obstacle=obstacle.code):
                self.assertTrue(str(obstacle.label))
                self.assertTrue(str(obstacle.sentence))
                self.assertTrue(str(obstacle.lift))

    def test_obstacles_in_the_order_in_which_they_are_tried(self):
        self.assertEqual(
            [o.code for o in self.env["dunning.planner"]._get_obstacles()],
            [
                *("excluded", "protected", "arrangement", "handover"),
                *("arrangement_offered", "charged", "payment_in_process"),
                *("dispute", "unanswered", "promise", "paused"),
                *("not_due", "archived", "returned", "discounted"),
                *("direct_debit", "unmatched", "not_sent"),
                *("invoice_check", "no_policy", "failed", "proposed"),
                *("grace", "waiting", "unposted", "finished"),
                *("no_balance", "below_minimum", "alone", "interval", "no_address"),
            ],
        )

    def test_not_due_names_letter_and_day(self):
        move = self._create_due_invoice()

        self.assertEqual(
            self._get_lift(move, "2026-11-02"),
            "Next: Betalingsherinnering, not before 5 November 2026.",
        )

    def test_written_to_recently_names_the_end_of_the_interval(self):
        self._create_due_invoice()
        move = self._create_due_invoice(due=date(2026, 11, 3))
        self._send(FIRST_REMINDER)

        # Due from 6 November on; 5 November and seven days is 12 November.
        self.assertEqual(
            self._get_lift(move, "2026-11-06"),
            "Next: Betalingsherinnering, not before 12 November 2026.",
        )

    def test_below_minimum_names_the_minimum(self):
        self.policy.minimum_amount = 250
        move = self._create_due_invoice(100)

        self.assertIn("250.00", self._get_lift(move, "2026-11-05"))

    def test_no_balance_names_the_credits(self):
        move = self._create_due_invoice(100)
        self._create_due_invoice(130, move_type="out_refund")

        self.assertIn("130.00", self._get_lift(move, "2026-11-05"))

    def test_no_address_names_the_contact(self):
        self.debtor.write({"email": False, "city": False})
        move = self._create_due_invoice()

        self.assertIn(self.debtor.name, self._get_lift(move, "2026-11-05"))

    def test_last_letter_waits_without_a_next_one(self):
        self.policy.level_ids[1:].active = False
        move = self._create_due_invoice()
        self._send(FIRST_REMINDER)

        lift = self._get_lift(move, "2026-11-10")

        self.assertTrue(lift.startswith("Decide what to do next"), lift)

    def test_lift_in_dutch(self):
        move = self._create_due_invoice()

        self.assertEqual(
            self._get_lift(move, "2026-11-02", lang="nl_NL"),
            "Volgende brief: Betalingsherinnering, niet vóór 5 november 2026.",
        )

    # === ANOTHER DAY === #

    @freeze_time(DUE)
    def test_fields_tell_of_the_day_in_the_context(self):
        item = self._get_item(self._create_due_invoice())

        self.assertEqual(item.dunning_obstacle, "not_due")
        later = item.with_context(dunning_day="2026-11-05")
        self.assertFalse(later.dunning_obstacle)
        self.assertFalse(later.dunning_lift)
        self.assertEqual(later.dunning_next_level_id, self.reminder)
        self.assertEqual(item.dunning_obstacle, "not_due")

    @freeze_time(DUE)
    def test_search_and_group_by_the_plan_of_a_day(self):
        due = self._get_item(self._create_due_invoice(100))
        later = self._get_item(self._create_due_invoice(50, due=date(2026, 12, 1)))
        Items = self.env["account.move.line"].with_context(dunning_day="2026-11-05")
        domain = [("id", "in", (due + later).ids)]

        self.assertEqual(
            Items.search([*domain, ("dunning_obstacle", "=", "not_due")]), later
        )
        self.assertEqual(Items.search([*domain, ("dunning_obstacle", "=", False)]), due)
        self.assertEqual(
            Items.search([*domain, ("dunning_next_level_id", "=", self.reminder.id)]),
            due + later,
        )
        groups = Items.formatted_read_group(
            domain,
            ["dunning_obstacle", "dunning_next_level_id"],
            ["amount_residual:sum"],
        )
        self.assertEqual(
            {
                (group["dunning_obstacle"], group["amount_residual:sum"])
                for group in groups
            },
            {("not_due", 50), (False, 100)},
        )
        self.assertEqual(
            {group["dunning_next_level_id"] for group in groups},
            {(self.reminder.id, self.reminder.display_name)},
        )

    @freeze_time(DUE)
    def test_grouping_of_many_items_takes_the_same_statements(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["account.move.line"].formatted_read_group(
                [("company_id", "=", self.company.id)],
                ["dunning_obstacle"],
                ["amount_residual:sum"],
            )
            return self.env.cr.sql_log_count - before

        self._create_due_invoice()
        count()  # fills the caches of the registry
        few = count()
        for number in range(4):
            partner = self._create_debtor(f"Debtor {number}")
            for _invoice in range(25):
                self._create_due_invoice(partner=partner)

        self.assertEqual(count(), few)

    def test_describing_the_fields_makes_no_plan(self):
        Items = self.env["account.move.line"]
        with patch.object(type(Items), "_plan_dunning_day") as plan:
            description = Items.fields_get(["dunning_obstacle"])

        plan.assert_not_called()
        self.assertTrue(description["dunning_obstacle"]["groupable"])

    @freeze_time(DUE)
    def test_invoice_opened_from_another_day_is_about_today(self):
        item = self._get_item(self._create_due_invoice())

        action = item.with_context(dunning_day="2026-11-05").action_open_business_doc()

        self.assertIs(action["context"]["dunning_day"], False)

    # === THE SCREEN === #

    def _count_rows(self):
        self.env.flush_all()
        return [
            self.env[model].search_count([])
            for model in (
                "dunning.run",
                "dunning.notice",
                "dunning.notice.line",
                "mail.message",
                "mail.mail",
            )
        ]

    @freeze_time(DUE)
    def test_simulation_counts_letters_and_writes_nothing(self):
        other = self._create_debtor("Garage Vos")
        self._create_due_invoice(100)
        self._create_due_invoice(50)
        self._create_due_invoice(25, partner=other)
        self._create_due_invoice(10, partner=other, due=date(2026, 12, 1))
        before = self._count_rows()

        simulation = self._create_simulation("2026-11-05")
        letters, obstacles = simulation.letters, simulation.obstacles

        self.assertEqual(self._count_rows(), before)
        self.assertTrue(simulation.is_future)
        # Two debtors, three items: 100 + 50 + 25.
        for cell in ("Betalingsherinnering", ">2</td>", ">3</td>", "175.00"):
            self.assertIn(cell, letters)
        for cell in ("Not yet due", ">1</td>", "10.00"):
            self.assertIn(cell, obstacles)

    def test_simulation_goes_on_from_the_last_letter(self):
        self._create_due_invoice(100)
        self._send(FIRST_REMINDER)

        with freeze_time(FIRST_REMINDER):
            self.assertIn(
                "No letter would go out", self._create_simulation("2026-11-23").letters
            )
            self.assertIn("Aanmaning", self._create_simulation(DEMAND).letters)

    @freeze_time(DUE)
    def test_simulation_of_some_debtors(self):
        other = self._create_debtor("Garage Vos")
        self._create_due_invoice(100)
        self._create_due_invoice(25, partner=other)

        simulation = self._create_simulation("2026-11-05", partner_ids=other.ids)

        self.assertIn("25.00", simulation.letters)
        action = simulation.action_open_items()
        self.assertEqual(action["display_name"], "Open items on 5 November 2026")
        self.assertEqual(action["context"]["dunning_day"], "2026-11-05")
        items = (
            self.env["account.move.line"]
            .with_context(**action["context"])
            .search(action["domain"])
        )
        self.assertEqual(items.partner_id, other)

    @freeze_time(FIRST_REMINDER)
    def test_simulation_of_the_past(self):
        with self.assertRaisesRegex(ValidationError, "no longer known"):
            self._create_simulation(DUE)

    @freeze_time(DUE)
    def test_reader_may_look_ahead(self):
        self._create_due_invoice()
        reader = new_test_user(
            self.env,
            login="dunning_reader",
            groups="account.group_account_readonly",
            company_id=self.company.id,
        )

        simulation = self._create_simulation("2026-11-05").with_user(reader)
        self.assertIn("Betalingsherinnering", simulation.letters)
        self.assertEqual(
            self.debtor.with_user(reader).action_look_ahead_dunning()["res_model"],
            "dunning.simulation",
        )
