"""Check dossiers: that no file was changed, added or taken out since they were made.

Usage: verify_dossier.py FILE.zip ...

Needs Python and this repository, neither Odoo nor any package. What it does is what
`sha256sum --check SHA256SUMS` does after unpacking, and besides that it reads the data
against the published schema.
"""

import importlib.util
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENGINE = ROOT / "models" / "dossier" / "engine" / "verify.py"
SCHEMA = ROOT / "static" / "schema" / "dossier-1.json"


def load_engine():
    """Return what checks a dossier, without the packages around it, which need Odoo."""
    spec = importlib.util.spec_from_file_location("dossier_verify", ENGINE)
    engine = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(engine)
    return engine


def main(paths: list[str]) -> int:
    if not paths:
        print(__doc__)
        return 2
    engine, schema = load_engine(), json.loads(SCHEMA.read_text())
    wrong = False
    for path in paths:
        if not Path(path).is_file():
            problems = ["There is no such file."]
        else:
            problems = engine.verify(path, schema)
        wrong = wrong or bool(problems)
        for problem in problems:
            print(f"{path}: {problem}")
        if not problems:
            print(f"{path}: right, all sums agree.")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
