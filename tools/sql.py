"""SQL that several models need."""

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
