"""Runs that are ended by SIGKILL one after the other, and what must be true afterwards."""

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from command import equality
from kept import Kept, kept, lost_and_doubled
from standing import standing

KILLED = Path(__file__).with_name("killed.py")
PUBLISHED = "published/equality.duckdb"
# The order of sets, and with it the number of calls, is the same in every run.
_ENVIRONMENT = os.environ | {"PYTHONHASHSEED": "0"}

Plan = Mapping[str, Any]


class Killer:
    """Starts runs that end themselves, each in a process forked off one that is ready to run."""

    def __enter__(self) -> "Killer":
        self._server = subprocess.Popen(
            [sys.executable, KILLED],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=_ENVIRONMENT,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()

    def count(self, home: Path, *arguments: object) -> int:
        """Return how many changes a command makes to a home, in a run that nobody kills."""
        with tempfile.NamedTemporaryFile() as file:
            plan = {"stage": arguments[0], "kind": "step", "number": 0, "counts": file.name}
            assert self.run(plan, home, *arguments) == 0
            return int(Path(file.name).read_text())

    def run(self, plan: Plan, home: Path, *arguments: object) -> int:
        """Run a command of the product on a home, and return its exit status."""
        command, *others = arguments
        asked = [dict(plan), [str(part) for part in (command, "--home", home, *others)]]
        server = self._server
        assert server.stdin
        assert server.stdout
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        return int(server.stdout.readline())


def spread(most: int, how_many: int) -> list[int]:
    """Return numbers from 1 to ``most``, both among them, evenly spread."""
    if most <= how_many:
        return list(range(1, most + 1))
    return sorted({round(1 + (most - 1) * place / (how_many - 1)) for place in range(how_many)})


def steps(stage: str, *numbers: int) -> list[Plan]:
    """Return plans to kill a run before some of the changes that a stage makes."""
    return [{"stage": stage, "kind": "step", "number": number} for number in numbers]


def calls(stage: str, *numbers: int) -> list[Plan]:
    """Return plans to kill a run in some of the calls that a stage makes."""
    return [{"stage": stage, "kind": "call", "number": number} for number in numbers]


def natives(home: Path, call: str, name: str, *numbers: int) -> list[Plan]:
    """Return plans to kill a run at some of the system calls that it makes on a file."""
    return [
        {
            "stage": f"{call} {name}",
            "number": number,
            "tracer": [
                "strace", "-o", os.devnull, "-P", str(home / name), "-e", f"trace={call}",
                "-e", f"inject={call}:signal=SIGKILL:when={number}",
            ],
        }
        for number in numbers
    ]  # fmt: skip


def has_strace() -> bool:
    """Return whether this account may trace a process of its own."""
    if not shutil.which("strace"):
        return False
    trial = ["strace", "-o", os.devnull, "true"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


@dataclass
class Found:
    """What became of runs that were killed at several points, and run again.

    Attributes:
        points: how many runs were killed.
        lost: rows of the private and the published databases that were not there at the end.
        doubled: rows that were there beside them.
        faults: what was not as it must be.
    """

    points: int = 0
    lost: int = 0
    doubled: int = 0
    faults: list[str] = field(default_factory=list)

    def facts(self) -> dict[str, int]:
        """Return the numbers, as they are recorded."""
        return {
            "points": self.points,
            "rows_lost": self.lost,
            "rows_doubled": self.doubled,
            "faults": len(self.faults),
        }


@dataclass(frozen=True)
class Undisturbed:
    """A home before a run and after one that nobody disturbed.

    Attributes:
        home: the home as it was before; each run has a copy of it.
        arguments: of the run.
        before: what it held.
        after: what it holds after an undisturbed run.
        exit_code: of that run.
        done: the home after that run.
    """

    home: Path
    arguments: tuple[object, ...]
    before: Kept
    after: Kept
    exit_code: int
    done: Path

    def kill(self, killer: Killer, home: Path, plans: Iterable[Plan], found: Found) -> None:
        """Let runs be killed in a home, one after the other, and look each time at what stands.

        Args:
            killer: what starts and ends them.
            home: a home like this one, which may have been left by a run that was killed.
            plans: where each run is killed.
            found: where it is noted what became of it.
        """
        for plan in plans:
            name = " ".join(str(plan[key]) for key in ("stage", "kind", "number") if key in plan)
            status = killer.run(plan, home, "run", *self.arguments)
            if status != -signal.SIGKILL:
                found.faults.append(f"{name}: not killed, ended with {status}")
                continue
            found.points += 1
            found.faults += [f"{name}, killed: {fault}" for fault in self._standing(home)]

    def run_again(self, home: Path, found: Found) -> None:
        """Run to the end and compare what the home holds with what it should."""
        again = equality("run", "--home", home, *self.arguments)
        if (again.exit_code, again.err) != (self.exit_code, ""):
            found.faults.append(f"run again: {again.exit_code}: {again.err}")
        now = kept(home)
        found.faults += [f"run again: {fault}" for fault in self.after.differences(now)]
        for mine, its in (self.after.private, now.private), (self.after.published, now.published):
            for table in set(mine) | set(its):
                lost, doubled = lost_and_doubled(mine.get(table), its.get(table))
                found.lost += lost
                found.doubled += doubled

    def _standing(self, home: Path) -> Iterator[str]:
        """Yield what is wrong with what readers see of a home whose run was killed."""
        old, new = (release(one) for one in (self.before, self.after))
        named = (home / "published" / "current.txt").read_text(encoding="ascii").strip()
        if named not in (old, new):
            yield f"current.txt names {named}"
        made = {
            name: (home / "releases" / name / "equality.duckdb").read_bytes()
            for name in (old, new)
            if (home / "releases" / name).exists()
        }
        if (home / PUBLISHED).read_bytes() not in made.values():
            yield "the published file is not that of a release"
        for path in (self.home / "releases" / old).iterdir():
            if (home / "releases" / old / path.name).read_bytes() != path.read_bytes():
                yield f"{path.name} of the previous release has changed"
        for command in ("figures", "status"):
            looked = equality(command, "--home", home, "--json")
            if (looked.exit_code, looked.err) != (0, ""):
                yield f"equality {command}: {looked.exit_code}: {looked.err}"


def release(state: Kept) -> str:
    """Return the release that readers are shown."""
    return state.files["published/current.txt"].decode("ascii").strip()


def undisturbed(home: Path, copy: Path, *arguments: object) -> Undisturbed:
    """Return what a home holds before a run, and after one in a copy of it."""
    shutil.copytree(home, copy)
    before = kept(copy)
    result = equality("run", "--home", copy, *arguments)
    assert result.err == "", result.err
    return Undisturbed(home, arguments, before, kept(copy), result.exit_code, copy)


@cache
def plain_run() -> Undisturbed:
    """Return the standing home before its next run and after it, once for all tests."""
    found = standing()
    copy = Path(tempfile.mkdtemp(prefix="undisturbed-")) / "home"
    atexit.register(shutil.rmtree, copy.parent, ignore_errors=True)
    return undisturbed(found.home, copy, "--inbox", found.inbox)


def copy_of(home: Path, copy: Path) -> Path:
    """Return a copy of a home, instead of what is there."""
    shutil.rmtree(copy, ignore_errors=True)
    return shutil.copytree(home, copy)


def names(plans: Sequence[Plan]) -> list[str]:
    """Return the stages of plans, each once, in their order."""
    return list(dict.fromkeys(str(plan["stage"]) for plan in plans))
