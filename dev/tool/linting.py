"""`make lint` and `make format`."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from . import setup
from .paths import CACHE, CHECKOUT, CHECKOUT_ID, LINT_VENV, MODULE, PRETTIER, python
from .steps import say

# The linters follow links, so they get a copy that bears the technical name.
COPY = CACHE / f"lint-{CHECKOUT_ID}" / MODULE
NOT_COPIED = shutil.ignore_patterns(".*_cache", ".git", "__pycache__", "bench", "out")
XML_PLUGIN = PRETTIER / "node_modules/@prettier/plugin-xml/src/plugin.js"
MODULE_CHECKS_OFF = "prefer-readme-rst,xml-header-wrong"
PO_CHECKS_OFF = "po-pretty-format"

Check = tuple[str, list[str], Path]


def _ruff(*arguments: str) -> list[str]:
    return [python(LINT_VENV), "-m", "ruff", *arguments]


def _prettier(mode: str) -> list[str]:
    """Return the command for all XML files, empty when there are none."""
    folders = ("data", "demo", "report", "security", "static", "views", "wizard")
    files = [path for name in folders for path in (CHECKOUT / name).rglob("*.xml")]
    if not files:
        return []
    program = PRETTIER / "node_modules" / ".bin" / "prettier"
    names = [str(path.relative_to(CHECKOUT)) for path in sorted(files)]
    return [str(program), "--log-level=warn", f"--plugin={XML_PLUGIN}", mode, *names]


def _copy() -> None:
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(CHECKOUT, COPY, ignore=NOT_COPIED)


def _checks(with_prettier: bool) -> Iterator[Check]:
    yield "ruff check", _ruff("check"), CHECKOUT
    yield "ruff format", _ruff("format", "--check"), CHECKOUT
    if (CHECKOUT / "__manifest__.py").is_file():
        yield from _odoo_checks()
    if with_prettier and (command := _prettier("--check")):
        yield "prettier", command, CHECKOUT


def _odoo_checks() -> Iterator[Check]:
    programs = LINT_VENV / "bin"
    pylint = [python(LINT_VENV), "-m", "pylint", "--rcfile=.pylintrc", str(COPY)]
    yield "pylint-odoo", pylint, COPY
    module = [str(programs / "oca-checks-odoo-module"), f"-d={MODULE_CHECKS_OFF}"]
    yield "oca-checks-odoo-module", [*module, str(COPY)], COPY
    if files := sorted(map(str, COPY.glob("i18n/*.po*"))):
        translations = [str(programs / "oca-checks-po"), f"-d={PO_CHECKS_OFF}"]
        yield "oca-checks-po", [*translations, *files], COPY


def lint() -> int:
    with_prettier = setup.prepare_linters()
    _copy()
    failed = [check[0] for check in _checks(with_prettier) if not _passes(*check)]
    if not with_prettier:
        print("prettier left out: there is no npm on this machine")
    print(f"lint: {', '.join(failed)} failed" if failed else "lint: all good")
    return 1 if failed else 0


def _passes(name: str, command: list[str], folder: Path) -> bool:
    started = time.monotonic()
    environment = os.environ | {"RUFF_CACHE_DIR": str(CACHE / "ruff")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True
    )
    if output := (done.stdout + done.stderr).strip():
        print(re.sub(rf"/?{str(COPY).lstrip('/')}/", "", output))
    say(time.monotonic() - started, f"{name}{' FAILED' if done.returncode else ''}")
    return done.returncode == 0


def apply_format() -> None:
    with_prettier = setup.prepare_linters()
    subprocess.run(_ruff("check", "--fix", "--select=I"), cwd=CHECKOUT)
    subprocess.run(_ruff("format"), cwd=CHECKOUT)
    if with_prettier and (command := _prettier("--write")):
        subprocess.run(command, cwd=CHECKOUT)
