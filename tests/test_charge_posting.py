from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .test_claim_screens import ScreenCommon

LAST_DAY = date(2026, 12, 31)


class ChargeCommon(ScreenCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Each euro of 3,650 bears a cent a year: one euro a day.
        cls.company.dunning_interest_percent = 10
        cls.final_demand.charges = "charge"

    def _charge(self, amount=3650, **values):
        """Bring an invoice up to the final demand, which charges.

        59 days at 1 euro are 59 interest for 3,650; the scale is 375 plus 10 % of
        1,150: 490.
        """
        move = self._create_due_invoice(amount, **values)
        return move, self._send_all()

    def _issue(self):
        """Issue a final demand that charges; the mail server has not answered yet."""
        move = self._create_due_invoice(3650)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)
        run = self._propose(LAST_DAY)
        with freeze_time(LAST_DAY):
            run.action_confirm()
        self._deliver(LAST_DAY)
        return move, run.notice_ids


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCharge(ChargeCommon):
    """The invoice that a letter makes when it counts as sent."""

    def test_interest_and_costs_on_an_invoice_without_tax(self):
        _move, notice = self._charge()

        self.assertRecordValues(
            notice.charge_move_id,
            [
                {
                    "move_type": "out_invoice",
                    "state": "posted",
                    "partner_id": self.debtor.id,
                    "invoice_date": LAST_DAY,
                    "invoice_date_due": date(2027, 1, 7),
                    "amount_untaxed": 549,
                    "amount_tax": 0,
                    "dunning_charge_notice_id": notice.id,
                }
            ],
        )
        self.assertEqual(
            notice.charge_move_id.invoice_line_ids.mapped("price_unit"), [59, 490]
        )
        self.assertTrue(notice.has_charge)

    def test_default_accounts_of_the_dutch_chart(self):
        _move, notice = self._charge()

        interest, costs = notice.charge_move_id.invoice_line_ids.account_id
        self.assertEqual(interest.code, "479500")
        self.assertEqual(costs, notice.charge_move_id.journal_id.default_account_id)

    def test_configured_products_and_accounts(self):
        account = self.company_data["default_account_revenue"].copy()
        costs_account = self.company_data["default_account_revenue"].copy()
        product = self.env["product.product"].create(
            {
                "name": "Rente",
                "type": "service",
                "property_account_income_id": account.id,
            }
        )
        self.company.write(
            {
                "dunning_interest_product_id": product.id,
                "dunning_costs_account_id": costs_account.id,
            }
        )
        _move, notice = self._charge()

        lines = notice.charge_move_id.invoice_line_ids
        self.assertEqual(lines.account_id, account | costs_account)
        self.assertEqual(lines.product_id, product)
        self.assertFalse(lines.tax_ids)

    def test_vat_that_is_not_deductible_is_part_of_the_compensation(self):
        self.company.write(
            {"dunning_vat_deductible": False, "dunning_third_party": True}
        )
        _move, notice = self._charge(1000)

        # 15 % of 1,000 with 21 % VAT; 1,000 x 10 % x 59 / 365 = 16.16 interest.
        self.assertEqual(
            notice.charge_move_id.invoice_line_ids.mapped("price_unit"), [16.16, 181.5]
        )
        self.assertEqual(notice.charge_move_id.amount_tax, 0)

    def test_level_that_claims_posts_nothing(self):
        self.final_demand.charges = "claim"
        _move, notice = self._charge()

        self.assertFalse(notice.charge_move_id)

    def test_letter_that_is_not_sent_yet_charges_nothing(self):
        self.final_demand.write({"by_email": False, "by_post": True})
        self._create_due_invoice(3650)
        notice = self._send_all()
        self.assertEqual(notice.state, "pending")
        self.assertFalse(notice.charge_move_id)

        with freeze_time("2027-01-02"):
            notice.delivery_ids._set_posted(date(2027, 1, 2))

        # Made again as a letter of the day on which it leaves: two more days of 1 euro.
        self.assertEqual(notice.charge_move_id.invoice_date, date(2027, 1, 2))
        self.assertEqual(notice.charge_move_id.amount_total, 551)

    def test_two_channels_charge_once(self):
        self.final_demand.by_post = True
        _move, notice = self._charge()

        with freeze_time("2027-01-02"):
            notice.delivery_ids.filtered(
                lambda delivery: delivery.channel == "post"
            )._set_posted(date(2027, 1, 2))

        self.assertEqual(len(notice.charge_move_ids), 1)

    def test_currency_of_the_letter(self):
        usd = self.setup_other_currency("USD", rates=[("1900-01-01", 2.0)])
        _move, notice = self._charge(currency_id=usd.id)

        # 3,650 dollar are 1,825 euro: 273.75 costs, in dollars 547.50.
        charge = notice.charge_move_id
        self.assertEqual(charge.currency_id, usd)
        self.assertEqual(charge.invoice_line_ids.mapped("price_unit"), [59, 547.5])
        self.assertEqual(charge.amount_residual_signed, 303.25)

    def test_consumer_is_charged_after_the_fourteen_day_notice(self):
        self.consumer_policy.level_ids[2].charges = "charge"
        self._create_due_invoice(1000, partner=self.consumer)
        for day in ("2026-11-05", "2026-11-24", "2026-12-15"):
            notice = self._send(day).notice_ids

        # 15 % of 1,000; from the demand of 5 November in default after the 19th: 26
        # days at 4 %: 2.85.
        self.assertEqual(
            notice.charge_move_id.invoice_line_ids.mapped("price_unit"), [2.85, 150]
        )

    def test_consumer_without_fourteen_day_notice_cannot_be_charged(self):
        with self.assertRaisesRegex(ValidationError, r"6:96\(6\) BW"):
            self.default_notice.charges = "charge"

    def test_letters_are_charged_together(self):
        for number in range(3):
            debtor = self._create_debtor(f"Debtor {number}")
            self._create_due_invoice(3650, partner=debtor)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)
        with freeze_time(LAST_DAY):
            self._propose(LAST_DAY).action_confirm()
        notices = self._deliver(LAST_DAY)
        self._pretend_sent(notices)

        with freeze_time(LAST_DAY):
            notices._set_sent()

        self.assertEqual(notices.mapped("charge_move_id.amount_total"), [549] * 3)

    def _pretend_sent(self, notices):
        notices.delivery_ids.write({"state": "sent"})


