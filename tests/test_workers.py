from contextlib import ExitStack, closing, contextmanager

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged


@tagged("post_install_l10n", "post_install", "-at_install")
class TestWorkers(TransactionCase):
    """Two workers share the queue through row locks: no letter twice.

    `make bench ONLY=workers` shows it with processes.
    """

    @contextmanager
    def _two_workers(self):
        """Yield two connections, and a queued letter that both see."""
        company = self.env.ref("base.main_company")
        partner = company.partner_id.id
        with ExitStack() as stack:
            one, two = (
                stack.enter_context(closing(db_connect(self.env.cr.dbname).cursor()))
                for _worker in range(2)
            )
            one.execute(
                "INSERT INTO dunning_notice (company_id, partner_id, recipient_id, "
                "currency_id, state) VALUES (%s, %s, %s, %s, 'queued') RETURNING id",
                [company.id, partner, partner, company.currency_id.id],
            )
            [notice_id] = one.fetchone()
            one.commit()
            try:
                yield one, two, notice_id
            finally:
                one.rollback()
                two.rollback()
                one.execute("DELETE FROM dunning_notice WHERE id = %s", [notice_id])
                one.commit()

    def _deliver(self, cursor):
        return api.Environment(cursor, SUPERUSER_ID, {})["dunning.notice"].deliver()

    def test_letter_of_another_worker_is_left_to_it(self):
        with self._two_workers() as (one, two, notice_id):
            one.execute(
                "SELECT id FROM dunning_notice WHERE id = %s FOR NO KEY UPDATE",
                [notice_id],
            )

            self.assertNotIn(notice_id, self._deliver(two).ids)

    def test_free_letter_is_taken_by_one(self):
        with self._two_workers() as (one, two, notice_id):
            # It has no items: nothing is due, so it is cancelled instead of sent.
            self.assertIn(notice_id, self._deliver(one).ids)
            self.assertNotIn(notice_id, self._deliver(two).ids)
