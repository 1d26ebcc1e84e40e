from datetime import date

from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .portal_common import PortalCommon

LATER = date(2026, 12, 3)


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalPage(PortalCommon):
    """What the page of a letter says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder = cls._get_level("reminder")
        cls.final_demand = cls._get_level("final_demand")

    def test_reminder_asks_for_the_invoices_alone(self):
        # Commercial interest runs, but nobody has asked for it yet.
        notice = self._create_letter((1000, self.reminder), (234.56, self.reminder))

        text = self._read_page(notice)

        self.assertIn("Vandaag te betalen € 1.234,56", text)
        self.assertIn("Te betalen uiterlijk op 1 december 2026", text)
        self.assertNotIn("Rente", text)
        self.assertEqual(notice.amount_today, 1234.56)
        for line in notice.line_ids:
            self.assertIn(line.move_name, text)

    def test_final_demand_asks_for_interest_up_to_today_and_costs(self):
        notice = self._create_letter((1000, self.final_demand))

        # 15 % of 1,000; 1,000 x 10.40 % x 21 / 365 = 5.98, ten days later 8.83.
        self.assertIn("Vandaag te betalen € 1.155,98", self._read_page(notice))
        with freeze_time(LATER):
            text = self._read_page(notice)

        self.assertIn("Vandaag te betalen € 1.158,83", text)
        self.assertIn("Rente tot en met vandaag € 8,83", text)
        self.assertIn("Incassokosten € 150,00", text)
        self.assertIn("Rente per dag daarna: € 0,28", text)
        self.assertIn("Termijn verstreken", text)

    def test_part_payment_lowers_the_amount(self):
        notice = self._create_letter((1000, self.final_demand))
        self._pay(notice.line_ids.move_id, 400, day=date(2026, 11, 25))

        with freeze_time(LATER):
            text = self._read_page(notice)

        # Until 25 November 6.55 of interest. 400 pays the 150, the 6.55 and 243.45 of
        # the principal: 8 days over 756.55 add 1.72. 1,000 + 150 + 8.28 - 400.
        self.assertIn("Vandaag te betalen € 758,28", text)
        self.assertIn("€ 600,00", text)

    def test_what_was_charged_in_the_ledger_is_asked_once(self):
        self.final_demand.charges = "charge"
        notice = self._create_letter((1000, self.final_demand))
        notice._post_charges()
        self.assertTrue(notice.charge_move_id)

        text = self._read_page(notice)

        # 15 % of 1,000 and 5.98 of interest, now on an invoice of their own.
        self.assertIn("Vandaag te betalen € 1.155,98", text)
        self.assertNotIn("Incassokosten € 150,00", text)

    def test_paid_letter_needs_nothing(self):
        notice = self._create_letter((100, self.reminder))
        self._pay(notice.line_ids.move_id, day=TODAY)

        text = self._read_page(notice)

        self.assertIn("U hoeft niets te doen", text)
        self.assertNotIn("NL91", text)
        self.assertEqual(notice.amount_today, 0)

    def test_credit_of_the_debtor_is_taken_off(self):
        notice = self._create_letter((100, self.reminder))
        self._create_due_invoice(30, move_type="out_refund")

        text = self._read_page(notice)

        self.assertIn("Vandaag te betalen € 70,00", text)
        self.assertIn("Uw tegoed bij ons € -30,00", text)

    def test_credit_larger_than_the_debt_leaves_nothing_to_pay(self):
        notice = self._create_letter((100, self.reminder))
        self._create_due_invoice(130, move_type="out_refund")

        self.assertIn("U hoeft niets te doen", self._read_page(notice))

    def test_fourteen_day_notice_names_no_date(self):
        level = self._get_level("fourteen_day", "consumer")
        notice = self._create_letter((100, level), partner=self.consumer)

        text = self._read_page(notice)

        self.assertIn("Vandaag te betalen € 100,00", text)
        self.assertNotIn("uiterlijk", text)

    def test_invoice_that_is_back_in_draft_is_not_asked_for(self):
        notice = self._create_letter((100, self.reminder), (50, self.reminder))
        notice.line_ids[0].move_id.button_draft()

        text = self._read_page(notice)
        self.assertIn("Vandaag te betalen € 50,00", text)
        self.assertIn("€ 100,00 Vervallen", text)

    def test_payment_details(self):
        notice = self._create_letter((100, self.reminder))

        answer = self._open(notice, notice._portal_ensure_token())

        text = self._get_text(answer.text)
        self.assertIn("NL91 ABNA 0417 1643 00", text)
        self.assertIn("Van Dam Kantoormeubelen B.V.", text)
        self.assertIn(f"{notice.name}, {notice.line_ids.move_name}", text)
        self.assertIn("data:image/png;base64", answer.text)

    def test_english_for_who_wants_english(self):
        self.other.lang = "en_US"
        notice = self._create_letter((1234.5, self.reminder), partner=self.other)
        self.assertIn("/en/my/dunning/", notice._get_portal_page())

        text = self._read_page(notice)

        self.assertIn("To be paid today € 1,234.50", text)
        self.assertIn("Please pay by 1 December 2026", text)

    def test_list_speaks_the_language_of_the_customer(self):
        self._create_letter((1000, self.reminder))
        self.authenticate("anna", "anna")
        self.opener.cookies["frontend_lang"] = "en_US"  # the browser is English

        own = self.url_open("/my/dunning").text
        chosen = self.url_open("/en/my/dunning").text

        self.assertIn("Betalingsherinneringen", own)
        self.assertIn("Payment reminders", chosen)  # he chose that himself

    def test_mail_links_to_the_page(self):
        notice = self._create_letter((100, self.reminder))
        [values] = notice._prepare_letter_values().values()

        page = notice._prepare_email_values(values)["page"]

        self.assertIn(f"/nl/my/dunning/{notice.id}?access_token=", page)
        body = self.env["ir.qweb"]._render(
            "l10n_nl_dunning.dunning_email",
            {**values, **notice._prepare_email_values(values)},
        )
        self.assertIn(page, body)
