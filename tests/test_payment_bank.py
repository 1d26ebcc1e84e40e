from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, freeze_time, tagged

from ..models.payment.engine import find_references
from .letter_common import TODAY
from .payment_common import PaymentCommon

D = Decimal
#: Two days after the customer looked at the page.
RECEIVED = date(2026, 11, 25)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestReferences(BaseCase):
    """References in what bank lines say."""

    def test_as_banks_write_them(self):
        for text in (
            "RF94000029",
            "rf94 0000 29",
            "Betaling RF94000029 dank u",
            "/TRTP/SEPA/REMI/USTD//RF94000029/EREF/NOTPROVIDED",
            "RF94000029 2026",  # digits behind it
            "betr.: RF-94-0000-29.",
        ):
            with self.subTest(text=text):
                self.assertEqual(find_references(text)[-1:], ["RF94000029"])

    def test_what_is_none(self):
        for text in ("", None, "RF95000029", "F/2026/00001", "RF94", "RFC 9400002"):
            with self.subTest(text=text):
                self.assertEqual(find_references(text), [])


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPaymentBank(PaymentCommon):
    """The reference leads the bank statement to the right items."""

    def _receive(self, text, amount, day=RECEIVED, **values):
        with freeze_time(day):
            return self.env["account.bank.statement.line"].create(
                {
                    "journal_id": self.company_data["default_journal_bank"].id,
                    "date": day,
                    "payment_ref": text,
                    "amount": amount,
                    **values,
                }
            )

    def _show(self, choice):
        """Let the customer look at the page on which he can pay."""
        self.assertEqual(self.url_open(choice.get_portal_url()).status_code, 200)

    def test_ticked_items_are_paid_and_no_others(self):
        first, second, third = (self._create_due_invoice(n) for n in (100, 50, 25))
        choice = self._choose(first, third)

        line = self._receive(f"Betaling {choice.name}", 125)

        self.assertEqual(
            [move.payment_state for move in (first, second, third)],
            ["paid", "not_paid", "paid"],
        )
        self.assertTrue(line.is_reconciled)
        self.assertEqual(line.partner_id, self.debtor)

    def test_interest_and_costs_of_the_day_on_which_he_looked(self):
        notice = self._create_letter((1000, self.final_demand))
        choice = self._choose(notice=notice)
        self._show(choice)

        # 1,000, 15 %, and 5.98 of interest up to 23 November.
        self._receive(choice.name, 1155.98)

        self.assertEqual(notice.line_ids.move_id.payment_state, "paid")
        self.assertEqual(notice.charge_move_id.payment_state, "paid")
        self.assertEqual(notice.charge_move_id.amount_total, 155.98)

    def test_other_amount_is_divided_as_the_law_does(self):
        notice = self._create_letter((1000, self.final_demand))
        choice = self._choose(notice=notice)

        self._receive(choice.name, 500)

        # On 25 November the interest is 1,000 x 10.40 % x 23 / 365 = 6.55.
        self.assertEqual(notice.charge_move_id.amount_total, 156.55)
        self.assertEqual(notice.charge_move_id.amount_residual, 0)
        # 500 - 156.55 = 343.45 pays of the invoice.
        self.assertEqual(notice.line_ids.move_id.amount_residual, 656.55)

    def test_proposal_where_nothing_is_matched_by_itself(self):
        self.company.dunning_match_payments = False
        move = self._create_due_invoice(100)
        other = self._create_due_invoice(50)
        choice = self._choose(move)

        line = self._receive(f"/REMI/{choice.name}/", 100)

        self.assertFalse(line.is_reconciled)
        [part] = line._propose_dunning_match()
        self.assertEqual((part.key, part.principal), (self._get_item(move).id, 100))
        found = self.env["account.move.line"]._find_dunning_waiting(
            self.company, {self._get_item(m).id: self.debtor.id for m in move | other}
        )
        self.assertEqual([*found], [self._get_item(move).id])
        line.action_match_dunning()
        self.assertEqual(move.payment_state, "paid")

    def test_too_much_stays_with_the_debtor(self):
        move = self._create_due_invoice(100)
        choice = self._choose()

        line = self._receive(choice.name, 130)

        self.assertEqual(move.payment_state, "paid")
        rest = line.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertEqual(rest.partner_id, self.debtor)
        self.assertEqual(rest.amount_residual, -30)

    def test_unknown_reference_waits(self):
        self._create_due_invoice(100)

        self.assertFalse(self._receive("RF94000029", 100).is_reconciled)
        self.assertFalse(self._receive("zonder kenmerk", 100).is_reconciled)

    def test_paid_already(self):
        move = self._create_due_invoice(100)
        choice = self._choose()
        self._pay(move, day=TODAY)

        line = self._receive(choice.name, 100)

        self.assertEqual(move.payment_state, "paid")
        self.assertFalse(line.is_reconciled)

    def test_credit_is_set_off_when_all_is_paid(self):
        move = self._create_due_invoice(100)
        credit = self._create_due_invoice(30, move_type="out_refund")

        self._receive(self._choose().name, 70)

        self.assertEqual((move.payment_state, credit.payment_state), ("paid", "paid"))
