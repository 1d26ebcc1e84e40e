from contextlib import ExitStack, closing, contextmanager

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged


@tagged("post_install_l10n", "post_install", "-at_install")
class TestWorkers(TransactionCase):
    """Two workers share the queue through row locks: no letter twice.

    `make bench-workers` shows it with processes.
    """

    @contextmanager
    def _two_workers(self):
        """Yield two connections, and two queued letters that both see."""
        company = self.env.ref("base.main_company")
        partners = company.partner_id | self.env.ref("base.partner_admin")
        with ExitStack() as stack:
            one, two = (
                stack.enter_context(closing(db_connect(self.env.cr.dbname).cursor()))
                for _worker in range(2)
            )
            one.execute(
                "INSERT INTO dunning_notice (company_id, partner_id, recipient_id, "
                "currency_id, state) SELECT %s, id, id, %s, 'queued' FROM res_partner "
                "WHERE id IN %s RETURNING id",
                [company.id, company.currency_id.id, tuple(partners.ids)],
            )
            notice_ids = [notice_id for [notice_id] in one.fetchall()]
            one.commit()
            try:
                yield one, two, notice_ids
            finally:
                one.rollback()
                two.rollback()
                one.execute(
                    "DELETE FROM dunning_notice WHERE id = ANY(%s)", [notice_ids]
                )
                one.commit()

    def _deliver(self, cursor, **kwargs):
        Notice = api.Environment(cursor, SUPERUSER_ID, {})["dunning.notice"]
        return Notice.deliver(**kwargs).ids

    def test_letter_of_another_worker_is_left_to_it(self):
        with self._two_workers() as (one, two, notice_ids):
            one.execute(
                "SELECT id FROM dunning_notice WHERE id = %s FOR NO KEY UPDATE",
                [notice_ids[0]],
            )

            self.assertEqual(self._deliver(two), notice_ids[1:])

    def test_each_worker_gets_its_batch(self):
        with self._two_workers() as (one, two, notice_ids):
            # They have no items: nothing is due, so they are cancelled, not sent.
            self.assertEqual(self._deliver(one, limit=1), notice_ids[:1])
            self.assertEqual(self._deliver(two, limit=1), notice_ids[1:])
