from datetime import date, timedelta
from types import SimpleNamespace

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import DUE, DunningCommon

NEW_YEAR = date(2027, 1, 1)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPrepayment(DunningCommon):
    """Who had better pay in advance, and what is done about it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "nl_NL"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.debtor = cls.debtor.with_env(cls.env)
        cls.company = cls.company.with_env(cls.env)
        cls.term = cls.env["account.payment.term"].create(
            {
                "name": "30 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )

    def _create_paid(self, days_late, partner=None, due=DUE):
        move = self._create_due_invoice(due=due, partner=partner)
        self._pay(move, day=due + timedelta(days=days_late))
        return move

    def _create_letter(self, level, day, partner=None, state="sent"):
        notice = self.env["dunning.notice"].create(
            {
                "company_id": self.company.id,
                "partner_id": (partner or self.debtor).id,
                "recipient_id": (partner or self.debtor).id,
                "currency_id": self.company.currency_id.id,
                "line_ids": [Command.create({"level_id": level.id})],
            }
        )
        notice.write({"state": state, "date": day})
        notice.flush_recordset()
        return notice

    def _is_advised(self, day=NEW_YEAR, partner=None):
        partner = partner or self.debtor
        partner.invalidate_recordset()
        with freeze_time(day):
            found = partner.search(
                [("dunning_prepayment_advised", "=", True), ("id", "=", partner.id)]
            )
            self.assertEqual(bool(found), partner.dunning_prepayment_advised)
        return bool(found)

    # === THE RECORD === #

    def test_customer_without_record(self):
        self._create_due_invoice()

        self.assertFalse(self._is_advised())

    def test_formal_letters_reach_the_threshold(self):
        self._create_letter(self.reminder, date(2026, 11, 5))
        self._create_letter(self.default_notice, date(2026, 12, 11))
        self.assertFalse(self._is_advised())

        self._create_letter(self.final_demand, date(2026, 12, 31))
        self.assertTrue(self._is_advised())
        self.assertEqual(
            self.debtor.dunning_prepayment_reason,
            "Formal letters in the last twelve months: 2.",
        )

    def test_letters_that_failed_or_are_old_do_not_count(self):
        self._create_letter(self.default_notice, date(2026, 12, 11), state="failed")
        self._create_letter(self.default_notice, date(2026, 12, 11))
        self._create_letter(self.final_demand, date(2026, 1, 1))

        # The last one is a year old on New Year's Day.
        self.assertFalse(self._is_advised())
        self.assertTrue(self._is_advised(date(2026, 12, 31)))

    def test_average_of_the_last_paid_invoices(self):
        self._create_paid(0, due=date(2026, 10, 2))  # older, does not count
        for days in (29, 30):
            self._create_paid(days)
        move = self._create_paid(30)
        # 29, 30 and 30: on average 29.67 days late.
        self.assertFalse(self._is_advised())

        self.company.dunning_prepayment_days = 29
        self.assertTrue(self._is_advised())
        self.assertEqual(
            self.debtor.dunning_prepayment_reason,
            "Paid 30 days late on average over the last 3 invoices.",
        )
        self.assertTrue(move.line_ids.filtered("reconciled"))

    def test_fewer_invoices_than_the_average_needs(self):
        for _number in range(2):
            self._create_paid(59)

        self.assertFalse(self._is_advised())
        self.company.dunning_prepayment_invoices = 2
        self.assertTrue(self._is_advised())

    def test_early_payment_counts_as_on_time(self):
        self.company.dunning_prepayment_invoices = 2
        self._create_paid(-20)
        self._create_paid(59)

        # 0 and 59: on average 29.5.
        self.assertFalse(self._is_advised())
        self.company.dunning_prepayment_days = 29
        self.assertTrue(self._is_advised())

    @freeze_time(NEW_YEAR)
    def test_credit_note_is_no_payment(self):
        self.company.dunning_prepayment_invoices = 1
        move = self._create_due_invoice()
        credit_note = self._reverse_invoice(
            move, date=date(2026, 12, 20), is_modify=False, post=True
        )
        self.assertTrue(self._get_item(move).reconciled)
        self.assertEqual(credit_note.date, date(2026, 12, 20))

        self.assertFalse(self._is_advised())

    def test_thresholds_of_zero_count_nothing(self):
        self.company.dunning_prepayment_notices = 0
        self.company.dunning_prepayment_days = 0
        self._create_letter(self.default_notice, date(2026, 12, 11))
        self._create_letter(self.final_demand, date(2026, 12, 31))
        for _number in range(3):
            self._create_paid(59)

        self.assertFalse(self._is_advised())

    def test_contact_shares_the_record_of_the_debtor(self):
        contact = self.env["res.partner"].create(
            {"name": "Inkoop", "parent_id": self.debtor.id}
        )
        self._create_letter(self.default_notice, date(2026, 12, 11))
        self._create_letter(self.final_demand, date(2026, 12, 31))

        self.assertTrue(self._is_advised(partner=contact))

    def test_statements_do_not_grow_with_customers(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(100)]
        )

        def count(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.mapped("dunning_prepayment_advised")
            return self.env.cr.sql_log_count - before

        count(partners[:2])
        self.assertEqual(count(partners), count(partners[:2]))

    # === THE DECISION === #

    def _make_bad(self):
        self._create_letter(self.default_notice, date(2026, 12, 11))
        self._create_letter(self.final_demand, date(2026, 12, 31))
        self.debtor.invalidate_recordset()

    @freeze_time(NEW_YEAR)
    def test_prepayment_and_back(self):
        self.debtor.property_payment_term_id = self.term
        self._make_bad()
        user = new_test_user(
            self.env,
            login="dunning_invoicing",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        debtor = self.debtor.with_user(user)

        debtor.action_require_dunning_prepayment()

        [line] = self.debtor.property_payment_term_id.line_ids
        self.assertEqual(line.nb_days, 0)
        self.assertEqual(self.debtor.dunning_prepayment_since, NEW_YEAR)
        note = self.debtor.message_ids[:1]
        self.assertEqual(note.author_id, user.partner_id)
        self.assertIn("30 days", note.body)
        self.assertIn("Formal letters in the last twelve months: 2.", note.body)

        debtor.action_end_dunning_prepayment()

        self.assertEqual(self.debtor.property_payment_term_id, self.term)
        self.assertFalse(self.debtor.dunning_prepayment_since)
        self.assertFalse(self.debtor.dunning_former_term_id)

    @freeze_time(NEW_YEAR)
    def test_term_chosen_since_stays(self):
        self.debtor.action_require_dunning_prepayment()
        self.debtor.property_payment_term_id = self.term

        self.debtor.action_end_dunning_prepayment()

        self.assertEqual(self.debtor.property_payment_term_id, self.term)

    @freeze_time(NEW_YEAR)
    def test_other_company_keeps_its_term(self):
        other = self.setup_other_company()["company"]

        self.debtor.action_require_dunning_prepayment()

        elsewhere = self.debtor.with_company(other)
        self.assertFalse(elsewhere.dunning_prepayment_since)
        self.assertFalse(elsewhere.property_payment_term_id)

    def test_no_immediate_term(self):
        for term in self.env["account.payment.term"].search([]):
            term.line_ids.nb_days = 14

        with self.assertRaisesRegex(UserError, "Add one with a single line"):
            self.debtor.action_require_dunning_prepayment()

    def test_reader_cannot_decide(self):
        reader = new_test_user(
            self.env,
            login="dunning_reader",
            groups="account.group_account_readonly",
            company_id=self.company.id,
        )

        with self.assertRaises(AccessError):
            self.debtor.with_user(reader).action_require_dunning_prepayment()
        with self.assertRaises(AccessError):
            self.debtor.with_user(reader).action_end_dunning_prepayment()

    # === THE WARNING === #

    def _create_draft(self):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.debtor.id,
                "invoice_line_ids": [Command.create({"name": "a", "price_unit": 10})],
            }
        )

    @freeze_time(NEW_YEAR)
    def test_new_documents_warn(self):
        self.company.account_use_credit_limit = True
        self.assertFalse(self._create_draft().partner_credit_warning)
        self._make_bad()

        self.assertEqual(
            self._create_draft().partner_credit_warning,
            "Prepayment advised for Bakkerij De Gouden Aar B.V.: Formal letters in "
            "the last twelve months: 2.",
        )
        self.debtor.action_require_dunning_prepayment()
        self.assertEqual(
            self._create_draft().partner_credit_warning,
            "Bakkerij De Gouden Aar B.V. pays in advance since 01/01/2027.",
        )

    @freeze_time(NEW_YEAR)
    def test_quotation_of_a_seller_warns(self):
        """Sales hands its quotations to core's warning, as a user who sees no letters.

        It reads no more of them than their customer and company.
        """
        self._make_bad()
        seller = new_test_user(
            self.env,
            login="dunning_seller",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        quotation = SimpleNamespace(
            partner_id=self.debtor.with_user(seller).sudo(),
            company_id=self.company.with_user(seller).sudo(),
        )

        warning = (
            self.env["account.move"]
            .with_user(seller)
            ._build_credit_warning_message(quotation, current_amount=10)
        )

        self.assertIn("Prepayment advised", warning)
