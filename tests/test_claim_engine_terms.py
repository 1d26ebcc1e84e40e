from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..models.claim.engine.terms import DebtorTerms, SentLetter, make_terms

DUE = date(2026, 11, 2)
TODAY = date(2027, 1, 5)
RATES = ((date(2026, 7, 1), Decimal("10.40")),)
BUSINESS = DebtorTerms(is_consumer=False, is_fatal=True, rates=RATES)
CONSUMER = DebtorTerms(is_consumer=True, is_fatal=False, rates=RATES)
DEMAND = SentLetter("demand", False, date(2026, 11, 24), date(2026, 12, 8), 100)
NOTICE = SentLetter("fourteen_day", False, date(2026, 12, 9), date(2026, 12, 28), 80)
CLAIM = SentLetter("final_demand", True, date(2026, 12, 31), date(2027, 1, 7), 60)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaimTerms(BaseCase):
    """From when an item bears interest and costs, and over how much."""

    def _make(self, debtor, *letters, asked=None):
        terms = make_terms(DUE, debtor, letters, asked, TODAY)
        amount = terms["costs_over" if debtor.is_consumer else "costs_asked"]
        return terms["in_time_until"], terms["costs_from"], amount

    def test_business_without_a_letter_owes_interest_only(self):
        self.assertEqual(self._make(BUSINESS), (DUE, None, None))

    def test_letter_without_costs_changes_nothing_for_a_business(self):
        self.assertEqual(self._make(BUSINESS, DEMAND), (DUE, None, None))

    def test_letter_in_the_making_claims_costs_over_what_it_asks(self):
        self.assertEqual(
            self._make(BUSINESS, DEMAND, asked=Decimal(70)), (DUE, TODAY, 70)
        )

    def test_the_first_letter_that_claims_costs_counts(self):
        self.assertEqual(
            self._make(BUSINESS, CLAIM, asked=Decimal(70)),
            (DUE, date(2026, 12, 31), 60),
        )

    def test_consumer_is_in_default_when_the_first_demand_has_lapsed(self):
        self.assertEqual(self._make(CONSUMER, DEMAND), (date(2026, 12, 8), None, None))

    def test_consumer_owes_costs_when_the_notice_has_lapsed_over_its_amount(self):
        self.assertEqual(
            self._make(CONSUMER, DEMAND, NOTICE, CLAIM, asked=Decimal(90)),
            (date(2026, 12, 8), date(2026, 12, 29), 80),
        )

    def test_no_interest_before_the_first_known_rate(self):
        later = BUSINESS._replace(rates=((date(2027, 1, 1), Decimal(10)),))

        self.assertEqual(self._make(later)[0], date(2026, 12, 31))
        self.assertEqual(self._make(BUSINESS._replace(rates=()))[0], None)
