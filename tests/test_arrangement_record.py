from datetime import date, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .arrangement_common import (
    DRAWN_UP,
    FIRST,
    SECOND,
    THIRD,
    ArrangementCommon,
)
from .common import FIRST_REMINDER


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangement(ArrangementCommon):
    """Drawing up, offering, and what the ledger says became of it."""

    # === DRAWING UP === #

    def test_draws_up_from_invoice_with_the_claim_of_today(self):
        move = self._create_due_invoice(amount=1000.0)

        arrangement = self._draw_up(move)

        # Trade: 4 days at the commercial rate of 10.40 on 1,000, 2026 has 365 days:
        # 1,000 x 10.40 % x 4 / 365 = 1.1397. No letter claims costs yet.
        self.assertRecordValues(
            arrangement,
            [
                {
                    "state": "draft",
                    "partner_id": self.debtor.id,
                    "date": DRAWN_UP,
                    "amount_principal": 1000.0,
                    "amount_interest": 1.14,
                    "amount_costs": 0.0,
                    "amount_total": 1001.14,
                }
            ],
        )
        # 1,001.14 / 3 = 333.7133…; 2 x 333.71 = 667.42 leaves 333.72.
        self.assertRecordValues(
            arrangement.line_ids,
            [
                {"date": FIRST, "amount": 333.71},
                {"date": SECOND, "amount": 333.71},
                {"date": THIRD, "amount": 333.72},
            ],
        )

    @freeze_time(DRAWN_UP)
    def test_wizard_previews_and_explains(self):
        move = self._create_due_invoice(amount=300.0)
        context = {"active_model": "res.partner", "active_ids": self.debtor.ids}
        with Form(
            self.env["payment.arrangement.wizard"].with_context(**context)
        ) as form:
            form.with_interest = False
            form.down_payment = 100
            form.instalment_count = 2
            form.first_date = FIRST
            self.assertEqual(
                [line["amount"] for line in form.preview_ids._records],
                [100.0, 100.0, 100.0],
            )
            form.instalment_count = 0
            self.assertIn("number of instalments", form.warning)
            form.instalment_count = 2
            self.assertFalse(form.warning)

        self.assertEqual(form.record.item_ids, self._get_item(move))

    def test_draws_up_from_letter(self):
        move = self._create_reminded_invoice()
        notice = move.dunning_notice_line_ids.notice_id
        with freeze_time(DRAWN_UP):
            wizard = (
                self.env["payment.arrangement.wizard"]
                .with_context(active_model="dunning.notice", active_ids=notice.ids)
                .create({"first_date": FIRST})
            )

        self.assertEqual(wizard.item_ids, self._get_item(move))

    def test_one_instalment_is_a_promise(self):
        move = self._create_due_invoice()

        with self.assertRaisesRegex(UserError, "promise"):
            self._draw_up(move, instalment_count=1)

    def test_paid_invoice_has_nothing_to_arrange(self):
        move = self._create_due_invoice()
        self._pay(move)

        with self.assertRaisesRegex(UserError, "Nothing is open"):
            self._draw_up(move)

    def test_items_of_two_debtors_do_not_go_together(self):
        moves = self._create_due_invoice() | self._create_due_invoice(
            partner=self._create_debtor("Garage Vos")
        )

        with self.assertRaisesRegex(UserError, "one customer"):
            self._draw_up(moves)

    def test_instalments_are_editable_while_the_sum_holds(self):
        arrangement = self._draw_up(
            self._create_due_invoice(amount=300.0), with_interest=False
        )
        first, second, _third = arrangement.line_ids

        arrangement.line_ids = [
            Command.update(first.id, {"amount": 150.0}),
            Command.update(second.id, {"amount": 50.0}),
        ]

        self.assertEqual(arrangement.line_ids.mapped("amount"), [150.0, 50.0, 100.0])
        with self.assertRaisesRegex(ValidationError, "10.00.*missing"):
            arrangement.line_ids = [Command.update(first.id, {"amount": 140.0})]

    def test_running_interest_is_worked_out_in_advance(self):
        arrangement = self._draw_up(
            self._create_due_invoice(amount=3000.0),
            with_interest=False,
            interest_policy="running",
        )

        # At 10.40 %, from 7 November: 3,000 up to 20 November is 14 days = 11.9671;
        # 2,000 over the 30 days to 20 December = 17.0959; 1,000 over the 31 days to 20
        # January = 8.8329 (the rate of 2027 is not known yet): 37.8959.
        self.assertEqual(arrangement.amount_running, 37.9)
        self.assertEqual(
            arrangement.line_ids.mapped("amount"), [1000.0, 1000.0, 1037.9]
        )

    def test_running_interest_is_over_the_principal_alone(self):
        self.reminder.unlink()
        self.demand.unlink()
        self.default_notice.unlink()
        self.final_demand.write({"debtor_kind": "business", "charges": "claim"})
        self.debtor.dunning_interest_percent = 10
        move = self._create_due_invoice(amount=3650.0)
        self._send(FIRST_REMINDER)

        arrangement = self._draw_up(move, instalment_count=2, interest_policy="running")

        # 490 costs (15 % of 2,500, 10 % of 1,150) and 4.00 interest up to 6 November:
        # 4,144, half of it each time. The first half pays these 494 and 1,578 of the
        # principal, which leaves 2,072.
        self.assertEqual(
            (arrangement.amount_costs, arrangement.amount_interest), (490, 4)
        )
        # 3,650 over 14 days is 14.00; 2,072 over 30 days is 17.0301.
        self.assertEqual(arrangement.amount_running, 31.03)

    def test_consumer_pays_no_interest_for_it(self):
        consumer = self._create_debtor("Jan Jansen", is_company=False)
        move = self._create_due_invoice(amount=300.0, partner=consumer)

        with self.assertRaisesRegex(ValidationError, "consumer"):
            self._draw_up(move, interest_policy="running")

    # === OFFER === #

    def test_offer_pauses_letters_for_some_days_and_lapses(self):
        self.company.dunning_arrangement_pause_days = 5
        move = self._create_due_invoice()
        arrangement = self._offer(move, day=date(2026, 11, 5))

        self.assertEqual(arrangement.offer_until, date(2026, 11, 19))
        self.assertEqual(
            self._get_obstacle(move, date(2026, 11, 10)), "arrangement_offered"
        )
        self.assertFalse(self._get_obstacle(move, date(2026, 11, 11)))

    def test_offer_ends_at_the_latest_on_the_first_instalment(self):
        arrangement = self._offer(
            self._create_due_invoice(), first_date=date(2026, 11, 9)
        )

        self.assertEqual(arrangement.offer_until, date(2026, 11, 9))

    def test_offer_with_an_instalment_in_the_past_is_refused(self):
        arrangement = self._draw_up(self._create_due_invoice())

        with (
            freeze_time(FIRST + timedelta(days=1)),
            self.assertRaisesRegex(UserError, "in the past"),
        ):
            arrangement.action_offer()

    def test_item_is_in_one_arrangement_only(self):
        move = self._create_due_invoice()
        first = self._offer(move)
        second = self._draw_up(move)

        with freeze_time(DRAWN_UP):
            with self.assertRaisesRegex(UserError, first.name):
                second.action_offer()
            first._cancel("Anders afgesproken")
            second.action_offer()

        self.assertEqual((first.state, second.state), ("cancelled", "offered"))

    def test_new_terms_replace_an_arrangement(self):
        move = self._create_due_invoice()
        first = self._start(move)
        with freeze_time(DRAWN_UP):
            wizard = self.env["payment.arrangement.wizard"].with_context(
                **first.action_replace()["context"]
            )
            second = self.env["payment.arrangement"].browse(
                wizard.create({"first_date": FIRST}).action_draw_up()["res_id"]
            )
            second.action_offer()
            # What both have signed goes on until the new terms are signed.
            self.assertEqual((first.state, second.state), ("active", "offered"))
            second._activate()

        self.assertEqual((first.state, second.state), ("cancelled", "active"))
        self.assertEqual(first.replaced_by_ids, second)
        self.assertIn(second.name, first.end_reason)

    def test_offered_instalments_are_fixed(self):
        arrangement = self._offer(self._create_due_invoice())

        with self.assertRaisesRegex(UserError, "fixed"):
            arrangement.line_ids[0].date = SECOND
        with self.assertRaisesRegex(UserError, "kept"):
            arrangement.unlink()

    # === PLAN === #

    def test_running_arrangement_keeps_letters_back(self):
        move = self._create_due_invoice()
        self._start(move, day=FIRST_REMINDER)

        self.assertEqual(self._get_obstacle(move, date(2026, 11, 20)), "arrangement")
        self.assertFalse(self._send(date(2026, 11, 20)).notice_ids)

    def test_item_drops_out_of_a_letter_that_was_proposed(self):
        move = self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._start(move, day=FIRST_REMINDER)
        self._deliver(FIRST_REMINDER)

        self.assertEqual(run.notice_ids.state, "cancelled")

    def test_invoice_and_debtor_tell_how_it_goes(self):
        move = self._create_due_invoice(amount=300.0)
        arrangement = self._start(move, with_interest=False)
        self._pay(move, 120, day=date(2026, 11, 20))
        self.env.invalidate_all()

        with freeze_time(date(2026, 12, 23)):
            self.assertRecordValues(
                move,
                [
                    {
                        "dunning_arrangement_id": arrangement.id,
                        "dunning_arrangement_paid": 120.0,
                        "dunning_arrangement_next_date": SECOND,
                        "dunning_arrangement_next_amount": 80.0,
                        "dunning_arrangement_days_late": 3,
                    }
                ],
            )
            self.assertRecordValues(
                self.debtor,
                [
                    {
                        "dunning_arrangement_count": 1,
                        "dunning_arrangement_open": 180.0,
                        "dunning_arrangement_days_late": 3,
                    }
                ],
            )
            self.assertIn("payment arrangement", move.dunning_summary)
