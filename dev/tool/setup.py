"""The whole set-up, in order; nothing happens twice."""

import time

from . import debian, environments, odoo_server, odoo_source, postgres
from .steps import lock, say


def prepare(browser: bool = False, queue_job: bool = False) -> None:
    """Have Odoo, Python, PostgreSQL and the PDF engine; more where it is wanted."""
    started = time.monotonic()
    with lock("set-up"):
        debian.install(debian.BASE + (debian.BROWSER if browser else []))
        home = odoo_source.home()
        environments.odoo_python(home)
        environments.pdf_engine()
        if queue_job:
            environments.queue_job()
        postgres.ensure()
        odoo_server.configure(odoo_source.version(home))
    say(time.monotonic() - started, "set-up in place")


def prepare_linters() -> bool:
    """Have the linters; return whether prettier is among them."""
    with lock("set-up"):
        environments.lint_python()
        odoo_server.link_checkout()
        return environments.prettier()
