"""A home with two releases and a report, for the tests of what keeps a home whole."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from command import Result, equality
from inbox import BME, UNKNOWN, WHITE, staff_rows, write_inbox

PERIOD = "2022-03-31"
FIRST = {WHITE: 60, BME: 30, UNKNOWN: 20}
SECOND = {WHITE: 60, BME: 45, UNKNOWN: 20}
OTHERS = {WHITE: 70, BME: 25, UNKNOWN: 15}


def send(home: Path, counts: dict[str, int], code: str = "01T") -> None:
    """Put a staff extract into the inbox of a home, in the place of the one before."""
    first = 1000 if code == "01V" else 1
    write_inbox(home / "inbox", PERIOD, code, "esr_staff", staff_rows(counts, first=first))


def released(home: Path) -> tuple[str, str]:
    """Make two releases, each with its report, and return their ids."""
    send(home, FIRST)
    send(home, OTHERS, code="01V")
    ids = []
    for counts in (FIRST, SECOND):
        send(home, counts)
        assert equality("run", "--home", home).exit_code == 0
        assert equality("report", "--home", home).exit_code == 0
        ids.append(current(home))
    assert len(set(ids)) == 2
    return ids[0], ids[1]


def current(home: Path) -> str:
    """Return the release that readers are led to."""
    return (home / "published" / "current.txt").read_text(encoding="ascii").strip()


def damage(home: Path, *arguments: object) -> tuple[Result, list[dict]]:
    """Verify a home; return what became of it and the damage that it told."""
    result = equality("verify", "--home", home, "--json", *arguments)
    told = json.loads(result.out) if result.out else []
    return result, [each for each in told if each["kind"] == "damage"]


@contextmanager
def somebody_writing(home: Path) -> Iterator[int]:
    """Hold the lock of a home from another process, as a run does; gives its number."""
    code = (
        "import sys, pathlib\nfrom pipeline.lock import single_writer\n"
        "from pipeline.settings import Home\n"
        "with single_writer(Home(pathlib.Path(sys.argv[1]))):\n"
        "    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(home)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout.readline() == "held\n"
        yield process.pid
        process.stdin.close()
