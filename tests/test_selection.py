from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

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


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSelection(DunningCommon):
    """Which items there are at all, and which ladder they follow."""

    def _get_steps(self, day=FIRST_REMINDER):
        return self.env["account.move.line"]._plan_dunning(self.company, day)

    def _count_statements(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._get_steps()
        return self.env.cr.sql_log_count - before

    def test_number_of_statements_does_not_grow_with_debtors(self):
        self._create_due_invoice()
        self._get_steps()  # warm the caches of the registry
        one = self._count_statements()
        for number in range(5):
            self._create_due_invoice(partner=self._create_debtor(f"Debtor {number}"))
            self._create_due_invoice(partner=self._create_debtor(f"Other {number}"))

        self.assertEqual(len(self._get_steps()), 11)
        self.assertEqual(self._count_statements(), one)

    def test_paid_draft_and_cancelled_invoices_are_no_items(self):
        self._pay(self._create_due_invoice())
        self._create_due_invoice().button_draft()
        cancelled = self._create_due_invoice()
        cancelled.button_draft()
        cancelled.button_cancel()
        move = self._create_due_invoice()

        self.assertEqual([step.item.move_id for step in self._get_steps()], move.ids)

    def test_partial_payment_leaves_the_rest(self):
        move = self._create_due_invoice(100)
        self._pay(move, 30)

        [step] = self._get_steps()

        self.assertFalse(step.obstacle)
        self.assertEqual(step.item.residual, 70)

    def test_instalments_are_planned_one_by_one(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (32, 62)
                ],
            }
        )
        # 1 October + 32 days is 2 November, + 62 days is 2 December.
        move = self._create_due_invoice(
            100, invoice_payment_term_id=term.id, invoice_date_due=False
        )
        self.assertEqual(
            self._get_item(move).mapped("date_maturity"),
            [date(2026, 11, 2), date(2026, 12, 2)],
        )

        steps = self._get_steps()

        self.assertEqual([step.obstacle for step in steps], [None, "not_due"])
        self.assertEqual([step.item.residual for step in steps], [50, 50])

    def test_foreign_currency_residuals_in_both_currencies(self):
        usd = self.setup_other_currency("USD", rates=[("1900-01-01", 2.0)])
        self._create_due_invoice(100, currency_id=usd.id)

        [step] = self._get_steps()

        self.assertEqual(step.item.currency_id, usd.id)
        self.assertEqual(step.item.residual, 100)
        self.assertEqual(step.item.residual_company, 50)

    def test_opening_balance_counts_when_opted_in(self):
        receivable = self.company_data["default_account_receivable"]
        move = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": date(2026, 10, 1),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.debtor.id,
                            "debit": 80,
                            "date_maturity": DUE,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_revenue"
                            ].id,
                            "credit": 80,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        self.assertFalse(self._get_steps())

        self._get_item(move).no_followup = False

        [step] = self._get_steps()
        self.assertFalse(step.obstacle)

    def test_policy_of_invoice_before_debtor_before_first_fit(self):
        move = self._create_due_invoice(100)
        own = self._create_policy(name="Of the debtor", sequence=50)
        special = self._create_policy(name="Of the invoice", sequence=60)
        self.assertEqual(self._get_steps()[0].policy_id, self.policy.id)

        self.debtor.with_company(self.company).dunning_policy_id = own
        self.assertEqual(self._get_steps()[0].policy_id, own.id)

        move.dunning_policy_id = special
        self.assertEqual(self._get_steps()[0].policy_id, special.id)

    def test_policy_by_amount_of_the_invoice(self):
        small = self._create_policy(name="Small", sequence=1, amount_to=50)
        move = self._create_due_invoice(50.01)
        self.assertEqual(self._get_steps()[0].policy_id, self.policy.id)

        # A part payment does not move the invoice to another ladder.
        self._pay(move, 30)
        self.assertEqual(self._get_steps()[0].policy_id, self.policy.id)

        self._create_due_invoice(50)
        self.assertIn(small.id, {step.policy_id for step in self._get_steps()})

    def test_debtor_kind(self):
        kinds = {
            "Company": ({"is_company": True}, "business"),
            "With VAT number": (
                {"is_company": False, "vat": "NL000099998B57"},
                "business",
            ),
            "Registered": (
                {"is_company": False, "company_registry": "12345678"},
                "business",
            ),
            "Person": ({"is_company": False}, "consumer"),
            "Private buyer with a company": (
                {"is_company": True, "dunning_debtor_kind": "consumer"},
                "consumer",
            ),
        }
        for name, (values, _kind) in kinds.items():
            self._create_due_invoice(partner=self._create_debtor(name, **values))

        partners = self.env["res.partner"]
        self.assertEqual(
            {
                partners.browse(step.item.partner_id).name: step.item.debtor_kind
                for step in self._get_steps()
            },
            {name: kind for name, (_values, kind) in kinds.items()},
        )

    def test_contact_of_debtor_is_dunned_with_the_debtor(self):
        contact = self.env["res.partner"].create(
            {"name": "Filiaal", "parent_id": self.debtor.id}
        )
        self._create_due_invoice(partner=contact)

        [step] = self._get_steps()

        self.assertEqual(step.item.partner_id, self.debtor.id)

    def test_dunning_contact_is_addressed(self):
        contact = self.env["res.partner"].create(
            {"name": "Debiteurencontact", "parent_id": self.debtor.id}
        )
        self.debtor.dunning_contact_id = contact
        self._create_due_invoice()

        [step] = self._get_steps()

        self.assertEqual(step.item.recipient_id, contact.id)
        self.assertTrue(step.item.has_email, "the debtor's own address is used")

    def test_plan_of_tomorrow_writes_nothing(self):
        move = self._create_due_invoice()

        with freeze_time(DUE):
            [step] = self._get_item(move).get_dunning_plan("2026-11-05")

        self.assertFalse(step["obstacle"])
        self.assertFalse(self.env["dunning.notice"].search([]))
