from dataclasses import FrozenInstanceError
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..law import Imputation, impute


def _imputation(costs, interest, principal, surplus):
    return Imputation(
        Decimal(costs), Decimal(interest), Decimal(principal), Decimal(surplus)
    )


@tagged("post_install", "-at_install", "post_install_l10n")
class TestLawImputation(BaseCase):
    def test_payment_goes_to_costs_then_interest_then_principal(self):
        for amount, expected in (
            ("0", _imputation("0", "0", "0", "0")),
            ("39.99", _imputation("39.99", "0", "0", "0")),
            ("40", _imputation("40", "0", "0", "0")),
            ("42.50", _imputation("40", "2.50", "0", "0")),
            ("45", _imputation("40", "5", "0", "0")),
            ("100", _imputation("40", "5", "55", "0")),
            ("145", _imputation("40", "5", "100", "0")),
            ("145.01", _imputation("40", "5", "100", "0.01")),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(
                    impute(amount, costs=40, interest=5, principal=100), expected
                )

    def test_costs_that_are_not_due_leave_the_payment_to_the_rest(self):
        self.assertEqual(
            impute(100, costs=0, interest=5, principal=100),
            _imputation("0", "5", "95", "0"),
        )

    def test_fractions_of_a_cent_are_kept(self):
        self.assertEqual(
            impute("1", costs="0.333", interest="0.3333", principal=0),
            _imputation("0.333", "0.3333", "0", "0.3337"),
        )

    def test_result_cannot_be_changed(self):
        with self.assertRaises(FrozenInstanceError):
            impute(1, costs=0, interest=0, principal=0).surplus = Decimal(0)

    def test_impossible_amount_is_refused_by_name(self):
        sound = {"amount": 1, "costs": 1, "interest": 1, "principal": 1}
        for name in sound:
            for value in (-1, "NaN", "Infinity", 1.0, False, None):
                arguments = {**sound, name: value}
                with (
                    self.subTest(name=name, value=value),
                    self.assertRaisesRegex(ValueError, f"^{name}: "),
                ):
                    impute(arguments.pop("amount"), **arguments)
