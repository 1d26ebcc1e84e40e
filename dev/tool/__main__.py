"""The commands behind the Makefile's targets."""

import contextlib
import os
import shlex
import shutil
import signal
import sys

from . import (
    benchmarking,
    demonstration,
    linting,
    odoo_server,
    postgres,
    setup,
    testing,
    translations,
)
from .paths import CACHE, OUT
from .steps import Failure


def clean() -> None:
    """Stop the private server; remove output, test and bench databases."""
    shutil.rmtree(OUT, ignore_errors=True)
    if postgres.answers():
        for name in postgres.databases(*testing.PREFIXES, benchmarking.PREFIX):
            odoo_server.drop(name)
        postgres.stop()


def env() -> None:
    """Print the environment for work by hand: eval "$(make -s env)"."""
    with contextlib.redirect_stdout(sys.stderr):
        setup.prepare()
        template = odoo_server.template()
    for name, value in odoo_server.environment().items():
        if os.environ.get(name) != value:
            print(f"export {name}={shlex.quote(value)}")
    print(f"export DUNNING_TEMPLATE={template}")


def distclean() -> None:
    postgres.remove()
    shutil.rmtree(CACHE, ignore_errors=True)


COMMANDS = {
    "setup": setup.prepare,
    "env": env,
    "test": testing.run,
    "bench": benchmarking.run,
    "bench-plans": benchmarking.run_plans,
    "bench-workers": benchmarking.run_workers,
    "faults": benchmarking.run_faults,
    "demo": demonstration.demo,
    "serve": demonstration.serve,
    "shell": demonstration.shell,
    "screenshots": demonstration.screenshots,
    "pot": translations.export,
    "lint": linting.lint,
    "format": linting.apply_format,
    "clean": clean,
    "distclean": distclean,
}


def main() -> int:
    # what is under way ends, and is cleared away, as with Ctrl-C
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        return COMMANDS[sys.argv[1]]() or 0
    except Failure as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
