from contextlib import ExitStack, closing, contextmanager
from unittest.mock import patch

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .arrangement_common import SIGNATURE


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementWorkers(TransactionCase):
    """Two users at once, each with a transaction of his own: no agreement twice."""

    @contextmanager
    def _two_users(self, *states):
        """Yield two environments, and arrangements over one item that both see."""
        Arrangement = self.registry["payment.arrangement"]
        with ExitStack() as stack:
            # What is mailed and printed is no concern of these tests.
            for name in ("_send_offer", "_tell_signed", "_attach_letter"):
                stack.enter_context(patch.object(Arrangement, name, self._do_nothing))
            one, two = (
                stack.enter_context(closing(db_connect(self.env.cr.dbname).cursor()))
                for _user in range(2)
            )
            item_id = self._insert_item(one)
            ids = [self._insert_arrangement(one, state, item_id) for state in states]
            one.commit()
            try:
                yield (
                    *(
                        api.Environment(cursor, SUPERUSER_ID, {})["payment.arrangement"]
                        for cursor in (one, two)
                    ),
                    ids,
                )
            finally:
                one.rollback()
                two.rollback()
                self._delete(one, item_id, ids)

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

    def _insert_arrangement(self, cursor, state, item_id):
        shared = {"company_id": self.company_id, "state": state}
        arrangement_id = self._insert(
            cursor,
            "payment_arrangement",
            {
                **shared,
                "name": "BR/x",
                "partner_id": self.partner_id,
                "currency_id": self.currency_id,
                "division": "count",
                "first_date": "2099-01-01",
                "rhythm": "monthly",
                "interest_policy": "none",
                "offer_until": "2099-01-01",
            },
        )
        self._insert(
            cursor,
            "payment_arrangement_item",
            {
                "arrangement_id": arrangement_id,
                "company_id": self.company_id,
                "move_line_id": item_id,
                "move_name": "x",
                "date_maturity": "2026-11-01",
                "is_live": state in ("offered", "active"),
            },
        )
        self._insert(
            cursor,
            "payment_arrangement_line",
            {
                **shared,
                "arrangement_id": arrangement_id,
                "date": "2099-01-01",
                "amount": 1,
            },
        )
        cursor.execute(
            "UPDATE payment_arrangement SET amount_total = 1 WHERE id = %s",
            [arrangement_id],
        )
        return arrangement_id

    def _delete(self, cursor, item_id, ids):
        cursor.execute("DELETE FROM mail_message WHERE model = 'payment.arrangement'")
        cursor.execute("DELETE FROM payment_arrangement WHERE id = ANY(%s)", [ids])
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
        cursor.commit()

    def _sign(self, Arrangement, arrangement_id, name):
        Arrangement.browse(arrangement_id)._sign(name, SIGNATURE, "192.0.2.7")

    def test_second_signature_while_the_first_is_being_set(self):
        with self._two_users("offered") as (one, two, [offer]):
            self._sign(one, offer, "G. Aar")

            with self.assertRaisesRegex(UserError, "try again"):
                self._sign(two, offer, "P. Ander")

    def test_second_signature_by_who_saw_the_offer_open(self):
        with self._two_users("offered") as (one, two, [offer]):
            self.assertEqual(two.browse(offer).state, "offered")
            self._sign(one, offer, "G. Aar")
            one.env.cr.commit()

            # Odoo does a request again that fails like this: then it sees the first.
            with (
                self.assertRaises(psycopg2.errors.SerializationFailure),
                mute_logger("odoo.sql_db"),
            ):
                self._sign(two, offer, "P. Ander")
            two.env.cr.rollback()
            two.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "Reload"):
                self._sign(two, offer, "P. Ander")

            self.assertEqual(two.browse(offer).signed_by, "G. Aar")

    def test_offers_over_one_item_at_the_same_moment(self):
        with self._two_users("draft", "draft") as (one, two, [first, second]):
            one.browse(first)._offer()

            with self.assertRaisesRegex(UserError, "try again"):
                two.browse(second)._offer()

    def test_offers_over_one_item_one_after_the_other(self):
        with self._two_users("draft", "draft") as (one, two, [first, second]):
            # The second has seen the item free, and nobody changed that row since.
            self.assertEqual(two.browse(second).state, "draft")
            one.browse(first)._offer()
            one.env.cr.commit()

            with (
                self.assertRaises(psycopg2.errors.UniqueViolation),
                mute_logger("odoo.sql_db"),
            ):
                two.browse(second)._offer()
                two.env.flush_all()
            two.env.cr.rollback()
            two.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "BR/x already"):
                two.browse(second)._offer()
