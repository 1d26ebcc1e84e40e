"""Steps of the set-up: one line each, done once, redone when broken off."""

import fcntl
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .paths import CACHE, LOGS

STAMP = ".complete"
ERROR = re.compile(r"(\w+\.)*\w*(Error|Exception|ERROR)\b: |E: ")


class Failure(Exception):
    """What failed and what to do, in one line."""

    def __init__(self, what: str, remedy: str = "", log: Path | None = None):
        parts = [what, remedy, f"log: {log}" if log else ""]
        super().__init__("; ".join(part for part in parts if part))


def say(seconds: float, text: str) -> None:
    print(f"[{seconds:6.1f} s] {text}", flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print one line with the seconds the step took."""
    started = time.monotonic()
    if sys.stdout.isatty():
        print(f"[  ...   ] {title}", end="\r", flush=True)
    yield
    say(time.monotonic() - started, title)


def call(
    command: Sequence[object],
    what: str,
    remedy: str = "",
    **options,
) -> Path:
    """Run `command` and return the log with its output; raise Failure when it fails."""
    command = [str(part) for part in command]
    log = LOGS / f"{Path(command[0]).name}-{what.replace(' ', '-')}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        print("$", *command, file=output, flush=True)
        try:
            done = subprocess.run(
                command, stdout=output, stderr=subprocess.STDOUT, **options
            )
        except FileNotFoundError:
            raise Failure(f"{what}: no command {command[0]}", remedy) from None
    if done.returncode:
        raise Failure(f"{what}: {_cause(log, done.returncode)}", remedy, log)
    return log


def _cause(log: Path, code: int) -> str:
    """Return the last error that a log names, else the exit code."""
    lines = log.read_text(errors="replace").splitlines()
    errors = (line for line in reversed(lines) if ERROR.match(line))
    return next(errors, f"exit code {code}")


def read(command: Sequence[object], **options) -> str:
    """Return the output of `command`, empty when it fails."""
    command = [str(part) for part in command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, **options)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def complete(target: Path, key: str) -> bool:
    """Tell whether `target` was made whole from the inputs that `key` stands for."""
    stamp = target / STAMP
    return stamp.is_file() and stamp.read_text() == key


def build(
    title: str,
    target: Path,
    key: str,
    make: Callable[[Path], None],
    in_place: bool = False,
) -> None:
    """Make the folder `target`, unless it is there whole.

    It is made beside its place and renamed when ready; `in_place` is for folders
    that hold their own path. The stamp is written last in either case.
    """
    if complete(target, key):
        return
    with step(title):
        fresh = target if in_place else target.with_name(f"{target.name}.part")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        make(fresh)
        (fresh / STAMP).write_text(key)
        if not in_place:
            shutil.rmtree(target, ignore_errors=True)
            fresh.rename(target)


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Let one process at a time pass."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another {name} is under way, waiting for it", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
