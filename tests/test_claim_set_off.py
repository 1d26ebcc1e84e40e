from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, freeze_time, tagged

from ..models.claim.engine.claim import Debt
from ..models.claim.engine.set_off import OpenCredit, set_off
from .claim_common import ClaimCommon

D = Decimal
DUE = date(2026, 11, 2)
BUSINESS_DAYS = ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31")


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSetOff(BaseCase):
    """Which debt an open credit is set off against."""

    def _set_off(self, debts, *credits, first=()):
        lowered, used = set_off(debts, list(credits), first)
        taken = {
            key: sum(part.amount for part in debt.set_off)
            for key, debt in lowered.items()
        }
        return taken, used

    def test_oldest_debt_first_then_the_next(self):
        debts = [Debt("b", D(100), date(2026, 12, 2)), Debt("a", D(100), DUE)]

        taken, used = self._set_off(debts, OpenCredit("c", DUE, D(130)))

        self.assertEqual((taken, used), ({"a": 100, "b": 30}, {"c": 130}))

    def test_what_bears_interest_or_costs_before_what_does_not(self):
        debts = [
            Debt("a", D(100), DUE),
            Debt("b", D(100), date(2026, 12, 2), costs_from=date(2026, 12, 20)),
        ]

        taken, _used = self._set_off(debts, OpenCredit("c", DUE, D(60)))

        self.assertEqual(taken, {"a": 0, "b": 60})

    def test_items_of_the_letter_before_all_others(self):
        debts = [Debt("a", D(100), DUE), Debt("b", D(100), date(2026, 12, 2))]

        taken, _used = self._set_off(debts, OpenCredit("c", DUE, D(60)), first={"b"})

        self.assertEqual(taken, {"a": 0, "b": 60})

    def test_never_more_than_is_open_and_not_disputed(self):
        debts = [
            Debt("a", D(100), DUE, payments=((DUE, D(30)),), suspended=D(20)),
        ]

        taken, used = self._set_off(debts, OpenCredit("c", DUE, D(80)))

        self.assertEqual((taken, used), ({"a": 50}, {"c": 50}))

    def test_credit_note_on_an_invoice_goes_to_that_invoice(self):
        debts = [
            Debt("a", D(100), DUE, contract=1),
            Debt("b", D(100), date(2026, 12, 2), contract=2),
        ]
        credit = OpenCredit("c", date(2026, 12, 20), D(60), corrects=2)

        lowered, _used = set_off(debts, [credit])

        self.assertFalse(lowered["a"].set_off)
        # What was wrongly invoiced was never late, however late the note.
        [part] = lowered["b"].set_off
        self.assertEqual((part.day, part.amount), (date(2026, 12, 2), 60))


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaimAfterSetOff(ClaimCommon):
    """Claims are over what is owed after open credits: 6:127 and 6:129 BW."""

    def _climb(self, *days):
        for day in days:
            notice = self._send(day).notice_ids
        return notice

    def _credit(self, amount, partner=None, **values):
        return self._create_due_invoice(
            amount, partner=partner or self.debtor, move_type="out_refund", **values
        )

    def _receive(self, amount, day, partner=None):
        """Post a payment that nobody allocates."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or self.debtor).id,
                "amount": amount,
                "date": day,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        return payment

    def test_announced_costs_are_over_the_claim_after_set_off(self):
        self._create_due_invoice(300, partner=self.consumer)
        self._credit(60, partner=self.consumer)

        notice = self._climb("2026-11-05", "2026-11-24")

        # 300 less 60 is 240; 15 % is 36, the minimum is 40.
        self.assertEqual(notice.level_id.kind, "fourteen_day")
        self.assertEqual((notice.amount_claim, notice.amount_announced), (240, 40))
        self.assertEqual(notice.claim_data["announced_over"], "240.00")

    def test_announced_costs_are_over_the_claim_after_a_payment_on_account(self):
        self._create_due_invoice(1000, partner=self.consumer)
        self._receive(400, date(2026, 11, 20), partner=self.consumer)

        notice = self._climb("2026-11-05", "2026-11-24")

        # 15 % of 600.
        self.assertEqual((notice.amount_claim, notice.amount_announced), (600, 90))

    def test_claimed_costs_and_interest_are_over_the_claim_after_set_off(self):
        self._create_due_invoice(5000)
        self._credit(2000, due=DUE)

        notice = self._climb(*BUSINESS_DAYS)

        # Over 3,000: 15 % of 2,500 and 10 % of 500 is 425; 3,000 x 10.40 % x 59 / 365 =
        # 50.43; 3,000 + 425 + 50.43.
        self.assertRecordValues(
            notice,
            [
                {
                    "amount_total": 3000,
                    "amount_costs": 425,
                    "amount_interest": 50.43,
                    "amount_claim": 3475.43,
                }
            ],
        )
        [item] = notice.claim_data["items"]
        self.assertEqual(item["set_off"], [["2026-11-02", "2000.00"]])

    def test_interest_from_the_day_on_which_the_credit_could_be_set_off(self):
        self.company.dunning_interest_percent = 10
        move = self._create_due_invoice(5475)
        self._credit(1825, due=date(2026, 11, 12))

        claim = self._get_claim(move, date(2026, 11, 22))

        # Ten days over 5,475 at 1.50 a day, then ten days over 3,650 at 1.00.
        self.assertEqual(float(claim.interest), 25)
        self.assertEqual((float(claim.principal), float(claim.total)), (3650, 3675))

    def test_payment_on_account_pays_interest_before_principal(self):
        self.company.dunning_interest_percent = 10
        move = self._create_due_invoice(3650)
        self._receive(1835, date(2026, 11, 12))

        claim = self._get_claim(move, date(2026, 11, 22))

        # Ten days at 1.00; 1,835 pays these 10 and 1,825; ten days at 0.50 (6:44).
        self.assertEqual(float(claim.interest), 15)
        self.assertEqual((float(claim.paid), float(claim.total)), (1835, 1830))
        # It is the same once somebody allocated it.
        credit = self.debtor.commercial_partner_id
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "=", credit.id),
                ("account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
            ]
        )
        items.reconcile()
        again = self._get_claim(move, date(2026, 11, 22))
        self.assertEqual((float(again.interest), float(again.total)), (15, 1830))

    def test_payment_of_a_later_day_does_not_count_yet(self):
        move = self._create_due_invoice(1000)
        self._receive(400, date(2026, 12, 10))

        self.assertEqual(self._get_claim(move, date(2026, 11, 2)).total, 1000)
        self.assertEqual(float(self._get_claim(move, date(2026, 12, 10)).paid), 400)

    def test_credit_after_the_notice_lowers_the_costs(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        self._climb("2026-11-05", "2026-11-24")
        day = date(2026, 12, 1)
        self._credit(600, partner=self.consumer, invoice_date=day, due=day)

        notice = self._send("2026-12-15").notice_ids

        # 150 was announced over 1,000; 15 % of 400.
        self.assertEqual(notice.amount_costs, 60)
        self.assertEqual(
            float(self._get_claim(move, date(2026, 12, 15)).principal), 400
        )

    def test_credit_on_the_invoice_itself_was_never_late(self):
        self.company.dunning_interest_percent = 10
        move = self._create_due_invoice(5475)
        with freeze_time("2026-11-12"):
            refund = move._reverse_moves(
                [{"invoice_date": date(2026, 11, 12), "date": date(2026, 11, 12)}]
            )
            refund.invoice_line_ids.price_unit = 1825
            refund.action_post()

        claim = self._get_claim(move, date(2026, 11, 22))

        # Twenty days at 1.00 over the 3,650 that were ever owed.
        self.assertEqual((float(claim.interest), float(claim.total)), (20, 3670))

    def test_credit_goes_to_the_items_of_the_letter(self):
        older = self._create_due_invoice(3000, partner=self.consumer)
        self._get_items(older).no_followup = True
        self._create_due_invoice(1000, partner=self.consumer, due=date(2026, 11, 3))
        self._credit(400, partner=self.consumer)

        notice = self._climb("2026-11-06", "2026-11-25")

        # The letter asks for 600, so its costs are 15 % of that.
        self.assertEqual((notice.amount_claim, notice.amount_announced), (600, 90))

    def test_screens_tell_the_claim_after_set_off(self):
        move = self._create_due_invoice(5000)
        credit = self._credit(2000)
        self._climb(*BUSINESS_DAYS)

        with freeze_time("2026-12-31"):
            self.assertRecordValues(
                move,
                [
                    {
                        "dunning_claim_principal": 3000,
                        "dunning_claim_set_off": 2000,
                        "dunning_claim_costs": 425,
                        "dunning_claim_interest": 50.43,
                        "dunning_claim_total": 3475.43,
                    }
                ],
            )
            self.assertEqual(self.debtor.dunning_total_claim, 3475.43)
            items = self._get_items(move | credit)
            self.assertEqual(sorted(items.mapped("dunning_total")), [0, 3475.43])
            [claim] = self._get_items(move).get_dunning_claim()
            self.assertEqual(
                (claim["principal"], claim["set_off"], claim["total"]),
                (3000, 2000, 3475.43),
            )

    def test_portal_asks_for_the_claim_after_set_off(self):
        self._create_due_invoice(5000)
        self._credit(2000)
        notice = self._climb(*BUSINESS_DAYS)

        with freeze_time("2026-12-31"):
            claim = notice._get_portal_claims(self.debtor)[notice.id]

        # The page lists the invoice and the credit, with interest and costs over the
        # difference.
        self.assertEqual((claim.open, claim.credit), (5000, -2000))
        self.assertEqual(float(claim.total), 3475.43)

    def test_arrangement_is_over_the_claim_after_set_off(self):
        move = self._create_due_invoice(5000)
        self._credit(2000)
        self._climb(*BUSINESS_DAYS)

        with freeze_time("2026-12-31"):
            [item] = self.env["payment.arrangement"]._prepare_items(
                self._get_items(move), date(2026, 12, 31), True, True
            )

        parts = {name: item[name] for name in ("principal", "interest", "costs")}
        self.assertEqual(parts, {"principal": 3000, "interest": 50.43, "costs": 425})

    def test_flat_costs_do_not_depend_on_credits_but_on_debt(self):
        self.company.dunning_costs = "flat"
        self._create_due_invoice(1000)
        self._create_due_invoice(500, due=date(2026, 11, 3))
        self._credit(1000)

        notice = self._climb("2026-11-06", "2026-11-25", "2026-12-14", "2027-01-04")

        # Of the oldest invoice nothing is left to be late with.
        self.assertEqual((notice.amount_total, notice.amount_costs), (500, 40))
