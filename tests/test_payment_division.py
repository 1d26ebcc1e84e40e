import doctest
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, freeze_time, tagged

from ..models.payment import engine
from ..models.payment.engine import Payable, divide
from .ledger_common import LedgerCommon
from .letter_common import TODAY
from .payment_common import PaymentCommon

D = Decimal
DUE = date(2026, 11, 2)
OLDER = date(2026, 10, 1)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPaymentEngine(BaseCase):
    """How a payment is divided, without a database."""

    def _list(self, payables, amount):
        parts, rest = divide(payables, D(amount))
        return [(p.key, p.costs, p.interest, p.principal) for p in parts], rest

    def test_examples_are_true(self):
        outcome = doctest.testmod(engine)
        self.assertGreater(outcome.attempted, 0)
        self.assertEqual(outcome.failed, 0)

    def test_all_pays_all(self):
        item = Payable(1, DUE, D(1000), costs=D(150), interest=D("5.98"))

        parts, rest = self._list([item], "1155.98")

        self.assertEqual(parts, [(1, D(150), D("5.98"), D(1000))])
        self.assertEqual(rest, 0)

    def test_oldest_first_and_costs_before_principal(self):
        old = Payable(1, OLDER, D(100), costs=D(40), interest=D("1.50"))
        new = Payable(2, DUE, D(200), costs=D(30), interest=D(2))

        # 40 + 1.50 + 100 pay the older one; of the other 58.50: 30, 2 and 26.50.
        self.assertEqual(
            self._list([new, old], 200)[0],
            [(1, 40, D("1.50"), 100), (2, 30, 2, D("26.50"))],
        )

    def test_less_than_the_costs(self):
        item = Payable(1, DUE, D(1000), costs=D(150), interest=D(6))

        self.assertEqual(self._list([item], 100)[0], [(1, 100, 0, 0)])

    def test_what_was_charged_comes_first(self):
        charge = Payable(2, DUE, D(155), is_charge=True)
        item = Payable(1, OLDER, D(1000))

        self.assertEqual(
            self._list([item, charge], 200)[0], [(2, 0, 0, 155), (1, 0, 0, 45)]
        )

    def test_payment_before_paid_the_costs_by_law(self):
        # Of 1,000 with 150 of costs 400 was paid: 600 is open in the ledger, by law
        # 750 of the principal. All of it, 750, charges the 150 after all.
        item = Payable(1, DUE, D(600), costs=D(150), paid_costs=D(150))

        self.assertEqual(self._list([item], 750)[0], [(1, 150, 0, 600)])
        # Of 500 all is principal: nothing has to be charged.
        self.assertEqual(self._list([item], 500)[0], [(1, 0, 0, 500)])
        # Of 700 a hundred finds no principal any more.
        self.assertEqual(self._list([item], 700)[0], [(1, 100, 0, 600)])

    def test_vat_on_costs_follows_the_costs(self):
        item = Payable(1, DUE, D(100), costs=D("48.40"), vat=D("8.40"))

        [whole], _rest = divide([item], D(148))
        [half], _rest = divide([item], D("24.20"))

        self.assertEqual((whole.costs, whole.vat), (D("48.40"), D("8.40")))
        self.assertEqual((half.costs, half.vat), (D("24.20"), D("4.20")))

    def test_more_than_all_is_left(self):
        self.assertEqual(self._list([Payable(1, DUE, D(100))], 130)[1], 30)


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPaymentLedger(PaymentCommon):
    """What an online payment does in the ledger."""

    def _get_charge(self, notice):
        """Return costs and interest that a letter charged, each as one line."""
        lines = notice.charge_move_ids.invoice_line_ids
        return sorted(lines.mapped("price_total"))

    def _get_states(self, *moves):
        return [move.payment_state for move in moves]

    def test_letter_with_interest_and_costs_is_settled(self):
        notice = self._create_letter((1000, self.final_demand))

        transaction = self._pay_online(self._choose(notice=notice))

        # 1,000, 15 % of it, and 1,000 x 10.40 % x 21 / 365 = 5.98.
        self.assertEqual(transaction.amount, 1155.98)
        self.assertEqual(transaction.payment_id.amount, 1155.98)
        self.assertEqual(self._get_charge(notice), [5.98, 150.00])
        self.assertEqual(
            self._get_states(notice.line_ids.move_id, notice.charge_move_id),
            ["paid", "paid"],
        )
        receivable = transaction.payment_id.move_id.line_ids.filtered("reconciled")
        self.assertEqual(receivable.mapped("amount_residual"), [0])
        self.assertIn("U hoeft niets te doen", self._read_page(notice))
        self.assertEqual(notice.amount_left, 0)

    def test_three_invoices_at_once(self):
        notice = self._create_letter(
            (100, self.final_demand), (250, self.final_demand), (650, self.final_demand)
        )

        transaction = self._pay_online(self._choose())

        # 15 % of 1,000; interest of 21 days at 10.40 %: 0.60 + 1.50 + 3.89.
        self.assertEqual(transaction.amount, 1155.99)
        self.assertEqual(len(transaction.invoice_ids), 4)
        self.assertEqual(set(self._get_states(*transaction.invoice_ids)), {"paid"})
        self.assertEqual(self._get_charge(notice), [5.99, 150.00])

    def test_part_pays_costs_then_interest_then_principal(self):
        self.company.dunning_own_amount = True
        notice = self._create_letter((1000, self.final_demand))
        move = notice.line_ids.move_id

        self._pay_online(self._choose(notice=notice), 500)

        # 500 - 150 of costs - 5.98 of interest = 344.02 for the principal.
        self.assertEqual(self._get_charge(notice), [5.98, 150.00])
        self.assertEqual(notice.charge_move_id.payment_state, "paid")
        self.assertEqual(move.amount_residual, 655.98)
        self.assertEqual(notice._get_claims_today()[notice.id].total, D("655.98"))

    def test_less_than_the_costs_charges_what_was_paid(self):
        self.company.dunning_own_amount = True
        notice = self._create_letter((1000, self.final_demand))

        self._pay_online(self._choose(notice=notice), 100)

        self.assertEqual(self._get_charge(notice), [100.00])
        self.assertEqual(notice.line_ids.move_id.amount_residual, 1000)
        # 1,155.98 - 100
        self.assertEqual(notice._get_claims_today()[notice.id].total, D("1055.98"))

    def test_what_was_charged_before_is_not_charged_again(self):
        self.final_demand.charges = "charge"
        notice = self._create_letter((1000, self.final_demand))
        notice._post_charges()

        transaction = self._pay_online(self._choose(notice=notice))

        self.assertEqual(transaction.amount, 1155.98)
        self.assertEqual(len(notice.charge_move_ids), 1)
        self.assertEqual(notice.charge_move_id.payment_state, "paid")

    def test_charged_after_the_payment_began_is_not_charged_twice(self):
        self.final_demand.charges = "charge"
        notice = self._create_letter((1000, self.final_demand))
        transaction = self._begin(self._choose(notice=notice))
        notice._post_charges()

        self._finish(transaction)

        # The charge of the letter is the one that the payment finds.
        self.assertEqual(len(notice.charge_move_ids), 1)
        self.assertEqual(notice.line_ids.move_id.payment_state, "paid")
        self.assertEqual(notice.charge_move_id.payment_state, "paid")

    def test_named_invoice_is_paid_and_the_older_one_is_not(self):
        older = self._create_due_invoice(100, due=date(2026, 10, 12))
        named = self._create_due_invoice(200)

        self._pay_online(self._choose(named))

        self.assertEqual(self._get_states(older, named), ["not_paid", "paid"])

    def test_credit_is_set_off_with_the_payment(self):
        move = self._create_due_invoice(100)
        credit = self._create_due_invoice(30, move_type="out_refund")

        transaction = self._pay_online(self._choose())

        self.assertEqual(transaction.amount, 70)
        self.assertEqual(self._get_states(move, credit), ["paid", "paid"])

    def test_disputed_part_stays_open(self):
        first = self._create_due_invoice(100)
        second = self._create_due_invoice(50)
        self.env["dunning.hold"]._dispute_items(
            self._get_item(first),
            {
                "date_review": date(2026, 12, 14),
                "category_id": self.env.ref(
                    "l10n_nl_dunning.dunning_dispute_category_price"
                ).id,
            },
            40,
        )

        transaction = self._pay_online(self._choose())

        # 100 - 40 + 50
        self.assertEqual(transaction.amount, 110)
        self.assertEqual(first.amount_residual, 40)
        self.assertEqual(second.amount_residual, 0)

    def test_instalments_of_one_invoice(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 10}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 90}),
                ],
            }
        )
        move = self._create_due_invoice(100, invoice_payment_term_id=term.id)
        first, second = self._get_item(move)
        debtor = self.debtor.sudo()
        [account] = debtor._list_dunning_accounts()
        choice = debtor._choose_dunning_payment(account, [second.id])

        transaction = self._pay_online(choice)

        self.assertEqual(transaction.amount, 50)
        self.assertEqual((first.reconciled, second.reconciled), (False, True))


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPaymentOther(PaymentCommon, LedgerCommon):
    """What is paid online besides plain invoices in euro."""

    def test_opening_balance_among_those_of_others(self):
        own, strange = self._create_opening(
            (self.debtor, "2025-0187", 80.0), (self.other, "2025-0188", 60.0)
        )
        move = self._create_due_invoice(100)

        transaction = self._pay_online(self._choose())

        self.assertEqual(transaction.amount, 180)
        self.assertEqual((own.reconciled, strange.reconciled), (True, False))
        self.assertEqual(strange.amount_residual, 60)
        self.assertEqual(move.payment_state, "paid")

    def test_opening_balance_alone(self):
        [own] = self._create_opening((self.debtor, "2025-0187", 80.0))
        choice = self._choose()
        transaction = self._begin(choice)
        transaction._set_pending()
        self.assertEqual(choice._get_under_way(), transaction)

        self._finish(transaction)

        self.assertTrue(own.reconciled)
        self.assertEqual(transaction.payment_id.amount, 80)

    def test_invoices_in_another_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        moves = [
            self._create_due_invoice(amount, currency_id=dollar.id)
            for amount in (100, 50)
        ]

        transaction = self._pay_online(self._choose())

        self.assertEqual(transaction.currency_id, dollar)
        self.assertEqual(transaction.amount, 150)
        self.assertEqual({move.payment_state for move in moves}, {"paid"})
