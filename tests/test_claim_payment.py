import re
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, freeze_time, tagged

from ..models.claim.engine.claim import Debt, claim_debts
from ..models.claim.engine.costs import CostRule
from ..models.claim.engine.payment_split import split_payment
from .claim_common import ClaimCommon
from .common import DUE
from .test_claim_screens import ScreenCommon

D = Decimal


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPaymentSplit(BaseCase):
    """What a payment is set off against, over several items."""

    def _claim(self, *debts, day=date(2026, 11, 12)):
        return claim_debts(list(debts), day, CostRule(), "actual/actual").items

    def _debt(self, key=1, due=DUE, **values):
        # 100 x 182.5 % x 10 / 365 = 5 of interest; 40 is the minimum of the scale.
        return Debt(
            key=key,
            principal=D(100),
            due=due,
            in_time_until=due,
            rates=((date(2000, 1, 1), D("182.5")),),
            **values,
        )

    def test_costs_then_interest_then_principal(self):
        claims = self._claim(self._debt(costs_from=DUE))

        parts = split_payment(claims, D(100))

        self.assertEqual(
            (parts.costs, parts.interest, parts.principal, parts.surplus),
            (40, 5, 55, 0),
        )
        self.assertEqual(claims[0].total - 100, 45)

    def test_oldest_item_first(self):
        older = self._debt(key=1, due=date(2026, 10, 23))
        younger = self._debt(key=2)

        parts = split_payment(self._claim(younger, older), D(112))

        # The older one takes 10 and 100, the younger one 2 of its 5 of interest.
        self.assertEqual((parts.interest, parts.principal), (12, 100))

    def test_more_than_all(self):
        parts = split_payment(self._claim(self._debt(costs_from=DUE)), D(150))

        self.assertEqual((parts.principal, parts.surplus), (100, 5))


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPaymentRegister(ScreenCommon):
    """What the law makes of a payment that is registered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_interest_percent = 10

    def _register(self, moves, **values):
        return (
            self.env["account.payment.register"]
            .with_user(self.invoicing)
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"payment_date": date(2026, 11, 22), **values})
        )

    def _read_amounts(self, wizard):
        """Return the amounts in the sentence, whatever the language writes them."""
        found = re.findall(r"\d[\d.,]*\d", wizard.dunning_split or "")
        return [int(re.sub(r"\D", "", text)) / 100 for text in found]

    @freeze_time("2026-11-22")
    def test_part_payment_pays_interest_first(self):
        move = self._create_due_invoice(3650)

        wizard = self._register(move, amount=1000)

        # 20 days at 1 euro; of 1,000 is 980 left for the principal.
        self.assertEqual(self._read_amounts(wizard), [20, 980, 2670])
        wizard.amount = 3680
        self.assertEqual(self._read_amounts(wizard), [20, 3650, 10, 0])

    @freeze_time("2026-11-22")
    def test_several_invoices_oldest_first(self):
        younger = self._create_due_invoice(3650, due=date(2026, 11, 12))
        older = self._create_due_invoice(3650)

        wizard = self._register(younger | older, group_payment=True, amount=4000)

        # 20 + 3,650 for the older one; 10 + 320 for the younger one.
        self.assertEqual(self._read_amounts(wizard), [30, 3970, 3330])

    @freeze_time("2026-11-22")
    def test_several_debtors_each_his_own(self):
        other = self._create_debtor("Slagerij Bot B.V.")
        moves = self._create_due_invoice(3650)
        moves |= self._create_due_invoice(3650, partner=other)

        wizard = self._register(moves)

        self.assertEqual(self._read_amounts(wizard), [40, 7260, 40])

    @freeze_time("2026-12-31")
    def test_costs_before_interest(self):
        self._create_due_invoice(1000)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"):
            notice = self._send(day).notice_ids

        wizard = self._register(
            notice.line_ids.move_id, amount=500, payment_date=date(2026, 12, 31)
        )

        # 15 % costs; 1,000 x 10 % x 59 / 365 = 16.16.
        self.assertEqual(self._read_amounts(wizard), [150, 16.16, 333.84, 666.16])

    @freeze_time("2026-11-22")
    def test_nothing_to_tell(self):
        in_time = self._create_due_invoice(100, due=date(2026, 12, 1))
        bill = self._create_due_invoice(100, move_type="in_invoice")

        self.assertFalse(self._register(in_time).dunning_split)
        self.assertFalse(self._register(bill).dunning_split)

    @freeze_time("2026-11-22")
    def test_payment_is_posted_as_always(self):
        move = self._create_due_invoice(3650)

        self._register(move, amount=1000)._create_payments()

        self.assertEqual(move.amount_residual, 2650)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaimOfStrangeData(ClaimCommon):
    """Whatever the ledger holds, the claim can be worked out."""

    def test_business_due_before_the_first_commercial_rate(self):
        move = self._create_due_invoice(
            36500, due=date(1990, 1, 1), invoice_date=date(1989, 12, 1)
        )

        claim = self._get_claim(move, date(2002, 12, 10))

        # From 1 December 2002, when commercial interest was introduced, and not a day
        # before: 10 days at 10.35 %. 36,500 x 10.35 % x 10 / 365 = 103.50.
        self.assertEqual(float(claim.interest), 103.5)

    def test_consumer_due_before_the_first_rate(self):
        self.company.dunning_fatal_term = True
        move = self._create_due_invoice(
            partner=self.consumer,
            due=date(1970, 1, 1),
            invoice_date=date(1969, 12, 1),
        )

        self.assertGreater(self._get_claim(move, date(2026, 12, 1)).interest, 0)

    def test_no_rates_at_all(self):
        self.env["dunning.interest.rate"].search([]).unlink()
        move = self._create_due_invoice(100)

        self.assertEqual(self._get_claim(move, date(2026, 12, 1)).total, 100)

    def test_credit_counts_for_what_is_left_of_it(self):
        move = self._create_due_invoice(100)
        credit = self._create_due_invoice(150, move_type="out_refund")
        (self._get_items(move) | self._get_items(credit)).reconcile()

        claim = self._get_claim(move | credit, date(2026, 12, 1))

        self.assertEqual([float(item.total) for item in claim.items], [0, -50])

    def test_payment_of_more_than_the_invoice(self):
        move = self._create_due_invoice(100)
        self._pay(move, 150, day=date(2026, 11, 20))

        claim = self._get_claim(move, date(2026, 12, 1))

        # 100 x 10.40 % x 18 / 365 = 0.51 was paid from the 100, the rest bears on.
        self.assertEqual((float(claim.principal), float(claim.paid)), (100, 100))
        self.assertEqual(float(claim.interest), 0.51)

    def test_claim_of_the_api_tells_the_items(self):
        older = self._create_due_invoice(3650, due=date(2026, 11, 2))
        younger = self._create_due_invoice(365, due=date(2026, 11, 12))
        self.company.dunning_interest_percent = 10

        [claim] = self._get_items(older | younger).get_dunning_claim("2026-11-22")

        # 20 days at 1 euro, and 10 days at 0.10.
        self.assertEqual((claim["interest"], claim["total"]), (21, 4036))
        self.assertEqual(
            {item["item_id"]: item["interest"] for item in claim["items"]},
            {self._get_items(older).id: 20, self._get_items(younger).id: 1},
        )
