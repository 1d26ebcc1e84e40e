import psycopg2.errors

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

#: Letters per engine call: large enough to be fast, small enough to keep memory flat.
BATCH_SIZE = 50

QUEUED = Domain("state", "=", "queued")


class DunningNotice(models.Model):
    """The queue of letters, and how workers take their part of it.

    The queue is the state of the letters, and who works on which ones are row locks:
    workers in several processes, or on several hosts, need no coordinator.
    """

    _inherit = "dunning.notice"

    _queue_idx = models.Index("(id) WHERE state = 'queued'")

    # === CRON METHODS === #

    @api.model
    def _wake_delivery(self):
        """Have the delivery job run soon, with the copies that were made of it.

        Odoo runs a scheduled action in one worker at a time, so an administrator who
        wants several workers at the queue duplicates it.
        """
        jobs = (
            self.env["ir.cron"]
            .sudo()  # clerks confirm letters, but may not read scheduled actions
            .search(
                [
                    ("model_id.model", "=", self._name),
                    ("code", "like", "model._cron_deliver()"),
                ]
            )
        )
        for job in jobs:
            job._trigger()

    @api.model
    def _cron_deliver(self):
        """Work the queue batch by batch; what is left is done in the next call.

        Copies of the job may run at the same time, each in a worker of its own.
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=self.search_count(QUEUED))
        while done := self._deliver_next():
            if not commit_progress(len(done)):
                break

    @api.model
    def _deliver_next(self):
        """Issue the next batch; when another worker was faster, the one after it."""
        while True:
            try:
                return self.deliver(limit=BATCH_SIZE)
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()

    # === BUSINESS METHODS === #

    @api.model
    def deliver(self, limit=None):
        """Issue queued letters, without committing.

        Letters that another worker is busy with are left to it. A letter that cannot
        be issued fails with its reason and does not stop the others.

        :param int limit: how many letters at most, all of them without
        :return: the letters that left the queue
        :rtype: recordset of `dunning.notice`
        """
        return self._deliver_free(QUEUED, limit)

    @api.model
    def _deliver_free(self, domain, limit=None):
        """Issue the letters of a domain that no other worker is busy with.

        :param Domain domain: which letters
        :param int limit: how many letters at most, all of them without
        :return: the letters that left the queue
        :rtype: recordset of `dunning.notice`
        """
        letters = self._lock_free(domain, limit)
        for ids in split_every(BATCH_SIZE, letters.ids):
            self.browse(ids)._deliver_batch()
        return letters.filtered(lambda notice: notice.state != "queued")

    @api.model
    def _lock_free(self, domain, limit=None):
        """Lock the letters of a domain that no other worker has locked, oldest first.

        One statement, so that the limit counts what is free: workers side by side each
        get letters, and a batch of a long queue costs what one of a short queue does.
        """
        query = self._search(domain, order="id", limit=limit)
        table = SQL.identifier(self._table)
        locked = self.env.execute_query(
            SQL("%s FOR NO KEY UPDATE OF %s SKIP LOCKED", query.select(), table)
        )
        return self.browse([notice_id for [notice_id] in locked])
