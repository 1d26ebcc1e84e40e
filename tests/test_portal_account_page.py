from datetime import date, timedelta

from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .portal_common import PortalCommon

ACCOUNT = "/nl/my/dunning/account"


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalAccountPage(PortalCommon):
    """One page for all that a customer owes."""

    def _read_account(self, login="anna"):
        self.authenticate(login, login)
        answer = self.url_open(ACCOUNT)
        self.assertEqual(answer.status_code, 200)
        return self._get_text(answer.text)

    def _get_account(self):
        accounts = self.debtor._get_dunning_accounts_open()
        self.assertEqual(len(accounts), 1)
        return accounts[0]

    def test_due_and_not_due_are_told_apart(self):
        self._create_due_invoice(100)
        self._create_due_invoice(50, due=TODAY + timedelta(days=7))

        text = self._read_account()

        # 100 is due, 50 in a week: 100 today, 150 in all.
        self.assertIn("Vandaag te betalen € 100,00", text)
        self.assertIn("€ 150,00", text)
        self.assertIn("Nog niet vervallen", text)

    def test_what_falls_due_today_is_asked_today(self):
        self._create_due_invoice(100, due=TODAY)
        self._create_due_invoice(50, due=date(2026, 11, 24))

        account = self._get_account()

        self.assertEqual(float(account.today), 100.00)
        self.assertEqual(float(account.everything), 150.00)

    def test_open_credit_is_taken_off_once(self):
        self._create_due_invoice(100)
        self._create_due_invoice(30, move_type="out_refund")

        account = self._get_account()

        # 100 - 30 = 70
        self.assertEqual(float(account.credit), -30.00)
        self.assertEqual(float(account.today), 70.00)

    def test_credit_above_what_is_owed_asks_nothing(self):
        self._create_due_invoice(100)
        self._create_due_invoice(130, move_type="out_refund")

        account = self._get_account()

        self.assertEqual(float(account.today), 0.00)
        self.assertIsNone(account.payment)

    def test_same_sum_as_the_page_of_the_letter(self):
        notice = self._create_letter((100, self._get_level("final_demand")))

        account = self._get_account()

        # 100, 40 of costs and 0.60 of interest, see the page of a letter.
        self.assertEqual(float(account.today), 140.60)
        self.assertEqual(account.today, notice._get_claims_today()[notice.id].total)

    def test_without_a_letter_neither_interest_nor_costs(self):
        self._create_due_invoice(100)

        item = self._get_account().items[0]

        self.assertEqual((float(item.interest), float(item.costs)), (0.0, 0.0))

    def test_page_of_a_letter_leads_here_after_login(self):
        notice = self._create_letter((100, self._get_level("reminder")))

        self.assertNotIn('id="dunning_portal_account"', self._open_link(notice))
        self.authenticate("anna", "anna")
        self.assertIn('id="dunning_portal_account"', self._open_link(notice))

    def _open_link(self, notice):
        return self.url_open(notice._get_portal_page()).text

    def test_customer_sees_his_own_only(self):
        move = self._create_due_invoice(100)

        text = self._read_account("vermeer")

        self.assertNotIn(move.name, text)
        self.assertIn("U hebt geen openstaande facturen.", text)
        answer = self.url_open(f"/my/dunning/account/invoice/{move.id}")
        self.assertEqual(answer.status_code, 404)

    def test_visitor_has_to_log_in(self):
        self.authenticate(None, None)

        self.assertIn("/web/login", self.url_open(ACCOUNT).url)

    def test_statements_do_not_grow_with_the_items(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._get_account()
            return self.env.cr.sql_log_count - start

        for _number in range(3):
            self._create_due_invoice(100)
        count()
        few = count()
        for _number in range(9):
            self._create_due_invoice(100)

        self.assertLessEqual(count(), few)

    def test_link_for_the_clerk_to_send(self):
        action = self.debtor.action_dunning_pay_link()
        wizard = self.env["dunning.account.link"].create(
            {"partner_id": action["context"]["default_partner_id"]}
        )

        self.assertIn("/nl/my/dunning/account?access_token=", wizard.url)
        self.assertEqual(self.url_open(wizard.url).status_code, 200)
        self.assertEqual(wizard.days, 90)

    def test_what_was_paid_and_promised_stands_at_the_item(self):
        move = self._create_due_invoice(100)
        self._pay(move, 30, day=TODAY)
        self.env["dunning.hold"]._hold_items(
            self._get_item(move),
            {
                "kind": "promise",
                "promise_amount": 70,
                "promise_date": date(2026, 11, 27),
                "user_id": self.env.user.id,
            },
        )

        text = self._read_account()

        self.assertIn("Gefactureerd: € 100,00, betaald of gecrediteerd: € 30,00", text)
        self.assertIn(
            "toegezegd uiterlijk op 27 november 2026 € 70,00 te betalen", text
        )
