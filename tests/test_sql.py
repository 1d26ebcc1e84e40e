from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..tools.sql import any_of, array_literal


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSql(TransactionCase):
    """Ids and numbers as literals of arrays."""

    def _search(self, ids):
        query = SQL("SELECT id FROM res_currency WHERE id = %s", any_of(ids))
        return {row[0] for row in self.env.execute_query(query)}

    def test_ids_are_found(self):
        currencies = self.env.ref("base.EUR") + self.env.ref("base.USD")

        self.assertEqual(self._search(currencies._ids), set(currencies.ids))

    def test_no_ids_find_nothing(self):
        self.assertFalse(self._search(()))

    def test_numbers_and_none(self):
        numbers = array_literal([1, None, 0.5, -2])
        query = SQL("SELECT %s::numeric[]", numbers)

        self.assertEqual(self.env.execute_query(query), [([1, None, 0.5, -2],)])
