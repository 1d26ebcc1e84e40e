"""What decides whether a database has to be updated to the files of the checkout."""

import ast
from collections.abc import Iterator
from pathlib import Path

from .paths import CHECKOUT, digest

MODEL_FOLDERS = ("models", "report", "wizard")
FOLDERS = (*MODEL_FOLDERS, "data", "demo", "i18n", "security", "static", "views")
DATA_SUFFIXES = {".xml", ".csv", ".po", ".js", ".scss", ".css", ".html", ".sql"}


def _files(folders: tuple[str, ...], suffixes: set[str]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((CHECKOUT / folder).rglob("*")):
            if path.suffix in suffixes:
                yield path


def _declarations(path: Path) -> str:
    """Return the fields, constraints and indexes that a Python file declares."""
    classes = [
        node
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ClassDef)
    ]
    return "".join(
        ast.dump(statement)
        for node in classes
        for statement in node.body
        if isinstance(statement, ast.Assign)
    )


def database_inputs() -> str:
    """Return a hash of all that an update of the module brings into a database."""
    manifest = (CHECKOUT / "__manifest__.py").read_text()
    contents = [path.read_bytes() for path in _files(FOLDERS, DATA_SUFFIXES)]
    declared = [_declarations(path) for path in _files(MODEL_FOLDERS, {".py"})]
    return digest(CHECKOUT, manifest, *contents, *declared)
