from datetime import date

from odoo.tests import BaseCase, freeze_time, tagged

from ..models.ledger.engine import (
    BankLine,
    OpenNumbers,
    list_references,
    match_waiting,
    normalize,
)
from .common import FIRST_REMINDER
from .ledger_common import LedgerCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestMatching(BaseCase):
    """What a text of the bank refers to."""

    def test_numbers_are_found_however_they_are_written(self):
        for text in (
            "F/2026/00001",
            "betaling factuur f/2026/00001, dank u",
            "Fact.F 2026 00001",
            "/REMI/USTD//F-2026-00001/EREF/NOTPROVIDED",
            "F202600001",
        ):
            with self.subTest(text=text):
                self.assertIn("F202600001", list_references(text))

    def test_part_of_a_number_is_no_number(self):
        for text in ("F/2026/000012", "2026/00001", "", None):
            with self.subTest(text=text):
                self.assertNotIn("F202600001", list_references(text))

    def test_payment_reference_in_groups_of_four(self):
        self.assertEqual(normalize("1234 5678 9012 3456"), "1234567890123456")
        self.assertIn(
            "1234567890123456", list_references("kenmerk 1234 5678 9012 3456")
        )

    def test_short_number_is_left_to_chance(self):
        line = BankLine(1, date(2026, 11, 4), 100.0, 1, None, "huur 187")

        self.assertFalse(match_waiting([line], [OpenNumbers(1, 5, ("187",))]))

    def test_line_of_the_debtor_is_for_all_his_items(self):
        line = BankLine(1, date(2026, 11, 4), 100.0, 1, 5, "")
        items = [OpenNumbers(1, 5, ("F1001",)), OpenNumbers(2, 6, ("F1002",))]

        self.assertEqual(match_waiting([line], items), {1: [line]})


@tagged("post_install_l10n", "post_install", "-at_install")
class TestWaiting(LedgerCommon):
    """What the bank has and nobody matched is said beside the proposed letter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._create_due_invoice(100)

    def _receive(self, text, amount=100, partner=None, **values):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": date(2026, 11, 4),
                "payment_ref": text,
                "amount": amount,
                "partner_id": partner.id if partner else False,
                **values,
            }
        )

    def _get_warning(self):
        notice = self._propose(FIRST_REMINDER).notice_ids
        with freeze_time(FIRST_REMINDER):
            return notice.with_context(lang="en_US").warning

    def test_line_that_names_the_debtor(self):
        self._receive("bedankt", partner=self.debtor)

        warning = self._get_warning()

        self.assertRegex(
            warning, r"^The bank has money that nobody matched: .*100\.00.*bedankt\)\.$"
        )
        self.assertIn("11/04/2026", warning)

    def test_line_that_names_a_contact_of_the_debtor(self):
        self._receive("bedankt", partner=self._create_contact())

        self.assertIn("bedankt", self._get_warning())

    def test_line_without_debtor_that_names_the_invoice(self):
        self._receive(f"betaling {self.move.name}")

        self.assertIn("100.00", self._get_warning())

    def test_line_without_debtor_that_names_the_payment_reference(self):
        self.move.payment_reference = "7000 1234 5678 9012"
        self._receive("7000123456789012")

        self.assertIn("100.00", self._get_warning())

    def test_line_that_names_an_opening_item(self):
        self.env["account.move"].browse(self.move.id).line_ids.no_followup = True
        self._create_opening((self.debtor, "2025-0187", 30))
        self._receive("fact 2025 0187", 30)

        self.assertIn("30.00", self._get_warning())

    def test_line_from_the_account_of_the_debtor(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "NL20INGB0001234567", "partner_id": self.debtor.id}
        )
        line = self._receive("overboeking")
        line.partner_id = False
        line.account_number = "NL20 INGB 0001 2345 67"

        self.assertIn("overboeking", self._get_warning())

    def test_line_of_somebody_else_says_nothing(self):
        self._receive("overboeking", partner=self.other)
        self._receive("overboeking")

        self.assertFalse(self._get_warning())

    def test_money_that_left_says_nothing(self):
        self._receive("bedankt", -100, partner=self.debtor)

        self.assertFalse(self._get_warning())

    def test_line_that_was_matched_says_nothing(self):
        line = self._receive("bedankt", partner=self.debtor)
        suspense = line._seek_for_lines()[1]
        suspense.account_id = self.company_data["default_account_revenue"]
        self.assertTrue(line.is_reconciled)

        self.assertFalse(self._get_warning())

    def test_more_lines_than_are_shown_are_counted(self):
        for number in range(5):
            self._receive(f"deel {number}", 10, partner=self.debtor)

        warning = self._get_warning()

        self.assertIn("deel 2", warning)
        self.assertNotIn("deel 3", warning)
        self.assertIn("2 more", warning)

    def test_letter_that_went_out_is_past_warning(self):
        notice = self._send(FIRST_REMINDER).notice_ids
        self._receive("bedankt", partner=self.debtor)

        self.assertFalse(notice.warning)

    def test_warnings_of_a_round_are_two_statements(self):
        for number in range(5):
            debtor = self._create_debtor(f"Debtor {number}")
            self._create_due_invoice(partner=debtor)
            self._receive("bedankt", partner=debtor)
        notices = self._propose(FIRST_REMINDER).notice_ids
        self.assertEqual(len(notices), 6)
        notices.line_ids.mapped("level_id")
        notices.mapped("partner_id.commercial_partner_id")
        self.env.flush_all()

        Line = self.env["account.move.line"]
        items = {
            line.move_line_id.id: line.notice_id.partner_id.id
            for line in notices.line_ids
        }
        with self.assertQueryCount(2):
            waiting = Line._find_dunning_waiting(self.company, items)
        self.assertEqual(len(waiting), 5)

    # === AS AN OBSTACLE === #

    def test_setting_keeps_the_letter_back(self):
        self._receive("bedankt", partner=self.debtor)
        self.assertFalse(self._get_obstacle(self.move, FIRST_REMINDER))

        self.company.dunning_hold_unmatched = True

        self.assertEqual(self._get_obstacle(self.move, FIRST_REMINDER), "unmatched")
        self.assertFalse(self._propose(FIRST_REMINDER).notice_ids)

    def test_setting_keeps_back_only_what_the_money_may_be_for(self):
        self.company.dunning_hold_unmatched = True
        second = self._create_due_invoice(70)
        self._receive(f"betaling {self.move.name}")

        notice = self._propose(FIRST_REMINDER).notice_ids

        self.assertEqual(notice.line_ids.move_id, second)

    def test_money_that_comes_in_after_the_proposal_keeps_the_letter_back(self):
        self.company.dunning_hold_unmatched = True
        run = self._propose(FIRST_REMINDER)
        self._receive("bedankt", partner=self.debtor)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._deliver(FIRST_REMINDER)

        self.assertEqual(run.notice_ids.state, "cancelled")
