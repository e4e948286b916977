"""Time and memory of a command with all its children, measured from outside."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_BETWEEN = 0.05


class Watch:
    """Looks 20 times a second at the memory of a process and of all below it.

    ``peak_mb`` is the most that was seen since it was last set to 0: resident memory, so that what
    two processes share is counted twice.
    """

    def __init__(self, pid: int) -> None:
        self.peak_mb = 0.0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(_BETWEEN):
            self.peak_mb = max(self.peak_mb, resident_mb(self._pid))


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took.

    Attributes:
        wall: seconds by the clock.
        cpu: seconds of the processors, user and system, of the command and its children.
        peak_mb: the most memory that all of them had at one time.
        is_whole: whether it came to its end within the time that it was given.
        output: its standard output.
    """

    wall: float
    cpu: float
    peak_mb: float
    is_whole: bool
    output: str

    def told(self) -> dict[str, float]:
        """Return the numbers, rounded."""
        return {name: round(getattr(self, name), 2) for name in ("wall", "cpu", "peak_mb")}


def measure(command: Sequence[str], most_seconds: float = float("inf")) -> Measured:
    """Run a command and return what it took; after ``most_seconds`` it is ended.

    Raises:
        SystemExit: it failed.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    timer = threading.Timer(min(most_seconds, threading.TIMEOUT_MAX), process.terminate)
    timer.start()
    with Watch(process.pid) as watch:
        output = process.stdout.read().decode() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    timer.cancel()
    is_whole = status == 0
    if not is_whole and wall < most_seconds:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}.")
    peak_mb = max(watch.peak_mb, usage.ru_maxrss / 1024)
    return Measured(wall, usage.ru_utime + usage.ru_stime, peak_mb, is_whole, output)


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process and of all below it, now, in MB."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (OSError, IndexError):
        return 0.0
    return pages * _PAGE / 2**20 + sum(resident_mb(int(child)) for child in below)
