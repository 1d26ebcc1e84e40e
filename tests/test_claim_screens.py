from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, Form, freeze_time, new_test_user, tagged

from ..tools.claim import CostRule, Debt, claim_debts
from ..tools.payment_split import split_payment
from .test_claim_letters import ClaimCommon

D = Decimal
DUE = date(2026, 11, 2)


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


class ScreenCommon(ClaimCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoicing, cls.clerk = (
            new_test_user(
                cls.env,
                login=f"claim_{name}",
                groups=groups,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for name, groups in [
                ("invoicing", "account.group_account_invoice"),
                ("clerk", "base.group_user,base.group_partner_manager"),
            ]
        )

    def _send_all(self):
        for day in ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"):
            notice = self._send(day).notice_ids
        return notice

    def _count_statements(self, records, *names):
        """Count the statements for a second reading: the first one fills caches."""
        for _reading in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.invoicing).read(names)
        return self.env.cr.sql_log_count - before


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaimOnInvoice(ScreenCommon):
    """The claim of today on the dunning tab."""

    @freeze_time("2026-11-22")
    def test_principal_payment_and_interest(self):
        self.company.dunning_interest_percent = 10
        move = self._create_due_invoice(3660)
        self._pay(move, 1835, day=date(2026, 11, 12))

        # 10 days over 3,660: 10.03. The payment pays these and 1,824.97 of the
        # principal; 10 days over 1,835.03 make 5.0275: in all 15.0549, rounded once.
        self.assertRecordValues(
            move,
            [
                {
                    "dunning_claim_principal": 3660,
                    "dunning_claim_paid": 1835,
                    "dunning_claim_interest": 15.05,
                    "dunning_claim_costs": 0,
                    "dunning_claim_vat": 0,
                    "dunning_claim_total": 1840.05,
                }
            ],
        )
        # Percent and euro a day; the separators are those of the language.
        self.assertRegex(move.dunning_claim_rate, r"10\W00%.*\b0\W50\b")
        self.assertEqual(move.dunning_claim_details.count("<tr>"), 3)
        self.assertRegex(move.dunning_claim_details, r"\b1\W835\W03\b")

    def test_costs_are_the_share_in_those_of_the_debtor(self):
        self.company.dunning_vat_deductible = False
        moves = self._create_due_invoice(1000) | self._create_due_invoice(234.56)
        self._send_all()

        with freeze_time("2026-12-31"):
            # 15 % of 1,234.56 is 185.18: 1,000 bears 150.00, 234.56 bears 35.18; VAT
            # 21 % of 185.18 is 38.89: 31.50 and 7.39.
            self.assertRecordValues(
                moves[1],
                [
                    {
                        "dunning_claim_interest": 3.94,
                        "dunning_claim_costs": 35.18,
                        "dunning_claim_vat": 7.39,
                        "dunning_claim_total": 281.07,
                    }
                ],
            )
            self.assertAlmostEqual(sum(moves.mapped("dunning_claim_total")), 1479.38)

    @freeze_time("2026-11-01")
    def test_not_due_only_the_open_amount(self):
        move = self._create_due_invoice(1000)

        self.assertEqual(move.dunning_claim_total, 1000)
        self.assertFalse(move.dunning_claim_interest or move.dunning_claim_rate)
        self.assertFalse(move.dunning_claim_details)

    @freeze_time("2026-12-22")
    def test_paid_and_draft_and_credit_note_nothing(self):
        paid = self._create_due_invoice(1000)
        self._pay(paid, day=date(2026, 12, 1))
        refund = self._create_due_invoice(1000, move_type="out_refund")
        draft = paid.copy()

        self.assertEqual(
            (paid | refund | draft).mapped("dunning_claim_total"), [0, 0, 0]
        )

    @freeze_time("2026-12-22")
    def test_form_opens_with_strange_dates(self):
        move = self._create_due_invoice(
            due=date(1970, 1, 1), invoice_date=date(1969, 1, 1)
        )

        with Form(move.with_user(self.invoicing)) as form:
            self.assertGreater(form.dunning_claim_interest, 0)

    @freeze_time("2026-12-22")
    def test_statements_do_not_grow_with_invoices(self):
        moves = self.env["account.move"]
        for number in range(6):
            debtor = self._create_debtor(f"Debtor {number}")
            moves |= self._create_due_invoice(partner=debtor)

        self.assertEqual(
            self._count_statements(moves[:1], "dunning_claim_total"),
            self._count_statements(moves, "dunning_claim_total"),
        )
