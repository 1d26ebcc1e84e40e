"""pytest plug-in: the checkout under its technical name, and no network.

pytest-odoo takes a module's name from its folder; a checkout may have any.
"""

import ipaddress
import os
import socket
from pathlib import Path

import _pytest.pathlib
import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = "odoo.addons.l10n_nl_dunning"
INTERNET = (socket.AF_INET, socket.AF_INET6)


def _module_name(path: Path) -> str:
    parts = path.resolve().relative_to(CHECKOUT).with_suffix("").parts
    return ".".join((PACKAGE, *parts)).removesuffix(".__init__")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session):
    """Wrap what pytest-odoo has wrapped: it comes first."""
    resolve = _pytest.pathlib.resolve_pkg_root_and_module_name

    def resolve_in_checkout(path, **options):
        if path.resolve().is_relative_to(CHECKOUT):
            return CHECKOUT.parent, _module_name(path)
        return resolve(path, **options)

    _pytest.pathlib.resolve_pkg_root_and_module_name = resolve_in_checkout


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """Say before the last line where Odoo's own log is."""
    logs = [
        option.removeprefix("logfile=")
        for option in config.getoption("--odoo-extra")
        if option.startswith("logfile=")
    ]
    if exitstatus and logs:
        terminalreporter.write_line(f"Odoo's log: {logs[0]}")


def _is_local(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(os.fsdecode(host)).is_loopback
    except ValueError:
        return False


def _guarded(connect):
    def guarded_connect(self, address):
        if self.family in INTERNET and not _is_local(address[0]):
            raise OSError(f"tests do not use the network: {address}")
        return connect(self, address)

    return guarded_connect


def _guarded_lookup(lookup):
    def guarded_getaddrinfo(host, *args, **options):
        if not _is_local(host):
            raise socket.gaierror(f"tests do not use the network: {host}")
        return lookup(host, *args, **options)

    return guarded_getaddrinfo


@pytest.fixture(scope="session", autouse=True)
def no_network():
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
    yield
    patch.undo()
