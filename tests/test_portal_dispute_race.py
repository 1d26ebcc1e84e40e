from contextlib import ExitStack, closing

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalRace(TransactionCase):
    """Two requests of a debtor at once: what the one raised the other one counts."""

    def setUp(self):
        super().setUp()
        stack = self.enterContext(ExitStack())
        self.one, self.two = (
            stack.enter_context(closing(db_connect(self.env.cr.dbname).cursor()))
            for _request in range(2)
        )
        self.partner = self.env.ref("base.partner_admin")

    def _take_turn(self, cursor):
        env = api.Environment(cursor, SUPERUSER_ID, {})
        self.partner.with_env(env)._take_dunning_turn()

    def test_second_request_waits_for_no_first_one(self):
        self._take_turn(self.one)

        with self.assertRaisesRegex(UserError, "minute"):
            self._take_turn(self.two)

    def test_second_request_starts_anew_when_the_first_one_is_done(self):
        self.two.execute("SELECT 1")  # what it sees from now on is how it was before
        self._take_turn(self.one)
        self.one.commit()

        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            self._take_turn(self.two)
        self.two.rollback()
        self._take_turn(self.two)
