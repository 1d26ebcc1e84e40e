from datetime import date

from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER
from .ledger_common import LedgerCommon

FREE = "NL91ABNA0417164300"
BLOCKED = "NL20INGB0001234567"
SECOND = "NL02ABNA0123456789"
FACTOR = "NL39RABO0300065264"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestOwnAccountParts(LedgerCommon):
    """Each account that a part of the claim goes to has a block of its own."""

    def _create_account(self, number, partner=None, **values):
        return self.env["res.partner.bank"].create(
            {
                "acc_number": number,
                "partner_id": (partner or self.company.partner_id).id,
                "allow_out_payment": True,
                **values,
            }
        )

    def _get_payment(self, notice):
        return notice._prepare_letter_values()[notice.id]["payment"]

    def _list_parts(self, notice):
        """Return account and amount of each part of a letter."""
        return [
            (part["account"].replace("\u00a0", ""), part["amount"])
            for part in self._get_payment(notice)["transfers"]
        ]

    # --- Accounts of the company.

    def test_one_account_is_one_block(self):
        self._create_due_invoice(100)
        notice = self._propose(FIRST_REMINDER).notice_ids

        payment = self._get_payment(notice)

        self.assertEqual(payment["transfers"], [])
        self.assertEqual(payment["account"].replace("\u00a0", ""), FREE)

    def test_two_accounts(self):
        second = self._create_account(SECOND)
        one = self._create_due_invoice(100)
        two = self._create_due_invoice(50, partner_bank_id=second.id)
        notice = self._propose(FIRST_REMINDER).notice_ids

        self.assertEqual(self._list_parts(notice), [(FREE, 100), (SECOND, 50)])
        references = [p["reference"] for p in self._get_payment(notice)["transfers"]]
        self.assertIn(one.payment_reference, references[0])
        self.assertNotIn(two.payment_reference, references[0])
        self.assertIn(two.payment_reference, references[1])
        # Each has its own code to scan, over its own part.
        codes = [part["qr"].uri for part in self._get_payment(notice)["transfers"]]
        self.assertEqual(len(set(codes)), 2)

    def test_other_account_than_the_first_is_the_one_of_the_letter(self):
        second = self._create_account(SECOND)
        self._create_due_invoice(50, partner_bank_id=second.id)
        notice = self._propose(FIRST_REMINDER).notice_ids

        payment = self._get_payment(notice)

        self.assertEqual(payment["account"].replace("\u00a0", ""), SECOND)
        self.assertEqual(payment["transfers"], [])

    def test_opening_balance_is_paid_where_the_invoices_are(self):
        second = self._create_account(SECOND)
        self._create_opening((self.debtor, "2025-0187", 30.0))
        self._create_due_invoice(50, partner_bank_id=second.id)
        notice = self._propose(FIRST_REMINDER).notice_ids

        payment = self._get_payment(notice)

        self.assertEqual(payment["account"].replace("\u00a0", ""), SECOND)
        self.assertEqual(payment["transfers"], [])

    def test_archived_account_is_not_printed(self):
        second = self._create_account(SECOND)
        self._create_due_invoice(50, partner_bank_id=second.id)
        second.active = False
        notice = self._propose(FIRST_REMINDER).notice_ids

        self.assertEqual(
            self._get_payment(notice)["account"].replace("\u00a0", ""), FREE
        )

    def test_account_of_the_customer_himself_is_not_printed(self):
        own = self._create_account(SECOND, partner=self.debtor)
        move = self._create_due_invoice(50)
        move.partner_bank_id = own
        notice = self._propose(FIRST_REMINDER).notice_ids

        self.assertEqual(
            self._get_payment(notice)["account"].replace("\u00a0", ""), FREE
        )

    # --- A factor.

    def test_factor_is_the_beneficiary(self):
        factor = self._create_debtor("Noordzee Factoring N.V.", email=False)
        account = self._create_account(FACTOR, partner=factor)
        move = self._create_due_invoice(100)
        move.partner_bank_id = account
        notice = self._propose(FIRST_REMINDER).notice_ids

        payment = self._get_payment(notice)

        self.assertEqual(payment["account"].replace("\u00a0", ""), FACTOR)
        self.assertEqual(payment["holder"], "Noordzee Factoring N.V.")
        page = notice._render_letter_pages()[notice.id]
        self.assertIn("Noordzee Factoring N.V.", page)
        # Nothing is to come in on an account of the company.
        self.assertFalse(payment["is_online"] or payment["link"])

    def test_factored_invoice_beside_another(self):
        factor = self._create_debtor("Noordzee Factoring N.V.", email=False)
        account = self._create_account(FACTOR, partner=factor)
        self._create_due_invoice(100)
        self._create_due_invoice(250).partner_bank_id = account
        notice = self._propose(FIRST_REMINDER).notice_ids

        self.assertEqual(self._list_parts(notice), [(FREE, 100), (FACTOR, 250)])

    def test_arrangement_asks_for_the_factors_account(self):
        factor = self._create_debtor("Noordzee Factoring N.V.", email=False)
        move = self._create_due_invoice(300)
        move.partner_bank_id = self._create_account(FACTOR, partner=factor)
        letter = self.env["dunning.notice"].new(
            {
                "company_id": self.company.id,
                "partner_id": self.debtor.id,
                "currency_id": self.company.currency_id.id,
            }
        )

        payment = letter._prepare_transfer(move, 100)

        self.assertEqual(payment["holder"], "Noordzee Factoring N.V.")

    # --- A blocked account.

    def test_blocked_account_gets_its_share(self):
        self._create_account(BLOCKED, dunning_is_blocked=True)
        self.debtor.dunning_blocked_percent = 25
        self._create_due_invoice(100.10)
        notice = self._propose(FIRST_REMINDER).notice_ids

        # 25 % of 100.10 is 25.025, rounded 25.03; the rest is 75.07.
        self.assertEqual(self._list_parts(notice), [(FREE, 75.07), (BLOCKED, 25.03)])
        self.assertIn("25,03", notice._render_letter_pages()[notice.id])

    def test_amount_on_the_invoice_goes_before_the_share_of_the_customer(self):
        self._create_account(BLOCKED, dunning_is_blocked=True)
        self.debtor.dunning_blocked_percent = 25
        self._create_due_invoice(100, dunning_blocked_amount=40)
        self._create_due_invoice(200, dunning_blocked_percent=50)
        notice = self._propose(FIRST_REMINDER).notice_ids

        # 60 and 100; 40 and 100.
        self.assertEqual(self._list_parts(notice), [(FREE, 160), (BLOCKED, 140)])

    def test_blocked_account_is_never_the_account_of_a_letter(self):
        self.bank_account.dunning_is_blocked = True
        self._create_account(SECOND)
        self._create_due_invoice(100)
        notice = self._propose(FIRST_REMINDER).notice_ids

        payment = self._get_payment(notice)

        self.assertEqual(payment["account"].replace("\u00a0", ""), SECOND)
        self.assertEqual(payment["transfers"], [])

    def test_what_was_paid_counts_for_the_account_it_came_in_on(self):
        blocked = self._create_account(BLOCKED, dunning_is_blocked=True)
        journal = self.env["account.journal"].create(
            {
                "name": "G-rekening",
                "type": "bank",
                "code": "GREK",
                "bank_account_id": blocked.id,
            }
        )
        move = self._create_due_invoice(100, dunning_blocked_amount=40)
        self._register_payment(
            move, payment_date=date(2026, 11, 3), amount=30, journal_id=journal.id
        )
        self._pay(move, 50, day=date(2026, 11, 4))
        notice = self._propose(FIRST_REMINDER).notice_ids

        # Of 40 were 30 paid, of 60 were 50.
        self.assertEqual(self._list_parts(notice), [(FREE, 10), (BLOCKED, 10)])

    def test_credit_lowers_the_blocked_part_last(self):
        self._create_account(BLOCKED, dunning_is_blocked=True)
        self._create_due_invoice(100, dunning_blocked_amount=40)
        self._create_due_invoice(70, move_type="out_refund")
        notice = self._propose(FIRST_REMINDER).notice_ids

        # 100 less 70 is 30: all of it for the blocked account.
        payment = self._get_payment(notice)
        self.assertEqual(notice.amount_claim, 30)
        self.assertEqual(payment["account"].replace("\u00a0", ""), BLOCKED)

    def test_interest_and_costs_do_not_go_to_the_blocked_account(self):
        self._create_account(BLOCKED, dunning_is_blocked=True)
        self._create_due_invoice(1000, dunning_blocked_percent=40)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"):
            notice = self._send(day).notice_ids

        # 150 costs, and interest over 1,000 x 10.40 % x 59 / 365 = 16.81.
        self.assertEqual(notice.amount_claim, 1166.81)
        self.assertEqual(self._list_parts(notice), [(FREE, 766.81), (BLOCKED, 400)])

    # --- Mail and page.

    def test_mail_and_page_have_both(self):
        self._create_account(BLOCKED, dunning_is_blocked=True)
        self._create_due_invoice(100, dunning_blocked_amount=40)
        notice = self._send(FIRST_REMINDER).notice_ids

        body = notice.delivery_ids.mail_id.body_html
        for number in ("NL91 ABNA 0417 1643 00", "NL20 INGB 0001 2345 67"):
            self.assertIn(number, body.replace("\u00a0", " "))
        with freeze_time("2026-11-06"):
            payment = notice._prepare_portal_values(self.debtor)["payment"]
        self.assertEqual([part["amount"] for part in payment["transfers"]], [60, 40])
