from datetime import date
from decimal import Decimal

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER, DunningCommon

REVIEW = date(2026, 11, 20)
DEMAND_DAY = date(2026, 11, 24)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDispute(DunningCommon):
    """What is disputed waits; what is not goes on being dunned, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env.ref("l10n_nl_dunning.dunning_dispute_category_price")

    def _dispute(self, move, amount=None, day=FIRST_REMINDER, review=REVIEW):
        with freeze_time(day):
            return self.env["dunning.hold"]._dispute_items(
                self._get_item(move).filtered(lambda line: not line.reconciled),
                {"date_review": review, "category_id": self.category.id},
                amount,
            )

    def _get_claim(self, move, day):
        with freeze_time(day):
            claims = self._get_item(move)._get_dunning_item_claims(day)
        [claim] = claims.values()
        return claim

    def test_whole_dispute_is_not_dunned(self):
        move = self._create_due_invoice()
        hold = self._dispute(move)

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "dispute")
        self.assertEqual(hold.amount_disputed, 100)
        self.assertFalse(hold.is_partial)

    def test_partial_dispute_letter_asks_for_the_rest(self):
        move = self._create_due_invoice(100.01)
        self._dispute(move, 33.34)

        notice = self._send(FIRST_REMINDER).notice_ids

        self.assertRecordValues(
            notice.line_ids,
            [
                {
                    "amount_total": 100.01,
                    "amount_paid": 0,
                    "amount_disputed": 33.34,
                    "amount_residual": 66.67,
                }
            ],
        )
        self.assertEqual(notice.amount_claim, 66.67)
        page = " ".join(notice._render_letter_pages()[notice.id].split())
        self.assertIn("33,34", page)
        self.assertIn("66,67", page)

    def test_tab_says_what_part_of_the_claim_is_disputed(self):
        move = self._create_due_invoice(100.01)
        self._dispute(move, 33.34)

        with freeze_time(FIRST_REMINDER):
            self.assertEqual(move.dunning_claim_disputed, 33.34)

    def test_end_of_disputes_is_asked_for_as_such(self):
        dispute = self._dispute(self._create_due_invoice())
        pause = self.env["dunning.hold"]._hold_items(
            self._get_item(self._create_due_invoice()), {"kind": "courtesy"}
        )

        self.assertEqual(dispute.action_end()["name"], "End dispute")
        self.assertEqual((dispute + pause).action_end()["name"], "End pause")

    def test_partial_disputes_add_up_until_nothing_is_left(self):
        move = self._create_due_invoice()
        self._dispute(move, 60)
        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))

        self._dispute(move, 40)

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "dispute")

    def test_rest_paid_between_proposal_and_sending(self):
        move = self._create_due_invoice()
        self._dispute(move, 60)
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._pay(move, 40, day=FIRST_REMINDER)
        self._deliver(FIRST_REMINDER)

        self.assertEqual(run.notice_ids.state, "cancelled")

    def test_disputed_between_proposal_and_sending(self):
        move = self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._dispute(move, 60)
        self._deliver(FIRST_REMINDER)

        self.assertEqual(run.notice_ids.state, "pending")
        self.assertEqual(run.notice_ids.amount_claim, 40)

    def test_partial_dispute_after_payment_of_the_rest(self):
        move = self._create_due_invoice()
        self._dispute(move, 60)
        self._pay(move, 40, day=FIRST_REMINDER)

        self.assertEqual(self._get_obstacle(move, date(2026, 11, 6)), "dispute")

    def test_partial_dispute_below_minimum(self):
        self.policy.minimum_amount = 50
        move = self._create_due_invoice()
        self._dispute(move, 50.01)

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "below_minimum")

    def test_dispute_takes_the_first_instalments_first(self):
        move = self._create_due_invoice(
            invoice_payment_term_id=self.env["account.payment.term"]
            .create(
                {
                    "name": "Two instalments",
                    "line_ids": [
                        Command.create(
                            {"value": "percent", "value_amount": 50, "nb_days": days}
                        )
                        for days in (10, 20)
                    ],
                }
            )
            .id
        )
        first, second = self._get_item(move)

        holds = self._dispute(move, 70)

        self.assertRecordValues(
            holds,
            [
                {
                    "move_line_ids": first.ids,
                    "is_partial": False,
                    "amount_disputed": 50,
                },
                {
                    "move_line_ids": second.ids,
                    "is_partial": True,
                    "amount_disputed": 20,
                },
            ],
        )
        plan = {
            step["item_id"]: step["obstacle"]
            for step in (first + second).get_dunning_plan(FIRST_REMINDER)
        }
        self.assertEqual(plan, {first.id: "dispute", second.id: False})

    def test_dispute_in_other_currency_pro_rata(self):
        usd = self.setup_other_currency("USD", rates=[("1900-01-01", 2.0)])
        move = self._create_due_invoice(100, currency_id=usd.id)
        self._dispute(move, 25)

        with freeze_time(FIRST_REMINDER):
            [item] = self.env["account.move.line"]._select_dunning_items(
                self.company, FIRST_REMINDER
            )

        # 75 dollar at 2 dollar for a euro.
        self.assertEqual((item.residual, item.residual_company), (75, 37.5))
        self.assertEqual(item.special.disputed, 25)

    def test_disputed_part_dropped_at_sending(self):
        move = self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._dispute(move, 30)

        self._deliver(FIRST_REMINDER)

        self.assertEqual(run.notice_ids.amount_claim, 70)

    def test_disputed_part_is_claimed_for_limitation(self):
        move = self._create_due_invoice()
        self._dispute(move, 30)
        with freeze_time(FIRST_REMINDER):
            notice = self.env["dunning.notice"]._interrupt_limitation(
                self._get_item(move)
            )

        self.assertEqual(notice.line_ids.amount_residual, 100)

    def test_disputed_part_bears_no_interest_while_disputed(self):
        move = self._create_due_invoice(1000)
        day = date(2026, 11, 12)
        whole = self._get_claim(move, day)
        self._dispute(move, 400)

        claim = self._get_claim(move, day)

        self.assertEqual(claim.debt.suspended, Decimal(400))
        self.assertEqual({s.base for s in whole.segments}, {Decimal(1000)})
        self.assertEqual({s.base for s in claim.segments}, {Decimal(600)})
        self.assertEqual(claim.open_principal, Decimal(1000))

    def test_dispute_over_as_if_never_disputed(self):
        move = self._create_due_invoice(1000)
        day = date(2026, 11, 25)
        whole = self._get_claim(move, day)
        self._dispute(move, 400)

        self.assertEqual(self._get_claim(move, day).interest, whole.interest)

    def test_dispute_of_nothing_or_of_a_whole_debtor_refused(self):
        move = self._create_due_invoice()
        Hold = self.env["dunning.hold"]
        with self.assertRaises(ValidationError):
            Hold._hold_debtors(self.debtor, self.company, {"kind": "dispute"})
        with self.assertRaises(ValidationError):
            Hold._hold_items(
                self._get_item(move), {"kind": "dispute", "amount_disputed": -1}
            )
