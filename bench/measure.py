"""Measure one scenario and print what it cost as JSON.

Usage: measure.py DATABASE SCENARIO
"""

import json
import sys

from meter import Meter
from scenarios import SCENARIOS
from session import environment

#: Read-only work is measured again, the pieces of a scenario by turns, as the speed of
#: a machine changes; the least CPU and the highest peak count.
REPEATED = {"plan": 5, "tab": 12, "claim": 2, "lists": 2, "engine": 2, "account": 5}


def measure(env, scenario: str) -> list[dict]:
    meter = Meter(env.cr)
    rounds = REPEATED.get(scenario, 1)
    works = SCENARIOS[scenario](env)
    if rounds > 1:
        works = list(works)
    results = {}
    for _round in range(rounds):
        for name, work, count in works:
            with meter.measure() as costs:
                work()
            result = results.setdefault(name, {"name": name, "count": count})
            result.setdefault("attempts", []).append(costs)
    return [choose(**result) for result in results.values()]


def choose(name: str, count: int, attempts: list[dict]) -> dict:
    """Return the costs of a piece of work that was measured several times."""
    best = min(attempts, key=lambda costs: costs["cpu"])
    peak = max(costs["memory_mb"] for costs in attempts)
    return {"name": name, "count": count, **best, "memory_mb": peak}


def main(database: str, scenario: str) -> None:
    with environment(database) as env:
        print(json.dumps(measure(env, scenario)))


if __name__ == "__main__":
    main(*sys.argv[1:])
