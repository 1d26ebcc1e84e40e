from contextlib import closing
from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import freeze_time, tagged

from .common import DUE, FIRST_REMINDER, DunningCommon


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

    # === BAD INPUT === #

    def test_run_in_the_future(self):
        with self.assertRaisesRegex(UserError, "cannot be dated in the future"):
            self._propose(FIRST_REMINDER, date=date(2026, 11, 6))

    def test_run_in_locked_period(self):
        with freeze_time(FIRST_REMINDER):
            self.company.fiscalyear_lock_date = date(2026, 10, 31)

        with self.assertRaisesRegex(UserError, "the books are locked up to"):
            self._propose(FIRST_REMINDER, date=date(2026, 10, 31))
        self._propose(FIRST_REMINDER)

    def _count_statements(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with freeze_time(FIRST_REMINDER):
            function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_statements_do_not_grow_with_debtors(self):
        counts = []
        for size in (2, 12):
            for number in range(size):
                partner = self._create_debtor(f"Debtor {size} {number}")
                self._create_due_invoice(partner=partner)
                self._create_due_invoice(partner=partner)
            run = self.env["dunning.run"]

            def propose():
                nonlocal run
                run = self.env["dunning.run"].propose(self.company)

            proposing = self._count_statements(propose)
            confirming = self._count_statements(run.action_confirm)
            self.assertEqual(len(run.notice_ids), size)
            counts.append((proposing, confirming))

        # The first time some caches of the registry are filled.
        (proposed, confirmed), (more_proposed, more_confirmed) = counts
        self.assertLessEqual(more_proposed, proposed + 3)
        self.assertLessEqual(more_confirmed, confirmed + 3)

    def test_two_rounds_at_the_same_moment(self):
        company = self.env.ref("base.main_company")
        with closing(db_connect(self.env.cr.dbname).cursor()) as other_worker:
            other_worker.execute(
                "SELECT id FROM res_company WHERE id = %s FOR NO KEY UPDATE NOWAIT",
                [company.id],
            )

            with self.assertRaisesRegex(UserError, "Another round is being made"):
                self.env["dunning.run"].propose(company)

    def test_confirm_without_letters(self):
        with self.assertRaisesRegex(UserError, "no proposed letter"):
            self._propose(FIRST_REMINDER).action_confirm()

    def test_discard_throws_proposals_away(self):
        move = self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)

        run.action_discard()

        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))

    def test_round_with_issued_letter_cannot_be_discarded(self):
        self._create_due_invoice()
        run = self._send(FIRST_REMINDER)

        with self.assertRaisesRegex(UserError, "it is evidence"):
            run.action_discard()

    # === COMPANIES === #

    def test_companies_apart(self):
        other = self.setup_other_company()["company"]
        self._create_due_invoice()
        with freeze_time(FIRST_REMINDER):
            run = self.env["dunning.run"].propose(other)

        self.assertEqual(run.company_id, other)
        self.assertFalse(run.notice_ids)
        self.assertFalse(run.obstacle_ids)

    # === DAILY PROPOSAL === #

    def test_daily_proposal_queues_automatic_levels(self):
        self._create_due_invoice()
        self.reminder.is_automatic = True
        with freeze_time(FIRST_REMINDER):
            run = self.env["dunning.run"]._propose_daily(self.company)

        self.assertEqual(run.notice_ids.state, "queued")
        self.assertTrue(run.is_automatic)

    def test_daily_proposal_leaves_others_for_approval(self):
        self._create_due_invoice()
        with freeze_time(FIRST_REMINDER):
            run = self.env["dunning.run"]._propose_daily(self.company)

        self.assertEqual(run.notice_ids.state, "draft")

    def test_daily_proposal_without_letters_leaves_no_round(self):
        self._create_due_invoice()
        with freeze_time(DUE):
            run = self.env["dunning.run"]._propose_daily(self.company)

        self.assertFalse(run)
        self.assertFalse(
            self.env["dunning.run"].search([("company_id", "=", self.company.id)])
        )

    def test_progress_of_a_round(self):
        for number in range(4):
            self._create_due_invoice(partner=self._create_debtor(f"Debtor {number}"))
        run = self._propose(FIRST_REMINDER)
        self.assertEqual((run.state, run.progress, run.draft_count), ("draft", 0, 4))

        run.notice_ids[0].action_remove()
        run.invalidate_recordset()
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self.assertEqual((run.state, run.progress), ("sending", 0))

        run.notice_ids[0]._set_failed("Broken")
        run.notice_ids[1]._set_pending()
        run.invalidate_recordset()
        # Two of three letters left the queue: 66 %.
        self.assertEqual((run.state, run.progress), ("sending", 66))
        self.assertEqual((run.failed_count, run.pending_count), (1, 1))
        self.assertIn(run, run.search([("state", "=", "sending")]))
        self.assertNotIn(run, run.search([("state", "in", ["draft", "done"])]))

    def test_instalments_move_one_by_one(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (32, 46)
                ],
            }
        )
        # Due on 2 November and 16 November.
        move = self._create_due_invoice(
            100, invoice_payment_term_id=term.id, invoice_date_due=False
        )
        self._send(FIRST_REMINDER)

        notice = self._send("2026-11-24").notice_ids

        self.assertEqual(
            notice.line_ids.sorted("date_maturity").mapped("move_name"),
            [f"{move.name} (1/2)", f"{move.name} (2/2)"],
        )
        self.assertEqual(
            notice.line_ids.sorted("date_maturity").mapped("level_id.kind"),
            ["demand", "reminder"],
        )
        self.assertEqual(move.dunning_level_id, self.demand)
