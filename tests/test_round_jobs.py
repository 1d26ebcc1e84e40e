from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..models.issue.dunning_notice import PARAMETER
from .common import FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCron(CronMixinCase, DunningCommon):
    """The two jobs, as the scheduler runs them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).dunning_propose_daily = False
        cls.company.dunning_propose_daily = True

    def _run(self, name, day=FIRST_REMINDER):
        cron = self.env.ref(f"l10n_nl_dunning.ir_cron_{name}").sudo()
        with self.enter_registry_test_mode(), freeze_time(day):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_notices(self):
        return self.env["dunning.notice"].search(
            [("company_id", "=", self.company.id)], order="id"
        )

    def test_propose_and_deliver(self):
        self._create_due_invoice()
        self.reminder.is_automatic = True

        self._run("propose")
        self.assertEqual(self._get_notices().state, "queued")

        self._run("deliver")
        self.assertEqual(self._get_notices().state, "pending")

    def test_jobs_are_safe_at_any_frequency(self):
        self._create_due_invoice()
        self.reminder.is_automatic = True
        for _time in range(3):
            self._run("propose")
            self._run("deliver")

        notice = self._get_notices()
        self.assertEqual(len(notice), 1)
        self.assertEqual(len(notice.delivery_ids), 1)
        self.assertEqual(len(notice.delivery_ids.mail_id), 1)

    def test_letter_in_language_of_recipient_whatever_the_job_speaks(self):
        self._create_due_invoice()
        self._create_due_invoice(
            partner=self._create_debtor("Whitby Chairs Ltd", lang="en_US")
        )
        self._create_due_invoice(
            partner=self._create_debtor("Stuhlwerk GmbH", lang=False)
        )
        self.reminder.is_automatic = True
        self.env.ref("base.user_root").sudo().lang = "en_US"

        self._run("propose")
        self._run("deliver")

        self.assertEqual(
            {notice.partner_id.name: notice.lang for notice in self._get_notices()},
            {
                "Bakkerij De Gouden Aar B.V.": "nl_NL",
                "Whitby Chairs Ltd": "en_US",
                "Stuhlwerk GmbH": "nl_NL",
            },
        )

    def test_confirming_wakes_the_delivery_job(self):
        self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)

        with self.capture_triggers("l10n_nl_dunning.ir_cron_deliver") as triggers:
            run.action_confirm()

        self.assertEqual(len(triggers.records), 1)

    def test_confirming_wakes_the_copies_of_the_delivery_job(self):
        self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        job = self.env.ref("l10n_nl_dunning.ir_cron_deliver").sudo()
        copy, asleep = job.copy(), job.copy({"active": False})

        run.action_confirm()

        triggers = self.env["ir.cron.trigger"].sudo().search([])
        self.assertIn(copy, triggers.cron_id)
        self.assertNotIn(asleep, triggers.cron_id)
        with self.enter_registry_test_mode(), freeze_time(FIRST_REMINDER):
            copy.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.notice_ids.state, "pending")

    def test_without_queue_job_its_setting_does_nothing(self):
        if "queue.job" in self.env:
            self.skipTest("queue_job is installed in this database")
        self._create_due_invoice()
        self.reminder.is_automatic = True
        self.env["ir.config_parameter"].set_param(PARAMETER, "True")
        self.assertFalse(
            self.env["res.config.settings"].create({}).dunning_has_queue_job
        )
        self._run("propose")

        self._run("deliver")

        self.assertEqual(self._get_notices().state, "pending")

    @mute_logger("odoo.addons.l10n_nl_dunning.models.issue.dunning_notice")
    def test_letter_that_cannot_be_made_does_not_block_the_queue(self):
        for number in range(3):
            self._create_due_invoice(partner=self._create_debtor(f"Debtor {number}"))
        self.reminder.is_automatic = True
        self._run("propose")
        bad = self._get_notices()[0]
        freeze = type(bad)._freeze

        def fail_for_one(notice, today):
            if notice.id == bad.id:
                raise ZeroDivisionError("out of paper")
            return freeze(notice, today)

        with patch.object(type(bad), "_freeze", fail_for_one):
            self._run("deliver")

        self.assertEqual(
            self._get_notices().mapped("state"), ["failed", "pending", "pending"]
        )
        self.assertIn("out of paper", bad.error)

    @mute_logger("odoo.addons.l10n_nl_dunning.models.issue.dunning_notice")
    def test_failed_letter_of_the_job_becomes_work_for_a_manager(self):
        self._create_due_invoice()
        self.reminder.is_automatic = True
        self._run("propose")
        notice = self._get_notices()
        self.debtor.email = False

        self._run("deliver")

        self.assertEqual(notice.state, "failed")
        manager = self.company._get_dunning_responsible()
        self.assertFalse(manager._is_superuser())
        self.assertTrue(manager.has_group("account.group_account_manager"))
        self.assertEqual(notice.activity_ids.user_id, manager)

    def test_only_dutch_companies_propose_daily_by_themselves(self):
        dutch, belgian = self.env["res.company"].create(
            [
                {"name": "Dutch", "country_id": self.env.ref("base.nl").id},
                {"name": "Belgian", "country_id": self.env.ref("base.be").id},
            ]
        )

        self.assertTrue(dutch.dunning_propose_daily)
        self.assertFalse(belgian.dunning_propose_daily)
        belgian.dunning_propose_daily = True
        self.assertTrue(belgian.dunning_propose_daily)

    def test_company_that_does_not_want_daily_proposals(self):
        self._create_due_invoice()
        self.company.dunning_propose_daily = False

        self._run("propose")

        self.assertFalse(self._get_notices())

    def test_one_company_with_an_error_does_not_stop_the_others(self):
        other = self.setup_other_company()["company"]
        other.dunning_propose_daily = True
        self._create_due_invoice()
        propose = type(self.env["dunning.run"]).propose

        def fail_for_other(run, company, *args, **kwargs):
            if company == other:
                raise ZeroDivisionError("company without books")
            return propose(run, company, *args, **kwargs)

        with (
            patch.object(type(self.env["dunning.run"]), "propose", fail_for_other),
            mute_logger("odoo.addons.l10n_nl_dunning.models.round.dunning_run"),
        ):
            self._run("propose")

        self.assertEqual(len(self._get_notices()), 1)
