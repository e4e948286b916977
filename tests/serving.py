"""A served schedule on a real Prefect server, and what its API answers."""

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_SECONDS = 400
RUN_SECONDS = 500
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def environment(**settings: str) -> dict[str, str]:
    """This process's environment without what concerns Prefect or the product, and ``settings``."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PREFECT_", "EQUALITY_", "DO_NOT_TRACK"))
    }
    return own | settings


def until(holds: Callable[[], Any], seconds: float) -> Any:
    """Return the first true answer."""
    deadline = time.monotonic() + seconds
    while not (answer := holds()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.25)
    return answer


@dataclass(frozen=True)
class Served:
    """A home whose schedule is served, and how to speak to its server."""

    home: Path
    client: dict[str, str]

    def api(self, path: str, body: object = None) -> Any:
        """Return the server's answer to a GET, or to a POST where there is a body."""
        password = base64.b64encode(self.client["PREFECT_API_AUTH_STRING"].encode()).decode()
        request = urllib.request.Request(
            self.client["PREFECT_API_URL"] + path,
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Basic {password}", "Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

        def answered() -> tuple[Any] | None:
            try:
                with opener.open(request, timeout=30) as answer:
                    return (json.load(answer),)
            except urllib.error.HTTPError as error:
                # The server's database is SQLite: while it is locked the server says 503.
                if error.code < 500:
                    raise
                return None

        return until(answered, 60)[0]

    def deployment(self) -> dict[str, Any]:
        return self.api("/deployments/name/quarterly/quarterly")

    def flow_runs(self, **state: object) -> list[dict[str, Any]]:
        return self.api("/flow_runs/filter", {"sort": "START_TIME_ASC", **state})

    def ended(self, flow_run_id: str) -> dict[str, Any]:
        """Return a flow run when it has ended."""

        def now() -> dict[str, Any] | None:
            run = self.api(f"/flow_runs/{flow_run_id}")
            return run if run["state_type"] in ENDED else None

        return until(now, RUN_SECONDS)


@contextmanager
def serving_process(home: Path, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    """``equality serve`` with no server configured, from a folder that is not the checkout.

    It is interrupted at the end, unless it was killed, and leaves no server behind.
    """
    log_path, known = home.with_name("serve.log"), home / "prefect" / "client.env"
    known.unlink(missing_ok=True)
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "serve", "--home", str(home)],
            cwd=home.parent,
            env=environment(PREFECT_RUNNER_POLL_FREQUENCY="1", **settings),
            stdout=log,
            stderr=log,
        )
    address = None
    try:
        yield process
        address = re.search(r"http://127\.0\.0\.1:(\d+)", known.read_text())
    finally:
        was_killed = process.poll() is not None
        process.send_signal(signal.SIGTERM)
        exit_code = process.wait(60)
    if was_killed:
        return
    assert exit_code == 0, log_path.read_text()
    assert not known.exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(address[1]))) != 0, "the server still runs"


def answering(process: "subprocess.Popen[bytes]", home: Path) -> Served:
    """Return the served home once its server answers."""
    known = home / "prefect" / "client.env"
    until(lambda: known.exists() or process.poll() is not None, START_SECONDS)
    assert process.poll() is None, home.with_name("serve.log").read_text()
    found = Served(home, dict(line.split("=", 1) for line in known.read_text().splitlines()))
    until(lambda: found.api("/deployments/filter", {}), 120)
    return found
