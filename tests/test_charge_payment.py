import re
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, freeze_time, tagged

from ..models.claim.engine.payment_split import open_charge, split_payment
from .test_charge_posting import ChargeCommon

LATER = date(2027, 1, 20)
D = Decimal


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSplitWithCharge(BaseCase):
    """Costs and interest that were charged come first."""

    def test_payments_of_a_charge_paid_its_costs_first(self):
        self.assertEqual(open_charge(D(490), D(59), D(549)), (490, 59))
        self.assertEqual(open_charge(D(490), D(59), D(100)), (41, 59))
        self.assertEqual(open_charge(D(490), D(59), D(20)), (0, 20))

    def test_charge_before_anything_else(self):
        parts = split_payment([], D(500), open_charge(D(490), D(59), D(549)))

        self.assertEqual((parts.costs, parts.interest, parts.surplus), (490, 10, 0))


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPaymentAfterCharge(ChargeCommon):
    """What the law makes of a payment after interest and costs were charged."""

    def _register(self, items, **values):
        return (
            self.env["account.payment.register"]
            .with_user(self.invoicing)
            .with_context(active_model="account.move.line", active_ids=items.ids)
            .create({"payment_date": LATER, **values})
        )

    def _read_amounts(self, wizard):
        found = re.findall(r"\d[\d.,]*\d", wizard.dunning_split or "")
        return [int(re.sub(r"\D", "", text)) / 100 for text in found]

    def test_hint_counts_the_charge_first(self):
        move, notice = self._charge()

        with freeze_time(LATER):
            wizard = self._register(self._get_items(move), amount=1000)

            # Costs 490, interest 59 charged and 20 since; 431 for the principal.
            self.assertEqual(self._read_amounts(wizard), [490, 79, 431, 3219])
            self.assertEqual(
                wizard.dunning_charge_ids, self._get_items(notice.charge_move_id)
            )

    def test_payment_of_all_pays_the_charge_first(self):
        move, notice = self._charge()

        with freeze_time(LATER):
            action = self._register(
                self._get_items(move), amount=1000
            ).action_include_dunning_charges()
            wizard = (
                self.env["account.payment.register"]
                .with_user(self.invoicing)
                .with_context(**action["context"])
                .create({"amount": 1000, "payment_date": LATER})
            )
            self.assertFalse(wizard.dunning_charge_ids)
            wizard._create_payments()

        self.assertEqual(notice.charge_move_id.amount_residual, 0)
        self.assertEqual(move.amount_residual, 3199)

    def test_payment_of_the_charge_alone(self):
        _move, notice = self._charge()

        with freeze_time(LATER):
            wizard = self._register(self._get_items(notice.charge_move_id), amount=500)

            self.assertEqual(self._read_amounts(wizard), [490, 10, 49])

    def test_no_charge_no_word_about_it(self):
        move = self._create_due_invoice(100, due=date(2027, 2, 1))

        with freeze_time(LATER):
            wizard = self._register(self._get_items(move))

            self.assertFalse(wizard.dunning_charge_ids or wizard.dunning_split)
