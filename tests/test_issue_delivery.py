from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDelivery(DunningCommon):
    """From queue to evidence."""

    def _queue(self, day=FIRST_REMINDER):
        """Propose and confirm a round; return its letters."""
        run = self._propose(day)
        with freeze_time(day):
            run.action_confirm()
        return run.notice_ids

    def test_issued_letter_is_frozen(self):
        move = self._create_due_invoice(100)
        self._pay(move, 30)
        notice = self._queue()

        self._deliver(FIRST_REMINDER)

        self.assertRecordValues(
            notice,
            [
                {
                    "state": "pending",
                    "date": FIRST_REMINDER,
                    "deadline": date(2026, 11, 19),
                    "amount_total": 70.0,
                    "lang": "nl_NL",
                }
            ],
        )
        self.assertRegex(notice.name, r"^AM/2026/\d{5}$")
        self.assertRecordValues(
            notice.line_ids,
            [
                {
                    "move_name": move.name,
                    "date_maturity": date(2026, 11, 2),
                    "days_late": 3,
                    "amount_total": 100.0,
                    "amount_paid": 30.0,
                    "amount_residual": 70.0,
                }
            ],
        )
        self.assertEqual(notice.letter_id.raw[:5], b"%PDF-")

        self._pay(move)
        self.assertEqual(notice.amount_total, 70)

    def test_deadline_on_a_weekend_moves_to_monday(self):
        self._create_due_invoice()
        notice = self._queue("2026-11-06")
        self._deliver("2026-11-07")  # Saturday, term ends on Saturday 21

        self.assertEqual(notice.deadline, date(2026, 11, 23))

    def test_letter_counts_only_when_the_mail_server_accepted_it(self):
        move = self._create_due_invoice()
        notice = self._queue()
        self._deliver(FIRST_REMINDER)
        self.assertEqual(notice.state, "pending")
        self.assertFalse(move.dunning_level_id)
        self.assertEqual(self._get_obstacle(move, date(2026, 12, 31)), "proposed")

        self._accept_mails(notice)

        self.assertEqual(notice.state, "sent")
        self.assertEqual(notice.delivery_ids.state, "sent")
        self.env.invalidate_all()
        self.assertEqual(move.dunning_level_id, self.reminder)

    def test_refused_mail_fails_with_reason_and_activity(self):
        move = self._create_due_invoice()
        notice = self._queue()
        self._deliver(FIRST_REMINDER)

        self._refuse_mails(notice)

        self.assertEqual(notice.state, "failed")
        self.assertIn("550 No such user", notice.error)
        self.assertEqual(notice.delivery_ids.state, "failed")
        self.assertEqual(notice.activity_ids.user_id, notice.responsible_id)
        self.assertFalse(move.dunning_level_id)

    def test_mail_accepted_on_second_try(self):
        self._create_due_invoice()
        notice = self._queue()
        self._deliver(FIRST_REMINDER)
        self._refuse_mails(notice)

        self._accept_mails(notice)

        self.assertEqual(notice.state, "sent")
        self.assertFalse(notice.error)
        self.assertFalse(notice.activity_ids)

    def test_bounce_after_the_fact_stops_the_clock(self):
        move = self._create_due_invoice()
        notice = self._send(FIRST_REMINDER).notice_ids

        notice._message_receive_bounce("administratie@goudenaar.example", self.debtor)

        self.assertEqual(notice.state, "failed")
        self.assertIn("came back as undeliverable", notice.error)
        self.env.invalidate_all()
        self.assertFalse(move.dunning_level_id)
        self.assertEqual(self._get_obstacle(move, date(2026, 12, 31)), "failed")

    def test_cancelled_mail_fails(self):
        self._create_due_invoice()
        notice = self._queue()
        self._deliver(FIRST_REMINDER)

        notice.delivery_ids.mail_id.cancel()

        self.assertEqual(notice.state, "failed")

    def test_deleted_mail_fails(self):
        self._create_due_invoice()
        notice = self._queue()
        self._deliver(FIRST_REMINDER)

        notice.delivery_ids.mail_id.unlink()

        self.assertEqual(notice.state, "failed")
        self.assertIn("deleted", notice.error)

    def test_blacklisted_address_fails_without_mail(self):
        self._create_due_invoice()
        notice = self._queue()
        self.env["mail.blacklist"]._add("administratie@goudenaar.example")

        self._deliver(FIRST_REMINDER)

        self.assertEqual(notice.state, "failed")
        self.assertFalse(notice.delivery_ids.mail_id)

    def test_retry_makes_a_new_letter(self):
        move = self._create_due_invoice()
        notice = self._queue()
        self._deliver(FIRST_REMINDER)
        self._refuse_mails(notice)
        self.debtor.email = "nieuw@goudenaar.example"

        with freeze_time("2026-11-10"):
            notice.action_retry()
        self._deliver("2026-11-10")

        retry = move.dunning_notice_line_ids.notice_id - notice
        self.assertEqual(notice.state, "cancelled")
        self.assertRecordValues(
            retry,
            [
                {
                    "state": "pending",
                    "date": date(2026, 11, 10),
                    "deadline": date(2026, 11, 24),
                    "level_id": self.reminder.id,
                }
            ],
        )
        self.assertIn("nieuw@goudenaar.example", retry.delivery_ids.address)

    # === PAID IN BETWEEN === #

    def test_paid_item_drops_out(self):
        paid = self._create_due_invoice(100)
        still_open = self._create_due_invoice(40)
        notice = self._queue()
        self._pay(paid)

        self._deliver(FIRST_REMINDER)

        self.assertEqual(notice.line_ids.move_id, still_open)
        self.assertEqual(notice.amount_total, 40)

    def test_all_paid_cancels_the_letter(self):
        move = self._create_due_invoice()
        notice = self._queue()
        self._pay(move)

        self._deliver(FIRST_REMINDER)

        self.assertEqual(notice.state, "cancelled")
        self.assertIn("Nothing was due", notice.cancel_reason)
        self.assertFalse(notice.delivery_ids)
        self.assertFalse(notice.letter_id)

    def test_new_credit_note_covers_the_claim_cancels_the_letter(self):
        self._create_due_invoice(100)
        notice = self._queue()
        self._create_due_invoice(100, move_type="out_refund")

        self._deliver(FIRST_REMINDER)

        self.assertEqual(notice.state, "cancelled")

    def test_part_payment_lowers_the_claim(self):
        move = self._create_due_invoice(100)
        notice = self._queue()
        self._pay(move, 25)

        self._deliver(FIRST_REMINDER)

        self.assertEqual(notice.amount_total, 75)

    def test_item_excluded_after_proposal_drops_out(self):
        move = self._create_due_invoice()
        notice = self._queue()
        move.no_followup = True

        self._deliver(FIRST_REMINDER)

        self.assertEqual(notice.state, "cancelled")

    def test_invoice_reset_to_draft_after_proposal_drops_out(self):
        move = self._create_due_invoice()
        notice = self._queue()
        move.button_draft()

        self._deliver(FIRST_REMINDER)

        self.assertEqual(notice.state, "cancelled")

    # === ONE BAD DEBTOR === #

    @mute_logger("odoo.addons.l10n_nl_dunning.models.issue.dunning_notice")
    def test_one_bad_debtor_among_ten(self):
        for number in range(10):
            self._create_due_invoice(partner=self._create_debtor(f"Debtor {number}"))
        notices = self._queue()
        bad = notices[4]
        bad.partner_id.email = False

        self._deliver(FIRST_REMINDER)

        self.assertEqual(bad.state, "failed")
        self.assertIn("has no e-mail address", bad.error)
        self.assertFalse(bad.delivery_ids)
        self.assertEqual(set((notices - bad).mapped("state")), {"pending"})
        self.assertEqual(len((notices - bad).delivery_ids), 9)

    def test_error_message_in_dutch_for_dutch_user(self):
        self._create_due_invoice()
        notice = self._propose(FIRST_REMINDER).notice_ids
        self.debtor.email = False

        with self.assertRaisesRegex(UserError, "heeft geen e-mailadres"):
            notice.with_context(lang="nl_NL")._check_sendable()

    # === QUEUE === #

    def test_limit_leaves_the_rest_in_the_queue(self):
        for number in range(3):
            self._create_due_invoice(partner=self._create_debtor(f"Debtor {number}"))
        notices = self._queue()

        with freeze_time(FIRST_REMINDER):
            done = self.env["dunning.notice"].deliver(limit=2)

        self.assertEqual(done, notices.sorted("id")[:2])
        self.assertEqual(
            sorted(notices.mapped("state")), ["pending", "pending", "queued"]
        )

    def test_empty_queue(self):
        self.assertFalse(self._deliver(FIRST_REMINDER))
