"""Fill a database with N invoices over N/10 debtors and their history.

Usage: generate.py DATABASE N

Prototypes are made through Odoo, copies in SQL, earlier rounds by the module itself.
The spread is drawn from hashes: the same N gives the same invoices every time.
"""

import sys
from datetime import date, timedelta

import prototypes
from history import make_history
from multiply import FIRST_NUMBER, Cluster, Multiplier
from session import environment

from odoo.tools import SQL

#: A whole number below n that looks random and is the same for the same k and name.
DRAW = """
CREATE FUNCTION pg_temp.draw(k int, name text, n int) RETURNS int
LANGUAGE sql IMMUTABLE AS
$$ SELECT ('x' || substr(md5(name || k), 1, 7))::bit(28)::int % n $$
"""
MAX_LATE = 120
#: Invoices go from 2 to 150 times the smallest one: 24.20 to 1,815.00 euro.
FACTORS = 149


def pick(weights: dict, name: str) -> SQL:
    """Return one of some sorts by their weights of a hundred, as SQL."""
    cases, limit = [], 0
    for sort, weight in weights.items():
        limit += weight
        cases.append(
            SQL("WHEN pg_temp.draw(k, %s, 100) < %s THEN %s", name, limit, sort)
        )
    return SQL("CASE %s END", SQL(" ").join(cases))


def plan_debtors(env, multiplier, count: int) -> None:
    weights = {sort: weight for sort, (weight, _v) in prototypes.DEBTORS.items()}
    env.cr.execute(
        SQL(
            "CREATE TEMP TABLE plan AS "
            "SELECT k, %s AS sort, NULL::int AS partner_id, "
            "'Debiteur ' || k AS partner_name, 1 AS factor, 0 AS shift "
            "FROM generate_series(0, %s) k",
            pick(weights, "debtor"),
            count - 1,
        )
    )
    env.cr.execute(
        SQL("UPDATE plan SET partner_id = %s", multiplier.new_id("res_partner", 0))
    )


def copy_debtors(env, multiplier, debtors) -> None:
    for sort, debtor in debtors.items():
        email = debtor.email or "-"
        names = {
            f"Debtor {sort}": SQL("plan.partner_name"),
            email: SQL("plan.k || %s", email),
            "administratie@": SQL("'administratie' || plan.k || '@'"),
        }
        records = {"res_partner": debtor | debtor.child_ids}
        multiplier.multiply(Cluster(sort, records, names))
    env.cr.execute("ALTER TABLE plan RENAME TO debtor_plan")


def plan_invoices(env, count: int, debtors: int) -> None:
    """Give each invoice a sort, a debtor, an amount and a day."""
    days_late = SQL("(1 + pg_temp.draw(k, 'late', %s))", MAX_LATE)
    env.cr.execute(
        SQL(
            "CREATE TEMP TABLE plan AS "
            "SELECT invoice.*, debtor.partner_id, debtor.partner_name FROM ("
            "SELECT k, %s AS sort, pg_temp.draw(k, 'partner', %s) AS debtor, "
            "2 + pg_temp.draw(k, 'factor', %s) AS factor, "
            "%s - %s::date - %s AS shift FROM generate_series(1, %s) k"
            ") invoice JOIN debtor_plan debtor ON debtor.k = invoice.debtor",
            pick(prototypes.INVOICES, "invoice"),
            debtors,
            FACTORS,
            date.today(),
            prototypes.DUE_DATE,
            days_late,
            count,
        )
    )


def copy_invoices(env, multiplier, moves) -> None:
    for sort, move in moves.items():
        lines = move.line_ids.filtered(lambda line: line.account_id)
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        payments = move.matched_payment_ids
        every_move = move | payments.move_id
        env.flush_all()
        records = {
            "account_full_reconcile": partials.full_reconcile_id,
            "account_move": every_move,
            "account_payment": payments,
            "account_move_line": every_move.line_ids,
            "account_partial_reconcile": partials,
            "ir_attachment": env["ir.attachment"].search(
                [
                    ("res_model", "=", "account.move"),
                    ("res_id", "=", move.id),
                    ("res_field", "=", "invoice_pdf_report_file"),
                ]
            ),
        }
        records = {table: found for table, found in records.items() if found}
        multiplier.multiply(Cluster(sort, records, name_copies(every_move)))


def name_copies(moves) -> dict:
    """Return for each text that names a prototype what names its copy."""
    names = {}
    for move in moves:
        year = f"{move.date.year}/"
        journal = move.sequence_prefix.removesuffix(year)
        prefix = SQL(
            "%s || to_char(%s::date + plan.shift, 'YYYY') || '/'", journal, move.date
        )
        number = SQL("%s || (%s + plan.k)::text", prefix, FIRST_NUMBER)
        names[move.name] = number
        names[move.name.replace("/", "_")] = SQL("replace(%s, '/', '_')", number)
        names[move.sequence_prefix] = prefix
    return names


def vacuum(cr) -> None:
    """Do what autovacuum does before long after so much was written."""
    cr._cnx.autocommit = True
    cr._obj.execute("VACUUM (ANALYZE)")
    cr._cnx.autocommit = False


def main(database: str, count: str) -> None:
    number = int(count)
    with environment(database) as env:
        company = prototypes.make_company(env)
        env = env(context={**env.context, "allowed_company_ids": company.ids})
        company = company.with_env(env)
        env.cr.execute(DRAW)
        debtors = prototypes.make_debtors(env)
        moves = prototypes.make_invoices(company, debtors["business"])
        multiplier = Multiplier(env)
        env.flush_all()
        # Payments and their entries refer to each other; needs a superuser.
        env.cr.execute("SET LOCAL session_replication_role = replica")
        plan_debtors(env, multiplier, number // 10)
        copy_debtors(env, multiplier, debtors)
        plan_invoices(env, number, number // 10)
        copy_invoices(env, multiplier, moves)
        multiplier.finish()
        env.cr.execute("SET LOCAL session_replication_role = DEFAULT")
        env.invalidate_all()
        env.cr.execute("ANALYZE")
        make_history(company, date.today() - timedelta(days=60))
        env.cr.commit()
        vacuum(env.cr)


if __name__ == "__main__":
    main(*sys.argv[1:])
