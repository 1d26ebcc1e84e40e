"""Where things are: the checkout and the private cache folder."""

import hashlib
import os
from pathlib import Path

MODULE = "l10n_nl_dunning"
CHECKOUT = Path(__file__).resolve().parents[2]
DEV = CHECKOUT / "dev"
OUT = CHECKOUT / "out"


def digest(*parts: object) -> str:
    """Return a short hash of `parts`."""
    text = "\n".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _cache_home() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


CACHE = _cache_home().resolve() / MODULE
LOGS = CACHE / "logs"
DATA = CACHE / "data"
VENV = CACHE / "venv"
LINT_VENV = CACHE / "venv-lint"
PRETTIER = CACHE / "prettier"
WKHTMLTOX = CACHE / "wkhtmltox"
QUEUE_JOB = CACHE / "queue-job"

# The folder of a checkout may have any name; Odoo takes the technical name from it.
CHECKOUT_ID = digest(CHECKOUT)[:8]
ADDONS = CACHE / f"addons-{CHECKOUT_ID}"
LINK = ADDONS / MODULE
ODOO_RC = ADDONS / "odoo.conf"


def python(venv: Path = VENV) -> str:
    """Return the interpreter of a virtual environment."""
    return str(venv / "bin" / "python")
