"""Real worker processes that share one queue, without a coordinator.

Usage: workers.py DATABASE PROCESSES LETTERS [kill]

Queues letters, lets each process work the queue as the job does, and prints how many
letters each issued, what that cost, whether one waited for a lock of another, and
whether a letter was issued twice or left behind. With `kill` the first process is
killed in the middle of a batch.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing

from meter import Meter
from scenarios import queue_letters, work_queue
from session import environment

import odoo.sql_db

#: Seconds between two looks at what the workers wait for.
INTERVAL = 0.05
#: Seconds that a batch is under way when its process is killed; it takes longer.
INTO_BATCH = 0.3


def work(database: str) -> None:
    """Be one worker: start on a line from the parent, work until the queue is empty."""
    with environment(database) as env:
        meter = Meter(env.cr)
        warm_up(env)
        print(meter.backend.parent.name, flush=True)
        sys.stdin.readline()
        with meter.measure() as costs:
            letters = work_queue(env)
        print(json.dumps({"letters": letters, **costs}), flush=True)


def warm_up(env) -> None:
    """Be as a worker that has run for a while, with its templates compiled."""
    env["dunning.notice"].deliver(limit=2)
    env.cr.rollback()
    env.invalidate_all()


class Workers:
    """Processes that are ready to work, and what the database says of them."""

    def __init__(self, database: str, processes: int, queued: list[int]):
        command = [sys.executable, __file__, database]
        pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.processes = [subprocess.Popen(command, **pipe) for _ in range(processes)]
        self.backends = [int(each.stdout.readline()) for each in self.processes]
        self.queued = queued
        self.cursor = odoo.sql_db.db_connect(database).cursor()
        self.looks = self.waits = 0
        self.killed_after = None

    def run(self, kill: bool) -> dict:
        """Let them work, watch them, and return what each did."""
        for process in self.processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        while any(process.poll() is None for process in self.processes):
            self._look(kill)
            time.sleep(INTERVAL)
        results = [
            json.loads(each.stdout.readline() or "{}") for each in self.processes
        ]
        done = sum(result.get("letters", 0) for result in results)
        for result in results:  # the one that was killed could not tell
            result.setdefault("letters", len(self.queued) - done)
        return {
            "workers": results,
            "looks": self.looks,
            "lock_waits": self.waits,
            "killed_after": self.killed_after,
            **self._check(),
        }

    def _look(self, kill: bool) -> None:
        """Note who waits for a lock; kill the first process when it is time."""
        rows = self._query(
            "SELECT pid, wait_event_type = 'Lock', "
            "EXTRACT(epoch FROM clock_timestamp() - xact_start) "
            "FROM pg_stat_activity WHERE pid = ANY(%s)",
            self.backends,
        )
        self.looks += len(rows)
        self.waits += sum(bool(is_waiting) for _pid, is_waiting, _age in rows)
        ages = {pid: float(age or 0) for pid, _is_waiting, age in rows}
        age = ages.get(self.backends[0], 0)
        if (
            kill
            and self.killed_after is None
            and age > INTO_BATCH
            and self._has_begun()
        ):
            os.kill(self.processes[0].pid, signal.SIGKILL)
            self.killed_after = round(age, 2)

    def _has_begun(self) -> bool:
        """Whether the first letters have left the queue."""
        states = "SELECT 1 FROM dunning_notice WHERE id = ANY(%s) AND state != 'queued'"
        return bool(self._query(f"{states} LIMIT 1", self.queued))

    def _check(self) -> dict:
        """Return how many letters were lost or went out twice."""
        [[lost, twice, names]] = self._query(
            "SELECT COUNT(*) FILTER (WHERE state = 'queued' OR attempts = 0), "
            "COUNT(*) FILTER (WHERE attempts > channels), COUNT(DISTINCT name) "
            "FROM dunning_notice notice, LATERAL ("
            "SELECT COUNT(*) AS attempts, COUNT(DISTINCT channel) AS channels "
            "FROM dunning_delivery WHERE notice_id = notice.id) delivery "
            "WHERE id = ANY(%s)",
            self.queued,
        )
        return {"lost": lost, "twice": twice, "same_name": len(self.queued) - names}

    def _query(self, query: str, *parameters: object) -> list[tuple]:
        """Ask in a transaction of its own: the next one sees what has changed."""
        self.cursor.execute(query, parameters)
        rows = self.cursor.fetchall()
        self.cursor.rollback()
        return rows


def share(database: str, processes: int, letters: int, kill: bool) -> dict:
    """Let processes work one queue and tell what came of it."""
    with environment(database) as env:
        queued = queue_letters(env, letters).ids
    workers = Workers(database, processes, queued)
    with closing(workers.cursor):
        return {
            "processes": processes,
            "letters": len(queued),
            "kill": kill,
            "load": os.getloadavg()[0],
            **workers.run(kill),
        }


if __name__ == "__main__":
    if len(sys.argv) == 2:
        work(sys.argv[1])
    else:
        _script, name, number, amount, *rest = sys.argv
        print(json.dumps(share(name, int(number), int(amount), rest == ["kill"])))
