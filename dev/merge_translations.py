"""Bring the translations in a folder up to date with an exported template.

Usage: merge_translations.py TEMPLATE.pot FOLDER

Translations are never lost: those whose term is gone are kept at the end of the
file as obsolete. Terms that Odoo itself translates get Odoo's translation.
"""

import sys
from pathlib import Path

import polib

import odoo

LANGUAGE = "nl"
ODOO_MODULES = ("base", "account", "mail", "portal", "web")
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def odoo_translations() -> dict[str, str]:
    addons = [Path(folder) / "addons" for folder in odoo.__path__]
    addons += [folder.parent.parent / "addons" for folder in addons]
    found = {}
    for module in ODOO_MODULES:
        for folder in addons:
            path = folder / module / "i18n" / f"{LANGUAGE}.po"
            for entry in polib.pofile(str(path)) if path.is_file() else ():
                if entry.translated():
                    found.setdefault(entry.msgid, entry.msgstr)
    return found


def save(file: polib.POFile, path: Path) -> None:
    """Write `file`, unless nothing but its dates changed."""
    old = polib.pofile(str(path)) if path.is_file() else None
    if old is not None:
        dates = {name: old.metadata.get(name, "") for name in DATES}
        if str(old) == str(_with_dates(file, dates)):
            return
    path.parent.mkdir(exist_ok=True)
    file.save(str(path))
    print(f"written: {path}")


def _with_dates(file: polib.POFile, dates: dict[str, str]) -> polib.POFile:
    copy = polib.pofile(str(file))
    copy.metadata.update(dates)
    return copy


def merged(template: polib.POFile, path: Path) -> polib.POFile:
    if path.is_file():
        file = polib.pofile(str(path))
    else:
        file = polib.POFile()
        file.header = template.header
        file.metadata = template.metadata | {"Language": LANGUAGE}
    file.merge(template)
    known = odoo_translations()
    for entry in file.untranslated_entries():
        entry.msgstr = known.get(entry.msgid, "")
    for entry in [entry for entry in file if entry.obsolete and not entry.msgstr]:
        file.remove(entry)
    return file


def main(exported: str, folder: str) -> None:
    template = polib.pofile(exported)
    save(template, Path(folder) / Path(exported).name)
    path = Path(folder) / f"{LANGUAGE}.po"
    translated = merged(template, path)
    save(translated, path)
    missing = len(translated.untranslated_entries())
    print(f"{len(template)} terms, {missing} of them not translated")


if __name__ == "__main__":
    main(*sys.argv[1:])
