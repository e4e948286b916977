"""A Prefect server of our own, on this machine alone, where no other one is configured.

A schedule does not run in the server that Prefect starts for a single run. This one keeps its data
in ``home/prefect``, listens to 127.0.0.1 and to who knows its password (any account of this machine
could start runs otherwise), and ends with the process that started it, however that ends.
``home/prefect/client.env`` holds what a Prefect client or a browser needs to speak to it. Where a
team says so, its data are kept in PostgreSQL instead.
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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import LockedError, ProductError, UsageError
from pipeline.files import make_folder, write_whole

START_SECONDS = 300.0
"""How long the server may take to answer: 15 to 40 s on two cores, more where they are busy."""

_STOP_SECONDS = 20.0
_PAGES_MAY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; connect-src 'self'"
)
"""What the server's own pages may load: nothing from elsewhere. Until they are told the password
they cannot read that analytics are off, and would ask their maker's service."""
_SERVER_SETTINGS = {
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    # A server that runs for years forgets flow runs after two of them.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(2 * 366 * 24 * 3600),
}
"""A setting of the user's own wins."""
_HOST = "127.0.0.1"


@contextmanager
def local_server(
    folder: Path,
    start_seconds: float = START_SECONDS,
    *,
    port: int = 0,
    database: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run a server while the block runs, and set this process's environment to speak to it.

    Args:
        folder: where the server keeps its data, its log and ``client.env``.
        start_seconds: how long to wait until it answers.
        port: where it listens; any that is free where 0.
        database: its settings of a database server; its own file in ``folder`` where None.

    Raises:
        LockedError: another server runs in the same folder.
        UsageError: something else listens to the port.
        ProductError: the server ended, or does not answer in time.
    """
    make_folder(folder)
    lock = FileLock(folder / "server.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(f"Another process serves the schedule of {folder.parent}.") from None
    try:
        # What a process left that was killed would lead clients to a server that is gone.
        (folder / "client.env").unlink(missing_ok=True)
        port, password = _free_port(port), f"equality:{secrets.token_urlsafe(24)}"
        client = _client_settings(folder, port, password)
        server = _start(folder, port, password, database or {})
        try:
            _wait_until_healthy(server, port, folder, start_seconds)
            _shut_pages_in(folder / "ui")
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


def _free_port(wanted: int) -> int:
    with socket.socket() as probe:
        # As the server will: what a server of a moment ago left behind is no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, wanted))
        except OSError:
            raise UsageError(
                f"Something else listens to port {wanted}. settings.toml, [schedule]: name another "
                "port, or leave it out."
            ) from None
        return int(probe.getsockname()[1])


def _start(
    folder: Path, port: int, password: str, database: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    # The server has no use for the keys of the home.
    settings = {name: value for name, value in os.environ.items() if _is_for_the_server(name)}
    for name, value in _SERVER_SETTINGS.items():
        settings.setdefault(name, value)
    settings.setdefault("PREFECT_SERVER_UI_STATIC_DIRECTORY", str(folder / "ui"))
    settings |= {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_SERVER_UI_API_URL": f"http://{_HOST}:{port}/api",
        **database,
    }
    log = _new_log(folder / "server.log")
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


def _shut_pages_in(folder: Path) -> None:
    """Have the browser ask nobody but this server for anything: the pages bring telemetry along."""
    # Prefect copies its pages with the modes that their folders have where it is installed.
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(0o700)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_PAGES_MAY}">'
    for page in folder.glob("*/index.html"):
        text = page.read_text(encoding="utf-8")
        if policy not in text:
            write_whole(page, text.replace("<head>", f"<head>{policy}", 1).encode())


def _new_log(path: Path) -> int:
    """Open a new log, with the one of the start before beside it."""
    if path.exists():
        path.replace(path.with_name("server.log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


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
