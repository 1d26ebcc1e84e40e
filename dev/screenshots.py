"""Make the pictures of the store page from the running demo server.

Usage: screenshots.py ADDRESS FOLDER_OF_LETTERS
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from browser import Browser

PICTURES = Path(__file__).resolve().parent.parent / "static" / "description"
CUSTOMER = "zomerlicht"  # name and password
MENU = "[data-menu-xmlid='l10n_nl_dunning.{}']"


class Shot(NamedTuple):
    """A picture: the page of a record of the demo, or of an action."""

    name: str
    url: str  # {id} stands for the record
    selector: str  # what the page has when it is there
    record: str = ""  # its external id
    clicks: tuple[str, ...] = ()
    size: tuple[int, int] = (1440, 900)


SHOTS = [
    Shot(
        "screenshot_tab",
        "/odoo/customer-invoices/{id}",
        ".o_notebook",
        record="l10n_nl_dunning.demo_invoice_van_wijk",
        clicks=("a.nav-link[name=dunning]",),
        size=(1380, 1330),  # a little wider, and the PDF of the invoice stands beside
    ),
    Shot(
        "screenshot_wizard",
        "/odoo/action-l10n_nl_dunning.dunning_run_action",
        ".o_data_row",
        clicks=(
            MENU.format("dunning_menu_letters"),
            MENU.format("dunning_run_wizard_menu"),
            ".modal .o_form_view",
        ),
    ),
    Shot(
        "screenshot_round",
        "/odoo/action-l10n_nl_dunning.dunning_run_action/{id}",
        ".o_form_view .o_data_row",
        record="dunning_demo.round",
    ),
]


def find(browser: Browser, external_id: str) -> int:
    """Return the id of a record, asked in the session of the browser."""
    module, name = external_id.split(".")
    domain = [["module", "=", module], ["name", "=", name]]
    call = {"model": "ir.model.data", "method": "search_read", "args": [domain]}
    body = {"params": {**call, "kwargs": {"fields": ["res_id"]}}}
    options = {
        "method": "POST",
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(body),
    }
    rows = browser.evaluate(
        f"fetch('/web/dataset/call_kw', {json.dumps(options)})"
        ".then((answer) => answer.json()).then((answer) => answer.result)"
    )
    return rows[0]["res_id"]


def take(browser: Browser, address: str, shot: Shot) -> None:
    browser.resize(*shot.size)
    number = shot.record and find(browser, shot.record)
    browser.open(address + shot.url.format(id=number), shot.selector)
    for selector in shot.clicks:
        browser.click(selector)
    time.sleep(1)  # animations
    browser.screenshot(PICTURES / f"{shot.name}.png")
    print(f"made: static/description/{shot.name}.png", flush=True)


def take_portal(address: str) -> None:
    """Show what a customer sees who logs in: all that he owes."""
    with Browser(1280, 860) as browser:
        browser.open(f"{address}/web/login", "input[name=password]")
        browser.fill("input[name=login]", CUSTOMER)
        browser.fill("input[name=password]", CUSTOMER)
        browser.click("form.oe_login_form button[type=submit]")
        browser.wait_for(".o_portal_my_home")
        browser.open(f"{address}/nl/my/dunning/account", ".o_dunning_pick:not(.d-none)")
        time.sleep(1)
        browser.screenshot(PICTURES / "screenshot_account.png")
    print("made: static/description/screenshot_account.png", flush=True)


def draw_letter(folder: Path) -> None:
    """Draw the first page of the strictest letter."""
    letter = min(folder.glob("*Sommatie.pdf"))
    target = PICTURES / "screenshot_letter"
    options = ["-png", "-r", "90", "-singlefile"]
    subprocess.run(["pdftoppm", *options, letter, target], check=True)
    print(f"made: static/description/{target.name}.png", flush=True)


def main(address: str, letters: str) -> None:
    with Browser() as browser:
        browser.login(address, "admin", "admin")
        company = find(browser, "l10n_nl_dunning.demo_company")
        browser.evaluate(f"document.cookie = 'cids={company}; path=/'")
        for shot in SHOTS:
            take(browser, address, shot)
    take_portal(address)
    draw_letter(Path(letters))


if __name__ == "__main__":
    main(*sys.argv[1:])
