from contextlib import ExitStack, contextmanager
from datetime import date
from unittest.mock import patch

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .worker_common import OpenItemCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPromiseWorkers(OpenItemCommon):
    """Two users at once, each with a transaction of his own: no promise twice."""

    @contextmanager
    def _two_users(self):
        """Yield an open item as two users see it."""
        Hold = self.registry["dunning.hold"]
        with ExitStack() as stack:
            # What is mailed and told is no concern of these tests.
            for name in ("_confirm_promise", "_log"):
                stack.enter_context(patch.object(Hold, name, self._do_nothing))
            one, two = self._connect(stack)
            item_id = self._insert_item(one)
            one.commit()
            try:
                yield [
                    api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})[
                        "account.move.line"
                    ].browse(item_id)
                    for cursor in (one, two)
                ]
            finally:
                one.rollback()
                two.rollback()
                one.execute(
                    "DELETE FROM dunning_hold hold USING dunning_hold_item_rel rel "
                    "WHERE hold.id = rel.hold_id AND rel.move_line_id = %s",
                    [item_id],
                )
                self._delete_item(one, item_id)
                one.commit()

    def _promise(self, item):
        promise = item.env["dunning.hold"]._promise(
            item, {"promise_amount": 1, "promise_date": date(2099, 1, 1)}
        )
        item.env.flush_all()
        return promise

    def test_second_promise_while_the_first_is_being_recorded(self):
        with self._two_users() as (one, two):
            self._promise(one)

            with self.assertRaisesRegex(UserError, "minute"):
                self._promise(two)

    def test_second_promise_by_who_saw_that_there_was_none(self):
        with self._two_users() as (one, two):
            Hold = two.env["dunning.hold"]
            self.assertFalse(Hold._get_promise_warning(two))
            self._promise(one)
            one.env.cr.commit()

            # Odoo does a request again that fails like this: then it sees the first.
            with (
                self.assertRaises(psycopg2.errors.SerializationFailure),
                mute_logger("odoo.sql_db"),
            ):
                self._promise(two)
            two.env.cr.rollback()
            two.env.invalidate_all()

            self.assertIn("before", Hold._get_promise_warning(two))
            second = self._promise(two)
            self.assertEqual(Hold._get_running_promises(two), second)
