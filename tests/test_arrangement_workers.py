from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .arrangement_common import SIGNATURE
from .worker_common import OpenItemCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementWorkers(OpenItemCommon):
    """Two users at once, each with a transaction of his own: no agreement twice."""

    @contextmanager
    def _two_users(self, *states):
        """Yield two environments, and arrangements over one item that both see."""
        Arrangement = self.registry["payment.arrangement"]
        with ExitStack() as stack:
            # What is mailed and printed is no concern of these tests.
            for name in ("_send_offer", "_tell_signed", "_attach_letter"):
                stack.enter_context(patch.object(Arrangement, name, self._do_nothing))
            one, two = self._connect(stack)
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
        self._delete_item(cursor, item_id)
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
