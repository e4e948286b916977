"""Rotations that are killed: each in a copy of a home, by a SIGKILL at its own point.

Run as a script with a home, a folder and a number of timed kills. What is called on the disk and in
DuckDB is counted once; then a child is killed before each of these calls, and others after spread
times. Prints, as JSON, the points by the folder of the home that each left.
"""

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import BuiltinMethodType

DISK = {"fsync", "replace", "chmod", "unlink"}
WRITING = {"open", "write"}
STATEMENTS = 12
ARGUMENTS = ("key", "rotate", "--home")


def _rotate(home: Path, kill_before: int) -> list[str]:
    """Rotate in this process, which kills itself before a call; return the calls that were made."""
    from pipeline.cli import main

    calls: list[str] = []

    def seen(frame, event, called):
        if event != "c_call" or not isinstance(called, BuiltinMethodType):
            return
        name, caller = called.__name__, frame.f_code.co_name
        is_disk = called.__module__ == "posix" and name in DISK
        is_writing = caller == "write_whole" and name in WRITING
        if not (is_disk or is_writing or name == "execute"):
            return
        calls.append(f"{name} in {caller}")
        if len(calls) == kill_before:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(seen)
    code = main([*ARGUMENTS, str(home)])
    sys.setprofile(None)
    if code:
        raise SystemExit(code)
    return calls


def _in_a_child(home: Path, kill_before: int = 0, kill_after: float = 0.0) -> tuple[int, list[str]]:
    """Rotate in a child; return how it ended and, where it came to its end, its calls."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        calls = _rotate(home, kill_before)
        os.write(tell, json.dumps(calls).encode())
        os._exit(0)
    os.close(tell)
    if kill_after:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(told, "rb") as reader:
        text = reader.read()
    _, status = os.waitpid(child, 0)
    return status, json.loads(text) if text else []


def _chosen(calls: list[str]) -> list[tuple[int, str]]:
    """Return every call that changes the disk, and a spread of the many statements of DuckDB."""
    numbered = list(enumerate(calls, start=1))
    statements = [each for each in numbered if each[1].startswith("execute")]
    others = [each for each in numbered if not each[1].startswith("execute")]
    return sorted(others + statements[:: max(1, len(statements) // STATEMENTS)])


def main(template: Path, folder: Path, timed: int) -> None:
    """Kill a rotation at every point of its calls, and at spread times."""
    # Imported before the forks, so that a child only rotates.
    import duckdb  # noqa: F401
    import duckdb_extension_httpfs  # noqa: F401
    import pandas  # noqa: F401
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: F401

    import pipeline.commands
    import pipeline.land
    import pipeline.rotation  # noqa: F401

    began = time.monotonic()
    status, calls = _in_a_child(shutil.copytree(template, folder / "undisturbed"))
    seconds = time.monotonic() - began
    if status:
        raise SystemExit(f"the undisturbed rotation ended with {status}")
    points = {}
    for number, call in _chosen(calls):
        home = shutil.copytree(template, folder / f"call-{number:03d}")
        status, _ = _in_a_child(home, kill_before=number)
        points[home.name] = {"point": f"before {call}", "signal": status & 0x7F}
    for number in range(timed):
        home = shutil.copytree(template, folder / f"time-{number:03d}")
        after = seconds * (number + 0.5) / timed
        status, _ = _in_a_child(home, kill_after=after)
        points[home.name] = {"point": f"after {after:.3f} s", "signal": status & 0x7F}
    print(json.dumps(points))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
