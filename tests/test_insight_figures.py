from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import FIRST_REMINDER, DunningCommon

TODAY = date(2026, 12, 15)
OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 30)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestInsightFigures(DunningCommon):
    """Each figure against a small book that was worked out by hand.

    =======  ======  ======  ==========================================
    invoice  of      due     paid
    =======  ======  ======  ==========================================
    A 100    1 Oct   2 Nov   100 on 12 Nov, seven days after the letter
    B 200    1 Oct   2 Nov   50 on 20 Nov, fifteen days after the letter
    C 400    10 Nov  10 Dec  nothing
    =======  ======  ======  ==========================================

    The letter about A and B is of 5 November; today is 15 December.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move_a = cls._create_due_invoice(100)
        cls.move_b = cls._create_due_invoice(200)

    def setUp(self):
        super().setUp()
        self._send(FIRST_REMINDER)
        self.move_c = self._create_due_invoice(
            400, due=date(2026, 12, 10), invoice_date=date(2026, 11, 10)
        )
        self._pay(self.move_a, day=date(2026, 11, 12))
        self._pay(self.move_b, amount=50, day=date(2026, 11, 20))

    def _read(self, name, domain=(), user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env[f"dunning.insight.{name}"].with_user(user or self.env.user)
        model = model.with_context(allowed_company_ids=self.company.ids)
        return model.search([("company_id", "=", self.company.id), *domain])

    def _get_ages(self, day):
        rows = self._read("age", [("date", "=", day)])
        ages = {}
        for row in rows:
            ages[row.bucket] = ages.get(row.bucket, 0) + row.amount
        return ages

    @freeze_time(TODAY)
    def test_age_now_and_on_the_last_day_of_past_months(self):
        # A and B were not due on 31 October. On 30 November 150 of B were 28 days late
        # and C was not due. Today B is 43 days late and C 5.
        self.assertEqual(self._get_ages(OCTOBER), {"current": 300})
        self.assertEqual(self._get_ages(NOVEMBER), {"d30": 150, "current": 400})
        self.assertEqual(self._get_ages(TODAY), {"d60": 150, "d30": 400})
        self.assertEqual(self._get_ages(date(2026, 9, 30)), {})

    @freeze_time(TODAY)
    def test_age_agrees_with_the_ledger(self):
        receivable = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        for day in (OCTOBER, NOVEMBER, TODAY):
            with self.subTest(day=day):
                balance = sum(line.balance for line in receivable if line.date <= day)
                self.assertAlmostEqual(sum(self._get_ages(day).values()), balance)

    @freeze_time(TODAY)
    def test_credits_not_matched_stand_apart(self):
        self._create_due_invoice(
            30, move_type="out_refund", invoice_date=date(2026, 11, 10)
        )

        self.assertEqual(self._get_ages(NOVEMBER)["credit"], -30)

    @freeze_time(TODAY)
    def test_key_figures_of_a_month(self):
        [november] = self._read("month", [("date", "=", NOVEMBER)])

        # Open 150 + 400, sales 0, 300 and 400 in 30, 31 and 30 days.
        self.assertRecordValues(
            november, [{"amount_open": 550, "amount_overdue": 150, "sales": 400}]
        )
        # 550 / 700 of 91 days.
        self.assertAlmostEqual(november.dso, 71.5)
        # 400 of November, 30 days; the other 150 are half of October's 31 days.
        self.assertAlmostEqual(november.countback, 45.5)
        # A was settled ten days late; B is not settled.
        self.assertAlmostEqual(november.days_late, 10)
        # (300 + 400 - 550) / (300 + 400 - 400)
        self.assertAlmostEqual(november.cei, 50)

    @freeze_time(TODAY)
    def test_what_a_letter_does(self):
        rows = self._read("letter").sorted("amount")

        # A was paid on the seventh day, a quarter of B on the fifteenth.
        self.assertRecordValues(
            rows,
            [
                {
                    "amount": 100,
                    "within_7": 100,
                    "share_7": 100,
                    "share_30": 100,
                    "is_last": True,
                    "channel": "email",
                    "size": "medium",
                },
                {
                    "amount": 200,
                    "within_7": 0,
                    "share_7": 0,
                    "share_30": 25,
                    "is_last": False,
                    "channel": "email",
                    "size": "medium",
                },
            ],
        )
        self.assertEqual(rows.mapped("within_14"), [100, 0])
        self.assertEqual(rows.mapped("within_30"), [100, 50])

    @freeze_time("2026-11-25")
    def test_letter_counts_only_when_its_days_are_over(self):
        [share] = (
            self.env["dunning.insight.letter"]
            .with_context(allowed_company_ids=self.company.ids)
            ._read_group([], [], ["share_30:avg"])[0]
        )

        self.assertFalse(share)  # 30 days after 5 November are over on 5 December

    @freeze_time(TODAY)
    def test_promises_by_outcome(self):
        with freeze_time("2026-11-24"):
            self.env["dunning.hold"]._promise(
                self._get_item(self.move_b),
                {"promise_amount": 150, "promise_date": date(2026, 11, 27)},
            )

        [promise] = self._read("agreement")

        self.assertRecordValues(
            promise,
            [{"kind": "promise", "amount": 150, "amount_paid": 0, "result": "broken"}],
        )

    @freeze_time(TODAY)
    def test_disputes_tell_days_and_outcome(self):
        with freeze_time("2026-11-03"):
            dispute = self.env["dunning.hold"]._hold_items(
                self._get_item(self.move_b),
                {"kind": "dispute", "amount_disputed": 40},
            )
        with freeze_time("2026-11-13"):
            dispute.outcome = "justified"
            dispute._end("Right")

        self.assertRecordValues(
            self._read("dispute"),
            [{"amount": 40, "days": 10, "state": "ended", "share_justified": 100}],
        )

    @freeze_time(TODAY)
    def test_cash_follows_how_the_customer_pays(self):
        # A was paid ten days late: C comes on 20 December, and B should have come.
        self.assertRecordValues(
            self._read("cash"),
            [
                {"date": TODAY, "amount": 150, "source": "due"},
                {"date": date(2026, 12, 20), "amount": 400, "source": "due"},
            ],
        )

    @freeze_time(TODAY)
    def test_cash_leaves_out_what_is_disputed_and_takes_promises(self):
        Hold = self.env["dunning.hold"]
        Hold._hold_items(
            self._get_item(self.move_c), {"kind": "dispute", "amount_disputed": 100}
        )
        Hold._promise(
            self._get_item(self.move_b),
            {"promise_amount": 150, "promise_date": date(2026, 12, 31)},
        )

        self.assertRecordValues(
            self._read("cash"),
            [
                {"date": date(2026, 12, 20), "amount": 300, "source": "due"},
                {"date": date(2026, 12, 31), "amount": 150, "source": "promise"},
            ],
        )

    @freeze_time(TODAY)
    def test_waived_costs_are_counted(self):
        self.env["dunning.waiver"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.debtor.id,
                "currency_id": self.company.currency_id.id,
                "item_ids": [Command.set(self._get_item(self.move_b).ids)],
                "date": TODAY,
                "what": "costs",
                "amount_costs": 40,
                "reason": "Courtesy",
            }
        )

        self.assertRecordValues(
            self._read("cost"), [{"step": "waived", "what": "costs", "amount": 40}]
        )

    @freeze_time(TODAY)
    def test_figures_keep_to_the_company_and_to_accounting(self):
        clerk = new_test_user(
            self.env,
            login="dunning_insight_clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertTrue(self._read("age", user=clerk))
        other = self._create_company(name="Van Dam Belgium")
        clerk.company_ids = [Command.link(other.id)]

        for name in ("age", "month", "letter", "cash", "agreement", "dispute", "cost"):
            with self.subTest(name=name):
                model = self.env[f"dunning.insight.{name}"]
                elsewhere = model.with_user(clerk).with_context(
                    allowed_company_ids=other.ids
                )
                self.assertFalse(
                    elsewhere.search([("company_id", "=", self.company.id)])
                )
                salesman = model.with_user(self.env.ref("base.public_user"))
                self.assertFalse(salesman.has_access("read"))
