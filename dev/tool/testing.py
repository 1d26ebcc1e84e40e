"""`make test`: all tests on a real Odoo, in databases of their own, on all cores."""

import heapq
import os
import shlex
import subprocess
import time
from operator import itemgetter
from pathlib import Path

from . import fingerprint, odoo_server, postgres, setup
from .paths import (
    CACHE,
    CHECKOUT,
    CHECKOUT_ID,
    DEV,
    LOGS,
    MODULE,
    QUEUE_JOB,
    python,
)
from .steps import lock, say

PREFIX = "dunning_test_"
KEPT_PREFIX = "dunning_fast_"
PREFIXES = (PREFIX, KEPT_PREFIX)
TESTS = CHECKOUT / "tests"
QUEUE_JOB_TESTS = "tests/test_issue_queue_job.py"
WITH_QUEUE_JOB = "_queue_job"  # how databases end in which it is installed
OK, NOTHING_FOUND = 0, 5  # exit codes of pytest


def run() -> int:
    setup.prepare(browser=True, queue_job=True)
    targets = _targets()
    with_queue_job = [name for name in targets if name.startswith(QUEUE_JOB_TESTS)]
    if fast := os.environ.get("FAST"):
        ending = WITH_QUEUE_JOB if targets and targets == with_queue_job else ""
        return _run_on_kept(f"{KEPT_PREFIX}{CHECKOUT_ID}_{fast}{ending}", targets)
    others = [name for name in targets if name not in with_queue_job]
    parts = _split(others, _jobs()) if others or not targets else []
    names = [f"{PREFIX}{os.getpid()}_{number}" for number in range(len(parts))]
    if with_queue_job or not targets:
        parts.append(with_queue_job or [QUEUE_JOB_TESTS])
        names.append(f"{PREFIX}{os.getpid()}{WITH_QUEUE_JOB}")
    return _run_on_fresh(dict(zip(names, parts, strict=True)))


def _run_on_kept(database: str, targets: list[str]) -> int:
    with lock(database):
        _bring_up_to_date(database)
        return _finish(database, _start(database, targets))


def _run_on_fresh(parts: dict[str, list[str]]) -> int:
    """Run tests in databases that are made for them, and dropped after."""
    _drop_left_over()
    first, *others = parts
    try:
        _install(first)
        for database in others:
            odoo_server.clone(first, database)
            _install_queue_job(database)
        return _pytest_side_by_side(parts)
    finally:
        for database in parts:
            odoo_server.drop(database)


def _install(database: str) -> None:
    template = odoo_server.template()
    started = time.monotonic()
    odoo_server.clone(template, database)
    odoo_server.install(database, f"{MODULE},{odoo_server.PROVIDER}")
    say(time.monotonic() - started, f"{MODULE} installed in {database}")
    _install_queue_job(database)


def _install_queue_job(database: str) -> None:
    """Install OCA's queue_job where its tests run, and nowhere else."""
    if database.endswith(WITH_QUEUE_JOB):
        started = time.monotonic()
        odoo_server.install(database, "queue_job", **_variables(database))
        say(time.monotonic() - started, f"queue_job installed in {database}")


def _variables(database: str) -> dict[str, str]:
    """Return where Python finds what is installed in a database."""
    folders = [DEV / "plugin"]
    if database.endswith(WITH_QUEUE_JOB):
        folders.append(QUEUE_JOB)
    return {"PYTHONPATH": os.pathsep.join(map(str, folders))}


def _bring_up_to_date(database: str) -> None:
    """Make the database of earlier runs equal to what the files ask for."""
    wanted = fingerprint.database_inputs()
    if not postgres.marked(database):
        _install(database)
    elif postgres.marked(database) != wanted:
        started = time.monotonic()
        odoo_server.update(database, **_variables(database))
        say(time.monotonic() - started, f"{MODULE} updated in {database}")
    postgres.mark(database, wanted)


def _drop_left_over() -> None:
    """Drop the databases of runs that were broken off."""
    for name in postgres.databases(PREFIX):
        pid = name.removeprefix(PREFIX).partition("_")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            odoo_server.drop(name)


def _targets() -> list[str]:
    return shlex.split(os.environ.get("TESTS", ""))


def _jobs() -> int:
    """Return how many processes share the tests: a core each, JOBS=n for another."""
    return int(os.environ.get("JOBS") or min(len(os.sched_getaffinity(0)), 4))


def _split(targets: list[str], jobs: int) -> list[list[str]]:
    """Share the test files over processes, the longest files first.

    What was asked for by name stays together.
    """
    if targets or jobs == 1:
        return [targets]
    parts = [(0, number, []) for number in range(jobs)]
    files = [
        (path.stat().st_size, path)
        for path in TESTS.glob("test_*.py")
        if path != CHECKOUT / QUEUE_JOB_TESTS
    ]
    for size, path in sorted(files, reverse=True):
        taken, number, part = heapq.heappop(parts)
        part.append(str(path.relative_to(CHECKOUT)))
        heapq.heappush(parts, (taken + size, number, part))
    return [sorted(part) for _taken, _number, part in sorted(parts, key=itemgetter(1))]


def _pytest_side_by_side(parts: dict[str, list[str]]) -> int:
    """Run pytest for each database; the first one is followed, the others told after.

    :return: zero when all went well; a part in which nothing was asked for did
    """
    first, *others = parts
    running = {first: _start(first, parts[first])}
    outputs = {database: LOGS / f"{database}.txt" for database in others}
    for database, output in outputs.items():
        with output.open("w") as stream:
            running[database] = _start(database, parts[database], stream)
    codes = [_finish(database, process) for database, process in running.items()]
    for output in outputs.values():
        print(output.read_text(), flush=True)
        output.unlink()
    failures = [code for code in codes if code not in (OK, NOTHING_FOUND)]
    return failures[0] if failures else min(codes)


def _finish(database: str, process: subprocess.Popen) -> int:
    """Wait for pytest; Odoo's log is kept when something failed."""
    code = process.wait()
    if code == OK:
        _log(database).unlink(missing_ok=True)
    return code


def _log(database: str) -> Path:
    return LOGS / f"{database}.log"


def _start(database: str, targets: list[str], output=None) -> subprocess.Popen:
    """Start pytest on a database."""
    log = _log(database)
    log.unlink(missing_ok=True)
    options = [
        *("-p", "checkout_plugin", "-o", f"cache_dir={CACHE / 'pytest'}"),
        *("--odoo-database", database, "--odoo-http", "--odoo-log-level", "info"),
        *("--odoo-extra", f"logfile={log}"),
    ]
    command = [python(), "-m", "pytest", *options]
    command += [*shlex.split(os.environ.get("ARGS", "")), *(targets or ["tests"])]
    environment = odoo_server.environment() | _variables(database)
    return subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, stdout=output, stderr=output
    )
