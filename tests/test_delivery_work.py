from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDeliveryWork(DunningCommon):
    """What is done again at delivery, and what is not."""

    def _queue(self, day=FIRST_REMINDER):
        run = self._propose(day)
        with freeze_time(day):
            run.action_confirm()
        return run.notice_ids

    def test_lines_that_still_hold_are_kept(self):
        self._create_due_invoice(100)
        notice = self._queue()
        lines = notice.line_ids

        self._deliver(FIRST_REMINDER)

        self.assertEqual(notice.line_ids, lines)
        self.assertEqual(lines.mapped("state"), ["pending"])

    def test_lines_of_another_day_are_replaced(self):
        self._create_due_invoice(100)
        notice = self._queue()
        lines = notice.line_ids

        self._deliver(FIRST_REMINDER + timedelta(days=1))

        self.assertFalse(lines.exists())
        self.assertEqual(notice.line_ids.days_late, 4)

    def test_only_the_letter_of_what_was_paid_gets_other_lines(self):
        paid = self._create_due_invoice(100)
        other = self._create_due_invoice(
            100, partner=self._create_debtor("Slagerij Vermeer B.V.")
        )
        notices = self._queue()
        kept = notices.line_ids.filtered(lambda line: line.move_id == other)
        self._pay(paid, 40, day=FIRST_REMINDER)

        self._deliver(FIRST_REMINDER)

        amounts = {
            line.move_id: line.amount_residual for line in notices.line_ids.exists()
        }
        self.assertEqual(amounts, {paid: 60.0, other: 100.0})
        self.assertTrue(kept.exists())

    def test_claim_of_kept_lines_is_worked_out_again(self):
        self._create_due_invoice(100)
        notice = self._queue()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dunning_notice SET amount_claim = 1 WHERE id = %s", [notice.id]
        )
        self.env.invalidate_all()

        self._deliver(FIRST_REMINDER)

        self.assertEqual(notice.amount_claim, 100)

    def test_conversation_shows_the_mail(self):
        self.debtor.name = "Jansen <script>alert(1)</script> B.V."
        self._create_due_invoice(100)
        notice = self._queue()

        self._deliver(FIRST_REMINDER)

        mail = notice.delivery_ids.mail_id
        self.assertIn("100,00", mail.body_html)
        self.assertEqual(str(notice.message_ids[0].body), mail.body_html)
        self.assertNotIn("<script>", mail.body_html)
