"""Odoo's configuration, its commands, and databases to start from."""

import os
import shutil
from pathlib import Path

from . import postgres
from .paths import (
    ADDONS,
    CACHE,
    CHECKOUT,
    DATA,
    LINK,
    MODULE,
    ODOO_RC,
    VENV,
    WKHTMLTOX,
    digest,
    python,
)
from .steps import Failure, call, lock, step

LANGUAGE = "nl_NL"
TEMPLATE_MODULES = "account_payment,l10n_nl"
PROVIDER = "payment_demo"  # with which online payments are tried and shown
LOOKUPS = ("iap.endpoint", "iap.partner_autocomplete.endpoint")
CLOSED_PORT = 1  # no mail leaves and nothing is looked up by accident
NOWHERE = f"http://127.0.0.1:{CLOSED_PORT}"
SETTINGS = {
    "addons_path": ADDONS,
    "data_dir": DATA,
    "http_interface": "127.0.0.1",
    "workers": 0,
    "max_cron_threads": 0,
    "smtp_server": "127.0.0.1",
    "smtp_port": CLOSED_PORT,
    "publisher_warranty_url": NOWHERE,
}
VERSION_IN_USE = CACHE / "odoo-version"


def link_checkout() -> None:
    """Give the checkout its technical name, whatever its folder is called."""
    ADDONS.mkdir(parents=True, exist_ok=True)
    if not LINK.is_symlink():
        LINK.symlink_to(CHECKOUT)


def configure(version: str) -> None:
    """Write the configuration that all commands use."""
    link_checkout()
    lines = [f"{name} = {value}" for name, value in SETTINGS.items()]
    ODOO_RC.write_text("\n".join(["[options]", *lines, ""]))
    VERSION_IN_USE.write_text(version)


def environment() -> dict[str, str]:
    """Return the variables with which Odoo and the tests run."""
    programs = (WKHTMLTOX / "bin", VENV / "bin", os.environ.get("PATH", os.defpath))
    own = {
        "ODOO_RC": str(ODOO_RC),
        "PATH": ":".join(map(str, programs)),
        "LC_ALL": "C.UTF-8",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(CACHE / "hypothesis"),
    }
    return os.environ | own | postgres.environment()


def command(name: str, database: str, *options: object) -> list[str]:
    start = [python(), "-m", "odoo", name, "-d", database]
    return [*start, *map(str, options)]


def _server(what: str, database: str, *options: str, **variables: str) -> None:
    once = ["--stop-after-init", "--no-http", "--log-level=info"]
    env = environment() | variables
    log = call(command("server", database, *once, *options), what, env=env)
    for line in log.read_text(errors="replace").splitlines():
        if " WARNING " in line or " ERROR " in line:
            print(line)
    log.unlink()


def install(database: str, modules: str, *options: str, **variables: str) -> None:
    what = f"installation in {database}"
    _server(what, database, "-i", modules, *options, **variables)
    first = modules.split(",")[0]
    found = f"SELECT state FROM ir_module_module WHERE name = '{first}'"
    if postgres.query(found, database) != "installed":
        raise Failure(f"{first} cannot be installed", "see its manifest")


def update(database: str, *options: str, **variables: str) -> None:
    """Update the module, its translations included."""
    also = ["--i18n-overwrite", *options]
    _server(f"update of {database}", database, "-u", MODULE, *also, **variables)


# Databases


def _filestore(database: str) -> Path:
    return DATA / "filestore" / database


def drop(database: str) -> None:
    postgres.drop(database)
    shutil.rmtree(_filestore(database), ignore_errors=True)


def clone(template: str, database: str) -> None:
    """Copy a database with its files, which Odoo never changes: links will do."""
    drop(database)
    if _filestore(template).is_dir():
        shutil.copytree(
            _filestore(template), _filestore(database), copy_function=os.link
        )
    postgres.clone(template, database)


def template(demo: bool = False) -> str:
    """Return a database with what the module depends on, made once."""
    inputs = VERSION_IN_USE.read_text(), TEMPLATE_MODULES, LANGUAGE, LOOKUPS
    kind = "demo" if demo else "plain"
    prefix = f"dunning_template_{kind}_"
    name = prefix + digest(*inputs)
    with lock(f"{kind}-template"):
        if not postgres.exists(name):
            for old in postgres.databases(prefix):
                drop(old)
            with step(f"template database with {TEMPLATE_MODULES} ({kind}) made"):
                _make_template(name, demo)
    return name


def _make_template(name: str, demo: bool) -> None:
    draft = f"{name}_draft"
    drop(draft)
    postgres.execute(f"CREATE DATABASE {draft} TEMPLATE template0")
    options = [f"--load-language={LANGUAGE}", *(["--with-demo"] if demo else [])]
    install(draft, TEMPLATE_MODULES, *options)
    for key in LOOKUPS:
        parameter = f"(key, value) VALUES ('{key}', '{NOWHERE}')"
        postgres.execute(f"INSERT INTO ir_config_parameter {parameter}", draft)
    shutil.rmtree(_filestore(name), ignore_errors=True)
    if _filestore(draft).is_dir():
        _filestore(draft).rename(_filestore(name))
    postgres.rename(draft, name)
