"""What a piece of work costs: wall, CPU, SQL statements, memory."""

import ctypes
import gc
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1024 * 1024


class Meter:
    """Costs of what runs between `start` and `stop`, in this process and for it.

    CPU is that of Python, of the database's backend and of the PDF engine: on a busy
    machine it says more than wall time. The backend's is left out where the database
    runs on another machine.

    Memory is the peak of this process above what it held when the meter was made, idle
    and with the registry loaded: what the preparation left behind counts as well. How
    much of it came in the block itself is `grown_mb`.
    """

    def __init__(self, cursor):
        self.cursor = cursor
        _give_back()
        self.idle = _memory("VmRSS")
        cursor.execute("SELECT pg_backend_pid()")
        self.backend = Path(f"/proc/{cursor.fetchone()[0]}/stat")

    @contextmanager
    def measure(self) -> Iterator[dict]:
        """Yield a dict that holds the costs when the block is done."""
        costs = {}
        _give_back()
        _reset_peak()
        held, before = _memory("VmRSS"), self._read()
        yield costs
        after = self._read()
        spent = {name: after[name] - before[name] for name in before}
        costs.update({name: round(value, 4) for name, value in spent.items()})
        costs["cpu"] = round(spent["python"] + spent["database"] + spent["engine"], 4)
        peak = _memory("VmHWM")
        costs["memory_mb"] = round((peak - self.idle) / MEGABYTE, 1)
        costs["grown_mb"] = round((peak - held) / MEGABYTE, 1)
        costs["idle_mb"] = round(self.idle / MEGABYTE, 1)

    def _read(self) -> dict:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {
            "wall": time.perf_counter(),
            "python": time.process_time(),
            "database": self._database_seconds(),
            "engine": children.ru_utime + children.ru_stime,
            "statements": self.cursor.sql_log_count,
        }

    def _database_seconds(self) -> float:
        try:
            fields = self.backend.read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / TICK


def _give_back() -> None:
    """Return to the system what was freed, so that garbage hides no growth."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _memory(name: str) -> int:
    """Return a figure of this process in bytes: VmRSS now, VmHWM the peak."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    return 0
