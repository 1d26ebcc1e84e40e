"""The source of Odoo 19: ODOO_HOME, else Debian's package, else a git clone."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from . import debian
from .paths import CACHE, digest
from .steps import Failure, build, call, read

PACKAGES = [
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
]
OWN_PACKAGES = ["fonts-font-awesome"]  # the machine's suite: newer ones rename files
CLONE_FROM = "https://github.com/odoo/odoo.git"
KEYRINGS = [
    Path(f"/usr/share/keyrings/debian-archive-keyring.{suffix}")
    for suffix in ("pgp", "gpg")
]
REMEDY = "check the network, or set ODOO_HOME to an Odoo 19 source folder"
TARGET = CACHE / "odoo"
VERSIONS = "versions"


def home() -> Path:
    """Return the folder that holds the package `odoo`, making it when needed."""
    if given := os.environ.get("ODOO_HOME"):
        return _given_home(Path(given).expanduser().resolve())
    make = _unpack_packages if debian.has_apt() and _mirror() else _clone
    build("Odoo 19 unpacked", TARGET, digest(PACKAGES, OWN_PACKAGES), make)
    return _package_parent(TARGET)


def version(home: Path) -> str:
    """Return what tells this source from another."""
    if (TARGET / VERSIONS).is_file() and home.is_relative_to(TARGET):
        return (TARGET / VERSIONS).read_text()
    return read(["git", "-C", home, "rev-parse", "HEAD"]) or str(home)


def _given_home(folder: Path) -> Path:
    for candidate in (folder, folder.parent):
        if (candidate / "odoo" / "release.py").is_file():
            return candidate
    raise Failure(f"ODOO_HOME={folder} holds no Odoo source", "correct or unset it")


def _package_parent(target: Path) -> Path:
    debian_folder = target / "usr/lib/python3/dist-packages"
    return debian_folder if debian_folder.is_dir() else target


def _clone(target: Path) -> None:
    branch = ["--depth", "1", "--branch", "19.0"]
    call(["git", "clone", *branch, CLONE_FROM, target], "clone of Odoo", REMEDY)


def _mirror() -> str:
    """Return the address of the Debian mirror that apt itself uses."""
    if not (mirror := _configured_mirror()):
        debian.apt_update()  # apt knows the origin of a mirror from its lists only
        mirror = _configured_mirror()
    return mirror


def _configured_mirror() -> str:
    columns = "$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)"
    targets = read(["apt-get", "indextargets", "--format", columns])
    for line in targets.splitlines():
        *kind, address = line.split("|", 3)
        if kind == ["Debian", "Debian", "main"]:
            return address
    return ""


def _unpack_packages(target: Path) -> None:
    folder = target / "apt"
    unstable = list(_private_apt(folder))
    step = "download of Odoo"
    call(["apt-get", *unstable, "update"], f"{step} list", REMEDY)
    call(["apt-get", *unstable, "download", *PACKAGES], step, REMEDY, cwd=folder)
    own = ["apt-get", "-o", "APT::Sandbox::User=root", "download", *OWN_PACKAGES]
    call(own, f"{step} fonts", REMEDY, cwd=folder)
    packages = sorted(folder.glob("*.deb"))
    for package in packages:
        call(["dpkg", "-x", package, target], "unpacking Odoo", "is the disk full?")
    names = "\n".join(package.name for package in packages)
    (target / VERSIONS).write_text(names)
    shutil.rmtree(folder)
    _add_stripped_file(_package_parent(target))


def _private_apt(folder: Path) -> Iterator[str]:
    """Yield options with which apt sees Debian unstable and nothing of the system."""
    lists = folder / "lists"
    (lists / "partial").mkdir(parents=True)
    sources = folder / "sources.list"
    keyring = next((path for path in KEYRINGS if path.is_file()), None)
    signed = f"[signed-by={keyring}] " if keyring else ""
    sources.write_text(f"deb {signed}{_mirror()} unstable main\n")
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "-",
        "Dir::State::Lists": lists,
        "Dir::Cache": folder,
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Check-Valid-Until": "false",  # a mirror that lags behind will do
    }
    for name, value in settings.items():
        yield from ("-o", f"{name}={value}")


def _add_stripped_file(package_parent: Path) -> None:
    """Debian strips one file of which the web client wants at least the name."""
    folder = package_parent / "odoo/addons/mail/static/lib/selfie_segmentation"
    folder.mkdir(exist_ok=True)
    (folder / "selfie_segmentation.js").touch()
