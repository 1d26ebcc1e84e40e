from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common import DUE, FIRST_REMINDER, DunningCommon

FRIDAY_BEFORE = date(2026, 10, 30)
THE_DAY_AFTER = date(2026, 11, 3)
WEDNESDAY = date(2026, 11, 4)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestObstacles(DunningCommon):
    """One test for each reason why nothing happens."""

    def test_item_due_first_reminder_three_working_days_later(self):
        move = self._create_due_invoice()

        [step] = self._get_item(move).get_dunning_plan(FIRST_REMINDER)

        self.assertEqual(
            step,
            {
                "item_id": self._get_item(move).id,
                "level_id": self.reminder.id,
                "date": date(2026, 11, 5),
                "obstacle": False,
            },
        )

    def test_item_due_on_friday_weekend_is_not_counted(self):
        move = self._create_due_invoice(due=FRIDAY_BEFORE)

        self.assertEqual(self._get_obstacle(move, THE_DAY_AFTER), "grace")
        self.assertFalse(self._get_obstacle(move, WEDNESDAY))

    def test_item_on_its_due_date_not_due(self):
        self.assertEqual(self._get_obstacle(self._create_due_invoice(), DUE), "not_due")

    def test_item_one_day_late_within_grace(self):
        move = self._create_due_invoice()

        self.assertEqual(self._get_obstacle(move, THE_DAY_AFTER), "grace")
        self.assertEqual(self._get_obstacle(move, WEDNESDAY), "grace")

    def test_correction_days_lengthen_grace(self):
        self.company.dunning_correction_days = 2
        move = self._create_due_invoice()

        # 2 + 2 November is Wednesday 4, three working days later Monday 9.
        self.assertEqual(self._get_obstacle(move, date(2026, 11, 6)), "grace")
        self.assertFalse(self._get_obstacle(move, date(2026, 11, 9)))

    def test_no_ladder_fits_no_policy(self):
        self.policy.debtor_kind = "consumer"
        move = self._create_due_invoice()

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "no_policy")

    def test_no_followup_excluded(self):
        move = self._create_due_invoice()
        move.no_followup = True

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "excluded")

    def test_blocked_payment_excluded(self):
        move = self._create_due_invoice()
        move.action_toggle_block_payment()

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "excluded")

    def test_claim_below_minimum(self):
        self.policy.minimum_amount = 100.01
        move = self._create_due_invoice(100)

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "below_minimum")

        self.policy.minimum_amount = 100
        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))

    def test_claims_together_reach_the_minimum(self):
        self.policy.minimum_amount = 150
        move = self._create_due_invoice(100)
        self._create_due_invoice(50)

        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))

    def test_credit_note_as_large_as_the_claim_no_balance(self):
        move = self._create_due_invoice(100)
        self._create_due_invoice(100, move_type="out_refund")

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "no_balance")

    def test_unallocated_payment_no_balance(self):
        move = self._create_due_invoice(100)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.debtor.id,
                "amount": 100,
                "date": WEDNESDAY,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        if not payment.move_id:  # payments may do without an entry of their own
            self._create_receivable_credit(100)

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "no_balance")

    def _create_receivable_credit(self, amount):
        """Post money received that nobody allocated yet, as a bank import does."""
        receivable = self.company_data["default_account_receivable"]
        move = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": WEDNESDAY,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.debtor.id,
                            "credit": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_journal_bank"
                            ].default_account_id.id,
                            "debit": amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move

    def test_credit_in_other_currency_covers_the_claim_no_balance(self):
        usd = self.setup_other_currency("USD", rates=[("1900-01-01", 2.0)])
        move = self._create_due_invoice(100, currency_id=usd.id)  # 50 euro
        self._create_receivable_credit(50)

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "no_balance")

    def test_smaller_credit_leaves_the_claim(self):
        move = self._create_due_invoice(100)
        self._create_due_invoice(99.99, move_type="out_refund")

        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))

    def test_draft_proposed(self):
        move = self._create_due_invoice()
        self._propose(FIRST_REMINDER)

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "proposed")

    def test_other_item_of_debtor_with_draft_proposed(self):
        self._create_due_invoice()
        self._propose(FIRST_REMINDER)
        other = self._create_due_invoice()

        self.assertEqual(self._get_obstacle(other, FIRST_REMINDER), "proposed")

    def test_letter_sent_waiting_for_its_deadline(self):
        move = self._create_due_invoice()
        self._send(FIRST_REMINDER)

        # Deadline Thursday 19 November, three working days later Tuesday 24.
        self.assertEqual(self._get_obstacle(move, date(2026, 11, 19)), "waiting")
        self.assertEqual(self._get_obstacle(move, date(2026, 11, 23)), "waiting")
        self.assertFalse(self._get_obstacle(move, date(2026, 11, 24)))

    def test_debtor_written_to_yesterday_interval(self):
        self._create_due_invoice()
        other = self._create_due_invoice(due=date(2026, 11, 3))
        self._send(FIRST_REMINDER)

        # The other item is due from 6 November, the interval ends on 12 November.
        self.assertEqual(self._get_obstacle(other, date(2026, 11, 6)), "interval")
        self.assertEqual(self._get_obstacle(other, date(2026, 11, 11)), "interval")
        self.assertFalse(self._get_obstacle(other, date(2026, 11, 12)))

    def test_interval_zero_still_one_letter_a_day(self):
        self.company.dunning_contact_interval = 0
        self._create_due_invoice()
        self._send(FIRST_REMINDER)
        other = self._create_due_invoice()

        self.assertEqual(self._get_obstacle(other, FIRST_REMINDER), "interval")
        self.assertFalse(self._get_obstacle(other, date(2026, 11, 6)))

    def test_debtor_without_any_address(self):
        self.debtor.write({"email": False, "city": False})
        move = self._create_due_invoice()

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "no_address")

    def test_debtor_without_email_falls_back_to_post(self):
        self.debtor.email = False
        move = self._create_due_invoice()

        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))

        self.reminder.post_fallback = False
        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "no_address")

    def test_invoice_contact_has_the_address(self):
        self.debtor.write({"email": False, "city": False})
        self.env["res.partner"].create(
            {
                "name": "Crediteurenadministratie",
                "parent_id": self.debtor.id,
                "type": "invoice",
                "email": "crediteuren@goudenaar.example",
            }
        )
        move = self._create_due_invoice()

        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))

    def test_top_of_ladder_finished(self):
        move = self._create_due_invoice()
        for day in ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"):
            self._send(day)

        self.assertEqual(self._get_obstacle(move, date(2027, 2, 1)), "finished")

    def test_invoice_in_payment(self):
        move = self._create_due_invoice()
        move.payment_state = "in_payment"

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "payment_in_process")

    def test_pending_online_payment(self):
        move = self._create_due_invoice()
        provider = self.env["payment.provider"].sudo().create({"name": "Test"})
        method = self.env["payment.method"].sudo().search([], limit=1) or self.env[
            "payment.method"
        ].sudo().create({"name": "Test", "code": "dunning_test"})
        self.env["payment.transaction"].sudo().create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": "dunning-test",
                "amount": 100,
                "currency_id": move.currency_id.id,
                "partner_id": self.debtor.id,
                "state": "pending",
                "invoice_ids": [Command.set(move.ids)],
            }
        )

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "payment_in_process")

    def test_direct_debit_switchable(self):
        move = self._create_due_invoice()
        method = (
            self.env["account.payment.method"]
            .sudo()
            .create({"name": "SEPA", "code": "sdd_test", "payment_type": "inbound"})
        )
        move.preferred_payment_method_line_id = self.env[
            "account.payment.method.line"
        ].create(
            {
                "name": "Incasso",
                "payment_method_id": method.id,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        self.env.cr.execute(
            "UPDATE account_payment_method SET code = 'sdd' WHERE id = %s", [method.id]
        )

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "direct_debit")

        self.company.dunning_skip_direct_debit = False
        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))

    def test_invoice_not_sent_switchable(self):
        move = self._create_due_invoice(is_move_sent=False)

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "not_sent")

        self.company.dunning_require_sent = False
        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))

    def test_failed_letter(self):
        move = self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        run.notice_ids._set_failed("550 No such user")

        self.assertEqual(self._get_obstacle(move, date(2026, 12, 1)), "failed")
