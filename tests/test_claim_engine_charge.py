from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..models.claim.engine.charge import Charge
from ..models.claim.engine.claim import Debt, claim_debts
from ..models.claim.engine.costs import CostRule

D = Decimal
#: 3,650 at ten percent bears one euro a day in a year of 365 days.
TEN_PERCENT = ((date(2000, 1, 1), D(10)),)
START = date(2026, 1, 1)
CHARGED = date(2026, 1, 11)
DAY = date(2026, 1, 21)


def debt(key=1, principal=3650, **values):
    values.setdefault("due", START)
    return Debt(key=key, principal=D(principal), **values)


def bearing(**values):
    return debt(in_time_until=START, rates=TEN_PERCENT, **values)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCharged(BaseCase):
    """What was charged is not claimed again; the rest goes on."""

    def _claim(self, *debts, day=DAY, **rule):
        return claim_debts(list(debts), day, CostRule(**rule), "actual/actual")

    def test_only_interest_after_the_charge_is_asked(self):
        claim = self._claim(bearing(charges=(Charge(CHARGED, interest=D(10)),)))

        # 20 days at 1 euro, 10 of them charged.
        self.assertEqual(claim.interest, 10)
        self.assertEqual(claim.per_day, 1)
        self.assertEqual(claim.total, 3660)

    def test_charge_of_a_later_day_does_not_count_yet(self):
        claim = self._claim(
            bearing(charges=(Charge(date(2026, 1, 22), interest=D(21)),))
        )

        self.assertEqual(claim.interest, 20)

    def test_charged_costs_are_not_asked_again(self):
        item = debt(
            principal=100,
            costs_from=CHARGED,
            charges=(Charge(CHARGED, costs=D(40)),),
        )

        claim = self._claim(item)

        self.assertEqual((claim.costs, claim.vat, claim.total), (0, 0, 100))

    def test_charged_vat_is_not_asked_again(self):
        item = debt(
            principal=100,
            costs_from=CHARGED,
            charges=(Charge(CHARGED, costs=D(40), vat=D("8.40")),),
        )

        claim = self._claim(item, vat_percent=D(21))

        self.assertEqual((claim.costs, claim.vat, claim.total), (0, 0, 100))

    def test_costs_of_a_second_item_over_the_sum(self):
        # 15 % of 1,000 was charged; over 2,000 it is 300: 150 are left to ask.
        claim = self._claim(
            debt(1, 1000, costs_from=CHARGED, charges=(Charge(CHARGED, D(150)),)),
            debt(2, 1000, costs_from=DAY),
        )

        self.assertEqual([item.costs for item in claim.items], [0, 150])

    def test_excess_of_one_item_lowers_the_costs_of_others(self):
        # Over 10,000 the scale is 875: the first item would bear 87.50, 150 were
        # charged for it. Of 875 only 725 are left.
        claim = self._claim(
            debt(1, 1000, costs_from=CHARGED, charges=(Charge(CHARGED, D(150)),)),
            debt(2, 4500, costs_from=DAY),
            debt(3, 4500, costs_from=DAY),
        )

        self.assertEqual(
            [item.costs for item in claim.items], [0, D("362.50"), D("362.50")]
        )
        self.assertEqual(claim.costs, 725)

    def test_payment_after_the_charge_goes_to_the_principal(self):
        claim = self._claim(
            bearing(
                charges=(Charge(CHARGED, interest=D(10)),),
                payments=((CHARGED, D(1825)),),
            )
        )

        # 1,825 on the day of the charge: 10 days at 1 euro before it, then half.
        self.assertEqual(claim.interest, 5)
        self.assertEqual((claim.open_principal, claim.open_interest), (1825, 5))
        self.assertEqual(claim.total, 1830)

    def test_payment_before_the_charge_stands_against_the_principal(self):
        item = debt(
            principal=100,
            costs_from=CHARGED,
            payments=((CHARGED, D(60)),),
            charges=(Charge(CHARGED, costs=D(40)),),
        )

        claim = self._claim(item)

        # The 60 stand on the invoice, the 40 on the document of the charge.
        self.assertEqual((claim.open_principal, claim.open_costs), (40, 0))
        self.assertEqual(claim.total, 40)

    def test_charged_interest_does_not_compound(self):
        first_day_due = date(2024, 12, 31)
        item = debt(
            principal=1000,
            in_time_until=first_day_due,
            rates=TEN_PERCENT,
            charges=(Charge(date(2025, 12, 31), interest=D(100)),),
        )

        claim = self._claim(item, day=date(2026, 12, 31))

        # 100 of 2025 were charged; 2026 bears 10 % of 1,000, not of 1,100.
        self.assertEqual(claim.interest, 100)
        self.assertEqual(claim.items[0].charged_interest, 100)
        self.assertEqual(claim.total, 1100)

    def test_interest_not_charged_compounds(self):
        item = debt(principal=1000, in_time_until=date(2024, 12, 31), rates=TEN_PERCENT)

        self.assertEqual(self._claim(item, day=date(2026, 12, 31)).interest, 210)

    def test_charged_in_a_later_year(self):
        item = debt(
            principal=1000,
            in_time_until=date(2024, 12, 31),
            rates=TEN_PERCENT,
            charges=(Charge(date(2026, 12, 31), interest=D(210)),),
        )

        # 210 charged at the end of the second year. 110 of them would join the base
        # now, the 100 of the first year did a year ago: both are charged.
        claim = self._claim(item, day=date(2027, 12, 31))
        self.assertEqual(claim.interest, 100)

    def test_waived_costs_are_not_asked_and_not_moved_to_others(self):
        # 40 over both, 20 each.
        claim = self._claim(
            debt(1, 100, costs_from=CHARGED, costs_waived=True),
            debt(2, 100, costs_from=CHARGED),
        )

        self.assertEqual([item.costs for item in claim.items], [0, 20])

    def test_more_charged_than_accrued_asks_nothing(self):
        # The rate was corrected downwards after the charge.
        claim = self._claim(bearing(charges=(Charge(CHARGED, interest=D(25)),)))

        self.assertEqual((claim.interest, claim.total), (0, 3650))

    def test_paid_interest_of_years_and_nearly_all_principal(self):
        item = debt(
            principal=1000,
            in_time_until=date(2024, 12, 31),
            rates=TEN_PERCENT,
            payments=((date(2025, 12, 31), D(1050)),),
        )

        # 100 interest and 950 principal are paid; 10 % of 50 in 2026.
        claim = self._claim(item, day=date(2026, 12, 31))
        self.assertEqual((claim.open_principal, claim.open_interest), (50, 5))

    def test_credit_note_after_a_charge(self):
        # 100 charged over a year of 1,000; then 900 of it are credited, as if they had
        # never been: 10 a year, and no more than that was kept from compounding.
        item = debt(
            principal=100,
            in_time_until=date(2024, 12, 31),
            rates=TEN_PERCENT,
            charges=(Charge(date(2025, 12, 31), interest=D(100)),),
            payments=((date(2026, 1, 1), D(100)),),
        )

        claim = self._claim(item, day=date(2027, 12, 31))

        self.assertEqual((claim.open_principal, claim.interest), (0, 0))
        self.assertEqual(claim.total, 0)

    @settings(deadline=None, max_examples=300)
    @given(
        st.integers(100, 100_000),
        st.lists(st.tuples(st.integers(-20, 900), st.integers(1, 60_000)), max_size=4),
        st.lists(st.integers(1, 900), max_size=3),
        st.integers(0, 100),
        st.integers(0, 1200),
    )
    def test_adds_up_whatever_is_charged_and_credited(
        self, cents, receipts, charged, kept, days
    ):
        """What is owed, less what was paid, with what comes besides: to the cent."""
        item = bearing(principal=D(cents) / 100, costs_from=CHARGED)
        paid = []
        for number, amount in receipts:
            part = min(D(amount) / 100, item.principal - sum(a for _d, a in paid))
            if part > 0:
                paid.append((START + timedelta(days=number), part))
        for number in sorted(charged):
            day = START + timedelta(days=number)
            item = item._replace(payments=tuple(p for p in paid if p[0] <= day))
            [now] = self._claim(item, day=day).items
            charge = Charge(day, costs=now.costs, interest=now.interest)
            item = item._replace(charges=(*item.charges, charge))
        # Then part of it is credited: never more than was open.
        rest = item.principal - sum(amount for _day, amount in paid)
        credited = (rest * (100 - kept) / 100).quantize(D("0.01"))
        item = item._replace(principal=item.principal - credited, payments=tuple(paid))

        [now] = self._claim(item, day=START + timedelta(days=days)).items

        self.assertEqual(
            now.total, item.principal - now.paid + now.interest + now.costs
        )
        self.assertGreaterEqual(min(now.interest, now.costs, now.open_principal), 0)
