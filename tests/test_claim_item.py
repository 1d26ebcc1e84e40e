from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..models.claim.engine.claim import Debt, claim_debts
from ..models.claim.engine.costs import CostRule, share_costs

D = Decimal
ACTUAL = "actual/actual"
FIVE_PERCENT = ((date(2000, 1, 1), D(5)),)
TEN_PERCENT = ((date(2000, 1, 1), D(10)),)
DAY = date(2026, 12, 1)


def debt(key=1, principal=100, **values):
    values.setdefault("due", date(2026, 11, 2))
    return Debt(key=key, principal=D(principal), **values)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCosts(BaseCase):
    """Collection costs over several items."""

    def _share(self, *debts, **rule):
        return share_costs(list(debts), DAY, CostRule(**rule))

    def test_scale_once_over_the_sum(self):
        # 15 % of 550 is 82.50, not 3 x 40; shared 100 : 200 : 250.
        debts = [
            debt(key, principal, costs_from=DAY)
            for key, principal in enumerate((100, 200, 250))
        ]

        self.assertEqual(
            self._share(*debts),
            {0: (D("15.00"), 0), 1: (D("30.00"), 0), 2: (D("37.50"), 0)},
        )

    def test_shares_add_up_to_the_cent(self):
        debts = [debt(key, 100, costs_from=DAY) for key in range(7)]

        # 15 % of 700 is 105, a seventh of it is 15.
        self.assertEqual({net for net, _vat in self._share(*debts).values()}, {D(15)})

        debts = [debt(key, 33, costs_from=DAY) for key in range(3)]
        # The minimum of 40 in three parts: 13.33 + 13.34 + 13.33.
        self.assertEqual(
            [net for net, _vat in self._share(*debts).values()],
            [D("13.33"), D("13.34"), D("13.33")],
        )

    def test_flat_amount_for_each_item(self):
        debts = [debt(key, 1000, costs_from=DAY) for key in range(3)]

        shares = self._share(*debts, flat=True)

        self.assertEqual(sum(net for net, _vat in shares.values()), 120)

    def test_vat_on_costs(self):
        shares = self._share(debt(1, "1234.56", costs_from=DAY), vat_percent=D(21))

        # 15 % of 1,234.56 is 185.18; 21 % of that is 38.89, together 224.07.
        self.assertEqual(shares, {1: (D("185.18"), D("38.89"))})

    def test_not_before_their_day(self):
        self.assertEqual(self._share(debt(costs_from=date(2026, 12, 2))), {})

    def test_part_payment_in_the_term_lowers_the_base(self):
        paid = debt(
            1,
            1000,
            costs_from=date(2026, 11, 20),
            payments=((date(2026, 11, 19), D(600)),),
        )

        # 15 % of 400.
        self.assertEqual(self._share(paid), {1: (D(60), 0)})

    def test_paid_in_the_term_no_costs(self):
        paid = debt(
            1,
            1000,
            costs_from=date(2026, 11, 20),
            payments=((date(2026, 11, 19), D(1000)),),
        )

        self.assertEqual(self._share(paid), {})

    def test_only_the_highest_instalment_of_a_contract(self):
        debts = [
            debt(1, 100, costs_from=DAY, contract="rent"),
            debt(2, 400, costs_from=DAY, contract="rent"),
            debt(3, 200, costs_from=DAY),
        ]

        # 15 % of 400 + 200 is 90.
        self.assertEqual(self._share(*debts), {2: (D(60), 0), 3: (D(30), 0)})
        # 15 % of 700 is 105.
        shares = self._share(*debts, highest_instalment=False)
        self.assertEqual(sum(net for net, _vat in shares.values()), 105)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaim(BaseCase):
    """Interest, costs and the order in which payments pay them."""

    def _claim(self, *debts, day=DAY, **rule):
        return claim_debts(list(debts), day, CostRule(**rule), ACTUAL)

    def test_payment_pays_costs_then_interest_then_principal(self):
        year_end = date(2025, 12, 31)
        claim = self._claim(
            debt(
                principal=100,
                due=date(2024, 12, 31),
                in_time_until=date(2024, 12, 31),
                rates=FIVE_PERCENT,
                costs_from=year_end,
                payments=((year_end, D(100)),),
            ),
            day=year_end,
        )

        # 100 + 5 interest + 40 costs - 100 = 45, all of it principal.
        self.assertEqual(claim.costs, D(40))
        self.assertEqual(claim.interest, D("5.00"))
        self.assertEqual(
            (claim.open_principal, claim.open_interest, claim.open_costs), (45, 0, 0)
        )
        self.assertEqual(claim.total, 45)

    def test_no_interest_before_default(self):
        claim = self._claim(debt())

        self.assertEqual((claim.interest, claim.per_day, claim.total), (0, 0, 100))

    def test_no_interest_on_the_last_day_in_time(self):
        claim = self._claim(debt(in_time_until=DAY, rates=FIVE_PERCENT))

        self.assertEqual(claim.interest, 0)

    def test_commercial_interest_to_the_cent(self):
        claim = self._claim(
            debt(
                principal=5000,
                in_time_until=date(2026, 7, 1),
                rates=((date(2026, 7, 1), D("10.40")),),
            ),
            day=date(2026, 8, 30),
        )

        # 5,000 x 10.40 % x 60 / 365 = 85.479; a day 1.4247.
        self.assertEqual(claim.interest, D("85.48"))
        self.assertEqual(claim.per_day, D("1.42"))
        self.assertEqual(claim.total, D("5085.48"))

    def test_payment_on_principal_lowers_interest_from_the_next_day(self):
        claim = self._claim(
            debt(
                principal=3650,
                in_time_until=date(2026, 1, 1),
                rates=TEN_PERCENT,
                payments=((date(2026, 1, 11), D(1835)),),
            ),
            day=date(2026, 1, 21),
        )

        # Ten days at 1 euro a day; 1,835 pays these 10 and 1,825 of the principal;
        # ten days at 0.50 over the other 1,825.
        self.assertEqual(claim.interest, D("15.00"))
        self.assertEqual((claim.open_principal, claim.open_interest), (1825, 5))
        self.assertEqual(claim.total, 1830)

    def test_interest_that_was_paid_does_not_bear_interest(self):
        claim = self._claim(
            debt(
                principal=1000,
                due=date(2023, 12, 31),
                in_time_until=date(2023, 12, 31),
                rates=TEN_PERCENT,
                payments=((date(2024, 12, 31), D(100)),),
            ),
            day=date(2025, 12, 31),
        )

        # The 100 of 2024 was paid, so 2025 bears 10 % of 1,000, not of 1,100.
        self.assertEqual(claim.interest, D("200.00"))
        self.assertEqual((claim.open_principal, claim.open_interest), (1000, 100))

    def test_later_payment_is_left_out(self):
        claim = self._claim(debt(payments=((date(2026, 12, 2), D(100)),)))

        self.assertEqual((claim.paid, claim.total), (0, 100))

    def test_claims_of_several_items_are_summed(self):
        claim = self._claim(debt(1, 100, costs_from=DAY), debt(2, 200))

        # 40 over the first only.
        self.assertEqual(claim.principal, 300)
        self.assertEqual(claim.costs, 40)
        self.assertEqual(claim.total, 340)
