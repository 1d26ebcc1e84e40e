"""Run one dunning round in the demo database and write its letters to a folder.

Usage: demo.py DATABASE FOLDER MAIL_PORT
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import odoo.api
import odoo.modules.registry
from odoo.tools import config, format_amount

LANGUAGE = "nl_NL"
ALIGN = ("<", "<", ">", ">", "<")


class Row(NamedTuple):
    """A line of the table: a debtor and what the round did."""

    debtor: str
    level: str
    items: str
    amount: str
    result: str


HEAD = Row("Debiteur", "Niveau", "Posten", "Bedrag", "Brief, of waarom geen")


@contextmanager
def environment(database: str, mail_port: str) -> Iterator[odoo.api.Environment]:
    options = ["-d", database, "--smtp-port", mail_port, "--log-level", "warn"]
    config.parse_config([*options, "--no-http"], setup_logging=True)
    registry = odoo.modules.registry.Registry(database)
    with registry.cursor() as cursor:
        context = {"lang": LANGUAGE, "tz": "Europe/Amsterdam"}
        yield odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, context)


def rounds_of_today(env):
    """Return today's rounds of the Dutch companies, made when there are none."""
    companies = env["res.company"].search([("partner_id.country_id.code", "=", "NL")])
    today = odoo.fields.Date.context_today(companies)
    domain = [("company_id", "in", companies.ids), ("date", "=", today)]
    return env["dunning.run"].search(domain) or make_rounds(env, companies)


def make_rounds(env, companies):
    env.ref("base.user_admin").lang = LANGUAGE
    rounds = env["dunning.run"]
    for company in companies:
        made = rounds.with_company(company).propose(company)
        if made.notice_ids:
            made.action_confirm()
        rounds += made
    env["dunning.notice"].deliver()
    env.cr.commit()  # mails are sent from what is committed
    env["mail.mail"].process_email_queue()
    env.cr.commit()
    return rounds


def letter_rows(rounds, folder: Path) -> Iterator[Row]:
    """Write the letters and yield a line for each."""
    folder.mkdir(parents=True, exist_ok=True)
    for notice in rounds.notice_ids:
        letter, result = notice.letter_id, notice.error or notice.state
        if letter:
            result = letter.name.replace("/", "-")
            (folder / result).write_bytes(letter.raw)
        amount = format_amount(notice.env, notice.amount_total, notice.currency_id)
        count = str(len(notice.line_ids))
        yield Row(notice.partner_id.name, notice.level_id.name, count, amount, result)


def obstacle_rows(rounds) -> Iterator[Row]:
    """Yield a line for each debtor and reason why there is no letter."""
    field = rounds.obstacle_ids._fields["obstacle"]
    reasons = dict(field._description_selection(rounds.env))
    for obstacle in rounds.obstacle_ids:
        items = rounds.env["account.move.line"].browse(obstacle.item_data)
        for partner, lines in items.grouped("partner_id").items():
            total = sum(lines.mapped("amount_residual"))
            amount = format_amount(rounds.env, total, lines.company_currency_id)
            reason = reasons[obstacle.obstacle]
            yield Row(partner.name, "", str(len(lines)), amount, reason)


def table(rows: list[Row]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            f"{cell:{align}{width}}"
            for cell, align, width in zip(row, ALIGN, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def main(database: str, folder: str, mail_port: str) -> None:
    with environment(database, mail_port) as env:
        rounds = rounds_of_today(env)
        rows = [*letter_rows(rounds, Path(folder)), *obstacle_rows(rounds)]
        print(table([HEAD, *sorted(rows)]))
        print(f"\n{len(rounds.notice_ids)} letters in {folder}")


if __name__ == "__main__":
    main(*sys.argv[1:])
