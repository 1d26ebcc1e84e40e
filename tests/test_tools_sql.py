from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..tools.sql import any_of, array_literal, execute_kept


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSql(TransactionCase):
    """Ids and numbers as literals of arrays, and statements that are kept."""

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

    def _add(self, number, *arguments):
        statement = SQL("SELECT $1::int + $2::int + %s", number)
        return execute_kept(self.env, statement, *arguments)

    def _count_kept(self):
        [[count]] = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM pg_prepared_statements WHERE name ~ '^dunning_'")
        )
        return count

    def test_kept_statement_is_made_once_and_takes_other_arguments(self):
        self.env.cr.execute("DEALLOCATE ALL")

        self.assertEqual(self._add(100, 1, 2), [(103,)])
        self.assertEqual(self._add(100, 3, None), [(None,)])
        self.assertEqual(self._add(100, 3, 4), [(107,)])
        self.assertEqual(self._count_kept(), 1)

    def test_another_statement_is_kept_besides(self):
        self.env.cr.execute("DEALLOCATE ALL")

        self.assertEqual(self._add(100, 1, 2), [(103,)])
        self.assertEqual(self._add(200, 1, 2), [(203,)])
        self.assertEqual(self._count_kept(), 2)

    def test_kept_statement_is_made_again_on_a_connection_without_it(self):
        self._add(100, 1, 2)
        self.env.cr.execute("DEALLOCATE ALL")

        self.assertEqual(self._add(100, 1, 2), [(103,)])
