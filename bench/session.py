"""An Odoo environment in a script, as the scripts of this folder need it."""

from collections.abc import Iterator
from contextlib import contextmanager

import odoo.api
import odoo.modules.registry
from odoo.tools import config

COMPANY_NAME = "Bench Groothandel B.V."
CONTEXT = {"lang": "nl_NL", "tz": "Europe/Amsterdam"}


@contextmanager
def environment(database: str) -> Iterator[odoo.api.Environment]:
    """Open a database as the job user does, without a server."""
    options = ["-d", database, "--no-http", "--log-level", "warn"]
    config.parse_config(options, setup_logging=True)
    registry = odoo.modules.registry.Registry(database)
    with registry.cursor() as cursor:
        yield odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, CONTEXT)


def find_company(env):
    """Return the company whose invoices were generated, in its own environment."""
    company = env["res.company"].search([("name", "=", COMPANY_NAME)])
    return company.with_company(company)
