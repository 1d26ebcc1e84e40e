from datetime import date
from decimal import Decimal

from odoo.tests import freeze_time, tagged

from .protection_common import LATER, RULING, ProtectionCommon

D = Decimal


@tagged("post_install_l10n", "post_install", "-at_install")
class TestProtectionClaim(ProtectionCommon):
    """Interest and costs of protected debtors, at 10 % a year."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor.dunning_interest_percent = 10

    def _get_interest(self, move, day=LATER):
        return self._get_claim(move, day).interest

    def test_interest_stops_on_the_day_of_the_ruling(self):
        move = self._create_due_invoice(3650)
        # 3,650 at 10 % is 1.00 a day; due 2 November.
        self.assertEqual(self._get_interest(move), D("28.00"))  # up to 30 November

        for kind, interest in [
            ("bankruptcy", "9.00"),  # the day of the order counts in full (23 Fw)
            ("moratorium", "28.00"),
            ("debt_restructuring", "9.00"),  # no interest from that day
            ("debt_counselling", "10.00"),
            ("deceased", "28.00"),
            ("administration", "28.00"),
            ("guardianship", "28.00"),
        ]:
            with self.subTest(kind=kind):
                self._protect(kind)
                self.assertEqual(self._get_interest(move), D(interest))

    def test_interest_up_to_an_earlier_day(self):
        move = self._create_due_invoice(3650)
        self._protect("bankruptcy")

        self.assertEqual(self._get_interest(move, date(2026, 11, 7)), D("5.00"))

    def test_nothing_runs_any_more_after_the_ruling(self):
        move = self._create_due_invoice(3650)
        self._protect("bankruptcy")

        claim = self._get_claim(move, LATER)

        self.assertEqual(claim.per_day, 0)
        self.assertEqual(claim.total, D("3659.00"))
        with freeze_time(LATER):
            self.assertEqual(move.dunning_claim_interest, 9)
            self.assertFalse(move.dunning_claim_rate)

    def test_invoice_due_after_the_ruling_bears_none(self):
        move = self._create_due_invoice(3650, due=date(2026, 11, 16))
        self._protect("bankruptcy")

        self.assertEqual(self._get_interest(move), 0)

    def test_debt_from_after_the_ruling_bears_interest(self):
        self.company.dunning_trade_term = True
        move = self._create_due_invoice(
            3650, due=date(2026, 11, 20), invoice_date=date(2026, 11, 13)
        )
        self._protect("debt_restructuring")

        self.assertEqual(self._get_interest(move), D("10.00"))

    def test_interest_runs_again_when_the_status_ended(self):
        move = self._create_due_invoice(3650)
        protection = self._protect("bankruptcy")

        self._end(protection)

        self.assertEqual(self._get_interest(move), D("28.00"))

    def test_payment_after_the_ruling_pays_interest_first(self):
        move = self._create_due_invoice(3650)
        self._protect("bankruptcy")
        self._pay(move, 1000, day=date(2026, 11, 20))

        # 9.00 of the thousand pays interest, 991.00 principal.
        claim = self._get_claim(move, LATER)

        self.assertEqual(claim.open_principal, D("2659.00"))
        self.assertEqual(claim.interest, D("9.00"))

    def test_costs_only_when_due_by_the_ruling(self):
        self.reminder.unlink()
        self.demand.unlink()
        self.default_notice.unlink()
        move = self._create_due_invoice(3650)
        # Costs are due from the letter that claims them: Thursday 5 November.
        self._send(date(2026, 11, 5))
        # 15 % of 2,500 and 10 % of 1,150.
        self.assertEqual(self._get_claim(move, LATER).costs, D("490.00"))

        early = self._protect("bankruptcy", day=date(2026, 11, 4), now=RULING)
        self.assertEqual(self._get_claim(move, LATER).costs, 0)

        self._end(early, exclude_items=False)
        self._protect("bankruptcy", now=LATER)
        self.assertEqual(self._get_claim(move, LATER).costs, D("490.00"))
