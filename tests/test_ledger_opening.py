from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER
from .ledger_common import LedgerCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestOpening(LedgerCommon):
    """Opening balances share an entry: each is an item of its own."""

    def _get_numbers(self, items):
        numbers = items._get_dunning_numbers()
        return [numbers[item.id] for item in items]

    def _create_small_policy(self):
        return self.env["dunning.policy"].create(
            {
                "name": "Small",
                "company_id": self.company.id,
                "sequence": 0,
                "amount_to": 50,
                "level_ids": [Command.create(self._prepare_level("reminder", "Klein"))],
            }
        )

    def test_each_item_has_the_ladder_of_its_own_amount(self):
        small = self._create_small_policy()
        self._create_opening(
            (self.debtor, "2025-0187", 30.0), (self.other, "2025-0188", 5000.0)
        )

        notices = self._send(FIRST_REMINDER).notice_ids

        # The entry is of 5,030.
        self.assertEqual(
            {n.partner_id: n.level_id.policy_id for n in notices},
            {self.debtor: small, self.other: self.policy},
        )

    def test_items_of_one_debtor_have_ladders_of_their_own(self):
        small = self._create_small_policy()
        items = self._create_opening(
            (self.debtor, "2025-0187", 30.0), (self.debtor, "2025-0188", 60.0)
        )

        steps = items._get_dunning_steps(FIRST_REMINDER)

        self.assertEqual(
            [steps[item.id].policy_id for item in items], [small.id, self.policy.id]
        )

    def test_ladder_of_a_part_that_was_paid_is_that_of_the_whole_item(self):
        self._create_small_policy()
        item = self._create_opening((self.debtor, "2025-0187", 60.0))
        payment = self._create_payment(self.debtor, 20)
        (item | self._get_item(payment.move_id)).reconcile()

        [step] = item._get_dunning_steps(FIRST_REMINDER).values()

        # 40 is open of an invoice of 60.
        self.assertEqual((step.item.residual, step.policy_id), (40, self.policy.id))

    def test_item_is_called_as_the_debtor_knows_it(self):
        items = self._create_opening(
            (self.debtor, "2025-0187", 30.0), (self.other, " 2025-0188\n ", 50.0)
        )

        self.assertEqual(self._get_numbers(items), ["2025-0187", "2025-0188"])

    def test_item_without_text_is_called_by_the_reference_of_its_entry(self):
        item = self._create_opening((self.debtor, False, 30.0), ref="Factuur 2025-0187")

        self.assertEqual(self._get_numbers(item), ["Factuur 2025-0187"])

    def test_items_without_text_and_reference_are_numbered(self):
        items = self._create_opening(
            (self.debtor, False, 30.0), (self.debtor, False, 50.0)
        )
        name = items.move_id.name

        self.assertEqual(self._get_numbers(items), [f"{name} (1/2)", f"{name} (2/2)"])

    def test_long_text_is_cut_to_the_room_of_a_number(self):
        item = self._create_opening((self.debtor, "2025-0187 " + "meubels " * 20, 30.0))

        [number] = self._get_numbers(item)

        self.assertEqual(len(number), 40)
        self.assertTrue(number.startswith("2025-0187 meubels"))
        self.assertTrue(number.endswith("…"))

    def test_instalments_of_an_invoice_keep_their_numbers(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50})
                    for _half in range(2)
                ],
            }
        )
        move = self._create_due_invoice(
            100, invoice_payment_term_id=term.id, invoice_date_due=False
        )

        self.assertEqual(
            sorted(self._get_numbers(self._get_item(move))),
            [f"{move.name} (1/2)", f"{move.name} (2/2)"],
        )

    def test_letter_names_item_due_date_and_reference_to_state(self):
        self._create_opening(
            (self.debtor, "2025-0187", 30.0), (self.other, "2025-0188", 50.0)
        )

        notices = self._send(FIRST_REMINDER).notice_ids

        notice = notices.filtered(lambda n: n.partner_id == self.debtor)
        self.assertEqual(notice.state, "sent")
        self.assertEqual(
            notice.line_ids.mapped(lambda line: (line.move_name, line.date_maturity)),
            [("2025-0187", date(2026, 11, 2))],
        )
        references = notice._get_payment_references(notice.line_ids.move_id)
        self.assertEqual(references, [notice.name, "2025-0187"])

    def test_opening_credit_is_set_off(self):
        self._create_opening(
            (self.debtor, "2025-0187", 100.0), (self.debtor, "2025-0190 C", -40.0)
        )

        notice = self._propose(FIRST_REMINDER).notice_ids

        self.assertEqual(notice.amount_claim, 60)
        self.assertEqual(
            sorted(notice.line_ids.mapped("move_name")), ["2025-0187", "2025-0190 C"]
        )

    def test_each_item_is_an_invoice_for_the_costs(self):
        # Two old invoices of 100 in one entry. 15% of 200 is 30, so the least of 40.
        # As instalments of one invoice they would not be two.
        items = self._create_opening(
            (self.debtor, "2025-0187", 100.0), (self.debtor, "2025-0188", 100.0)
        )
        owed = items._select_dunning_owed()

        with freeze_time(FIRST_REMINDER):
            claims = items._claim_dunning_owed(owed, FIRST_REMINDER, {})

        [claim] = claims.values()
        self.assertEqual([item.debt.contract for item in claim.items], [None, None])

    def test_debt_is_as_old_as_its_due_date(self):
        item = self._create_opening((self.debtor, "2025-0187", 30.0))
        item.date_maturity = "2026-05-04"

        self.assertEqual(item._get_dunning_origin(), date(2026, 5, 4))
