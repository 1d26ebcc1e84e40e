from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .common import FIRST_REMINDER, DunningCommon

WIZARD = "l10n_nl_dunning.dunning_run_wizard_view_form"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestRunWizard(DunningCommon):
    """Starting a round by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        other_banks = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")]
        )
        (other_banks - cls.bank).action_archive()

    def _create_statement_line(self, day):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": day,
                "payment_ref": "Received",
                "amount": 1.0,
            }
        )

    def _open_wizard(self):
        return Form(self.env["dunning.run.wizard"], view=WIZARD)

    @freeze_time(FIRST_REMINDER)
    def test_wizard_opens_the_round_with_its_letters(self):
        self._create_due_invoice()

        action = self._open_wizard().save().action_propose()

        run = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(run.notice_ids.partner_id, self.debtor)
        self.assertEqual((run.date, run.state), (FIRST_REMINDER, "draft"))

    @freeze_time("2026-11-03")
    def test_wizard_opens_a_round_without_letters(self):
        self._create_due_invoice()

        action = self._open_wizard().save().action_propose()

        run = self.env["dunning.run"].browse(action["res_id"])
        self.assertFalse(run.notice_ids)
        self.assertEqual(run.obstacle_ids.mapped("obstacle"), ["grace"])

    @freeze_time(FIRST_REMINDER)
    def test_wizard_limits_round_to_debtors(self):
        other = self._create_debtor(name="Drukkerij Smit")
        self._create_due_invoice()
        self._create_due_invoice(partner=other)
        form = self._open_wizard()
        form.partner_ids.add(other)

        action = form.save().action_propose()

        run = self.env["dunning.run"].browse(action["res_id"])
        self.assertEqual(run.notice_ids.partner_id, other)

    @freeze_time(FIRST_REMINDER)
    def test_wizard_limits_round_to_policies(self):
        other = self._create_policy(name="Other")
        self._create_due_invoice()
        chosen = self._create_debtor(name="Drukkerij Smit", dunning_policy_id=other.id)
        self._create_due_invoice(partner=chosen)
        form = self._open_wizard()
        form.policy_ids.add(other)

        action = form.save().action_propose()

        run = self.env["dunning.run"].browse(action["res_id"])
        self.assertEqual(run.notice_ids.partner_id, chosen)

    # === BANK === #

    @freeze_time(FIRST_REMINDER)
    def test_bank_without_statements_gives_a_warning(self):
        form = self._open_wizard()

        self.assertIn("No bank statement was imported yet", form.bank_warning)

    @freeze_time(FIRST_REMINDER)
    def test_bank_older_than_allowed_gives_a_warning(self):
        self._create_statement_line(date(2026, 10, 1))
        self._create_statement_line(date(2026, 11, 1))  # 4 days, 3 are allowed

        wizard = self._open_wizard().save()

        self.assertIn(self.bank.display_name, wizard.bank_warning)
        self.assertEqual(wizard.bank_journal_ids, self.bank)
        self.assertEqual(self.bank.dunning_bank_date, date(2026, 11, 1))

    @freeze_time(FIRST_REMINDER)
    def test_bank_up_to_date_gives_no_warning(self):
        self._create_statement_line(date(2026, 11, 2))

        self.assertFalse(self._open_wizard().bank_warning)

    # === BAD INPUT === #

    @freeze_time(FIRST_REMINDER)
    def test_date_in_the_future_is_refused(self):
        self._create_due_invoice()
        form = self._open_wizard()
        form.date = date(2026, 11, 6)
        wizard = form.save()

        with self.assertRaisesRegex(UserError, "cannot be dated in the future"):
            wizard.action_propose()
        self.assertFalse(self.env["dunning.run"].search_count([]))

    @freeze_time(FIRST_REMINDER)
    def test_date_in_the_future_is_refused_in_dutch(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        form = self._open_wizard()
        form.date = date(2026, 11, 6)
        wizard = form.save().with_context(lang="nl_NL")

        with self.assertRaisesRegex(UserError, "kan niet in de toekomst"):
            wizard.action_propose()

    @freeze_time(FIRST_REMINDER)
    def test_date_in_locked_books_is_refused(self):
        self.company.hard_lock_date = date(2026, 10, 31)
        form = self._open_wizard()
        form.date = date(2026, 10, 31)
        wizard = form.save()

        with self.assertRaisesRegex(UserError, "books are locked"):
            wizard.action_propose()

    # === CONFIRM === #

    @freeze_time(FIRST_REMINDER)
    def test_confirm_leaves_unsendable_letter_with_its_reason(self):
        bad = self._create_debtor(name="Garage Vos")
        self._create_due_invoice()
        self._create_due_invoice(partner=bad)
        run = self.env["dunning.run"].propose(self.company)
        good_letter = run.notice_ids.filtered(lambda n: n.partner_id == self.debtor)
        bad_letter = run.notice_ids - good_letter
        bad.email = False

        action = run.action_confirm()

        self.assertEqual((good_letter.state, bad_letter.state), ("queued", "draft"))
        self.assertIn("Garage Vos has no e-mail address", bad_letter.error)
        self.assertEqual(run.error_count, 1)
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("Garage Vos", action["params"]["message"])

    @freeze_time(FIRST_REMINDER)
    def test_confirm_clears_the_reason_once_the_cause_is_mended(self):
        self._create_due_invoice()
        run = self.env["dunning.run"].propose(self.company)
        self.debtor.email = False
        run.action_confirm()
        self.debtor.email = "nieuw@goudenaar.example"

        run.action_confirm()

        self.assertEqual(run.notice_ids.state, "queued")
        self.assertFalse(run.notice_ids.error)

    @freeze_time(FIRST_REMINDER)
    def test_confirm_of_one_letter_says_what_is_missing(self):
        self._create_due_invoice()
        run = self.env["dunning.run"].propose(self.company)
        self.debtor.email = False

        with self.assertRaisesRegex(UserError, "has no e-mail address"):
            run.notice_ids.action_confirm()
