from datetime import date

from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .portal_common import PortalCommon

LATER = date(2026, 12, 15)


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalTerm(PortalCommon):
    """Until when the page of a letter asks to pay: only what the letter could say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder = cls._get_level("reminder")
        cls.final_demand = cls._get_level("final_demand")

    def test_letter_that_failed_has_no_term(self):
        notice = self._create_letter((100, self.reminder))
        self.assertIn("Te betalen uiterlijk op 1 december", self._read_page(notice))
        self._set_state(notice, "failed")

        for day in (TODAY, LATER):
            with self.subTest(day), freeze_time(day):
                text = self._read_page(notice)

                self.assertIn("Vandaag te betalen € 100,00", text)
                self.assertIn("Deze brief kon niet worden bezorgd", text)
                self.assertIn("Nog te betalen", text)
                for word in ("uiterlijk", "1 december", "Termijn verstreken"):
                    self.assertNotIn(word, text)

    def test_bounced_letter_has_no_term(self):
        notice = self._create_letter((100, self.reminder))
        self.env["dunning.delivery"].create(
            {
                "notice_id": notice.id,
                "channel": "email",
                "address": "administratie@goudenaar.example",
                "state": "sent",
                "date_sent": TODAY,
            }
        )
        notice._message_receive_bounce("administratie@goudenaar.example", self.debtor)
        self.assertEqual(notice.state, "failed")

        self.assertNotIn("uiterlijk", self._read_page(notice))

    def test_fourteen_days_of_a_letter_that_failed_have_not_begun(self):
        level = self._get_level("fourteen_day", "consumer")
        notice = self._create_letter((100, level), partner=self.consumer)
        self.assertIn("zonder incassokosten", self._read_page(notice))
        self._set_state(notice, "failed")

        for day in (TODAY, LATER):
            with self.subTest(day), freeze_time(day):
                text = self._read_page(notice)

                self.assertNotIn("zonder incassokosten", text)
                self.assertNotIn("Termijn verstreken", text)

    def test_term_of_a_letter_that_has_yet_to_be_posted_has_not_begun(self):
        notice = self._create_letter((100, self.reminder))
        self._set_state(notice, "pending")

        with freeze_time(LATER):
            text = self._read_page(notice)

        self.assertNotIn("uiterlijk", text)
        self.assertNotIn("Termijn verstreken", text)
        self.assertNotIn("kon niet worden bezorgd", text)

    def test_letter_that_failed_asks_neither_interest_nor_costs(self):
        notice = self._create_letter((1000, self.final_demand))
        self.assertIn("Vandaag te betalen € 1.155,98", self._read_page(notice))
        self._set_state(notice, "failed")

        text = self._read_page(notice)

        self.assertIn("Vandaag te betalen € 1.000,00", text)
        self.assertNotIn("Rente", text)
        self.assertEqual(notice.amount_today, 1000)

    def test_interest_of_a_letter_that_arrived_stays_when_the_next_one_failed(self):
        first = self._create_letter((1000, self.final_demand))
        default_notice = self._get_level("default_notice")
        second = self._create_letter(
            again=[(first.line_ids.move_line_id, default_notice)]
        )
        self._set_state(second, "failed")

        self.assertIn("Vandaag te betalen € 1.155,98", self._read_page(second))

    def test_requests_with_terms_of_their_own_keep_them(self):
        # The final demand gives 7 days, the reminder 8.
        notice = self._create_letter((1000, self.final_demand), (300, self.reminder))
        strict, friendly = notice.line_ids

        text = self._read_page(notice)

        self.assertIn(
            f"{strict.move_name} Vervaldatum: 2 november 2026 "
            "Te betalen uiterlijk op 30 november 2026",
            text,
        )
        self.assertIn(
            f"{friendly.move_name} Vervaldatum: 2 november 2026 "
            "Te betalen uiterlijk op 1 december 2026",
            text,
        )
        self.assertEqual(text.count("uiterlijk"), 2)
        # One of them is paid: what is left has one term.
        self._pay(strict.move_id, day=TODAY)
        text = self._read_page(notice)
        self.assertEqual(text.count("uiterlijk"), 1)
        self.assertIn("Te betalen uiterlijk op 1 december 2026", text)
