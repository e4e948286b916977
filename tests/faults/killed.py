"""Runs commands of the product, each in a process that ends itself by SIGKILL at a chosen place.

Not a test itself. It reads plans and commands, ``[PLAN, COMMAND]`` as JSON, a line each from its
standard input, and runs each in a process forked off itself, so that many runs import everything
once; their figures are assessed and checked in the same process. A line comes back for each: its
exit status, negative for the signal that ended it. A plan of ``stage``, ``kind`` and ``number``
ends the process right before the so-many-th event of that kind in that stage happens:

- ``step``: something that others can see: a file of the home that is opened for writing, brought
  to the disk, renamed or removed, a folder made, a mode changed; a connection made to somebody.
- ``call``: a call of any function of the product, or a statement that DuckDB is given.

Stages are those of the runner, ``swap`` where the newest release is shown, and under the name of
the command, or as ``after`` a stage, what lies before and between them. With ``tracer`` in the
plan the process is put under that command, which may end it; with ``counts``, a file, it is written
there how many such events there were in a process that ended by itself.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipeline import cli
from pipeline.resources import ROOT
from pipeline.workspace import InProcess

CODE = str(ROOT / "src" / "pipeline")
SWAP = "make_current"
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link"}
OUTSIDE = {"socket.connect"}


class Watched:
    """Counts the events of each stage, and ends the process at one of them."""

    def __init__(self, plan: dict[str, Any], first: str, home: str) -> None:
        self._stage = first
        self._counts: Counter[str] = Counter()
        self._plan, self._home = plan, str(Path(home).parent)

    def enter(self, stage: str) -> None:
        """Note that a stage begins, or that one has ended."""
        self._stage = stage
        is_asked = (self._plan.get("kind"), self._plan.get("stage")) == ("call", stage)
        sys.setprofile(self.on_call if is_asked else None)

    def event(self, kind: str) -> None:
        """Count an event, and end the process where it is the one."""
        stage = "swap" if kind == "step" and _is_within(SWAP) else self._stage
        if (kind, stage) == (self._plan.get("kind"), self._plan.get("stage")):
            self._counts[stage] += 1
            if self._counts[stage] == self._plan["number"]:
                os.kill(os.getpid(), signal.SIGKILL)

    def counted(self) -> int:
        """Return how many events of the kind and the stage of the plan there were."""
        return self._counts[self._plan["stage"]]

    def on_step(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take an event of ``sys.addaudithook``."""
        if event == "open":
            path, _, flags = arguments
            if str(path).startswith(self._home) and flags & WRITING:
                self.event("step")
        elif event in CHANGES:
            if str(arguments[0]).startswith(self._home):
                self.event("step")
        elif event in OUTSIDE:
            self.event("step")

    def on_call(self, frame: FrameType, event: str, function: object) -> None:
        """Take an event of ``sys.setprofile``."""
        if event == "call":
            if frame.f_code.co_filename.startswith(CODE):
                self.event("call")
        elif event == "c_call" and str(getattr(function, "__qualname__", "")).endswith(".execute"):
            self.event("call")


def _is_within(function: str) -> bool:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_name != function:
        frame = frame.f_back
    return frame is not None


def _watch_stages(watched: Watched) -> None:
    """Tell ``watched`` where the runner's stages begin and end."""

    def call(self: InProcess, stage: Callable[[], Any], name: str) -> Any:
        watched.enter(name)
        try:
            return stage()
        finally:
            watched.enter(f"after {name}")

    def each(
        self: InProcess,
        stage: Callable[[Any], Any],
        items: Sequence[Any],
        name: str,
        labels: Sequence[str],
    ) -> list[Any]:
        return call(self, lambda: [stage(item) for item in items], name)

    InProcess.call, InProcess.each = call, each


def _watch_steps(watched: Watched) -> None:
    to_disk = os.fsync

    def fsync(descriptor: int) -> None:
        watched.event("step")
        to_disk(descriptor)

    os.fsync = fsync
    sys.addaudithook(watched.on_step)


def _run(plan: dict[str, Any], arguments: list[str]) -> int:
    """Run a command; where the plan says so the process ends meanwhile."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    watched = Watched(plan, arguments[0], arguments[arguments.index("--home") + 1])
    _watch_stages(watched)
    if plan.get("kind") == "step":
        _watch_steps(watched)
    if "tracer" in plan:
        os.kill(os.getpid(), signal.SIGSTOP)  # until it is traced
    watched.enter(arguments[0])
    code = cli.main(arguments)
    if "counts" in plan:
        Path(plan["counts"]).write_text(str(watched.counted()))
    return code


def _get_ready() -> None:
    """Import what a run imports, with nothing of it used yet and no thread started."""
    from command import GateHere

    import pipeline.alert.tell
    import pipeline.arrive
    import pipeline.release_stages
    import pipeline.report.whole
    import pipeline.run
    from pipeline.quality import gate

    pipeline.run.Companion = GateHere
    gate.get_ready()


def _trace(tracer: list[str], child: int) -> "subprocess.Popen[bytes]":
    """Put a process that has stopped itself under a tracer and let it go on."""
    os.waitpid(child, os.WUNTRACED)
    started = subprocess.Popen([*tracer, "-p", str(child)], stderr=subprocess.DEVNULL)
    status = Path(f"/proc/{child}/status")
    while "TracerPid:\t0" in status.read_text():
        time.sleep(0.01)
    os.kill(child, signal.SIGCONT)
    return started


def _serve() -> None:
    _get_ready()
    for line in sys.stdin:
        plan, arguments = json.loads(line)
        child = os.fork()
        if not child:
            os._exit(_run(plan, arguments))
        tracer = _trace(plan["tracer"], child) if "tracer" in plan else None
        _, status = os.waitpid(child, 0)
        if tracer:
            tracer.wait()
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _serve()
