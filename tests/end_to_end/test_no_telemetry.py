"""No part of the product asks for an address elsewhere, whatever the libraries would do by default.

It runs from the first file to the report and under a Prefect server of its own, watched by every
means that this machine has, and where the kernel allows it in a network that holds nothing but
127.0.0.1.
"""

import json
import os
import sys
from pathlib import Path

import pytest
from inbox import BME, UNKNOWN, WHITE, board_rows, staff_rows, write_inbox
from measured import record
from receivers import certificate
from watched import AUDIT, NAMESPACE, SYSTEM, Watched, means, watch

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PERIOD = "2022-03-31"
PRODUCT = Path(__file__).with_name("product_without_network.py")
CHANNELS = """
attempts = 1
[email]
host = "127.0.0.1"
port = 1
sender = "equality@example.org"
ca_file = "{chain}"
[employer.01T]
email = ["people@example.org"]
"""
ASKS = """
import socket, sys
sys.path.insert(0, {root!r})
for host, port in (("192.0.2.1", 80), ("127.0.0.1", 9)):
    with socket.socket() as asked:
        asked.settimeout(0.5)
        try:
            asked.connect((host, port))
        except OSError:
            pass
try:
    socket.getaddrinfo("telemetry.example.org", 443)
except OSError:
    pass
"""
ASKS_IN_C = """
import duckdb
from pipeline.store import _encryption_extension
with duckdb.connect() as connection:
    connection.execute("load '" + _encryption_extension() + "'")
    connection.execute("set http_timeout = 1; set http_retries = 0")
    try:
        connection.execute("from read_csv('http://192.0.2.2/told.csv')")
    except duckdb.Error:
        pass
"""


def environment(folder: Path) -> dict[str, str]:
    """Return an environment of nobody's: no proxy, no settings, a new home folder."""
    own = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    folder.mkdir(parents=True)
    known = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return own | {"HOME": str(folder), "TMPDIR": str(folder), "PYTHONPATH": known}


@pytest.fixture(scope="module")
def product(module_folders) -> Watched:
    """The product, watched."""
    folder = module_folders.mktemp("watched")
    home = folder / "home"
    staff = staff_rows({WHITE: 60, BME: 30, UNKNOWN: 12})
    write_inbox(home / "inbox", PERIOD, "01T", "esr_staff", staff)
    write_inbox(home / "inbox", PERIOD, "01T", "board", board_rows({WHITE: 12, BME: 3}))
    chain = certificate(folder / "tls").chain
    (home / "channels.toml").write_text(CHANNELS.format(chain=chain))
    (home / "channels.toml").chmod(0o600)
    command = [sys.executable, str(PRODUCT), str(home), "300"]
    found = watch(command, folder / "lists", environment(folder / "user"), 1200)
    facts = {
        "asked for by Python": len(found.audit),
        "of these elsewhere": len(found.elsewhere(AUDIT)),
        "asked of the kernel": len(found.system or []),
        "of these elsewhere too": len(found.elsewhere(SYSTEM)),
        "means": ", ".join(sorted(means())),
    }
    record("network", facts)
    return found


def test_everything_works_without_a_network(product):
    if NAMESPACE not in means():
        pytest.skip("this machine allows no network namespace (unshare -rn)")
    codes = json.loads(product.ended.stdout or "{}")
    assert codes == {
        "run": 0, "report": 0, "explain": 0, "charts": 0, "attack": 0, "tracked run": 0, "serve": 0,
    }, product.ended.stderr[-3000:]  # fmt: skip


def test_no_python_process_asks_for_an_address_elsewhere(product):
    """Names count as elsewhere, since who looks one up asks a server."""
    assert product.ended.returncode == 0, product.ended.stderr[-3000:]
    assert any("flows" in one or "prefect" in one for one in product.audit), "Prefect was watched"
    assert any("smtplib" in one for one in product.audit), "so was the sending of digests"
    assert product.elsewhere(AUDIT) == []


def test_no_process_asks_the_kernel_for_an_address_elsewhere(product):
    if SYSTEM not in means():
        pytest.skip("strace is not installed, or may not trace here")
    assert product.system, "what goes to 127.0.0.1 is seen"
    assert product.elsewhere(SYSTEM) == []


def test_who_asks_in_python_is_seen(tmp_path):
    script = ASKS.format(root=str(ROOT))
    found = watch([sys.executable, "-c", script], tmp_path, environment(tmp_path / "user"), 60)
    asked = {one.split(" ", 1)[0] for one in found.elsewhere(AUDIT)}
    assert asked == {"192.0.2.1", "telemetry.example.org"}
    assert len(found.audit) == 3
    if SYSTEM in means():
        assert "192.0.2.1" in {one.split(" ", 1)[0] for one in found.elsewhere(SYSTEM)}


def test_who_asks_in_a_library_is_seen(tmp_path):
    """DuckDB's own client is no Python, so that the kernel alone sees it."""
    if SYSTEM not in means():
        pytest.skip("strace is not installed, or may not trace here")
    found = watch([sys.executable, "-c", ASKS_IN_C], tmp_path, environment(tmp_path / "user"), 120)
    assert found.ended.returncode == 0, found.ended.stderr
    assert "192.0.2.2" in {one.split(" ", 1)[0] for one in found.elsewhere(SYSTEM)}
    assert found.elsewhere(AUDIT) == []
