"""Arbitrary books: what always holds, whatever happens in the ledger."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from odoo.tests import freeze_time, tagged

from ..law import collection_costs
from .letter_common import LetterCommon

FIRST_DAY, LAST_DAY = date(2026, 9, 1), date(2027, 3, 1)

#: What is drawn; each other number should do as well.
SEED = 26

#: Rounds go out on Monday, Wednesday and Friday.
ROUND_DAYS = (0, 2, 4)

#: No rate of these days is higher than this, percent a year.
HIGHEST_RATE = 12.5


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArbitraryBooks(LetterCommon):
    """Half a year of the shipped ladders for some debtors, drawn from a seed.

    The expectations are bounds that do not depend on what was drawn.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.active = False
        policies = cls.env["dunning.policy"].with_context(active_test=False)
        policies.search([("company_id", "=", False)]).active = True
        cls.env["dunning.level"].search([]).attach_invoices = False
        cls.debtors = cls.env["res.partner"]
        for number in range(5):
            cls.debtors |= cls._create_debtor(
                f"Consument {number}",
                is_company=False,
                email=f"consument{number}@voorbeeld.example",
            )
        for number in range(3):
            cls.debtors |= cls._create_debtor(
                f"Zaak {number} B.V.", email=f"zaak{number}@voorbeeld.example"
            )

    def setUp(self):
        super().setUp()
        self.letters = self.env["dunning.notice"]
        self.levels_had = set()  # pairs of item and level
        self.holds = self.env["dunning.hold"]

    def test_books(self):
        self._live(Random(SEED))
        kinds = set(self.letters.mapped("level_id.kind"))
        self.assertLessEqual(
            {"reminder", "demand", "default_notice", "fourteen_day", "final_demand"},
            kinds,
        )

    # --- What happens.

    def _live(self, draw):
        """Let half a year pass."""
        events = {
            self._invoice: 6,
            self._credit: 2,
            self._pay_on_account: 2,
            self._pay_something: 3,
            self._take_back: 1,
            self._dispute: 1,
            self._end_dispute: 1,
        }
        day = FIRST_DAY
        while day < LAST_DAY:
            for debtor in self.debtors:
                if draw.random() < 0.1:
                    [event] = draw.choices(list(events), list(events.values()))
                    with freeze_time(day):
                        event(draw, debtor, day)
            if day.weekday() in ROUND_DAYS:
                for notice in self._send(day).notice_ids:
                    self._check(notice, day)
            day += timedelta(days=1)

    def _get_open(self, debtor, sign=1):
        """Return the open items of a debtor, or his open credits."""
        return self.env["account.move.line"].search(
            [
                ("partner_id", "=", debtor.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual", ">" if sign > 0 else "<", 0),
            ]
        )

    def _invoice(self, draw, debtor, day):
        self._create_due_invoice(
            draw.choice([12, 45, 89.95, 200, 300, 1210, 2600, 5300.37]),
            due=day + timedelta(days=draw.choice([-3, 0, 7, 14])),
            partner=debtor,
            invoice_date=day - timedelta(days=3),
        )

    def _credit(self, draw, debtor, day):
        self._create_due_invoice(
            draw.choice([20, 60, 150]),
            due=day,
            partner=debtor,
            invoice_date=day,
            move_type="out_refund",
        )

    def _pay_on_account(self, draw, debtor, day):
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": debtor.id,
                "amount": draw.choice([25, 123.45, 400]),
                "date": day,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        ).action_post()

    def _pay_something(self, draw, debtor, day):
        if items := self._get_open(debtor):
            item = draw.choice(items)
            amount = round(item.amount_residual * draw.choice([0.25, 0.5, 1]), 2)
            self._pay(item.move_id, amount=amount, day=day)

    def _take_back(self, draw, debtor, day):
        paid = self.env["account.partial.reconcile"].search(
            [("debit_move_id.partner_id", "=", debtor.id)]
        )
        if paid:
            draw.choice(paid).debit_move_id.remove_move_reconcile()

    def _dispute(self, draw, debtor, day):
        held = self.holds.filtered(lambda hold: hold.state == "active").move_line_ids
        items = self._get_open(debtor) - held
        if items:
            item = draw.choice(items)
            category = self.env.ref("l10n_nl_dunning.dunning_dispute_category_price")
            self.holds |= self.holds._dispute_items(
                item,
                {
                    "date_review": day + timedelta(days=draw.choice([10, 25])),
                    "category_id": category.id,
                },
                draw.choice([None, round(item.amount_residual * 0.4, 2)]),
            )

    def _end_dispute(self, draw, debtor, day):
        active = self.holds.filtered(lambda hold: hold.state == "active")
        if active:
            draw.choice(active)._end("Beantwoord")

    # --- What holds.

    def _check(self, notice, day):
        self.assertEqual(notice.state, "sent", notice.error)
        self._check_owed(notice)
        self._check_levels(notice)
        self._check_interest(notice, day)
        self._check_announced(notice)
        self._check_costs(notice, day)
        self.letters |= notice

    def _check_owed(self, notice):
        """Nobody is asked for more than he owes, after all his credits."""
        debtor = notice.partner_id
        items = self._get_open(debtor) | self._get_open(debtor, sign=-1)
        self.assertGreater(notice.amount_total, 0)
        self.assertLessEqual(
            notice.amount_total, round(sum(items.mapped("amount_residual")), 2)
        )
        asked = notice.amount_total + notice.amount_interest
        asked += notice.amount_costs + notice.amount_costs_vat
        self.assertAlmostEqual(notice.amount_claim, asked, 2)

    def _check_levels(self, notice):
        """No item gets a level twice, and a fourteen-day notice stands alone."""
        lines = notice.line_ids.filtered("level_id")
        for line in lines:
            step = (line.move_line_id, line.level_id)
            self.assertNotIn(step, self.levels_had)
            self.levels_had.add(step)
        if "fourteen_day" in lines.level_id.mapped("kind"):
            self.assertEqual(set(lines.level_id.mapped("kind")), {"fourteen_day"})

    def _check_interest(self, notice, day):
        items = notice.line_ids.filtered("level_id").move_line_id
        highest = sum(
            item.debit * HIGHEST_RATE / 100 * (day - item.date_maturity).days / 365
            for item in items
        )
        self.assertLessEqual(notice.amount_interest, highest + 0.01)

    def _check_announced(self, notice):
        """What is announced is the scale over the demand, less what stands already."""
        if notice.level_id.kind != "fourteen_day":
            self.assertFalse(notice.amount_announced)
            return
        scale = float(collection_costs(Decimal(str(notice.amount_total))))
        self.assertLessEqual(notice.amount_announced, scale)
        if not self._get_announcing(notice.partner_id):
            self.assertEqual(notice.amount_announced, scale)

    def _check_costs(self, notice, day):
        """A consumer owes what was announced, once fourteen days have passed."""
        if notice.partner_id.is_company or not notice.amount_costs:
            return
        lapsed = self._get_announcing(notice.partner_id).filtered(
            lambda letter: letter.date < day - timedelta(days=14)
        )
        self.assertLessEqual(
            notice.amount_costs, sum(lapsed.mapped("amount_announced")) + 0.001
        )

    def _get_announcing(self, debtor):
        return self.letters.filtered(
            lambda letter: letter.partner_id == debtor and letter.amount_announced
        )
