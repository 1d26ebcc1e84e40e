"""Measure one scenario and print what it cost as JSON.

Usage: measure.py DATABASE SCENARIO
"""

import json
import sys

from meter import Meter
from scenarios import SCENARIOS
from session import environment

#: Read-only work is measured again; the least CPU and the highest peak count.
REPEATED = {"plan": 5, "tab": 8, "claim": 2, "lists": 2, "engine": 2}


def measure(env, scenario: str) -> list[dict]:
    meter = Meter(env.cr)
    results = []
    for name, work, count in SCENARIOS[scenario](env):
        attempts = []
        for _attempt in range(REPEATED.get(scenario, 1)):
            with meter.measure() as costs:
                work()
            attempts.append(costs)
        best = min(attempts, key=lambda costs: costs["cpu"])
        peak = max(costs["memory_mb"] for costs in attempts)
        results.append({"name": name, "count": count, **best, "memory_mb": peak})
    return results


def main(database: str, scenario: str) -> None:
    with environment(database) as env:
        print(json.dumps(measure(env, scenario)))


if __name__ == "__main__":
    main(*sys.argv[1:])
