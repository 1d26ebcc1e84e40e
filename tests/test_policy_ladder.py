from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPolicy(DunningCommon):
    """Ladders that cannot be saved, with a message that says what to do."""

    def test_ladder_out_of_order(self):
        with self.assertRaisesRegex(
            ValidationError, "Aanmaning cannot come after Ingebrekestelling"
        ):
            self.demand.sequence = 35

    def test_formal_letter_twice(self):
        with self.assertRaisesRegex(ValidationError, "a formal letter goes out once"):
            self.policy.level_ids = [
                Command.create(
                    self._prepare_level("default_notice", "Again", sequence=35)
                )
            ]

    def test_two_reminders(self):
        self.policy.level_ids = [
            Command.create(self._prepare_level("reminder", "Again", sequence=15))
        ]

        self.assertEqual(
            self.policy._get_levels("business").mapped("kind"),
            ["reminder", "reminder", "demand", "default_notice", "final_demand"],
        )

    def test_levels_of_different_kinds_of_debtor_may_share_a_height(self):
        self.default_notice.debtor_kind = "business"
        self.policy.level_ids = [
            Command.create(
                self._prepare_level(
                    "default_notice", "Consumer", sequence=31, debtor_kind="consumer"
                )
            )
        ]

        self.assertEqual(len(self.policy._get_levels("consumer")), 4)

    def test_level_without_channel(self):
        with self.assertRaisesRegex(ValidationError, "Choose e-mail, post"):
            self.reminder.by_email = False

    def test_negative_delay(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.reminder.delay = -1
            self.reminder.flush_recordset()

    def test_term_of_no_days(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.reminder.term_days = 0
            self.reminder.flush_recordset()

    def test_amount_range_upside_down(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.policy.write({"amount_from": 100, "amount_to": 50})
            self.policy.flush_recordset()

    def test_unknown_placeholder(self):
        with self.assertRaisesRegex(ValidationError, r"“\{deadlin\}”"):
            self.reminder.letter_opening = "Pay before {deadlin}."

    def test_broken_brace(self):
        with self.assertRaisesRegex(ValidationError, "“{”"):
            self.reminder.letter_opening = "Pay before {deadline."

    def test_placeholder_is_no_expression(self):
        with self.assertRaises(ValidationError):
            self.reminder.email_text = "{company.partner_id}"

    def test_broken_placeholder_in_translation(self):
        with self.assertRaises(ValidationError):
            self.reminder.update_field_translations(
                "letter_opening", {"nl_NL": "Betaal voor {uiterste_dag}."}
            )

    def test_message_in_dutch(self):
        with self.assertRaisesRegex(ValidationError, "heeft geen kanaal"):
            self.reminder.with_context(lang="nl_NL").by_email = False

    def test_policy_of_another_company_on_invoice(self):
        other = self.setup_other_company()["company"]
        policy = self._create_policy(company_id=other.id)
        move = self._create_due_invoice()

        with self.assertRaisesRegex(UserError, "compan"):
            move.dunning_policy_id = policy

    def test_policy_of_another_company_on_debtor(self):
        other = self.setup_other_company()["company"]
        policy = self._create_policy(company_id=other.id)

        with self.assertRaisesRegex(UserError, "compan"):
            self.debtor.with_company(self.company).dunning_policy_id = policy

    def test_used_level_is_archived_not_deleted(self):
        self._create_due_invoice()
        self._propose(FIRST_REMINDER)

        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.reminder.unlink()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.policy.unlink()

        self.reminder.action_archive()
        self.assertEqual(self.policy._get_levels("business")[0], self.demand)

    def test_unused_policy_is_deleted_with_its_levels(self):
        policy = self._create_policy(name="Unused")
        levels = policy.level_ids

        policy.unlink()

        self.assertFalse(levels.exists())

    def test_copy_keeps_the_ladder(self):
        copy = self.policy.copy()

        self.assertEqual(copy.name, "Test ladder (copy)")
        self.assertEqual(
            copy.level_ids.mapped("kind"), self.policy.level_ids.mapped("kind")
        )

    def test_policy_shared_by_all_companies(self):
        self.policy.company_id = False
        other = self.setup_other_company()["company"]

        policies = [
            ladder.policy_id
            for ladder in self.env["dunning.policy"]._get_ladders(other)
        ]

        self.assertIn(self.policy.id, policies)

    def _get_delays(self):
        """Return the delays of the rungs of all ladders, by name of the policy."""
        ladders = self.env["dunning.policy"]._get_ladders(self.company)
        policies = self.env["dunning.policy"].browse
        return {
            policies(ladder.policy_id).name: [rung.delay for rung in ladder.rungs]
            for ladder in ladders
        }

    def test_ladders_at_hand_follow_each_change(self):
        before = self._get_delays()

        policy = self._create_policy(name="New")
        self.assertIn("New", self._get_delays())

        policy.level_ids[0].delay = 9
        self.assertEqual(self._get_delays()["New"][0], 9)

        count = len(policy.level_ids)
        policy.level_ids[-1].unlink()
        self.assertEqual(len(self._get_delays()["New"]), count - 1)

        policy.level_ids = [Command.create(self._prepare_level("reminder", "First"))]
        self.assertEqual(len(self._get_delays()["New"]), count)

        policy.level_ids[0].active = False
        self.assertEqual(len(self._get_delays()["New"]), count - 1)

        policy.active = False
        self.assertEqual(self._get_delays(), before)

        policy.active = True
        self.assertIn("New", self._get_delays())

        policy.unlink()
        self.assertEqual(self._get_delays(), before)

    def test_ladders_at_hand_are_without_archived_ones(self):
        policy = self._create_policy(name="Archived")
        policy.active = False

        everything = self.env["dunning.policy"].with_context(active_test=False)
        ladders = everything._get_ladders(self.company)

        self.assertNotIn(policy.id, [ladder.policy_id for ladder in ladders])
