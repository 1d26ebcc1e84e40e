from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .claim_common import ClaimCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDefaultFirst(ClaimCommon):
    """No fourteen-day notice before the debtor is in default: 6:82 and 6:96(6) BW."""

    def _prepare_notice(self, sequence=20):
        return Command.create(
            self._prepare_level(
                "fourteen_day",
                "Veertiendagenbrief",
                sequence=sequence,
                debtor_kind="consumer",
                charges="announce",
                letter_opening="You owe us {amount}.",
            )
        )

    def _create_ladder(self, *kinds, debtor_kind="consumer", **values):
        levels = [
            Command.create(self._prepare_level(kind, kind, sequence=number))
            for number, kind in enumerate(kinds)
        ]
        return self.env["dunning.policy"].create(
            {
                "name": "Ladder",
                "company_id": self.company.id,
                "debtor_kind": debtor_kind,
                "level_ids": [*levels, self._prepare_notice()],
                **values,
            }
        )

    def test_refused_after_reminders_only(self):
        for kinds in ((), ("reminder",), ("reminder", "reminder")):
            for debtor_kind in ("consumer", "any"):
                with (
                    self.subTest(kinds=kinds, debtor_kind=debtor_kind),
                    self.assertRaisesRegex(ValidationError, "before they are in"),
                ):
                    self._create_ladder(*kinds, debtor_kind=debtor_kind)

    def test_after_a_written_demand(self):
        for kinds in (("demand",), ("reminder", "demand"), ("default_notice",)):
            with self.subTest(kinds=kinds):
                self.assertTrue(self._create_ladder(*kinds))

    def test_demand_for_businesses_is_none_for_consumers(self):
        policy = self._create_ladder("reminder", "demand", debtor_kind="any")
        demand = policy.level_ids.filtered(lambda level: level.kind == "demand")

        for values in ({"debtor_kind": "business"}, {"active": False}):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, "before they are in"),
            ):
                demand.write(values)

    def test_demand_that_goes_away(self):
        other = self._create_ladder("demand")
        for take_away in (
            lambda level: level.unlink(),
            lambda level: level.write({"policy_id": other.id}),
        ):
            policy = self._create_ladder("reminder", "demand")
            demand = policy.level_ids.filtered(lambda level: level.kind == "demand")
            with self.assertRaisesRegex(ValidationError, "before they are in"):
                take_away(demand)

    def test_policy_that_moves_to_another_company(self):
        self.company.dunning_fatal_term = True
        policy = self._create_ladder("reminder")

        with self.assertRaisesRegex(ValidationError, "before they are in"):
            policy.company_id = self.env.ref("base.main_company")

    def test_policy_goes_with_all_its_levels(self):
        policy = self._create_ladder("reminder", "demand")

        policy.unlink()

        self.assertFalse(policy.exists())

    def test_agreed_term_puts_in_default_by_itself(self):
        self.company.dunning_fatal_term = True

        self.assertTrue(self._create_ladder("reminder"))

    def test_agreed_term_is_not_taken_away_from_a_ladder_that_needs_it(self):
        self.company.dunning_fatal_term = True
        self._create_ladder("reminder")

        with self.assertRaisesRegex(ValidationError, "before they are in"):
            self.company.dunning_fatal_term = False

    def test_shared_ladder_needs_the_term_of_all_companies(self):
        self.company.dunning_fatal_term = True

        with self.assertRaisesRegex(ValidationError, "before they are in"):
            self._create_ladder("reminder", company_id=False)

    def test_shipped_ladders(self):
        policies = self.env["dunning.policy"].with_context(active_test=False)
        shipped = policies.search([("company_id", "=", False)])

        shipped.active = True
        shipped._check_default_first()

        small = self.env.ref("l10n_nl_dunning.dunning_policy_small")
        self.assertEqual(
            small._get_levels("consumer").mapped("kind"),
            ["reminder", "demand", "fourteen_day"],
        )
        self.assertEqual(
            small._get_levels("business").mapped("kind"), ["reminder", "default_notice"]
        )


@tagged("post_install_l10n", "post_install", "-at_install")
class TestConsumersAbroad(ClaimCommon):
    """Consumers outside the Netherlands keep the law of their country: 6 Rome I."""

    def _climb(self, partner):
        self._create_due_invoice(300, partner=partner)
        days = ("2026-11-05", "2026-11-24", "2026-12-15", "2027-01-11")
        return [n for day in days for n in self._send(day, partners=partner).notice_ids]

    def _create_consumer(self, country, **values):
        return self._create_debtor(
            "Lieve Peeters",
            is_company=False,
            email="lieve@peeters.example",
            country_id=country and self.env.ref(f"base.{country}").id,
            **values,
        )

    def test_friendly_letters_alone(self):
        for country in ("be", "de"):
            with self.subTest(country=country):
                notices = self._climb(self._create_consumer(country))

                self.assertEqual([n.level_id.kind for n in notices], ["demand"])
                self.assertFalse(notices[0].amount_announced)

    def test_whole_ladder_at_home_and_without_a_country(self):
        for country in ("nl", False):
            with self.subTest(country=country):
                notices = self._climb(self._create_consumer(country))

                self.assertEqual(
                    [n.level_id.kind for n in notices],
                    ["demand", "fourteen_day", "final_demand"],
                )

    def test_where_the_policy_says_why_dutch_law_applies(self):
        self.consumer_policy.write(
            {
                "dutch_law_abroad": True,
                "dutch_law_abroad_reason": "Chosen, article 6(2) Rome I",
            }
        )

        notices = self._climb(self._create_consumer("be"))

        # 15 % of 300.
        self.assertEqual(notices[1].amount_announced, 45)

    def test_business_abroad_climbs_as_at_home(self):
        belgian = self._create_debtor(
            "Peeters BV", country_id=self.env.ref("base.be").id
        )
        self._create_due_invoice(300, partner=belgian)
        days = ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31")

        kinds = [self._send(day).notice_ids.level_id.kind for day in days]

        self.assertEqual(
            kinds, ["reminder", "demand", "default_notice", "final_demand"]
        )
