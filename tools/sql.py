"""SQL that several models need."""

from hashlib import sha256

from odoo.tools import SQL


def any_of(ids):
    """Return `ANY(…)` over some ids, to compare with; there may be none.

    One literal: a list for `IN` takes several times longer to send and to parse, which
    counts when there are thousands.

    :param ids: iterable of int
    :rtype: SQL
    """
    return SQL("ANY(%s::int[])", array_literal(ids))


def array_literal(numbers):
    """Return numbers, and None among them, as the literal of an array.

    :rtype: str
    """
    items = ("NULL" if number is None else str(number) for number in numbers)
    return f"{{{','.join(items)}}}"


def execute_kept(env, statement, *arguments):
    """Run a statement that the connection keeps, read and planned.

    For a statement that PostgreSQL takes much longer to plan than to run. Each time it
    is asked whether the connection has it: there are several, and whoever pools them
    may give another one to each transaction, or clear them. When tables change,
    PostgreSQL plans it anew by itself.

    :param SQL statement: the statement, with `$1`, `$2`, … for the arguments
    :param arguments: their values, in that order
    :return: the rows
    :rtype: list[tuple]
    """
    # All else in it has part in its name, so other settings are another statement.
    name = f"dunning_{sha256(env.cr.mogrify(statement)).hexdigest()[:32]}"
    kept = SQL("SELECT FROM pg_prepared_statements WHERE name = %s", name)
    if not env.execute_query(kept):
        env.cr.execute(SQL("PREPARE %s AS %s", SQL.identifier(name), statement))
    values = SQL(", ").join(SQL("%s", value) for value in arguments)
    return env.execute_query(SQL("EXECUTE %s (%s)", SQL.identifier(name), values))
