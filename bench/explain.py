"""Keep the query plans of the lists: which statement reads a big table from end to end.

Usage: explain.py DATABASE FOLDER [WORD]

Writes a table of all lists with their filters, or those with a word in their name, and
of each list the plan of the statement that takes longest when nothing is filtered. Work
on a copy: it lets somebody keep the accounts.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import wrap
from unittest.mock import patch

import screens
from meter import Meter
from session import environment, find_company

from odoo.sql_db import Cursor

#: Tables with more rows are big: they should be reached through an index.
BIG = 10000
#: How much of statements and plans is kept.
LENGTH, LINES, WIDTH = 600, 36, 150
#: A scan that keeps this part of what it reads is what PostgreSQL does best.
MOST = 0.2
HEAD = (
    *("list", "filter or group", "found", "CPU ms", "SQL", "SQL ms"),
    "scans of big tables",
)
NOTE = """
found: records or groups, counted up to {limit}. CPU ms: the whole request, Python and
database. SQL, SQL ms: its statements, and what EXPLAIN ANALYZE tells of them.
A scan names the table, the rows that it read and those that it kept.
  most    a fifth or more was kept, or all of it is wanted: an index would be slower
  choice  there is an index for it, which PostgreSQL takes for dearer here
  !       there is no index for it
"""


@contextmanager
def record(statements: list) -> Iterator[None]:
    """Collect the statements that are executed meanwhile."""
    execute = Cursor.execute

    def recorded(cursor, query, params=None, log_exceptions=True):
        result = execute(cursor, query, params, log_exceptions)
        text = cursor._obj.query.decode()
        if text.lstrip(" (\n").upper().startswith(("SELECT", "WITH")):
            statements.append(text)
        return result

    with patch.object(Cursor, "execute", recorded):
        yield


def get_plan(cr, statement: str) -> dict:
    cr._obj.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}".encode())
    return cr._obj.fetchone()[0][0]


def get_text(cr, statement: str, most: int = LINES) -> str:
    """Return the upper part of a plan as PostgreSQL shows it."""
    cr._obj.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}".encode())
    lines = [line[:WIDTH] for [line] in cr._obj.fetchall()]
    if len(lines) > most:
        lines[most:] = ["  ...", lines[-1]]
    return "\n".join(lines)


def walk(node: dict) -> Iterator[dict]:
    yield node
    for child in node.get("Plans", ()):
        yield from walk(child)


def find_scans(cr, statement: str, plan: dict, sizes: dict) -> Iterator[str]:
    """Return the scans of big tables in a plan, in words."""
    for node in walk(plan["Plan"]):
        table = node.get("Relation Name")
        if node["Node Type"] != "Seq Scan" or sizes.get(table, 0) <= BIG:
            continue
        loops = node["Actual Loops"]
        kept = node["Actual Rows"] * loops
        read = kept + node.get("Rows Removed by Filter", 0) * loops
        if read <= BIG:
            continue  # ended early: it had enough
        if kept >= MOST * read:
            mark = "most"
        else:
            mark = "choice" if has_index(cr, statement, node["Alias"]) else "!"
        yield f"{table} {read:.0f}>{kept:.0f} {mark}"


def has_index(cr, statement: str, alias: str) -> bool:
    """Whether a table is reached through an index when scans are forbidden.

    By a condition, or through a partial index, which has only what is wanted. The table
    goes by the name that the statement gives it.
    """
    cr.execute("SET LOCAL enable_seqscan = off")
    cr._obj.execute(f"EXPLAIN (FORMAT JSON) {statement}".encode())
    plan = cr._obj.fetchone()[0][0]["Plan"]
    cr.execute("SET LOCAL enable_seqscan = on")
    cr.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE indpred NOTNULL")
    partial = {name for (name,) in cr.fetchall()}
    nodes = [node for node in walk(plan) if node.get("Alias") == alias]
    return all(
        "Index Cond" in node
        or "Recheck Cond" in node
        or node.get("Index Name") in partial
        for node in nodes
    )


def get_sizes(cr) -> dict:
    cr.execute("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'")
    return dict(cr.fetchall())


def explain(env, search, sizes) -> tuple[tuple, str]:
    """Return a row of the table, and the slowest statement."""
    search.show()  # what is cached once and for all is cached then
    statements = []
    with record(statements):
        search.show()
    with Meter(env.cr).measure() as costs:
        found = search.show()
    plans = [get_plan(env.cr, statement) for statement in statements]
    scans = {
        scan
        for statement, plan in zip(statements, plans, strict=True)
        for scan in find_scans(env.cr, statement, plan, sizes)
    }
    times = [plan["Execution Time"] + plan["Planning Time"] for plan in plans]
    row = (
        *(search.action, search.name or "(all)", str(found)),
        *(f"{1000 * costs['cpu']:.0f}", str(len(statements)), f"{sum(times):.0f}"),
        "; ".join(sorted(scans)),
    )
    slowest = max(range(len(plans)), key=times.__getitem__)
    return row, statements[slowest]


def explain_selection(company) -> str:
    """Return the whole plan of the selection of open items."""
    statements = []
    today = company._get_dunning_today()
    with record(statements):
        company.env["account.move.line"]._select_dunning_items(company, today)
    return get_text(company.env.cr, statements[-1], 1000)


def main(database: str, folder: str, word: str = "") -> None:
    rows, slowest = [HEAD], {}
    with environment(database) as env:
        company = screens.act_as_accountant(find_company(env))
        env.cr.execute("ANALYZE")
        sizes = get_sizes(env.cr)
        selection = explain_selection(find_company(env))
        for search in screens.get_lists(company.env):
            if word not in f"{search.action} {search.name}":
                continue
            row, statement = explain(company.env, search, sizes)
            rows.append(row)
            slowest.setdefault(search.action, statement)
        plans = [
            f"== {action}\n\n{shorten(statement)}\n\n{get_text(env.cr, statement)}\n"
            for action, statement in slowest.items()
        ]
    Path(folder, "selection.txt").write_text(f"{selection}\n")
    Path(folder, "lists.txt").write_text(make_table(rows))
    Path(folder, "lists-plans.txt").write_text("\n".join(plans))


def shorten(statement: str) -> str:
    """Return the beginning of a statement, its lines not too long."""
    text = "\n".join(filter(None, map(str.rstrip, statement.splitlines())))
    return "\n".join(wrap(text[:LENGTH], WIDTH, replace_whitespace=False))


def make_table(rows: list) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    numeric = (2, 3, 4, 5)
    lines = [
        "  ".join(
            f"{cell:>{width}}" if number in numeric else f"{cell:{width}}"
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join(lines) + "\n" + NOTE.format(limit=screens.COUNT_LIMIT - 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
