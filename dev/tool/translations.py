"""`make pot`: the template of all terms, and nl.po brought up to date with it."""

import subprocess

from . import odoo_server, setup
from .paths import CACHE, CHECKOUT, DEV, MODULE, python
from .steps import Failure, call, lock, step

DATABASE = "dunning_translations"
EXPORTED = CACHE / f"{MODULE}.pot"


def export() -> int:
    setup.prepare()
    with lock("translations"):
        with step("terms exported"):
            _export()
        merge = DEV / "merge_translations.py"
        folder = CHECKOUT / "i18n"
        command = [python(), str(merge), str(EXPORTED), str(folder)]
        return subprocess.run(command, env=odoo_server.environment()).returncode


def _export() -> None:
    odoo_server.clone(odoo_server.template(), DATABASE)
    try:
        odoo_server.install(DATABASE, MODULE)
        options = ["export", "-d", DATABASE, "-l", "pot", "-o", EXPORTED, "--", MODULE]
        command = [python(), "-m", "odoo", "i18n", *options]
        call(command, "export of terms", env=odoo_server.environment())
    finally:
        odoo_server.drop(DATABASE)
    if not EXPORTED.is_file():
        raise Failure("no terms were exported", "does the module have any?")
