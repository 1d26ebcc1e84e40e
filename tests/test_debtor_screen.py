from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import DUE, FIRST_REMINDER, DunningCommon

TODAY = date(2026, 12, 1)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDebtorScreen(DunningCommon):
    """One screen tells what is owed, what comes next, how he pays, what happened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Of a consumer nothing is claimed besides the invoices without a letter.
        cls.consumer = cls._create_debtor(name="Jansen", is_company=False)

    def _look(self, partner=None, day=TODAY, user=None):
        partner = partner or self.consumer
        self.env.flush_all()
        self.env.invalidate_all()
        partner = partner.with_user(user or self.env.user).with_company(self.company)
        with freeze_time(f"{day} 10:00:00"):
            return partner.get_dunning_debtor()

    def _get_sums(self, **options):
        rows = self._look(**options)["sums"]
        return {
            row["code"]: row["amount"].replace("\xa0", " ").replace("\ufeff", "")
            for row in rows
        }

    def test_each_euro_stands_in_one_part(self):
        customer = {"partner": self.consumer}
        self._create_due_invoice(100, **customer)
        self._create_due_invoice(200, due=date(2026, 12, 15), **customer)
        disputed = self._create_due_invoice(300, **customer)
        promised = self._create_due_invoice(50, **customer)
        self._create_due_invoice(30, move_type="out_refund", **customer)
        Hold = self.env["dunning.hold"]
        with freeze_time("2026-11-30"):
            Hold._hold_items(
                self._get_item(disputed), {"kind": "dispute", "amount_disputed": 120}
            )
            Hold._promise(
                self._get_item(promised),
                {"promise_amount": 50, "promise_date": date(2026, 12, 10)},
            )

        # Due: 100 + (300 - 120). Together: 280 + 200 + 50 + 120 - 30.
        self.assertEqual(
            self._get_sums(),
            {
                "due": "280,00 €",
                "not_due": "200,00 €",
                "promised": "50,00 €",
                "disputed": "120,00 €",
                "credits": "-30,00 €",
                "total": "620,00 €",
            },
        )

    def test_next_steps_tell_letter_or_reason(self):
        due = self._create_due_invoice(100)
        later = self._create_due_invoice(200, due=date(2026, 12, 15))

        first, second = self._look(self.debtor, FIRST_REMINDER)["items"]

        self.assertEqual((first["number"], second["number"]), (due.name, later.name))
        self.assertEqual((first["next"], first["reason"]), (self.reminder.name, ""))
        self.assertEqual(first["days_late"], 3)  # due on 2, today is 5 November
        self.assertTrue(second["reason"])

    def test_how_he_pays(self):
        early = self._create_due_invoice(100)
        late = self._create_due_invoice(100)
        later = self._create_due_invoice(200)
        self._pay(early, day=date(2026, 11, 4))
        self._send(FIRST_REMINDER)
        self._pay(late, day=date(2026, 11, 12))
        self._pay(later, day=date(2026, 11, 20))

        paying = self._look(self.debtor)["paying"]

        # Due on 2 November: 2, 10 and 18 days late, 10 on average. Before the letter of
        # 5 November 100 of 400 was paid. All invoices are of 1 October.
        self.assertEqual((paying["count"], paying["days_late"]), (3, 10))
        self.assertEqual(paying["before_letter"], 25)
        self.assertEqual(paying["highest"].replace("\xa0", " "), "400,00 €")
        self.assertEqual(paying["trend"], 0)

    def test_trend_compares_half_years(self):
        # 5 days late in March, 9 days late in November: it got 4 days worse.
        for due, paid in (
            (date(2026, 3, 2), date(2026, 3, 7)),
            (DUE, date(2026, 11, 11)),
        ):
            move = self._create_due_invoice(100, due=due, invoice_date=date(2026, 2, 1))
            self._pay(move, day=paid)

        paying = self._look(self.debtor)["paying"]

        self.assertEqual((paying["days_late"], paying["trend"]), (7, 4))

    def test_promises_kept_and_broken(self):
        kept, broken = self._create_due_invoice(100), self._create_due_invoice(100)
        with freeze_time("2026-11-03"):
            for move in (kept, broken):
                self.env["dunning.hold"]._promise(
                    self._get_item(move),
                    {"promise_amount": 100, "promise_date": date(2026, 11, 9)},
                )
        self._pay(kept, day=date(2026, 11, 9))

        data = self._look(self.debtor)

        self.assertEqual((data["paying"]["kept"], data["paying"]["promises"]), (1, 2))
        tones = [e["tone"] for e in data["events"] if e["kind"] == "promise"]
        self.assertIn("success", tones)
        self.assertIn("danger", tones)

    def test_time_line_is_newest_first(self):
        move = self._create_due_invoice(100)
        self._send(FIRST_REMINDER)
        with freeze_time("2026-11-06 10:00:00"):
            self.env["dunning.contact"].create(
                {"partner_id": self.debtor.id, "company_id": self.company.id}
            )
        self._pay(move, day=date(2026, 11, 12))

        events = self._look(self.debtor)["events"]

        self.assertEqual(
            [event["kind"] for event in events],
            ["payment", "contact", "letter", "invoice"],
        )
        self.assertEqual(events[-1]["detail"], move.name)

    def test_list_adds_up_by_debtor(self):
        self._create_due_invoice(100)
        self._create_due_invoice(200, due=date(2026, 12, 15))
        self._create_due_invoice(30, move_type="out_refund")
        self._send(FIRST_REMINDER)
        self.env.flush_all()

        with freeze_time(TODAY):
            debtor = self.env["dunning.debtor"].search(
                [("partner_id", "=", self.debtor.id)]
            )

            # Due on 2 November, 29 days ago on 1 December.
            self.assertRecordValues(
                debtor,
                [
                    {
                        "item_count": 2,
                        "amount_open": 300,
                        "amount_due": 100,
                        "amount_credit": 30,
                        "oldest_due": DUE,
                        "days_late": 29,
                        "last_letter": FIRST_REMINDER,
                    }
                ],
            )
            action = debtor.action_open_debtor()
        self.assertEqual(action["res_id"], self.debtor.id)

    def test_letter_now_or_why_not(self):
        self._create_due_invoice(100)
        with freeze_time("2026-11-03"), self.assertRaisesRegex(UserError, "No letter"):
            self.debtor.action_dunning_letter()

        with freeze_time(FIRST_REMINDER):
            action = self.debtor.action_dunning_letter()

        self.assertEqual(action["res_model"], "dunning.notice")

    def test_actions_ask_for_what_is_open(self):
        with self.assertRaisesRegex(UserError, "has nothing open"):
            self.debtor.action_dunning_dispute()

    def test_only_accounting_sees_it(self):
        salesman = new_test_user(
            self.env,
            login="dunning_debtor_sales",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self._look(user=salesman)
        self.assertFalse(
            self.env["dunning.debtor"].with_user(salesman).has_access("read")
        )
