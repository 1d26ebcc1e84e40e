from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import DUE, FIRST_REMINDER, DunningCommon

FRIDAY_BEFORE = date(2026, 10, 30)
THE_DAY_AFTER = date(2026, 11, 3)
WEDNESDAY = date(2026, 11, 4)


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

    def _create_opening_balance(self):
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
        return self._get_item(move)

    def test_opening_balance_counts_when_opted_in(self):
        item = self._create_opening_balance()
        self.assertFalse(self._get_steps())

        item.no_followup = False

        [step] = self._get_steps()
        self.assertFalse(step.obstacle)

    def test_claims_are_worked_out_over_what_is_selected(self):
        opening = self._create_opening_balance()
        excluded = self._get_item(self._create_due_invoice(100))
        excluded.no_followup = True

        whose = (excluded.company_id.ids, excluded.partner_id.ids)
        [owed] = excluded._select_dunning_owed_together(*whose)
        self.assertEqual(owed.id, excluded.id)

        opening.no_followup = False
        together = excluded._select_dunning_owed_together(*whose)
        self.assertEqual({owed.id for owed in together}, {excluded.id, opening.id})

    def test_items_of_every_sort_in_the_plan_have_a_claim(self):
        usd = self.setup_other_currency("USD", rates=[("1900-01-01", 2.0)])
        halves = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50})
                    for _half in range(2)
                ],
            }
        )
        moves = [
            self._create_due_invoice(100),
            self._create_due_invoice(100, move_type="out_receipt"),
            self._create_due_invoice(100, currency_id=usd.id),
            self._create_due_invoice(
                100, invoice_payment_term_id=halves.id, invoice_date_due=False
            ),
            self._create_due_invoice(100, due=date(2027, 2, 1)),
            self._create_due_invoice(100, partner=self._create_debtor("Ander")),
        ]
        self._pay(moves[0], 30)
        excluded = self._get_item(self._create_due_invoice(100))
        excluded.no_followup = True
        opening = self._create_opening_balance()
        opening.no_followup = False
        items = excluded.union(opening, *(self._get_item(move) for move in moves))
        self.assertEqual(len(items), 9)

        steps = self._get_steps()
        claims = items._get_dunning_item_claims(FIRST_REMINDER)

        self.assertCountEqual([step.item.line_id for step in steps], items.ids)
        self.assertCountEqual(claims, items.ids)
        self.assertEqual(float(claims[self._get_item(moves[0]).id].paid), 30)

    def test_what_was_paid_out_is_no_item_of_plan_lists_and_claims(self):
        invoice = self._get_item(self._create_due_invoice(100))
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.debtor.id,
                "amount": 30,
                "date": DUE,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        paid_out = self._get_item(payment.move_id)
        self.assertEqual(paid_out.amount_residual, 30)

        MoveLine = self.env["account.move.line"]
        listed = MoveLine.search(
            [
                *MoveLine._get_dunning_open_domain(),
                ("partner_id", "=", self.debtor.id),
            ]
        )
        owed = MoveLine._select_dunning_owed_together(self.company.ids, self.debtor.ids)
        self.assertEqual([step.item.line_id for step in self._get_steps()], invoice.ids)
        self.assertEqual([item.id for item in owed], invoice.ids)
        self.assertEqual(listed, invoice)

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
                partners.browse(step.item.partner_id).name: step.item.debtor.kind
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

        self.assertEqual(step.item.debtor.recipient_id, contact.id)
        self.assertTrue(step.item.debtor.has_email, "the debtor's own address is used")

    def test_plan_of_tomorrow_writes_nothing(self):
        move = self._create_due_invoice()

        with freeze_time(DUE):
            [step] = self._get_item(move).get_dunning_plan("2026-11-05")

        self.assertFalse(step["obstacle"])
        self.assertFalse(self.env["dunning.notice"].search([]))
