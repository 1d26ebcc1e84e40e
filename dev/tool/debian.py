"""Packages of the machine's own distribution, installed only when missing."""

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from . import postgres
from .steps import Failure, call, read, step

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


class Need(NamedTuple):
    """A package, and how to see that what it brings is already there."""

    package: str
    present: Callable[[], bool]


@cache
def _libraries() -> str:
    return read(["/sbin/ldconfig", "-p"])


def _library(package: str, name: str) -> Need:
    return Need(package, lambda: f"{name}.so" in _libraries())


def _command(package: str, *names: str) -> Need:
    return Need(package, lambda: any(map(shutil.which, names)))


def _font(package: str, pattern: str) -> Need:
    folder = Path("/usr/share/fonts/truetype")
    return Need(package, lambda: any(folder.glob(pattern)))


BASE = [
    Need("postgresql", lambda: bool(postgres.configured() or postgres.bin_folder())),
    Need("postgresql-client", lambda: bool(postgres.psql())),
    _command("poppler-utils", "pdftoppm"),
    _library("libxrender1", "libXrender"),
    _library("libxext6", "libXext"),
    _library("libfontconfig1", "libfontconfig"),
    _library("libmagic1", "libmagic"),
    _font("fonts-liberation", "liberation*"),
    _font("fonts-dejavu-core", "dejavu*"),
]
if sys.version_info >= (3, 13):
    BASE.append(_library("libcairo2", "libcairo"))  # QR codes, see requirements
BROWSER = [_command("chromium", *BROWSERS)]


def has_apt() -> bool:
    return bool(shutil.which("apt-get"))


def _as_root(command: list[str]) -> list[str]:
    if os.geteuid() == 0:
        return command
    if not shutil.which("sudo"):
        raise Failure(
            "root is needed and there is no sudo", f"run: {' '.join(command)}"
        )
    return ["sudo", "DEBIAN_FRONTEND=noninteractive", *command]


def apt_update() -> None:
    call(_as_root(["apt-get", "update"]), "apt-get update", "is the network there?")


def _apt_install(packages: list[str]) -> None:
    command = _as_root(
        ["apt-get", "-o", "DPkg::Lock::Timeout=300", "install", "-y"]
        + ["--no-install-recommends", *packages]
    )
    remedy = f"install by hand: {' '.join(packages)}"
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        call(command, "apt-get install", remedy, env=env)
    except Failure:  # no package lists yet, or old ones
        apt_update()
        call(command, "apt-get install", remedy, env=env)


def install(needs: Iterable[Need]) -> None:
    """Install the packages of which the machine lacks what they bring."""
    missing = [need.package for need in needs if not need.present()]
    if not missing:
        return
    if not has_apt():
        raise Failure("there is no apt here", f"install first: {' '.join(missing)}")
    with step(f"installed {' '.join(missing)}"):
        _apt_install(missing)
    _libraries.cache_clear()
