"""Make the pictures of the store page from the running demo server.

Usage: screenshots.py ADDRESS
"""

import sys
import time
from pathlib import Path
from typing import NamedTuple

from browser import Browser

FOLDER = Path(__file__).resolve().parent.parent / "static" / "description"


class Shot(NamedTuple):
    name: str
    url: str
    selector: str
    clicks: tuple[str, ...] = ()


SHOTS = [
    Shot(
        "invoices", "/odoo/action-account.action_move_out_invoice_type", ".o_data_row"
    ),
]


def take(browser: Browser, address: str, shot: Shot) -> None:
    browser.open(address + shot.url, shot.selector)
    for selector in shot.clicks:
        browser.click(selector)
    time.sleep(1)  # animations
    browser.screenshot(FOLDER / f"{shot.name}.png")
    print(f"made: static/description/{shot.name}.png", flush=True)


def main(address: str) -> None:
    with Browser() as browser:
        browser.login(address, "admin", "admin")
        for shot in SHOTS:
            take(browser, address, shot)


if __name__ == "__main__":
    main(*sys.argv[1:])
