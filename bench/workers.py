"""Real worker processes that share one queue, without a coordinator.

Usage: workers.py DATABASE PROCESSES LETTERS

Queues letters, lets each process work the queue as the job does, and prints how many
letters each issued, how long it took, and whether any was issued twice or left behind.
"""

import json
import subprocess
import sys
import time

from scenarios import queue_letters, work_queue
from session import environment


def work(database: str) -> None:
    """Be one worker: start on a line from the parent, work until the queue is empty."""
    with environment(database) as env:
        print("ready", flush=True)
        sys.stdin.readline()
        started = time.perf_counter()
        done = work_queue(env)
        seconds = time.perf_counter() - started
        print(json.dumps({"letters": done, "seconds": round(seconds, 2)}), flush=True)


def share(database: str, processes: int, letters: int) -> dict:
    """Let processes work one queue and tell what came of it."""
    with environment(database) as env:
        queued = queue_letters(env, letters).ids
    command = [sys.executable, __file__, database]
    workers = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _number in range(processes)
    ]
    for worker in workers:
        worker.stdout.readline()
    started = time.perf_counter()
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    results = [json.loads(worker.stdout.readline()) for worker in workers]
    seconds = time.perf_counter() - started
    for worker in workers:
        worker.wait()
    return {
        "processes": processes,
        "letters": len(queued),
        "wall": round(seconds, 2),
        "per_second": round(len(queued) / seconds, 1),
        "by_worker": [result["letters"] for result in results],
        **check(database, queued),
    }


def check(database: str, queued: list[int]) -> dict:
    """Return how many letters were lost or went out twice."""
    with environment(database) as env:
        env.cr.execute(
            "SELECT COUNT(*) FILTER (WHERE state = 'queued' OR attempts = 0), "
            "COUNT(*) FILTER (WHERE attempts > channels), COUNT(DISTINCT name) "
            "FROM dunning_notice notice, LATERAL ("
            "SELECT COUNT(*) AS attempts, COUNT(DISTINCT channel) AS channels "
            "FROM dunning_delivery WHERE notice_id = notice.id) delivery "
            "WHERE id = ANY(%s)",
            [queued],
        )
        lost, twice, names = env.cr.fetchone()
    return {"lost": lost, "twice": twice, "same_name": len(queued) - names}


if __name__ == "__main__":
    if len(sys.argv) == 2:
        work(sys.argv[1])
    else:
        print(json.dumps(share(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
