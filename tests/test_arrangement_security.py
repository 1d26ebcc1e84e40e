from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .arrangement_common import DRAWN_UP, FIRST, SIGNATURE, ArrangementCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementSecurity(ArrangementCommon):
    """Who may do what, in which company, and two at once."""

    def _new_user(self, login, groups, company=None):
        company = company or self.company
        return new_test_user(
            self.env,
            login=login,
            groups=groups,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @freeze_time(DRAWN_UP)
    def test_invoicing_user_draws_up_offers_and_cancels(self):
        move = self._create_due_invoice()
        user = self._new_user("arranger", "account.group_account_invoice")
        wizard = (
            self.env["payment.arrangement.wizard"]
            .with_user(user)
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"first_date": FIRST})
        )
        arrangement = (
            self.env["payment.arrangement"]
            .with_user(user)
            .browse(wizard.action_draw_up()["res_id"])
        )
        arrangement.action_offer()
        self.assertEqual(arrangement.offered_by_id, user)
        arrangement._cancel("Anders")

        self.assertEqual(arrangement.state, "cancelled")

    def test_readonly_user_sees_and_changes_nothing(self):
        arrangement = self._start(self._create_due_invoice())
        auditor = self._new_user("arrange_audit", "account.group_account_readonly")
        seen = arrangement.with_user(auditor)

        self.assertTrue(seen.amount_open)
        self.assertTrue(seen.line_ids.mapped("amount_paid"))
        with self.assertRaises(AccessError):
            seen.grace_days = 9

    def test_user_without_accounting_rights_sees_nothing(self):
        arrangement = self._start(self._create_due_invoice())
        clerk = self._new_user("arrange_clerk", "base.group_user")

        with self.assertRaises(AccessError):
            arrangement.with_user(clerk).read(["name"])

    def test_another_company_sees_nothing(self):
        arrangement = self._start(self._create_due_invoice())
        other = self.setup_other_company()["company"]
        user = self._new_user("arrange_other", "account.group_account_invoice", other)

        for model in (
            "payment.arrangement",
            "payment.arrangement.line",
            "payment.arrangement.item",
        ):
            self.assertFalse(
                self.env[model]
                .with_user(user)
                .search([("company_id", "=", self.company.id)]),
                model,
            )
        with self.assertRaises(AccessError):
            arrangement.with_user(user).read(["name"])

    def test_job_follows_each_company_on_its_own_day(self):
        arrangement = self._start(self._create_due_invoice(), with_interest=False)
        other = self.setup_other_company()["company"]
        with freeze_time(date(2026, 11, 21)):
            self.env["payment.arrangement"]._follow_company(other)
            self.assertFalse(arrangement.line_ids[0].reminder_date)
            self.env["payment.arrangement"]._follow_company(self.company)

        self.assertEqual(arrangement.line_ids[0].reminder_date, date(2026, 11, 21))

    def test_database_keeps_an_item_in_one_live_arrangement(self):
        move = self._create_due_invoice()
        self._offer(move)
        second = self._draw_up(move)

        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            second.state = "offered"
            self.env.flush_all()

    def test_somebody_else_is_busy_with_it(self):
        """What another transaction has locked is left to it."""
        arrangement = self._offer(self._create_due_invoice())
        locked = type(arrangement).try_lock_for_update

        def busy(records, **kwargs):
            if records == arrangement:
                return records.browse()
            return locked(records, **kwargs)

        self.patch(type(arrangement), "try_lock_for_update", busy)
        with (
            self.assertRaisesRegex(UserError, "Somebody else is busy"),
            freeze_time(DRAWN_UP),
        ):
            arrangement._sign("G. Aar", SIGNATURE, "192.0.2.7")

        self.assertEqual(arrangement.state, "offered")
