from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ..models.plan.engine.items import LastLevel
from ..models.policy.engine import Ladder, Rung
from .common import DunningCommon
from .plan_common import PlanCommon

FINAL = Rung(4, 40, 5, "any", 3, ("email", "post"))
HANDOVER = Rung(5, 50, 6, "any", 3, ("email", "post"), is_letter=False)
LADDER = Ladder(7, "any", 0, 0, 0, (FINAL, HANDOVER))

#: The ladder of `DunningCommon` ends on Thursday 7 January 2027; three working days
#: later is Tuesday the 12th.
LAST_DEADLINE = date(2027, 1, 7)
HANDED_ON = date(2027, 1, 12)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestHandoverLevel(PlanCommon, DunningCommon):
    """A ladder that ends with a handover: no letter, but a proposal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.level_ids = [
            Command.create(cls._prepare_handover(debtor_kind="business"))
        ]
        cls.agency = cls.env["dunning.agency"].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls._create_debtor(name="Incasso Rijn B.V.").id,
                "wki_number": "WKI-0123",
            }
        )

    @classmethod
    def _prepare_handover(cls, **values):
        return {
            "kind": "handover",
            "name": "Overdracht",
            "sequence": 50,
            "delay": 3,
            **values,
        }

    def _climb(self, move=None, last="2026-12-31"):
        """Send all letters of the ladder; return the invoice."""
        move = move or self._create_due_invoice(1000)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"):
            if day <= last:
                self._send(day)
        self.env.flush_all()
        return move

    # === THE PLAN === #

    def _plan(self, item, today):
        [step] = self._plan_items(item, today=today, ladders=[LADDER])
        return step

    def test_no_letter_is_due_at_the_handover(self):
        item = self.item._replace(
            last=LastLevel(4, 7, 40, 5), last_deadline=date(2026, 11, 19)
        )

        # Thursday 19 November and three working days: Tuesday the 24th.
        waiting, reached = (self._plan(item, date(2026, 11, d)) for d in (23, 24))

        self.assertEqual((waiting.obstacle, waiting.level_id), ("waiting", 5))
        self.assertEqual((reached.obstacle, reached.level_id), ("finished", 5))
        self.assertEqual(reached.day, date(2026, 11, 24))

    def test_other_kinds_are_letters(self):
        self.assertIsNone(self._plan(self.item, date(2026, 11, 5)).obstacle)

    # === WHICH LADDERS MAY END WITH IT === #

    def test_it_stands_at_the_end(self):
        with self.assertRaisesRegex(ValidationError, "cannot come after"):
            self.policy.level_ids = [
                Command.create(self._prepare_level("demand", "Nog eens", sequence=60))
            ]

    def test_it_needs_no_texts_and_no_channel(self):
        level = self.policy.level_ids[-1]

        level.by_email = False

        self.assertFalse(level.letter_subject)
        self.assertFalse(level._get_deadline(HANDED_ON))

    def _create_ladder(self, *kinds, **values):
        return self._create_policy(
            name="Kort",
            level_ids=[
                *(
                    Command.create(self._prepare_level(kind, kind, 14, 10 * number))
                    for number, kind in enumerate(kinds, start=1)
                ),
                Command.create(self._prepare_handover()),
            ],
            **values,
        )

    def test_consumer_needs_a_fourteen_day_notice_before(self):
        with self.assertRaisesRegex(ValidationError, r"6:96\(6\) BW"):
            self._create_ladder("reminder", "demand", debtor_kind="consumer")

    def test_business_needs_a_notice_of_default_before(self):
        with self.assertRaisesRegex(ValidationError, "6:82 BW"):
            self._create_ladder("reminder", "demand", debtor_kind="business")
        self._create_ladder("default_notice", debtor_kind="business")

    def test_agreed_term_takes_its_place(self):
        self.company.dunning_trade_term = True
        self._create_ladder("reminder", debtor_kind="business")

        with self.assertRaisesRegex(ValidationError, "6:82 BW"):
            self.company.dunning_trade_term = False

    def test_shipped_ladders_end_with_it(self):
        for name in ("business", "consumer"):
            policy = self.env.ref(f"l10n_nl_dunning.dunning_policy_{name}")
            self.assertEqual(policy._get_levels(name)[-1].kind, "handover")
            policy._check_handover_last()

    # === WHAT THE ROUND DOES === #

    def test_round_proposes_a_handover_instead_of_a_letter(self):
        move = self._climb()
        early = self._propose(date(2027, 1, 11))
        self.assertFalse(early.notice_ids)
        self.assertFalse(early.handover_ids)

        run = self._propose(HANDED_ON)
        again = self._propose(HANDED_ON)

        self.assertFalse(run.notice_ids)
        self.assertRecordValues(
            run.handover_ids,
            [
                {
                    "state": "proposed",
                    "partner_id": self.debtor.id,
                    "agency_id": self.agency.id,
                }
            ],
        )
        self.assertEqual(run.handover_ids.item_ids.move_id, move)
        self.assertFalse(again.handover_ids)

    def test_round_goes_on_where_something_is_missing(self):
        self._climb()
        self.agency.unlink()

        run = self._propose(HANDED_ON)

        self.assertFalse(run.handover_ids)
        self.assertEqual(run.obstacle_ids.obstacle, "finished")

    def test_proposal_needs_approval(self):
        self._climb()
        clerk = new_test_user(
            self.env,
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

        with freeze_time(HANDED_ON):
            Run = self.env["dunning.run"].with_user(clerk)
            handover = Run.propose(self.company).handover_ids

        self.assertEqual(handover.state, "proposed")
        self.assertFalse(handover.approved_by_id)

    # === WHAT THE TAB SAYS === #

    def _say(self, move, day=HANDED_ON):
        with freeze_time(day):
            self.env.invalidate_all()
            return move.dunning_handover_next

    def test_tab_says_each_condition_in_a_line(self):
        self.company.dunning_trade_term = True
        self.debtor.dunning_term = "printed"
        move = self._create_due_invoice(1000)
        move.dunning_policy_id = self._create_ladder("reminder", debtor_kind="business")
        self._climb(move, last="2026-11-05")

        # The reminder ran until 19 November; three working days later is the 24th,
        # 22 days after the due date.
        self.assertEqual(
            self._say(move, date(2026, 11, 24)).splitlines(),
            [
                f"{move.name}: no term of payment was agreed, and no default notice "
                "was received and lapsed (article 6:82 BW).",
                f"{move.name}: not yet 30 days past due.",
            ],
        )
        self.assertFalse(self._say(move, date(2026, 11, 23)))

    def test_tab_says_that_it_is_proposed(self):
        move = self._climb()
        with freeze_time(HANDED_ON):
            self.assertIn("Nothing stands in the way", self._say(move))

        run = self._propose(HANDED_ON)

        self.assertIn(run.handover_ids.name, self._say(move))
        self.assertIn("waits for approval", self._say(move))

    def test_sentence_of_the_plan(self):
        move = self._climb()

        with freeze_time(HANDED_ON):
            move.invalidate_recordset()
            self.assertIn("the next round proposes the handover", move.dunning_lift)
            self.assertEqual(move.dunning_next_level_id.kind, "handover")
            self.assertFalse(move.dunning_is_due)
