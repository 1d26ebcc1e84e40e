"""The demo database, and what is shown with it."""

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager

from . import fingerprint, odoo_server, postgres, setup
from .paths import DEV, MODULE, OUT, python
from .steps import Failure, lock, say, step

DATABASE = "dunning_demo"
LETTERS = OUT / "letters"
DOSSIERS = OUT / "dossier"
PORT = 8069
LOGIN = "as finance user: sanne, sanne; admin, admin chooses Van Dam at the top right"


def _make_database() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    odoo_server.clone(odoo_server.template(demo=True), DATABASE)
    modules = f"{MODULE},{odoo_server.PROVIDER}"
    odoo_server.install(DATABASE, modules, "--with-demo")


def _prepare(browser: bool = False) -> None:
    """Have the demo database, equal to what the files of the checkout ask for."""
    setup.prepare(browser)
    wanted = fingerprint.database_inputs()
    with lock("demo database"):
        known = "" if os.environ.get("RESET") else postgres.marked(DATABASE)
        started = time.monotonic()
        if not known:
            _make_database()
        elif known != wanted:
            odoo_server.update(DATABASE)
        postgres.mark(DATABASE, wanted)
    say(time.monotonic() - started, f"database {DATABASE} ready")


def _script(name: str, *arguments: object) -> int:
    """Run a script of this folder in Odoo's Python."""
    command = [python(), str(DEV / name), *map(str, arguments)]
    return subprocess.run(command, env=odoo_server.environment()).returncode


# Servers


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _free_port(first: int) -> int:
    return next(port for port in range(first, first + 100) if _is_free(port))


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(command, env=odoo_server.environment())
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _mail_sink() -> Iterator[int]:
    """Keep what Odoo mails in out/mail; give the port."""
    port = _free_port(10025)
    script = [python(), str(DEV / "mail_sink.py")]
    with _running([*script, str(port), str(OUT / "mail")]) as process:
        while _is_free(port):
            if process.poll() is not None:
                raise Failure("the mail sink does not start")
            time.sleep(0.05)
        yield port


def _server_command(port: int, mail_port: int, *options: str) -> list[str]:
    ports = [f"--http-port={port}", f"--smtp-port={mail_port}"]
    one_database = [f"--db-filter=^{DATABASE}$", "--no-database-list"]
    return odoo_server.command("server", DATABASE, *ports, *one_database, *options)


# Commands


def _dun() -> int:
    """Run the round of the demo, once, and write its letters."""
    with _mail_sink() as mail_port:
        return _script("demo.py", DATABASE, LETTERS, mail_port, DOSSIERS)


def demo() -> int:
    _prepare()
    code = _dun()
    if code or os.environ.get("SERVE") == "0":
        return code
    return _serve()


def serve() -> int:
    _prepare()
    return _serve()


def _serve() -> int:
    port = int(os.environ.get("PORT") or _free_port(PORT))
    print(f"\nOdoo: http://localhost:{port}  ({LOGIN}; stop with Ctrl-C)", flush=True)
    with _mail_sink() as mail_port:
        command = _server_command(port, mail_port, "--max-cron-threads=1")
        with _running([*command, "--log-level=warn"]) as server:
            try:
                return server.wait()
            except KeyboardInterrupt:
                return 0


def shell() -> int:
    _prepare()
    command = odoo_server.command("shell", DATABASE, "--log-level=warn")
    return subprocess.run(command, env=odoo_server.environment()).returncode


def screenshots() -> int:
    _prepare(browser=True)
    if code := _dun():
        return code
    port = _free_port(PORT + 100)
    command = _server_command(port, odoo_server.CLOSED_PORT, "--log-level=warn")
    with _running(command) as server:
        address = f"http://127.0.0.1:{port}"
        with step("server started"):
            _wait_for(address, server)
        return _script("screenshots.py", address, LETTERS)


def _wait_for(address: str, server: subprocess.Popen) -> None:
    for _attempt in range(600):
        if server.poll() is not None:
            raise Failure("the Odoo server stopped", "see what it wrote above")
        try:
            with urllib.request.urlopen(f"{address}/web/health", timeout=60):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise Failure("the Odoo server does not answer", f"open {address}")
