import doctest
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, freeze_time, tagged

from ..models.charge.account_move import share_open
from ..models.claim.engine import charge as claim_charge
from ..models.claim.engine import interest as claim_interest
from ..models.claim.engine.claim import Debt, claim_debts
from ..models.claim.engine.costs import CostRule, share_costs
from .claim_common import ClaimCommon

D = Decimal
START = date(2025, 12, 31)
YEAR_END = date(2026, 12, 31)
TEN_PERCENT = ((date(2000, 1, 1), D(10)),)


def debt(principal, key=1, **values):
    return Debt(key=key, principal=D(principal), due=START, **values)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCurrencyRounding(BaseCase):
    """Claims in whole yen, and in dinar of a thousand fils."""

    def _claim(self, *debts, day=YEAR_END, **rule):
        return claim_debts(list(debts), day, CostRule(**rule), "actual/actual")

    def _claim_interest(self, principal, digits, day=YEAR_END, **values):
        values = {"in_time_until": START, "rates": TEN_PERCENT, **values}
        [item] = self._claim(debt(principal, **values), day=day, digits=digits).items
        return item

    def test_examples_are_true(self):
        for module in (claim_charge, claim_interest):
            with self.subTest(module=module.__name__):
                outcome = doctest.testmod(module)
                self.assertGreater(outcome.attempted, 0)
                self.assertEqual(outcome.failed, 0)

    def test_interest_in_whole_yen(self):
        item = self._claim_interest(12345, 0, day=date(2026, 1, 31))

        # 12,345 x 10 % x 31 / 365 = 104.85; a day 3.38.
        self.assertEqual(item.interest, 105)
        self.assertEqual(item.per_day, 3)
        self.assertEqual([(s.base, s.amount) for s in item.segments], [(12345, 105)])

    def test_interest_in_fils(self):
        item = self._claim_interest("100.125", 3)

        # 100.125 x 10 % = 10.0125, half up.
        self.assertEqual(item.interest, D("10.013"))
        self.assertEqual(item.total, D("110.138"))
        self.assertEqual(item.segments[0].base, D("100.125"))

    def test_interest_that_was_paid_in_yen_bears_no_interest(self):
        item = self._claim_interest(
            12345, 0, day=date(2027, 12, 31), payments=((YEAR_END, D(1235)),)
        )

        # 1,234.5 in 2026 is 1,235 when rounded: all of it was paid, so 2027 bears over
        # 12,344.5, and both years 2,468.95.
        self.assertEqual(item.interest, 2469)
        self.assertEqual((item.open_principal, item.open_interest), (12345, 1234))

    def test_open_charge_is_shared_in_fils(self):
        charges = {
            key: claim_charge.Charge(START, interest=D("1.002")) for key in (1, 2)
        }

        self.assertEqual(share_open(charges, 1.001, 3), {1: D("0.501"), 2: D("0.500")})

    def test_costs_and_their_shares_in_whole_yen(self):
        rule = CostRule(euro_rate=D("0.0061"), vat_percent=D(21), digits=0)
        debts = [debt(1000, key, costs_from=YEAR_END) for key in range(3)]

        # 40 / 0.0061 = 6,557.38; VAT on it 1,376.97; in three parts.
        self.assertEqual(
            share_costs(debts, YEAR_END, rule),
            {0: (2186, 459), 1: (2185, 459), 2: (2186, 459)},
        )


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCurrencyClaim(ClaimCommon):
    """The claim on invoices in currencies with other decimals than the euro."""

    def _create_invoice_in(self, name, amount):
        currency = self.env.ref(f"base.{name}")
        currency.active = True
        return self._create_due_invoice(amount, currency_id=currency.id)

    def test_claim_in_whole_yen(self):
        move = self._create_invoice_in("JPY", 100000)

        # Ten days from 2 November: 100,000 x 10.40 % x 10 / 365 = 284.93.
        with freeze_time("2026-11-12"):
            [claim] = self._get_item(move).get_dunning_claim()
        self.assertEqual((claim["interest"], claim["total"]), (285, 100285))

    def test_claim_in_fils(self):
        move = self._create_invoice_in("KWD", 100.125)
        self._pay(move, 50.063)

        with freeze_time("2026-11-12"):
            [claim] = self._get_item(move).get_dunning_claim()
        self.assertEqual((claim["principal"], claim["paid"]), (100.125, 50.063))
