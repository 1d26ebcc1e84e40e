"""Print what came of workers that shared a queue, one process as the measure.

Usage: workers_table.py FILE
"""

import json
import sys
from pathlib import Path

HEAD = (
    *("processes", "letters", "by each", "lost", "twice", "letters/s", "x one"),
    *("CPU ms a letter", "x one", "wall s", "lock waits", "load"),
)


def main(path: str) -> None:
    runs = json.loads(Path(path).read_text())
    rows = [HEAD, *(_tell(run, runs[0]) for run in runs)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print()
    for row in rows:
        cells = (f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells))
    print("\nlock waits: of the looks at a worker, those at which it waited for a lock")
    for run in runs:
        if run["killed_after"]:
            print(f"killed: {run['killed_after']} s after its batch began")
    print(path)


def _tell(run: dict, one: dict) -> tuple[str, ...]:
    is_whole = not run["kill"]
    processes = str(run["processes"]) if is_whole else f"{run['processes']}, one killed"
    speed, cpu = _get_speed(run), _get_cpu(run)
    return (
        processes,
        str(run["letters"]),
        " + ".join(str(worker["letters"]) for worker in run["workers"]),
        str(run["lost"]),
        str(run["twice"] + run["same_name"]),
        f"{speed:.1f}",
        f"{speed / _get_speed(one):.2f}" if is_whole else "",
        f"{1000 * cpu:.1f}" if is_whole else "",
        f"{cpu / _get_cpu(one):.2f}" if is_whole else "",
        f"{_get_wall(run):.1f}",
        f"{run['lock_waits']} of {run['looks']}",
        f"{run['load']:.1f}",
    )


def _get_wall(run: dict) -> float:
    return max(worker.get("wall", 0) for worker in run["workers"])


def _get_speed(run: dict) -> float:
    return run["letters"] / _get_wall(run)


def _get_cpu(run: dict) -> float:
    """Return the CPU seconds of a letter: Python, database and PDF engine."""
    return sum(worker.get("cpu", 0) for worker in run["workers"]) / run["letters"]


if __name__ == "__main__":
    main(*sys.argv[1:])
