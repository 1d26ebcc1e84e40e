import json
import os
import signal

import psycopg2

from odoo import sql_db
from odoo.tests import tagged
from odoo.tools import mute_logger

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

    def _set_one_debtor(self, cursor, notice_ids):
        """Make some letters out to one debtor, in two currencies."""
        cursor.execute(
            "UPDATE dunning_notice SET partner_id = (SELECT MIN(partner_id) "
            "FROM dunning_notice WHERE id = ANY(%s)), currency_id = %s WHERE id = %s",
            [notice_ids, self.env.ref("base.GBP").id, notice_ids[1]],
        )
        cursor.execute(
            "UPDATE dunning_notice other SET partner_id = first.partner_id "
            "FROM dunning_notice first WHERE first.id = %s AND other.id = %s",
            [notice_ids[1], notice_ids[0]],
        )
        cursor.commit()

    def test_letters_of_a_debtor_go_out_one_after_the_other(self):
        with self._two_workers() as (one, two, notice_ids):
            self._set_one_debtor(one, notice_ids)
            self.assertEqual(self._deliver(one, limit=1), notice_ids[:1])

            # What the first announces, the second has to know.
            self.assertEqual(self._deliver(two), [])
            two.rollback()
            one.commit()
            self.assertEqual(self._deliver(two), notice_ids[1:])

    def test_oldest_letter_of_a_debtor_waits_for_no_younger_one(self):
        with self._two_workers() as (one, two, notice_ids):
            self._set_one_debtor(one, notice_ids)
            self._lock(two, notice_ids[1:])

            self.assertEqual(self._deliver(one), notice_ids[:1])

    def test_worker_that_began_before_the_first_letter_went_tries_again(self):
        with self._two_workers() as (one, two, notice_ids):
            self._set_one_debtor(one, notice_ids)
            two.execute("SELECT 1 FROM dunning_notice LIMIT 1")
            self.assertEqual(self._deliver(one, limit=1), notice_ids[:1])
            one.commit()

            with (
                self.assertRaises(psycopg2.OperationalError),
                mute_logger("odoo.sql_db"),
            ):
                self._deliver(two)

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
