"""PostgreSQL: the server that PGHOST names, else a private cluster on a socket."""

import os
import pwd
import re
import shutil
from pathlib import Path

from .paths import CACHE, digest
from .steps import Failure, build, call, read

OWNER = "odoo"  # Odoo refuses to work as the user postgres
SOCKET_PATH_LIMIT = 90  # the system's own limit is 107 with the socket's name
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "jit": "off",
    # a lost cluster is simply made anew
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
}


def configured() -> bool:
    """Tell whether the environment names a server to use."""
    return bool(os.environ.get("PGHOST"))


def bin_folder() -> Path | None:
    """Return the folder of the newest server programs on this machine."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(folder.parent.name))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def psql() -> str | None:
    folder = bin_folder()
    own = folder / "psql" if folder else None
    return str(own) if own and own.exists() else shutil.which("psql")


def _account() -> str | None:
    """PostgreSQL does not run as root; return the account to use instead."""
    return "postgres" if os.geteuid() == 0 else None


def _folder() -> Path:
    """Return the cluster's folder: in the cache where its account can reach it."""
    folder = CACHE / "postgres"
    if os.geteuid() and len(str(folder)) <= SOCKET_PATH_LIMIT:
        return folder
    return Path(f"/var/tmp/l10n_nl_dunning-{os.geteuid()}-{digest(CACHE)[:6]}")


def environment() -> dict[str, str]:
    """Return the variables with which libpq finds the server."""
    if configured():
        return {}
    return {"PGHOST": str(_folder()), "PGUSER": OWNER, "PGPORT": "5432"}


def _as_account(what: str, command: list[object]) -> None:
    account = _account()
    options = {"user": account, "group": account, "extra_groups": []} if account else {}
    call(command, what, cwd="/", **options)


def ensure() -> None:
    """Have a server that answers."""
    if answers():
        return
    if configured():
        raise Failure(
            f"PostgreSQL does not answer at PGHOST={os.environ['PGHOST']}",
            "correct PGHOST, PGPORT, PGUSER, PGPASSWORD, or unset PGHOST",
        )
    if _account():
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            raise Failure("no account postgres", "add it, or set PGHOST") from None
    folder, programs = _folder(), bin_folder()
    build(f"PostgreSQL {programs.parent.name} cluster made", *_recipe(folder, programs))
    log = folder / "server.log"
    start = [programs / "pg_ctl", "-D", folder / "data", "-l", log, "-w", "start"]
    _as_account("start of PostgreSQL", start)


def _recipe(folder: Path, programs: Path) -> tuple:
    settings = SETTINGS | {"unix_socket_directories": f"'{folder}'", "port": "5432"}
    lines = "".join(f"{name} = {value}\n" for name, value in settings.items())

    def make(target: Path) -> None:
        target.chmod(0o700)
        if account := _account():
            shutil.chown(target, account, account)
        initdb = [programs / "initdb", "-D", target / "data", "-U", OWNER]
        how = ["--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _as_account("making a PostgreSQL cluster", [*initdb, *how])
        with (target / "data" / "postgresql.conf").open("a") as file:
            file.write(lines)

    return folder, digest(lines, programs), make


def stop() -> None:
    """Stop the private server."""
    folder, programs = _folder(), bin_folder()
    if not configured() and programs and (folder / "data/postmaster.pid").exists():
        command = [programs / "pg_ctl", "-D", folder / "data", "-m", "fast", "stop"]
        _as_account("stop of PostgreSQL", command)


def remove() -> None:
    stop()
    if not configured():
        shutil.rmtree(_folder(), ignore_errors=True)


# Databases


def _psql(database: str, statement: str) -> list[str]:
    quiet = ["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]
    return [psql() or "psql", *quiet, "-d", database, "-c", statement]


def _environment() -> dict[str, str]:
    return os.environ | environment()


def answers() -> bool:
    """Tell whether there is a server to talk to."""
    if not psql():
        return False
    return read(_psql("postgres", "SELECT 1"), env=_environment()) == "1"


def query(statement: str, database: str = "postgres") -> str:
    return read(_psql(database, statement), env=_environment())


def execute(statement: str, database: str = "postgres") -> None:
    call(_psql(database, statement), "SQL", env=_environment())


def _check(name: str) -> str:
    if not re.fullmatch(r"\w+", name):
        raise Failure(f"{name} is no usable database name")
    return name


def exists(name: str) -> bool:
    return query(f"SELECT 1 FROM pg_database WHERE datname = '{_check(name)}'") == "1"


def databases(*prefixes: str) -> list[str]:
    listed = query("SELECT datname FROM pg_database").split()
    return [name for name in listed if name.startswith(prefixes)]


def drop(name: str) -> None:
    execute(f"DROP DATABASE IF EXISTS {_check(name)} WITH (FORCE)")


def rename(name: str, new_name: str) -> None:
    execute(f"ALTER DATABASE {_check(name)} RENAME TO {_check(new_name)}")


def clone(template: str, name: str) -> None:
    version = int(query("SHOW server_version_num") or 0)
    how = "STRATEGY FILE_COPY" if version >= 150000 else ""
    execute(f"CREATE DATABASE {_check(name)} TEMPLATE {_check(template)} {how}")


def mark(name: str, text: str) -> None:
    """Note on the database from what it was made; written when it is whole."""
    execute(f"COMMENT ON DATABASE {_check(name)} IS '{_check(text)}'")


def marked(name: str) -> str:
    return query(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        f" WHERE datname = '{_check(name)}'"
    )
