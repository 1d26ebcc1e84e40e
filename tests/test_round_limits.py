from contextlib import closing
from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import freeze_time, tagged

from .common import DUE, FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestRunLimits(DunningCommon):
    """Rounds that cannot be made, rounds of several companies, daily rounds."""

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
