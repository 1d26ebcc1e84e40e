"""`make bench`: measure the module on generated invoices."""

import datetime
import json
import os
import platform
import random
import subprocess
import time

from . import fingerprint, odoo_server, postgres, setup
from .paths import CHECKOUT, CHECKOUT_ID, MODULE, OUT, digest, python
from .steps import Failure, lock, say, step

BENCH = CHECKOUT / "bench"
PREFIX = f"dunning_bench_{CHECKOUT_ID}_"
GENERATOR = (
    *("agreements.py", "generate.py", "history.py", "multiply.py", "prototypes.py"),
)
SCENARIOS = (
    *("plan", "propose", "deliver_mail", "deliver_pdf", "deliver_post"),
    *("engine", "tab", "claim", "dossier", "lists", "account"),
)


def run() -> int:
    """Measure all scenarios, or those named in ONLY, and write JSON and table."""
    setup.prepare()
    number = int(os.environ.get("N") or 20000)
    template = _template(number)
    chosen = os.environ.get("ONLY", "").replace(",", " ").split() or SCENARIOS
    results = {name: _measure(template, name, "measure.py", name) for name in chosen}
    OUT.mkdir(exist_ok=True)
    path = OUT / f"bench-{number}.json"
    path.write_text(json.dumps(_describe(number) | {"results": results}, indent=1))
    return subprocess.run([python(), BENCH / "table.py", path]).returncode


def run_workers() -> int:
    """Let one process work a queue, then two, then two of which one is killed."""
    setup.prepare()
    number = int(os.environ.get("N") or 20000)
    template = _template(number)
    letters = os.environ.get("LETTERS") or 400
    ways = ((1, letters), (2, letters), (2, letters, "kill"))
    runs = [_measure(template, "workers", "workers.py", *way) for way in ways]
    OUT.mkdir(exist_ok=True)
    path = OUT / f"workers-{number}.json"
    path.write_text(json.dumps(runs, indent=1))
    return subprocess.run([python(), BENCH / "workers_table.py", path]).returncode


def run_faults() -> int:
    """Kill workers at random moments, and count at the mail server what came of it."""
    setup.prepare()
    template = _template(int(os.environ.get("N") or 10000))
    letters = os.environ.get("LETTERS") or 400
    seed = os.environ.get("SEED") or random.randrange(10**6)
    print(f"seed {seed}: the same kills again with SEED={seed}")
    result = _measure(template, "faults", "faults.py", letters, seed)
    width = max(map(len, result))
    for name, number in result.items():
        print(f"  {name:<{width}}  {number:>6}")
    faults = ("lost", "wrong", "double", "there, and not known", "without a delivery")
    return int(any(result[name] for name in faults))


def run_plans() -> int:
    """Keep the query plans of all lists and filters in `bench/plans`."""
    setup.prepare()
    template = _template(int(os.environ.get("N") or 100000))
    database = f"{template}_plans"
    odoo_server.clone(template, database)
    try:
        return _script("explain.py", database, BENCH / "plans").returncode
    finally:
        odoo_server.drop(database)


def _describe(number: int) -> dict:
    """Return on what was measured."""
    return {
        "invoices": number,
        "date": datetime.datetime.now().isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "load": [round(load, 1) for load in os.getloadavg()],
        "machine": platform.machine(),
        "python": platform.python_version(),
        "postgres": postgres.query("SHOW server_version"),
    }


def _script(name: str, *arguments: object, **options) -> subprocess.CompletedProcess:
    command = [python(), str(BENCH / name), *map(str, arguments)]
    return subprocess.run(command, env=odoo_server.environment(), **options)


def _template(number: int) -> str:
    """Return a database with so many invoices, made once a day."""
    name = f"{PREFIX}{number}"
    sources = [(BENCH / source).read_text() for source in GENERATOR]
    today = datetime.date.today()
    wanted = digest(fingerprint.database_inputs(), today, *sources)
    with lock(name):
        if postgres.marked(name) != wanted:
            odoo_server.clone(odoo_server.template(), name)
            odoo_server.install(name, MODULE)
            with step(f"{number} invoices generated"):
                if _script("generate.py", name, number).returncode:
                    raise Failure("the generator failed", "see above")
            postgres.mark(name, wanted)
    return name


def _measure(template: str, name: str, script: str, *arguments: object):
    """Measure on a fresh copy, and return what the script tells."""
    database = f"{template}_{name}"
    started = time.monotonic()
    odoo_server.clone(template, database)
    try:
        done = _script(script, database, *arguments, stdout=subprocess.PIPE)
    finally:
        odoo_server.drop(database)
    if done.returncode:
        raise Failure(f"scenario {name} failed", "see above")
    say(time.monotonic() - started, f"{name} measured")
    return json.loads(done.stdout)
