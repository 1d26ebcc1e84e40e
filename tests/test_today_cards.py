from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import FIRST_REMINDER, DunningCommon

#: The reminder of 5 November asks for a call three working days later.
CALL = date(2026, 11, 10)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestTodayCards(DunningCommon):
    """The start screen counts lists, and opens what it counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_clerk("dunning_today_clerk", lang="nl_NL")
        cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)]
        ).active = False

    @classmethod
    def _create_clerk(cls, login, groups="account.group_account_invoice", **values):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **values,
        )

    def _get_cards(self, day, mine=False, user=None, late=False, **options):
        """Return the cards of a day by their code."""
        self.env.flush_all()
        self.env.invalidate_all()
        Today = self.env["dunning.today"].with_user(user or self.clerk)
        Today = Today.with_context(allowed_company_ids=self.company.ids)
        with freeze_time(f"{day} 10:00:00"):
            answer = Today.get_cards(mine=mine, late=late, **options)
        return {card["code"]: card for card in answer["cards"]}

    def _count(self, card, day):
        """Return how many records the list of a card has."""
        action = self.env.ref(card["action"])
        with freeze_time(f"{day} 10:00:00"):
            return self.env[action.res_model].search_count(card["domain"])

    def test_nothing_waits_in_an_empty_book(self):
        self.assertEqual(self._get_cards(FIRST_REMINDER), {})
        self.assertEqual(self._get_cards(FIRST_REMINDER, late=True), {})

    def test_round_is_counted_until_it_is_confirmed(self):
        self._create_due_invoice(100)
        self._create_due_invoice(250, partner=self._create_debtor(name="Garage"))
        run = self._propose(FIRST_REMINDER)

        card = self._get_cards(FIRST_REMINDER)["round"]

        # One round with two letters, 100 + 250.
        self.assertEqual(card["count"], 1)
        self.assertEqual(card["amount"].replace("\xa0", " "), "350,00 €")
        self.assertEqual(self._count(card, FIRST_REMINDER), 1)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        cards = self._get_cards(FIRST_REMINDER)
        self.assertNotIn("round", cards)
        self.assertEqual(cards["under_way"]["count"], 2)
        self.assertTrue(cards["under_way"]["quiet"])

    def test_letter_that_failed_is_mine_when_it_is_mine(self):
        self._create_due_invoice(100)
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._deliver(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            self._refuse_mails(run.notice_ids)
        run.notice_ids.responsible_id = self.clerk

        colleague = self._create_clerk("dunning_today_colleague")

        card = self._get_cards(FIRST_REMINDER)["undelivered"]
        self.assertEqual((card["count"], self._count(card, FIRST_REMINDER)), (1, 1))
        self.assertIn("undelivered", self._get_cards(FIRST_REMINDER, mine=True))
        self.assertNotIn(
            "undelivered", self._get_cards(FIRST_REMINDER, mine=True, user=colleague)
        )

    def test_letter_by_post_waits_to_be_posted(self):
        self.reminder.write({"by_email": False, "by_post": True})
        self._create_due_invoice(100)
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._deliver(FIRST_REMINDER)

        card = self._get_cards(CALL)["post"]

        self.assertEqual((card["count"], self._count(card, CALL)), (1, 1))
        self.assertEqual(card["amount"].replace("\xa0", " "), "100,00 €")
        self.assertEqual(card["oldest"], "05-11-2026")
        self.assertNotIn("under_way", self._get_cards(CALL))

    def test_promise_waits_on_its_day_and_after_until_it_is_paid(self):
        move = self._create_due_invoice(100)
        with freeze_time("2026-11-03"):
            self.env["dunning.hold"]._promise(
                self._get_item(move),
                {
                    "promise_amount": 80,
                    "promise_date": date(2026, 11, 9),
                    "user_id": self.clerk.id,
                },
            )

        self.assertNotIn("promise", self._get_cards(date(2026, 11, 8)))
        card = self._get_cards(date(2026, 11, 9))["promise"]
        self.assertEqual(card["count"], 1)
        self.assertEqual(card["amount"].replace("\xa0", " "), "80,00 €")
        broken = date(2026, 11, 20)
        card = self._get_cards(broken)["promise"]
        self.assertEqual((card["count"], self._count(card, broken)), (1, 1))
        self._pay(move, day=date(2026, 11, 20))
        self.assertNotIn("promise", self._get_cards(broken))

    def test_dispute_waits_from_its_day(self):
        move = self._create_due_invoice(100)
        with freeze_time("2026-11-03"):
            self.env["dunning.hold"]._hold_items(
                self._get_item(move),
                {
                    "kind": "dispute",
                    "amount_disputed": 40,
                    "date_review": date(2026, 11, 12),
                    "user_id": self.clerk.id,
                },
            )

        self.assertNotIn("dispute", self._get_cards(date(2026, 11, 11)))
        card = self._get_cards(date(2026, 11, 12))["dispute"]
        self.assertEqual(card["count"], 1)
        self.assertEqual(card["amount"].replace("\xa0", " "), "40,00 €")

    def test_pause_that_ends_within_three_days(self):
        move = self._create_due_invoice(100)
        with freeze_time("2026-11-03"):
            self.env["dunning.hold"]._hold_items(
                self._get_item(move),
                {"kind": "courtesy", "date_review": date(2026, 11, 12)},
            )

        self.assertNotIn("hold", self._get_cards(date(2026, 11, 8)))
        self.assertEqual(self._get_cards(date(2026, 11, 9))["hold"]["count"], 1)
        self.assertEqual(self._get_cards(date(2026, 11, 12))["hold"]["count"], 1)
        self.assertNotIn("hold", self._get_cards(date(2026, 11, 13)))

    def test_calls_come_with_the_late_cards(self):
        self.reminder.write({"with_call": True, "call_delay": 3})
        self._create_due_invoice(250)
        self._send(FIRST_REMINDER)

        self.assertNotIn("call", self._get_cards(CALL))
        card = self._get_cards(CALL, late=True)["call"]

        self.assertEqual(card["count"], 1)
        self.assertEqual(card["amount"].replace("\xa0", " "), "250,00 €")

    def test_claim_that_lapses(self):
        # A consumer's claim of 1 December 2024 lapses after 1 December 2026.
        consumer = self._create_debtor(name="Jansen", is_company=False)
        move = self._create_due_invoice(
            75, due=date(2024, 12, 1), partner=consumer, invoice_date=date(2024, 11, 1)
        )
        self.assertTrue(move)

        card = self._get_cards(FIRST_REMINDER, late=True)["limitation"]

        self.assertEqual(card["count"], 1)
        self.assertEqual(card["oldest"], "01-12-2026")

    def test_customer_over_his_limit(self):
        self.company.account_use_credit_limit = True
        self.debtor.with_company(self.company).credit_limit = 100
        self._create_due_invoice(100)
        self.assertNotIn("credit", self._get_cards(FIRST_REMINDER))
        self._create_due_invoice(1)

        card = self._get_cards(FIRST_REMINDER)["credit"]

        self.assertEqual(card["domain"], [("id", "in", self.debtor.ids)])
        self.assertEqual(card["amount"].replace("\xa0", " "), "101,00 €")

    def test_stale_bank_comes_first(self):
        journal = self.env["account.journal"].create(
            {"name": "ING", "code": "ING", "type": "bank"}
        )

        cards = self._get_cards(FIRST_REMINDER)

        self.assertEqual(list(cards), ["bank"])
        self.assertEqual(self._count(cards["bank"], FIRST_REMINDER), 1)
        self.assertIn(("id", "in", journal.ids), cards["bank"]["domain"])

    def test_other_companies_stay_out(self):
        self._create_due_invoice(100)
        self._propose(FIRST_REMINDER)
        other = self._create_company(name="Van Dam Belgium")
        self.clerk.company_ids = [Command.link(other.id)]

        Today = self.env["dunning.today"].with_user(self.clerk)
        with freeze_time(FIRST_REMINDER):
            there = Today.with_context(allowed_company_ids=other.ids).get_cards()
            both = Today.with_context(
                allowed_company_ids=[self.company.id, other.id]
            ).get_cards(company_id=other.id)

        self.assertNotIn("round", [card["code"] for card in there["cards"]])
        self.assertNotIn("round", [card["code"] for card in both["cards"]])
        with self.assertRaisesRegex(UserError, "Choose this company"):
            Today.with_context(allowed_company_ids=other.ids).get_cards(
                company_id=self.company.id
            )

    def test_only_accounting_sees_it(self):
        salesman = self._create_clerk("dunning_today_sales", "base.group_user")

        with self.assertRaisesRegex(AccessError, "Only who may see invoices"):
            self._get_cards(FIRST_REMINDER, user=salesman)

    def test_screen_takes_few_statements(self):
        self.reminder.write({"with_call": True, "call_delay": 3})
        self._create_due_invoice(250)
        self._send(FIRST_REMINDER)
        self._get_cards(CALL)  # what is read once in a process is known
        Today = self.env["dunning.today"].with_user(self.clerk)
        Today = Today.with_context(allowed_company_ids=self.company.ids)
        self.env.flush_all()
        self.env.invalidate_all()

        with freeze_time(f"{CALL} 10:00:00"):
            before = self.env.cr.sql_log_count
            Today.get_cards()
            taken = self.env.cr.sql_log_count - before

        self.assertLessEqual(taken, 25)
