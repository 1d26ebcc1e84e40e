"""`make test`: all tests on a real Odoo, in a database of their own."""

import os
import shlex
import subprocess
import time
from pathlib import Path

from . import fingerprint, odoo_server, postgres, setup
from .paths import CACHE, CHECKOUT, CHECKOUT_ID, DEV, LOGS, MODULE, python
from .steps import lock, say

PREFIX = "dunning_test_"
KEPT_PREFIX = "dunning_fast_"
PREFIXES = (PREFIX, KEPT_PREFIX)


def run() -> int:
    setup.prepare(browser=True)
    if fast := os.environ.get("FAST"):
        database = f"{KEPT_PREFIX}{CHECKOUT_ID}_{fast}"
        with lock(database):
            _bring_up_to_date(database)
            return _pytest(database)
    database = f"{PREFIX}{os.getpid()}"
    _drop_left_over()
    try:
        _install(database)
        return _pytest(database)
    finally:
        odoo_server.drop(database)


def _install(database: str) -> None:
    template = odoo_server.template()
    started = time.monotonic()
    odoo_server.clone(template, database)
    odoo_server.install(database, MODULE)
    say(time.monotonic() - started, f"{MODULE} installed in {database}")


def _bring_up_to_date(database: str) -> None:
    """Make the database of earlier runs equal to what the files ask for."""
    wanted = fingerprint.database_inputs()
    if not postgres.marked(database):
        _install(database)
    elif postgres.marked(database) != wanted:
        started = time.monotonic()
        odoo_server.update(database)
        say(time.monotonic() - started, f"{MODULE} updated in {database}")
    postgres.mark(database, wanted)


def _drop_left_over() -> None:
    """Drop the databases of runs that were broken off."""
    for name in postgres.databases(PREFIX):
        pid = name.removeprefix(PREFIX)
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            odoo_server.drop(name)


def _pytest(database: str) -> int:
    log = LOGS / f"{database}.log"
    log.unlink(missing_ok=True)
    targets = shlex.split(os.environ.get("TESTS") or "tests")
    options = [
        *("-p", "checkout_plugin", "-o", f"cache_dir={CACHE / 'pytest'}"),
        *("--odoo-database", database, "--odoo-http", "--odoo-log-level", "info"),
        *("--odoo-extra", f"logfile={log}"),
    ]
    command = [python(), "-m", "pytest", *options]
    command += [*shlex.split(os.environ.get("ARGS", "")), *targets]
    environment = odoo_server.environment() | {"PYTHONPATH": str(DEV / "plugin")}
    code = subprocess.run(command, cwd=CHECKOUT, env=environment).returncode
    if code == 0:
        log.unlink(missing_ok=True)
    return code
