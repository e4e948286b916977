"""Time and memory of a command with all its children, measured from outside."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_BETWEEN = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took.

    Attributes:
        wall: seconds by the clock.
        cpu: seconds of the processors, user and system, of the command and its children.
        peak_mb: the most memory that all of them had at one time (resident, looked at 20 times a
            second).
        output: its standard output.
    """

    wall: float
    cpu: float
    peak_mb: float
    output: str

    def told(self) -> dict[str, float]:
        """Return the numbers, rounded."""
        numbers = asdict(self)
        del numbers["output"]
        return {name: round(number, 2) for name, number in numbers.items()}


def measure(command: Sequence[str], environment: dict[str, str] | None = None) -> Measured:
    """Run a command and return what it took.

    Raises:
        SystemExit: it ended with another code than 0.
    """
    told = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT")}
    told.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=told | (environment or {}))
    peak, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(_BETWEEN):
            peak[0] = max(peak[0], resident_mb(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    assert process.stdout is not None
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    ended.set()
    watcher.join()
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}.")
    peak_mb = max(peak[0], usage.ru_maxrss / 1024)
    return Measured(wall, usage.ru_utime + usage.ru_stime, peak_mb, output)


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process and of all below it, now, in MB."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (OSError, IndexError):
        return 0.0
    return pages * _PAGE / 2**20 + sum(resident_mb(int(child)) for child in below)
