from datetime import date

from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestRun(DunningCommon):
    """From plan to proposal."""

    def test_one_letter_per_debtor(self):
        first = self._create_due_invoice(100)
        second = self._create_due_invoice(50, due=date(2026, 10, 30))
        other = self._create_due_invoice(70, partner=self._create_debtor("Other"))

        run = self._propose(FIRST_REMINDER)

        self.assertRecordValues(
            run.notice_ids.sorted("amount_total"),
            [
                {
                    "partner_id": other.partner_id.id,
                    "amount_total": 70.0,
                    "level_id": self.reminder.id,
                    "item_count": 1,
                },
                {
                    "partner_id": self.debtor.id,
                    "amount_total": 150.0,
                    "level_id": self.reminder.id,
                    "item_count": 2,
                },
            ],
        )
        self.assertEqual(
            run.notice_ids.line_ids.move_id, first | second | other.browse(other.id)
        )

    def test_letter_takes_highest_level_and_lines_keep_their_own(self):
        old = self._create_due_invoice(100)
        self._send(FIRST_REMINDER)
        new = self._create_due_invoice(40, due=date(2026, 11, 16))

        run = self._propose("2026-11-24")

        self.assertEqual(run.notice_ids.level_id, self.demand)
        self.assertRecordValues(
            run.notice_ids.line_ids.sorted("date_maturity"),
            [
                {
                    "move_id": old.id,
                    "level_id": self.demand.id,
                    "days_late": 22,  # 2 to 24 November
                    "deadline": date(2026, 12, 8),
                },
                {
                    "move_id": new.id,
                    "level_id": self.reminder.id,
                    "days_late": 8,
                    "deadline": date(2026, 12, 8),
                },
            ],
        )

    def test_open_credits_are_taken_off(self):
        self._create_due_invoice(100)
        credit = self._create_due_invoice(30, move_type="out_refund")

        notice = self._propose(FIRST_REMINDER).notice_ids

        self.assertEqual(notice.amount_total, 70)
        self.assertEqual(notice.item_count, 1)
        self.assertRecordValues(
            notice.line_ids.filtered(lambda line: not line.level_id),
            [{"move_id": credit.id, "amount_residual": -30.0}],
        )

    def test_one_letter_per_currency(self):
        usd = self.setup_other_currency("USD", rates=[("1900-01-01", 2.0)])
        self._create_due_invoice(100)
        self._create_due_invoice(60, currency_id=usd.id)

        notices = self._propose(FIRST_REMINDER).notice_ids

        self.assertEqual(
            {notice.currency_id: notice.amount_total for notice in notices},
            {self.company.currency_id: 100, usd: 60},
        )

    def test_second_run_of_the_day_proposes_nothing(self):
        self._create_due_invoice()
        self._propose(FIRST_REMINDER)

        again = self._propose(FIRST_REMINDER)

        self.assertFalse(again.notice_ids)
        self.assertEqual(again.obstacle_ids.mapped("obstacle"), ["proposed"])

    def test_second_run_after_sending_proposes_nothing(self):
        self._create_due_invoice()
        self._send(FIRST_REMINDER)

        again = self._propose(FIRST_REMINDER)

        self.assertFalse(again.notice_ids)
        self.assertEqual(again.obstacle_ids.mapped("obstacle"), ["waiting"])

    def test_every_level_on_its_day(self):
        move = self._create_due_invoice()
        expected = [
            ("2026-11-04", False, False),
            ("2026-11-05", self.reminder, date(2026, 11, 19)),
            ("2026-11-23", False, False),
            ("2026-11-24", self.demand, date(2026, 12, 8)),
            ("2026-12-10", False, False),
            ("2026-12-11", self.default_notice, date(2026, 12, 28)),
            ("2026-12-30", False, False),
            ("2026-12-31", self.final_demand, date(2027, 1, 7)),
            ("2027-01-29", False, False),
        ]

        for day, level, deadline in expected:
            notice = self._send(day).notice_ids
            self.assertEqual(notice.level_id, level or self.reminder.browse(), day)
            self.assertEqual(notice.deadline, deadline, day)
        self.assertEqual(move.dunning_level_id, self.final_demand)

    def test_clock_runs_from_the_deadline_not_from_the_round(self):
        self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        with freeze_time("2026-11-09"):  # approved four days later
            run.action_confirm()
        self._deliver("2026-11-09")
        with freeze_time("2026-11-09"):
            self._accept_mails(run.notice_ids)

        # Deadline Monday 23 November; three working days later Thursday 26.
        self.assertEqual(run.notice_ids.deadline, date(2026, 11, 23))
        self.assertFalse(self._propose("2026-11-25").notice_ids)
        self.assertEqual(self._propose("2026-11-26").notice_ids.level_id, self.demand)

    def test_late_round_takes_one_step(self):
        self._create_due_invoice()

        self.assertEqual(self._send("2027-03-01").notice_ids.level_id, self.reminder)
        self.assertFalse(self._propose("2027-03-02").notice_ids)

    def test_only_some_policies_and_debtors(self):
        other = self._create_debtor("Other")
        special = self._create_policy(name="Special")
        self._create_due_invoice()
        self._create_due_invoice(partner=other)
        move = self._create_due_invoice(partner=self._create_debtor("Third"))
        move.dunning_policy_id = special

        run = self._propose(FIRST_REMINDER, policies=special)
        self.assertEqual(run.notice_ids.partner_id, move.partner_id)

        run = self._propose(FIRST_REMINDER, partners=other)
        self.assertEqual(run.notice_ids.partner_id, other)

    def test_not_dunned_is_counted_and_listed_by_reason(self):
        first = self._create_due_invoice(100)
        first.no_followup = True
        second = self._create_due_invoice(70, due=date(2026, 12, 1))
        third = self._create_due_invoice(5, due=date(2026, 12, 2))

        obstacles = self._propose(FIRST_REMINDER).obstacle_ids

        self.assertRecordValues(
            obstacles.sorted("obstacle"),
            [
                {"obstacle": "excluded", "item_count": 1, "amount": 100.0},
                {"obstacle": "not_due", "item_count": 2, "amount": 75.0},
            ],
        )
        self.assertEqual(
            sorted(obstacles.sorted("obstacle")[1].item_data),
            sorted((self._get_item(second) | self._get_item(third)).ids),
        )

    def test_channels_of_level_and_debtor(self):
        self.reminder.write({"by_post": True, "by_registered": True})
        without_email = self._create_debtor("No e-mail", email=False)
        without_street = self._create_debtor("No street", street=False)
        for partner in (self.debtor, without_email, without_street):
            self._create_due_invoice(partner=partner)

        notices = self._propose(FIRST_REMINDER).notice_ids

        self.assertEqual(
            {notice.partner_id.name: notice._get_channels() for notice in notices},
            {
                "Bakkerij De Gouden Aar B.V.": ["email", "post", "registered"],
                "No e-mail": ["post", "registered"],
                "No street": ["email"],
            },
        )
