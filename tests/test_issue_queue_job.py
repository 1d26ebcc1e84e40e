from unittest import SkipTest
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api, fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..models.issue.dunning_notice import PARAMETER
from .common import FIRST_REMINDER, DunningCommon
from .worker_common import WorkerCommon


def require_queue_job(env):
    """Skip where OCA's queue_job is not installed; `make test` installs it."""
    if "queue.job" not in env:
        raise SkipTest("queue_job is not installed in this database")


@tagged("post_install_l10n", "post_install", "-at_install")
class TestQueueJob(CronMixinCase, DunningCommon):
    """Letters delivered as jobs of the real queue_job."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        require_queue_job(cls.env)
        cls.env["res.company"].search([]).dunning_propose_daily = False
        cls.env["ir.config_parameter"].set_param(PARAMETER, "True")

    def _queue(self, count=2):
        """Queue letters to so many debtors; fifty numbers in a row make one job."""
        self.env.cr.execute(
            "SELECT setval('dunning_notice_id_seq', "
            "nextval('dunning_notice_id_seq') / 50 * 50 + 50)"
        )
        for number in range(count):
            self._create_due_invoice(partner=self._create_debtor(f"Debtor {number}"))
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        return run.notice_ids.sorted("id")

    def _run_cron(self):
        cron = self.env.ref("l10n_nl_dunning.ir_cron_deliver").sudo()
        with self.enter_registry_test_mode(), freeze_time(FIRST_REMINDER):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_jobs(self, *states):
        jobs = (
            self.env["queue.job"]
            .sudo()
            .search([("method_name", "=", "_deliver_as_job")], order="id")
        )
        return jobs.filtered(lambda job: not states or job.state in states)

    def _run_jobs(self):
        """Run the jobs that wait, as the controller does when their runner asks."""
        from odoo.addons.queue_job.controllers.main import RunJobController
        from odoo.addons.queue_job.job import Job

        for record in self._get_jobs("pending"):
            job = Job.load(record.env, record.uuid)
            job.set_enqueued()
            job.store()
            self.env.flush_all()
            with (
                self.enter_registry_test_mode(),
                self.registry.cursor() as cursor,
                freeze_time(FIRST_REMINDER),
            ):
                env = api.Environment(cursor, SUPERUSER_ID, {})
                job = RunJobController._acquire_job(env, record.uuid)
                # What is noted on another cursor would be undone here with the job:
                # in a test they share their connection.
                with patch.object(cursor, "rollback"):
                    RunJobController._runjob(env, job)
            self.env.invalidate_all()

    def _patch_free(self, lock_free):
        """Change which letters nobody else has locked."""
        return patch.object(type(self.env["dunning.notice"]), "_lock_free", lock_free)

    # === ENQUEUING === #

    def test_scheduled_action_enqueues_instead_of_delivering(self):
        notices = self._queue()

        self._run_cron()

        self.assertEqual(notices.mapped("state"), ["queued", "queued"])
        jobs = self._get_jobs()
        self.assertRecordValues(jobs, [{"state": "pending", "max_retries": 10}])
        self.assertLessEqual(notices, jobs.records)

    def test_letters_are_enqueued_once(self):
        self._queue()
        for _time in range(2):
            self._run_cron()

        self.assertEqual(len(self._get_jobs()), 1)
        self.assertTrue(self._get_jobs().identity_key)

    def test_fifty_letters_are_a_job(self):
        first = self._queue(1)
        with patch.object(type(first), "search", lambda notices, *_: notices):
            first.browse([1, 50, 51, 149, 150])._enqueue_deliveries()

        self.assertEqual(
            [job.records.ids for job in self._get_jobs()],
            [list(range(1, 51)), list(range(51, 101)), list(range(101, 151))],
        )

    def test_later_letter_is_in_the_job_that_waits(self):
        notices = self._queue()
        notices[1].state = "draft"
        self._run_cron()
        notices[1]._set_queued()

        self._run_cron()
        self.assertEqual(len(self._get_jobs()), 1)

        self._run_jobs()
        self.assertEqual(notices.mapped("state"), ["pending", "pending"])

    def test_job_that_got_lost_is_made_again(self):
        notices = self._queue(1)
        self._run_cron()
        self._get_jobs().button_cancelled()

        self._run_cron()
        self._run_jobs()

        self.assertEqual(notices.state, "pending")
        self.assertEqual(self._get_jobs().mapped("state"), ["cancelled", "done"])

    def test_without_the_setting_nothing_is_enqueued(self):
        self.env["ir.config_parameter"].set_param(PARAMETER, False)
        notices = self._queue()

        self._run_cron()

        self.assertEqual(notices.mapped("state"), ["pending", "pending"])
        self.assertFalse(self._get_jobs())

    def test_setting_is_offered(self):
        settings = self.env["res.config.settings"].create({})

        self.assertTrue(settings.dunning_has_queue_job)
        self.assertTrue(settings.dunning_deliver_as_jobs)

    # === DELIVERY === #

    def test_job_delivers_once(self):
        notices = self._queue()
        self._run_cron()

        self._run_jobs()

        self.assertEqual(notices.mapped("state"), ["pending", "pending"])
        self.assertEqual(len(notices.delivery_ids), 2)
        self.assertEqual(len(notices.delivery_ids.mail_id), 2)
        self.assertEqual(self._get_jobs().state, "done")
        self._run_cron()
        self.assertEqual(len(self._get_jobs()), 1)

    def test_two_jobs_for_the_same_letter_send_it_once(self):
        notice = self._queue(1)
        for _job in range(2):
            notice.with_delay()._deliver_as_job()

        self._run_jobs()

        self.assertEqual(self._get_jobs().mapped("state"), ["done", "done"])
        self.assertEqual(len(notice.delivery_ids), 1)

    def test_letter_withdrawn_meanwhile_is_not_sent(self):
        withdrawn, other = self._queue()
        self._run_cron()
        withdrawn._cancel("Agreed by telephone")

        self._run_jobs()

        self.assertEqual(withdrawn.state, "cancelled")
        self.assertFalse(withdrawn.delivery_ids)
        self.assertEqual(other.state, "pending")

    def test_letter_paid_meanwhile_is_not_sent(self):
        notice = self._queue(1)
        self._run_cron()
        self._pay(notice.line_ids.move_id)

        self._run_jobs()

        self.assertEqual(notice.state, "cancelled")
        self.assertIn("Nothing was due", notice.cancel_reason)
        self.assertFalse(notice.delivery_ids)

    @mute_logger("odoo.addons.l10n_nl_dunning.models.issue.dunning_notice")
    def test_letter_that_cannot_be_sent_fails_and_the_job_does_not(self):
        bad, good = self._queue()
        bad.partner_id.email = False
        self._run_cron()

        self._run_jobs()

        self.assertEqual((bad.state, good.state), ("failed", "pending"))
        self.assertIn("has no e-mail address", bad.error)
        self.assertEqual(self._get_jobs().state, "done")

    # === WHAT PASSES === #

    def _assert_retried(self, notice):
        job = self._get_jobs()
        self.assertRecordValues(job, [{"state": "pending", "retry": 1}])
        self.assertGreater(job.eta, fields.Datetime.to_datetime(FIRST_REMINDER))
        self.assertEqual(notice.state, "queued")
        self._run_jobs()
        self.assertEqual(job.state, "done")
        self.assertEqual(len(notice.delivery_ids), 1)

    def test_job_is_retried_while_others_hold_its_letters(self):
        notice = self._queue(1)
        self._run_cron()

        with self._patch_free(lambda notices, *_args: notices.browse()):
            self._run_jobs()

        self._assert_retried(notice)

    def test_job_is_retried_after_an_error_of_the_database(self):
        notice = self._queue(1)
        self._run_cron()

        def fail(*_args):
            raise psycopg2.OperationalError("out of memory")

        with self._patch_free(fail):
            self._run_jobs()

        self._assert_retried(notice)

    def test_what_others_hold_is_for_another_job(self):
        held, free = self._queue()
        self._run_cron()
        lock_free = type(held)._lock_free

        def leave_one(notices, *args):
            return lock_free(notices, *args) - held

        with self._patch_free(leave_one):
            self._run_jobs()

        self.assertEqual((held.state, free.state), ("queued", "pending"))
        done, waits = self._get_jobs("done"), self._get_jobs("pending")
        self.assertEqual(waits.identity_key, done.identity_key)
        self.assertGreater(waits.eta, fields.Datetime.to_datetime(FIRST_REMINDER))
        self._run_jobs()
        self.assertEqual(held.state, "pending")


@tagged("post_install_l10n", "post_install", "-at_install")
class TestQueueJobLocks(WorkerCommon):
    """Two jobs with the same letters at the same time, in two connections."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        require_queue_job(cls.env)

    def test_second_job_waits_for_the_first(self):
        from odoo.addons.queue_job.exception import RetryableJobError

        with self._two_workers() as (one, two, notice_ids):
            first, second = (self._get_notices(cr, notice_ids) for cr in (one, two))
            self.assertEqual(first._deliver_as_job().ids, notice_ids)
            with self.assertRaises(RetryableJobError):
                second._deliver_as_job()

            one.commit()
            two.rollback()
            self.assertFalse(second._deliver_as_job())
