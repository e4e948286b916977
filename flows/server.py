"""A Prefect server of our own, on this machine alone, where no other one is configured.

A schedule does not run in the server that Prefect starts for a single run. This one keeps its data
in ``home/prefect``, listens to 127.0.0.1 and to who knows its password (any account of this machine
could start runs otherwise), and ends with the process that started it, however that ends.
``home/prefect/client.env`` holds what a Prefect client needs to speak to it.
"""

import http.client
import os
import runpy
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import LockedError, ProductError
from pipeline.files import make_folder, write_whole

START_SECONDS = 180.0
"""How long the server may take to answer: 15 to 40 s on two cores, more where they are busy."""

_STOP_SECONDS = 20.0
_HOST = "127.0.0.1"


@contextmanager
def local_server(folder: Path, start_seconds: float = START_SECONDS) -> Iterator[None]:
    """Run a server while the block runs, and set this process's environment to speak to it.

    Args:
        folder: where the server keeps its data, its log and ``client.env``.
        start_seconds: how long to wait until it answers.

    Raises:
        LockedError: another server runs in the same folder.
        ProductError: the server ended, or does not answer in time.
    """
    make_folder(folder)
    lock = FileLock(folder / "server.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(f"Another process serves the schedule of {folder.parent}.") from None
    try:
        port, password = _free_port(), f"equality:{secrets.token_urlsafe(24)}"
        client = _client_settings(folder, port, password)
        server = _start(folder, port, password)
        try:
            _wait_until_healthy(server, port, folder, start_seconds)
            lines = "".join(f"{name}={value}\n" for name, value in client.items())
            write_whole(folder / "client.env", lines.encode())
            os.environ.update(client | _past_proxies())
            yield
        finally:
            (folder / "client.env").unlink(missing_ok=True)
            _stop(server)
    finally:
        lock.release()


def _client_settings(folder: Path, port: int, password: str) -> dict[str, str]:
    return {
        "PREFECT_API_URL": f"http://{_HOST}:{port}/api",
        "PREFECT_API_AUTH_STRING": password,
        "PREFECT_HOME": str(folder),
    }


def _past_proxies() -> dict[str, str]:
    """Return the settings by which a client does not ask a proxy for this machine."""
    known = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    value = ",".join(filter(None, (known, _HOST)))
    return {"no_proxy": value, "NO_PROXY": value}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _start(folder: Path, port: int, password: str) -> "subprocess.Popen[bytes]":
    # The server has no use for the keys of the home.
    settings = {name: value for name, value in os.environ.items() if _is_for_the_server(name)}
    settings.setdefault("PREFECT_SERVER_UI_ENABLED", "false")
    settings |= {"PREFECT_HOME": str(folder), "PREFECT_SERVER_API_AUTH_STRING": password}
    log = os.open(folder / "server.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "flows.server", str(port)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=settings,
            start_new_session=True,  # so that an interrupt reaches it after those who speak to it
        )
    finally:
        os.close(log)


def _is_for_the_server(name: str) -> bool:
    return not name.startswith("EQUALITY_") and name not in ("PREFECT_API_URL", "PREFECT_API_KEY")


def _wait_until_healthy(
    server: "subprocess.Popen[bytes]", port: int, folder: Path, seconds: float
) -> None:
    deadline = time.monotonic() + seconds
    while not _is_healthy(port):
        late = time.monotonic() > deadline
        if late or server.poll() is not None:
            how = f"does not answer after {seconds:.0f} s" if late else "ended as it started"
            raise ProductError(
                f"The local Prefect server {how}; its own words are in {folder / 'server.log'}. "
                "Try again, or set PREFECT_API_URL to a server of your own."
            )
        time.sleep(0.2)


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(_HOST, port, timeout=5)
    try:
        connection.request("GET", "/api/health")
        # A server that asks for the password is up.
        return connection.getresponse().status in (200, 401)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(server: "subprocess.Popen[bytes]") -> None:
    if server.stdin is not None:
        with suppress(OSError):
            server.stdin.close()
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _end_with_parent() -> None:
    """End this process when its standard input does, which its parent holds open."""
    with suppress(OSError):
        sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _serve(port: str) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.argv = ["prefect", "server", "start", "--host", _HOST, "--port", port]
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve(sys.argv[1])
