"""Run one dunning round in the demo database and write its letters to a folder.

Usage: demo.py DATABASE FOLDER MAIL_PORT
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import odoo.api
import odoo.modules.registry
from odoo.tools import config


@contextmanager
def environment(database: str, mail_port: str) -> Iterator[odoo.api.Environment]:
    options = ["-d", database, "--smtp-port", mail_port, "--log-level", "warn"]
    config.parse_config([*options, "--no-http"], setup_logging=True)
    registry = odoo.modules.registry.Registry(database)
    with registry.cursor() as cursor:
        yield odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {"lang": "nl_NL"})


def show(env: odoo.api.Environment, folder: Path) -> None:
    print(f"{len(env['dunning.notice'].search([]))} letters")


def main(database: str, folder: str, mail_port: str) -> None:
    with environment(database, mail_port) as env:
        show(env, Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
