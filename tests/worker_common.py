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


class OpenItemCommon(TransactionCase):
    """Users with connections of their own, and an open item that all of them see."""

    def _connect(self, stack):
        """Return two connections, closed with the stack."""
        return [
            stack.enter_context(closing(db_connect(self.env.cr.dbname).cursor()))
            for _user in range(2)
        ]

    def _do_nothing(self, *_args, **_kwargs):
        return False

    def _insert(self, cursor, table, values):
        names = ", ".join(values)
        places = ", ".join(["%s"] * len(values))
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id",
            list(values.values()),
        )
        return cursor.fetchone()[0]

    def _insert_item(self, cursor):
        """Insert an open item, with as little around it as the database asks for."""
        company = self.env.ref("base.main_company")
        self.currency_id = company.currency_id.id
        self.company_id = company.id
        self.partner_id = self.env.ref("base.partner_admin").id
        self.account_id = self._insert(
            cursor,
            "account_account",
            {"name": '{"en_US": "x"}', "account_type": "asset_receivable"},
        )
        self.journal_id = self._insert(
            cursor,
            "account_journal",
            {
                "name": '{"en_US": "x"}',
                "code": "ZZZ",
                "type": "general",
                "company_id": company.id,
                "invoice_reference_type": "invoice",
                "invoice_reference_model": "odoo",
            },
        )
        shared = {"company_id": company.id, "currency_id": self.currency_id}
        self.move_id = self._insert(
            cursor,
            "account_move",
            {
                **shared,
                "journal_id": self.journal_id,
                "state": "posted",
                "move_type": "entry",
                "date": "2026-11-01",
                "auto_post": "no",
            },
        )
        return self._insert(
            cursor,
            "account_move_line",
            {
                **shared,
                "move_id": self.move_id,
                "account_id": self.account_id,
                "partner_id": self.partner_id,
                "display_type": "payment_term",
            },
        )

    def _delete_item(self, cursor, item_id):
        for table, record_id in (
            ("account_move_line", item_id),
            ("account_move", self.move_id),
            ("account_journal", self.journal_id),
            ("account_account", self.account_id),
        ):
            cursor.execute(
                f"DELETE FROM {table} WHERE id = %s",
                [record_id],
            )
