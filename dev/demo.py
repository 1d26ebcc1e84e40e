"""Run one dunning round in the demo database and write its letters to a folder.

Usage: demo.py DATABASE FOLDER MAIL_PORT [DOSSIERS]

The round is made once; later calls show it as it stands. A dossier of the largest
debtor goes to the folder for dossiers, as ZIP and as PDF.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from werkzeug.serving import make_server

import odoo.api
import odoo.http
import odoo.modules.registry
from odoo.fields import Command
from odoo.tools import config

COMPANY = "l10n_nl_dunning.demo_company"
CLERK = "l10n_nl_dunning.demo_clerk"
ROUND = "dunning_demo.round"
CONTEXT = {"lang": "nl_NL", "tz": "Europe/Amsterdam"}
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
def web_pages(env) -> Iterator[None]:
    """Serve the style sheets that Odoo's own reports, the invoices, load over HTTP."""
    make_style_sheets(env)
    server = make_server("127.0.0.1", 0, odoo.http.root, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    parameter = env["ir.config_parameter"]
    parameter.set_param("report.url", f"http://127.0.0.1:{server.server_port}")
    try:
        yield
    finally:
        parameter.set_param("report.url", False)
        server.shutdown()


def make_style_sheets(env) -> None:
    """Make them before three pages of one invoice ask for them at the same moment."""
    qweb, name = env["ir.qweb"], "web.report_assets"
    for bundle in (f"{name}_common", f"{name}_pdf"):
        qweb._get_asset_bundle(bundle, js=False, autoprefix=True).css()
    qweb._get_asset_bundle(f"{name}_pdf", css=False).js()
    env.cr.commit()


@contextmanager
def environment(database: str, mail_port: str) -> Iterator[odoo.api.Environment]:
    options = ["-d", database, "--smtp-port", mail_port, "--log-level", "warn"]
    config.parse_config([*options, "--no-http"], setup_logging=True)
    registry = odoo.modules.registry.Registry(database)
    with registry.cursor() as cursor:
        yield odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, CONTEXT)


def find_round(env):
    """Return the round of an earlier call, made now when there is none."""
    return env.ref(ROUND, raise_if_not_found=False) or make_round(env)


def make_round(env):
    """Do what a clerk does, and then what the two jobs do."""
    company, clerk = env.ref(COMPANY), env.ref(CLERK)
    if "iap_enrich_auto_done" in company._fields:
        company.iap_enrich_auto_done = True  # no look-up of a company that is not real
    with web_pages(env):
        print_documents(env, company)
    offer_online_payment(env, company)
    run = env["dunning.run"].with_user(clerk).propose(company)
    run.action_confirm()
    env["dunning.notice"].deliver()
    run = run.with_env(env)
    env["ir.model.data"]._update_xmlids(
        [{"xml_id": ROUND, "record": run, "noupdate": True}]
    )
    env.cr.commit()  # mails are sent from what is committed
    run.notice_ids.delivery_ids.mail_id.send()
    env.cr.commit()
    return run


def offer_online_payment(env, company) -> None:
    """Let customers pay online: with Odoo's demo provider nobody pays really."""
    env["ir.config_parameter"].set_param(
        "account_payment.enable_portal_payment", "True"
    )
    company.dunning_own_amount = True
    demo = env.ref("payment.payment_provider_demo")
    demo.copy(
        {
            "name": "Demo",
            "company_id": company.id,
            "state": "test",
            "is_published": True,
            "payment_method_ids": [Command.set(demo.payment_method_ids.ids)],
        }
    )


def print_documents(env, company) -> None:
    """Print what the demo data says was sent before: invoices and letters."""
    sent = [("company_id", "=", company.id), ("is_move_sent", "=", True)]
    env["account.move.send"]._generate_and_send_invoices(
        env["account.move"].search(sent), sending_methods=["manual"]
    )
    earlier = [("company_id", "=", company.id), ("letter_id", "=", False)]
    env["dunning.notice"].search([*earlier, ("name", "!=", False)])._attach_letters()


def format_amount(amount: float, currency) -> str:
    from odoo.addons.l10n_nl_dunning.models.letter.letter_format import LetterFormat

    return LetterFormat("nl", currency.name, currency.decimal_places).amount(amount)


def letter_rows(run, folder: Path) -> Iterator[Row]:
    """Write the letters and yield a line for each."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.pdf"):
        old.unlink()
    for notice in run.notice_ids:
        letter, result = notice.letter_id, notice.error or notice.state
        if letter:
            result = letter.name
            (folder / result).write_bytes(letter.raw)
        amount = format_amount(notice.amount_claim, notice.currency_id)
        count = str(notice.item_count)
        yield Row(notice.partner_id.name, notice.level_id.name, count, amount, result)


def obstacle_rows(run) -> Iterator[Row]:
    """Yield a line for each debtor and reason why there is no letter."""
    field = run.obstacle_ids._fields["obstacle"]
    reasons = dict(field._description_selection(run.env))
    for obstacle in run.obstacle_ids:
        items = run.env["account.move.line"].browse(obstacle.item_data)
        for partner, lines in items.grouped("partner_id").items():
            total = sum(lines.mapped("amount_residual"))
            amount = format_amount(total, lines.company_currency_id)
            reason = reasons[obstacle.obstacle]
            yield Row(partner.name, "", str(len(lines)), amount, reason)


def table(rows: list[Row]) -> str:
    """Return rows as text with aligned columns, a rule under the first."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            f"{cell:{align}{width}}"
            for cell, align, width in zip(row, ALIGN, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def write_dossier(env, run, folder: Path) -> str:
    """Make a dossier of the debtor with the largest claim and write its files."""
    final = run.notice_ids.filtered("letter_id").sorted("amount_claim")[-1:]
    moves = final.line_ids.move_id
    if not moves:
        return "no letter to make a dossier of"
    with web_pages(env):
        items = moves.line_ids.filtered(
            lambda line: line in final.line_ids.move_line_id
        )
        clerk = env.ref(CLERK)
        dossier = env["dunning.dossier"].with_user(clerk)._make_of_items(items)
    env.cr.commit()
    folder.mkdir(parents=True, exist_ok=True)
    for attachment in (dossier.archive_id, dossier.document_id):
        (folder / attachment.name).write_bytes(attachment.raw)
    return f"dossier {dossier.name} of {dossier.partner_id.name} in {folder}"


def main(database: str, folder: str, mail_port: str, dossiers: str = "") -> None:
    with environment(database, mail_port) as env:
        run = find_round(env)
        letters = sorted(letter_rows(run, Path(folder)), key=lambda row: row.result)
        obstacles = sorted(obstacle_rows(run))
        print(f"\n{table([HEAD, *letters, *obstacles])}\n")
        print(
            f"Round {run.name} of {run.date}: {len(letters)} letters in {folder}, "
            f"{run.sent_count} sent, {run.post_count} to be posted, "
            f"{run.failed_count} failed"
        )
        if dossiers:
            print(write_dossier(env, run, Path(dossiers)))


if __name__ == "__main__":
    main(*sys.argv[1:])
