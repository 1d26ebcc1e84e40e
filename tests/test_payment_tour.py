from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .payment_common import PaymentCommon

SIZES = ("1366x768", "390x844")


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPaymentTours(PaymentCommon):
    """Paying in a browser, on a laptop and on a telephone."""

    def _walk(self, url, tour, size):
        self.browser_size = size
        self.start_tour(f"/nl{url}", tour, login=None)

    def _pay_three_invoices(self, size):
        notice = self._create_letter(
            (100, self.final_demand), (250, self.final_demand), (650, self.final_demand)
        )
        url = self.debtor._get_dunning_account_url(self.company)

        self._walk(url, "dunning_pay_all", size)

        # 1,000, 15 % of it, and interest of 0.60 + 1.50 + 3.89.
        [choice] = self.env["dunning.payment"].search(
            [("transaction_ids", "!=", False)]
        )
        self.assertEqual(choice.transaction_ids.amount, 1155.99)
        moves = notice.line_ids.move_id | notice.charge_move_id
        self.assertEqual(set(moves.mapped("payment_state")), {"paid"})
        self.assertEqual(sum(moves.mapped("amount_residual")), 0)
        self.assertEqual(notice.charge_move_id.amount_total, 155.99)
        self.assertIn("Voldaan", self._read_page(notice))

    def test_three_invoices_interest_and_costs_on_a_laptop(self):
        self._pay_three_invoices(SIZES[0])

    def test_three_invoices_interest_and_costs_on_a_telephone(self):
        self._pay_three_invoices(SIZES[1])

    def _pay_letter_in_part(self, size):
        self.company.dunning_own_amount = True
        notice = self._create_letter((1000, self.final_demand))

        self._walk(notice.get_portal_url(), "dunning_pay_letter_in_part", size)

        # 500 = 150 of costs + 5.98 of interest + 344.02 of the principal.
        self.assertEqual(notice.charge_move_id.amount_total, 155.98)
        self.assertEqual(notice.charge_move_id.payment_state, "paid")
        self.assertEqual(notice.line_ids.move_id.amount_residual, 655.98)

    def test_amount_of_ones_own_on_a_laptop(self):
        self._pay_letter_in_part(SIZES[0])

    def test_amount_of_ones_own_on_a_telephone(self):
        self._pay_letter_in_part(SIZES[1])
