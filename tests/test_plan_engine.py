import json
from datetime import date

from odoo.tests import TransactionCase, tagged

from ..models.plan.engine.items import LastLevel, read_items
from ..models.policy.engine import Ladder, Rung
from .plan_common import PlanCommon

THURSDAY = date(2026, 11, 5)

REMINDER = Rung(1, 10, 1, "any", 3, needs=("email", "post"))
BUSINESS_NOTICE = Rung(2, 20, 3, "business", 3, needs=("email", "post"))
CONSUMER_DEMAND = Rung(3, 30, 4, "consumer", 5, needs=("email", "post"))
LADDER = Ladder(7, "any", 0, 0, 0, (REMINDER, BUSINESS_NOTICE, CONSUMER_DEMAND))


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPlan(PlanCommon, TransactionCase):
    """The pure plan, with the facts and obstacles of all rooms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.item.debtor
        cls.after_reminder = cls.item._replace(
            last=LastLevel(level_id=1, policy_id=7, sequence=10, rank=1),
            last_deadline=date(2026, 11, 19),
            debtor=cls.debtor._replace(last_contact=THURSDAY),
        )

    def _plan(self, *items, today=THURSDAY, ladders=(LADDER,), **settings):
        return self._plan_items(*items, today=today, ladders=ladders, **settings)

    def test_first_rung(self):
        [step] = self._plan(self.item)

        self.assertIsNone(step.obstacle)
        self.assertEqual((step.level_id, step.day), (1, THURSDAY))

    def test_rung_for_other_kind_of_debtor_is_passed_over(self):
        consumer = self.debtor._replace(kind="consumer")
        [step] = self._plan(
            self.after_reminder._replace(debtor=consumer), today=date(2026, 11, 26)
        )

        # Deadline Thursday 19 November, five working days later Thursday 26.
        self.assertEqual((step.obstacle, step.level_id), (None, 3))

    def test_one_step_after_a_long_outage(self):
        [step] = self._plan(self.item, today=date(2027, 6, 1))

        self.assertEqual((step.obstacle, step.level_id), (None, 1))

    def test_policy_changed_goes_on_above_the_last_letter(self):
        new = Ladder(8, "any", 0, 0, 0, (REMINDER, BUSINESS_NOTICE))
        [step] = self._plan(
            self.after_reminder, ladders=[new], today=date(2026, 11, 24)
        )

        self.assertEqual((step.obstacle, step.level_id), (None, 2))

    def test_policy_changed_to_lower_ladder_finished(self):
        new = Ladder(8, "any", 0, 0, 0, (REMINDER,))
        [step] = self._plan(
            self.after_reminder, ladders=[new], today=date(2026, 12, 31)
        )

        self.assertEqual(step.obstacle, "finished")

    def test_top_of_ladder_waits_for_its_last_deadline(self):
        ladder = LADDER._replace(rungs=(REMINDER,))

        [step] = self._plan(
            self.after_reminder, ladders=[ladder], today=date(2026, 11, 19)
        )
        self.assertEqual(step.obstacle, "waiting")

        [step] = self._plan(
            self.after_reminder, ladders=[ladder], today=date(2026, 11, 20)
        )
        self.assertEqual(step.obstacle, "finished")

    def test_ladder_for_the_other_kind_of_debtor_only(self):
        ladder = LADDER._replace(rungs=(CONSUMER_DEMAND,))

        [step] = self._plan(self.item, ladders=[ladder])

        self.assertEqual(step.obstacle, "no_policy")

    def test_nothing_comes_next_for_what_is_excluded(self):
        [step] = self._plan(self.item._replace(special=self.Special(excluded=True)))

        self.assertEqual(
            (step.obstacle, step.level_id, step.day), ("excluded",) + (None,) * 2
        )

    def test_ladder_without_rungs_is_no_policy(self):
        [step] = self._plan(self.item, ladders=[LADDER._replace(rungs=())])

        self.assertEqual(step.obstacle, "no_policy")

    def test_credit_is_set_off_against_what_is_claimed_now(self):
        waiting = self.after_reminder._replace(line_id=2, residual=500.0)
        due = self.item._replace(line_id=3, residual=40.0, residual_company=40.0)
        debtor = self.debtor._replace(credits=-50.0, credits_company=-50.0)
        items = [item._replace(debtor=debtor) for item in (waiting, due)]

        # The claim of 500 waits for its deadline; 40 less 50 is nothing.
        self.assertEqual(
            [step.obstacle for step in self._plan(*items)], ["waiting", "no_balance"]
        )

    def test_item_obstacle_before_debtor_obstacle(self):
        unreachable = self.debtor._replace(has_email=False, has_post=False)
        [step] = self._plan(
            self.item._replace(special=self.Special(excluded=True), debtor=unreachable)
        )

        self.assertEqual(step.obstacle, "excluded")

    def test_sum_of_cents_is_exact_enough(self):
        debtor = self.debtor._replace(credits=-0.3, credits_company=-0.3)
        item = self.item._replace(debtor=debtor, residual=0.1, residual_company=0.1)
        items = [item._replace(line_id=number) for number in range(3)]

        # 0.1 + 0.1 + 0.1 - 0.3 is 5.5e-17 in floats, nothing in euros.
        self.assertEqual({step.obstacle for step in self._plan(*items)}, {"no_balance"})

    def test_minimum_reached_to_the_cent(self):
        ladder = LADDER._replace(minimum=0.3)
        items = [
            self.item._replace(line_id=number, residual=0.1, residual_company=0.1)
            for number in range(3)
        ]

        self.assertEqual(
            {step.obstacle for step in self._plan(*items, ladders=[ladder])}, {None}
        )

    def test_items_planned_together_as_one_by_one(self):
        other = Ladder(8, "any", 500, 0, 0, (CONSUMER_DEMAND,))
        items = [
            item._replace(debtor=debtor, partner_id=number, **values)
            for number, debtor in enumerate(
                (
                    self.debtor,
                    self.debtor._replace(kind="consumer"),
                    self.debtor._replace(is_failed=True),
                    self.debtor._replace(is_underway=True),
                    self.debtor._replace(policy_id=8),
                    self.debtor._replace(protection="cooling_off"),
                )
            )
            for item in (self.item, self.after_reminder)
            for values in (
                {},
                {"due": date(2026, 11, 4)},
                {"invoice_total": 600.0},
                {"last_deadline": date(2026, 11, 3)},
                {"last": LastLevel(3, 7, 30, 4), "last_deadline": THURSDAY},
                {"special": self.Special(policy_id=8)},
                {"special": self.Special(is_sent=False)},
                {"special": self.Special(hold_id=1, hold_until=THURSDAY)},
            )
        ]
        ladders = (LADDER._replace(amount_to=500), other)

        self.assertEqual(
            self._plan(*items, ladders=ladders),
            [self._plan(item, ladders=ladders)[0] for item in items],
        )

    def test_item_without_its_debtor_is_an_error(self):
        item = (self.item.due, 1, 1, None, 100.0, 100.0, 100.0, None, None, None)
        debtor = _write(self.debtor)
        rows = [(1, 1, *[None] * 9, debtor), (1, 1, *item)]
        classes = (self.Special, self.Debtor)

        self.assertEqual(read_items(rows, *classes), [self.item])
        with self.assertRaises(KeyError):
            read_items([rows[0], (2, 1, *item)], *classes)

    def test_what_is_special_of_an_item_is_read_by_its_name(self):
        special = self.Special(excluded=True, hold_until=THURSDAY)

        self.assertEqual(self.Special.from_json(_write(special)), special)

    def test_debtors_that_share_a_contact_owe_each_his_own(self):
        small = self.item._replace(residual_company=6.0, residual=6.0)
        items = [small._replace(partner_id=number) for number in (1, 2)]
        ladder = LADDER._replace(minimum=10)
        steps = self._plan(*items, ladders=[ladder])

        self.assertEqual([step.obstacle for step in steps], ["below_minimum"] * 2)


def _write(facts):
    """Return facts as the selection writes them."""
    known = {name: value for name, value in facts._asdict().items() if value}
    return json.dumps(known, default=str)
