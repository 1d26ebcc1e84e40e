from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCommon

DAYS = ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31")
TODAY = date(2027, 1, 8)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLeft(ClaimCommon):
    """Interest and costs that are left when the principal was paid."""

    def _climb(self, *days, **kwargs):
        for day in days or DAYS:
            notice = self._send(day, **kwargs).notice_ids
        return notice

    def _claim(self, paid=1000):
        """Claim 1,000 with 150 costs and 16.81 interest, and have an amount paid."""
        self.company.dunning_interest_percent = 10
        self.move = self._create_due_invoice(1000)
        notice = self._climb()
        # 1,000 x 10 % x 59 / 365 = 16.16, and 150.
        self.assertEqual(notice.amount_claim, 1166.16)
        self._pay(self.move, paid, day=date(2027, 1, 5))
        return notice

    def _assert_left(self, notice, amount):
        self.env.invalidate_all()
        with freeze_time(TODAY):
            self.assertAlmostEqual(notice.amount_left, amount, 2)

    def test_what_is_left_is_told_on_letter_and_debtor(self):
        notice = self._claim()

        # Up to 5 January 64 days bear 17.53: the 1,000 pay this, the 150 of costs and
        # 832.47 of the principal. Three days over the other 167.53 bear 0.14.
        self._assert_left(notice, 167.67)
        with freeze_time(TODAY):
            self.assertEqual(self.debtor.dunning_amount_left, notice.amount_left)
            action = self.debtor.action_open_dunning_left()
        self.assertEqual(self.env["dunning.notice"].search(action["domain"]), notice)

    def test_nothing_is_left_while_the_principal_is_open(self):
        notice = self._claim(paid=400)

        self._assert_left(notice, 0)
        with freeze_time(TODAY):
            self.assertGreater(notice.amount_today, 600)
            with self.assertRaisesRegex(UserError, "are left"):
                notice.action_charge_left()

    def test_money_on_account_pays_it(self):
        notice = self._claim(paid=1100)

        # 67.53 of principal left on 5 January: 3 days over it bear 0.06.
        self._assert_left(notice, 67.67)

    def test_friendly_letters_leave_nothing(self):
        move = self._create_due_invoice(1000)
        notice = self._climb("2026-11-05", "2026-11-24")
        self._pay(move, 1000, day=date(2026, 12, 1))

        self._assert_left(notice, 0)

    def test_costs_that_a_consumer_owes_after_the_notice(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        notice = self._climb("2026-11-05", "2026-11-24")
        self._pay(move, 1000, day=date(2026, 12, 20))

        # The notice lapsed on 10 December, so 15 % of 1,000 were due; no letter asked
        # interest.
        self._assert_left(notice, 150)

    def test_paid_within_the_term_leaves_nothing(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        notice = self._climb("2026-11-05", "2026-11-24")
        self._pay(move, 1000, day=date(2026, 12, 10))

        self._assert_left(notice, 0)

    def test_it_can_be_charged(self):
        notice = self._claim()
        with freeze_time(TODAY):
            notice.action_charge_left()

        charge = notice.charge_move_id
        self.assertEqual((charge.state, charge.amount_total), ("posted", 167.67))
        self.assertEqual(
            sorted(charge.invoice_line_ids.mapped("price_unit")), [17.67, 150]
        )
        self._assert_left(notice, 0)
        with freeze_time(TODAY):
            self.assertEqual(self.debtor.dunning_amount_left, 0)
            self.assertEqual(self.debtor.dunning_total_claim, 167.67)

    def test_it_can_be_waived(self):
        notice = self._claim()
        with freeze_time(TODAY):
            action = notice.action_waive()
            wizard = (
                self.env[action["res_model"]]
                .with_context(**action["context"])
                .create({"reason": "Coulance"})
            )
            self.assertEqual(
                (wizard.amount_interest, wizard.amount_costs), (17.67, 150)
            )
            wizard.action_waive()

        self._assert_left(notice, 0)

    def test_written_off_leaves_nothing(self):
        move = self._create_due_invoice(1000)
        notice = self._climb()
        credit = self._create_due_invoice(1000, move_type="out_refund")
        (self._get_items(move) | self._get_items(credit)).reconcile()

        self._assert_left(notice, 0)
