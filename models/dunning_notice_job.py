import psycopg2

from odoo import api, models
from odoo.fields import Domain

from .dunning_notice_queue import BATCH_SIZE, QUEUED

#: The setting, for the whole database: all companies share one queue.
PARAMETER = "l10n_nl_dunning.deliver_as_jobs"
#: After how many seconds a job tries again what somebody else had locked.
RETRY_SECONDS = 60
#: How often; after that the job fails, and the scheduled action makes another one.
MAX_RETRIES = 10


class DunningNotice(models.Model):
    """Delivery as jobs, where the module `queue_job` is installed.

    The queue stays the state of the letters: jobs only say who works on which part of
    it. What a job leaves or loses, the scheduled action enqueues again.
    """

    _inherit = "dunning.notice"

    # === CRON METHODS === #

    @api.model
    def _cron_deliver(self):
        """Hand the queue to jobs where that was chosen."""
        if self._delivers_as_jobs():
            return self._enqueue_deliveries()
        return super()._cron_deliver()

    # === BUSINESS METHODS === #

    @api.model
    def _delivers_as_jobs(self):
        return "queue.job" in self.env and bool(
            # sudo: whoever confirms letters may not read parameters
            self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        )

    @api.model
    def _enqueue_deliveries(self):
        """Have a job for each part of the queue; one that waits already will do."""
        numbers = {
            (notice_id - 1) // BATCH_SIZE for notice_id in self.search(QUEUED).ids
        }
        for number in sorted(numbers):
            self._get_part(number)._enqueue_delivery()

    @api.model
    def _get_part(self, number):
        """Return all letters that one job looks after, in whatever state they are.

        The parts of the queue are fixed, so that a job that waits is the job of a
        letter that comes later too: it never has to be enqueued twice.
        """
        return self.browse(
            range(number * BATCH_SIZE + 1, (number + 1) * BATCH_SIZE + 1)
        )

    def _enqueue_delivery(self, seconds=None):
        """Have a job that delivers this part of the queue.

        :param int seconds: how long it waits at least
        """
        number = self.ids[0] // BATCH_SIZE
        self.with_delay(
            identity_key=f"l10n_nl_dunning.deliver.{number}",
            description=self.env._("Deliver dunning letters, part %s", number),
            max_retries=MAX_RETRIES,
            eta=seconds,
        )._deliver_as_job()

    def _deliver_as_job(self):
        """Deliver those of these letters that are in the queue now.

        A letter that cannot be issued fails by itself, as it does without jobs.

        :return: the letters that left the queue
        :rtype: recordset of `dunning.notice`
        :raise RetryableJobError: when somebody else has locked what it needs
        """
        # Only a job calls this, so the module is there.
        from odoo.addons.queue_job.exception import RetryableJobError

        mine = QUEUED & Domain("id", "in", self.ids)
        try:
            done = self._deliver_free(mine)
        except psycopg2.OperationalError as error:
            raise RetryableJobError(str(error), seconds=RETRY_SECONDS) from error
        if left := self.search(mine):
            if not done:
                raise RetryableJobError(
                    self.env._("Other workers hold the letters %s.", left.ids),
                    seconds=RETRY_SECONDS,
                )
            # What was done counts; the rest is for another job.
            self._enqueue_delivery(RETRY_SECONDS)
        return done
