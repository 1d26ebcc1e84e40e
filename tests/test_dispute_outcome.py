from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .common import FIRST_REMINDER, DunningCommon

ANSWER_DAY = date(2026, 11, 12)
TERM = date(2026, 11, 26)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDisputeOutcome(DunningCommon):
    """Justified, not justified or withdrawn: what is due, and from when."""

    def _dispute(self, move, amount=None):
        with freeze_time(FIRST_REMINDER):
            return self.env["dunning.hold"]._dispute_items(
                self._get_item(move),
                {
                    "category_id": self.env.ref(
                        "l10n_nl_dunning.dunning_dispute_category_quality"
                    ).id
                },
                amount,
            )

    def _conclude(self, hold, outcome, term=None):
        """Fill in the wizard, as the button End does."""
        with freeze_time(ANSWER_DAY):
            action = hold.action_end()
            Wizard = self.env[action["res_model"]].with_context(**action["context"])
            with Form(Wizard) as form:
                form.outcome = outcome
                form.reason = "Looked into it"
                if outcome == "unjustified":
                    form.answer = "De pakbon is <b>getekend</b>."
                    form.date_term = term or form.date_term
            return form.record.action_end()

    def _get_interest(self, move, day):
        with freeze_time(day):
            [claim] = self._get_item(move)._get_dunning_item_claims(day).values()
        self.assertEqual(sum(s.amount for s in claim.segments), claim.interest)
        return claim.interest

    # === NOT JUSTIFIED === #

    def test_unjustified_resumes_after_a_fresh_term(self):
        move = self._create_due_invoice()
        hold = self._dispute(move)
        self._conclude(hold, "unjustified")

        # Fourteen days after Thursday 12 November.
        self.assertEqual(hold.date_term, TERM)
        self.assertEqual(self._get_obstacle(move, ANSWER_DAY), "waiting")
        # Three working days after Thursday 26 November is Tuesday 1 December.
        self.assertEqual(self._get_obstacle(move, date(2026, 11, 30)), "waiting")
        self.assertFalse(self._get_obstacle(move, date(2026, 12, 1)))

    def test_fresh_term_is_not_in_the_past(self):
        hold = self._dispute(self._create_due_invoice())

        with self.assertRaisesRegex(UserError, "in the past"):
            self._conclude(hold, "unjustified", term=date(2026, 11, 11))

        self.assertFalse(hold.outcome or hold.date_end)
        self._conclude(hold, "unjustified", term=ANSWER_DAY)
        self.assertEqual(hold.date_term, ANSWER_DAY)

    def test_unjustified_term_does_not_shorten_the_last_one(self):
        move = self._create_due_invoice()
        with freeze_time(date(2026, 11, 9)):
            self._send(date(2026, 11, 9))
        self.assertEqual(move.dunning_notice_line_ids.deadline, date(2026, 11, 23))
        hold = self._dispute(move)
        self._conclude(hold, "unjustified")

        [step] = self._get_item(move).get_dunning_plan(ANSWER_DAY)
        self.assertEqual(step["date"], date(2026, 12, 1))

        hold.date_term = date(2026, 11, 13)
        [step] = self._get_item(move).get_dunning_plan(ANSWER_DAY)
        # Three working days after Monday 23 November.
        self.assertEqual(step["date"], date(2026, 11, 26))

    def test_unjustified_answer_is_mailed_and_kept(self):
        move = self._create_due_invoice()
        hold = self._dispute(move, 40)
        self._conclude(hold, "unjustified")

        mail = self.env["mail.mail"].search(
            [("model", "=", "dunning.hold"), ("res_id", "=", hold.id)]
        )
        self.assertIn("administratie@goudenaar.example", mail.email_to)
        self.assertEqual(mail.attachment_ids, hold.answer_id)
        self.assertTrue(hold.answer_id.raw.startswith(b"%PDF"))
        self.assertIn(move.name, mail.subject)
        letter = hold._get_letter()
        values = hold._prepare_answer(letter)
        page = letter.env["ir.qweb"]._render(
            "l10n_nl_dunning.dunning_dispute_letter", values
        )
        self.assertIn(values["payment"]["qr"].uri, page)
        self.assertIn("\nEUR40.0\n", values["payment"]["qr"].text)
        page = str(page).replace("\N{NO-BREAK SPACE}", " ")
        for text in ("€ 40,00", "26 november 2026", "&lt;b&gt;getekend"):
            self.assertIn(text, page)

    def test_unjustified_without_email_is_work_for_the_owner(self):
        self.debtor.email = False
        hold = self._dispute(self._create_due_invoice())

        self._conclude(hold, "unjustified")

        self.assertTrue(hold.answer_id)
        self.assertEqual(
            hold.activity_ids.summary, "Print and post the answer to the dispute"
        )

    def test_unjustified_and_paid_meanwhile_no_answer(self):
        move = self._create_due_invoice()
        hold = self._dispute(move)
        self._pay(move, day=ANSWER_DAY)

        self._conclude(hold, "unjustified")

        self.assertFalse(hold.answer_id)

    def test_unjustified_interest_as_if_never_disputed(self):
        move, other = self._create_due_invoice(1000), self._create_due_invoice(1000)
        self._conclude(self._dispute(move), "unjustified")

        day = date(2026, 12, 14)
        self.assertEqual(self._get_interest(move, day), self._get_interest(other, day))

    def test_withdrawn_resumes_at_once(self):
        move = self._create_due_invoice()
        hold = self._dispute(move)
        self._conclude(hold, "withdrawn")

        self.assertFalse(self._get_obstacle(move, ANSWER_DAY))
        self.assertRecordValues(
            hold, [{"outcome": "withdrawn", "date_term": False, "answer_id": False}]
        )

    # === JUSTIFIED === #

    def test_justified_opens_the_credit_note(self):
        move = self._create_due_invoice()
        action = self._conclude(self._dispute(move), "justified")

        self.assertEqual(action["res_model"], "account.move.reversal")
        with freeze_time(ANSWER_DAY):
            wizard = (
                self.env["account.move.reversal"]
                .with_context(**action["context"])
                .create({"journal_id": move.journal_id.id})
            )
            wizard.reverse_moves()
        self.assertEqual(wizard.new_move_ids.reversed_entry_id, move)

    def test_justified_due_after_all_no_interest_for_the_dispute(self):
        move, other = self._create_due_invoice(1000), self._create_due_invoice(1000)
        self._conclude(self._dispute(move), "justified")

        # In dispute from 5 up to and including 11 November: 7 of the 42 days from 3
        # November to 14 December. All days are at one rate, so 35 of 42 days remain.
        day = date(2026, 12, 14)
        full = self._get_interest(other, day)
        self.assertAlmostEqual(
            self._get_interest(move, day), full * 35 / 42, delta=Decimal("0.01")
        )

    def test_justified_part_relieves_that_part_only(self):
        move, other = self._create_due_invoice(1000), self._create_due_invoice(1000)
        self._conclude(self._dispute(move, 400), "justified")

        # 7 days over 400 of 42 days over 1,000.
        day = date(2026, 12, 14)
        full = self._get_interest(other, day)
        self.assertAlmostEqual(
            self._get_interest(move, day),
            full * (1 - Decimal(2800) / 42000),
            delta=Decimal("0.01"),
        )

    def test_justified_and_credited_was_never_late(self):
        move, other = self._create_due_invoice(1000), self._create_due_invoice(600)
        self._conclude(self._dispute(move, 400), "justified")
        with freeze_time(ANSWER_DAY):
            refund = self._create_due_invoice(
                400, move_type="out_refund", invoice_date=ANSWER_DAY
            )
            (self._get_item(move) + self._get_item(refund)).reconcile()

        day = date(2026, 12, 14)
        self.assertEqual(self._get_interest(move, day), self._get_interest(other, day))

    def test_paid_during_a_justified_dispute(self):
        move = self._create_due_invoice(1000)
        hold = self._dispute(move, 400)
        self._pay(move, 800, day=date(2026, 11, 9))
        self._conclude(hold, "justified")

        # The payment covers the undisputed 600 and about 200 of the rest, which bears
        # interest on 3 and 4 November and again on the 12th, as far as it is unpaid.
        day = date(2026, 11, 12)
        undisputed = self._create_due_invoice(600)
        self._pay(undisputed, 599.99, day=date(2026, 11, 9))
        disputed, rest = self._create_due_invoice(400), self._create_due_invoice(200)
        self.assertAlmostEqual(
            self._get_interest(move, day),
            self._get_interest(undisputed, day)
            + self._get_interest(disputed, date(2026, 11, 4))
            + self._get_interest(rest, date(2026, 11, 3)),
            delta=Decimal("0.02"),
        )

    def test_outcome_only_for_a_dispute_that_is_not_over(self):
        hold = self._dispute(self._create_due_invoice())
        self._conclude(hold, "withdrawn")

        with self.assertRaises(UserError):
            hold._conclude("justified", "Once more")