@tagged("post_install_l10n", "post_install", "-at_install")
class TestChargeTrouble(ChargeCommon):
    """The letter counts, whatever is wrong in the ledger."""

    def test_locked_period_moves_the_accounting_date(self):
        _move, notice = self._issue()
        self.company.fiscalyear_lock_date = LAST_DAY

        with freeze_time("2027-01-04"):
            notice.delivery_ids._set_sent("2026-12-31 12:00:00")

        # The letter keeps its date; the books take the first open period.
        charge = notice.charge_move_id
        self.assertEqual(charge.invoice_date, LAST_DAY)
        self.assertGreater(charge.date, LAST_DAY)
        self.assertEqual((charge.state, charge.amount_total), ("posted", 549))

    def test_no_account_is_said_before_the_letter_goes_out(self):
        self._create_due_invoice(3650)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)
        run = self._propose(LAST_DAY)
        self._break_account()

        with freeze_time(LAST_DAY), self.assertRaisesRegex(UserError, "no account"):
            run.notice_ids.action_confirm()

        self.assertEqual(run.notice_ids.state, "draft")

    def test_posting_that_fails_becomes_work_and_can_be_tried_again(self):
        self._create_due_invoice(3650)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)
        run = self._propose(LAST_DAY)
        with freeze_time(LAST_DAY):
            run.action_confirm()
        self._deliver(LAST_DAY)
        account = self._break_account()

        with freeze_time(LAST_DAY):
            self._accept_mails(run.notice_ids)

        notice = run.notice_ids
        self.assertEqual(notice.state, "sent")
        self.assertTrue(notice.charge_error)
        self.assertEqual(len(notice.activity_ids), 1)
        self.assertFalse(notice.charge_move_id)

        account.active = True
        with freeze_time("2027-01-04"):
            notice.action_charge()

        self.assertEqual(notice.charge_move_id.amount_total, 549)
        self.assertFalse(notice.charge_error or notice.activity_ids)

    def test_letter_that_comes_back_is_not_charged(self):
        _move, notice = self._charge()

        with freeze_time("2027-01-02"):
            notice._message_receive_bounce("x@y.example", self.debtor)

        self.assertEqual(notice.state, "failed")
        self.assertFalse(notice.has_charge)
        self.assertEqual(notice.charge_move_id.payment_state, "reversed")

    def _break_account(self):
        account = self.company_data["default_journal_sale"].default_account_id
        self.company.dunning_costs_account_id = account.copy()
        broken = self.company.dunning_costs_account_id
        broken.active = False
        return broken
