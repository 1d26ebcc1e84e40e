from contextlib import ExitStack, closing, contextmanager

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase


class WorkerCommon(TransactionCase):
    """Workers with connections of their own, and letters that all of them see."""

    @contextmanager
    def _two_workers(self):
        """Yield two connections, and two queued letters that both see.

        The letters have no items: nothing is due, so they are cancelled, not sent.
        """
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

    def _get_notices(self, cursor, notice_ids=()):
        """Return letters as a worker sees them."""
        Notice = api.Environment(cursor, SUPERUSER_ID, {})["dunning.notice"]
        return Notice.browse(notice_ids)

    def _deliver(self, cursor, **kwargs):
        return self._get_notices(cursor).deliver(**kwargs).ids

    def _lock(self, cursor, notice_ids):
        cursor.execute(
            "SELECT id FROM dunning_notice WHERE id = ANY(%s) FOR NO KEY UPDATE",
            [notice_ids],
        )
