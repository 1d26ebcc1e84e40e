import json
import os
import signal

from odoo import sql_db
from odoo.tests import tagged

from .worker_common import WorkerCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestWorkers(WorkerCommon):
    """Two workers share the queue through row locks: no letter twice, none lost.

    `make bench-workers` shows it with processes that send letters.
    """

    def _start_worker(self):
        """Start a process that issues the first letter and goes on working.

        :return: its id and the letter, once it is that far
        """
        read_end, write_end = os.pipe()
        worker = os.fork()
        if not worker:
            try:
                sql_db._Pool = None  # the connections of the parent are not its own
                cursor = sql_db.db_connect(self.env.cr.dbname).cursor()
                os.write(write_end, json.dumps(self._deliver(cursor, limit=1)).encode())
                signal.pause()
            finally:
                os._exit(1)
        os.close(write_end)
        try:
            return worker, json.loads(os.read(read_end, 1000))
        finally:
            os.close(read_end)

    def _await_free(self, cursor, notice_ids):
        """Wait until the database server has seen that a worker is gone."""
        self._lock(cursor, notice_ids)
        cursor.rollback()

    def test_letter_of_another_worker_is_left_to_it(self):
        with self._two_workers() as (one, two, notice_ids):
            self._lock(one, notice_ids[:1])

            self.assertEqual(self._deliver(two), notice_ids[1:])

    def test_each_worker_gets_its_batch(self):
        with self._two_workers() as (one, two, notice_ids):
            self.assertEqual(self._deliver(one, limit=1), notice_ids[:1])
            self.assertEqual(self._deliver(two, limit=1), notice_ids[1:])

    def test_letters_of_a_killed_process_go_back_to_the_queue(self):
        with self._two_workers() as (_one, two, notice_ids):
            worker, in_hand = self._start_worker()
            try:
                self.assertEqual(in_hand, notice_ids[:1])
                self.assertEqual(self._deliver(two), notice_ids[1:])
                two.rollback()
            finally:
                os.kill(worker, signal.SIGKILL)
                os.waitpid(worker, 0)
            self._await_free(two, notice_ids)

            self.assertEqual(self._deliver(two), notice_ids)
            two.commit()
            self.assertFalse(self._deliver(two))
