from datetime import date

from odoo.tests import tagged

from .claim_common import ClaimCommon
from .letter_common import LetterCommon

#: Last day of the year: the last letter of the ladder.
DAY = date(2026, 12, 31)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestTradeTerm(ClaimCommon):
    """From when businesses owe interest: 6:119a(2) and 6:119b BW.

    An invoice of 1 October is there on the 2nd: thirty days end on 1 November. With
    10 % a year over 36,500 each day is 10 euro; 2 November to 31 December are 60 days.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_interest_percent = 10

    def _get_interest(self, due, day=DAY, **values):
        move = self._create_due_invoice(36500, due=due, **values)
        return float(self._get_claim(move, day).interest)

    def test_thirty_days_from_receipt_where_nothing_was_agreed(self):
        self.assertEqual(self._get_interest(date(2026, 10, 15)), 600)

    def test_due_date_where_it_was_agreed(self):
        self.company.dunning_trade_term = True

        # 16 October to 31 December: 16, 30 and 31 days.
        self.assertEqual(self._get_interest(date(2026, 10, 15)), 770)

    def test_longer_term_on_the_invoice_holds(self):
        # From 3 November on.
        self.assertEqual(self._get_interest(date(2026, 11, 2)), 590)

    def test_goods_that_came_later(self):
        # There on 20 October: thirty days end on 19 November; eleven days and 31.
        interest = self._get_interest(
            date(2026, 10, 15), delivery_date=date(2026, 10, 20)
        )

        self.assertEqual(interest, 420)

    def test_agreed_with_one_customer(self):
        self.debtor.dunning_term = "agreed"

        self.assertEqual(self._get_interest(date(2026, 10, 15)), 770)

    def test_not_agreed_with_one_customer(self):
        self.company.dunning_trade_term = True
        self.debtor.dunning_term = "printed"

        self.assertEqual(self._get_interest(date(2026, 10, 15)), 600)

    def test_public_body_has_thirty_days_whatever_is_printed(self):
        self.company.dunning_trade_term = True
        self.debtor.dunning_term = "public"

        self.assertEqual(self._get_interest(date(2026, 10, 15)), 600)

    def test_books_from_before(self):
        # Due before it was made out: 3 to 31 July, 29 days.
        self.assertEqual(self._get_interest(date(2026, 7, 2), date(2026, 7, 31)), 290)

    def test_letter_claims_no_more(self):
        self._create_due_invoice(36500, due=date(2026, 10, 15))
        for day in ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"):
            notice = self._send(day).notice_ids

        self.assertEqual(notice.amount_interest, 600)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestTradeTermInLetters(LetterCommon):
    """No letter dates interest otherwise than the claim does."""

    def _read_default_notice(self, due):
        level = self._get_level("default_notice")
        notice = self._create_letter((100, level))
        notice.line_ids.flush_recordset()
        self.env.cr.execute(
            "UPDATE dunning_notice_line SET date_maturity = %s WHERE notice_id = %s",
            [due, notice.id],
        )
        self.env.invalidate_all()
        return " ".join(self._print(notice))

    def test_from_receipt_where_no_term_was_agreed(self):
        text = self._read_default_notice(date(2026, 10, 15))

        self.assertIn("vanaf dertig dagen na ontvangst van elke factuur", text)

    def test_from_the_due_date_where_it_was_agreed(self):
        self.company.dunning_trade_term = True

        text = self._read_default_notice(date(2026, 10, 15))

        self.assertIn("vanaf de dag na de vervaldatum van elke factuur", text)
        self.assertNotIn("na ontvangst", text)

    def test_from_the_due_date_where_the_term_was_longer(self):
        text = self._read_default_notice(date(2026, 11, 2))

        self.assertIn("vanaf de dag na de vervaldatum van elke factuur", text)
