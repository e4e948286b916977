"""A schedule that is due every minute on a real `equality serve`, its data in SQLite or PostgreSQL.

The extracts that it waits for do not come, so that a look takes seconds. The server of the first is
killed, its pages are looked at in a real browser, and what fell due meanwhile is made up for once.
"""

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from inbox import BME, UNKNOWN, WHITE, staff_rows, write_inbox
from measured import record
from serving import Served, answering, serving_process, until

from pipeline.periods import quarter_end_before
from pipeline.schedule.run import today

pytestmark = pytest.mark.slow

SETTINGS = """
[schedule]
cron = "* * * * *"
deadline_days = 92
organisations = ["RBL", "RBQ"]
sources = ["esr_staff"]
"""
CHROMIUM = "/usr/bin/chromium"
ALL = {"flow_runs": {"tags": {"all_": ["equality"]}}}


def make_home(folder: Path, more: str = "") -> Path:
    """A home whose newest quarter lacks one of two trusts, until the next quarter ends."""
    home = folder / "home"
    period = quarter_end_before(today()).isoformat()
    rows = staff_rows({WHITE: 30, BME: 10, UNKNOWN: 5})
    write_inbox(home / "inbox", period, "RBQ", "esr_staff", rows)
    (home / "settings.toml").write_text(SETTINGS + more, encoding="utf-8")
    return home


def looks(served: Served, **wanted: object) -> list[dict[str, Any]]:
    """Flow runs that have what is wanted, the earliest first."""
    runs = sorted(served.api("/flow_runs/filter", ALL), key=lambda run: run["expected_start_time"])
    return [run for run in runs if all(run[name] == value for name, value in wanted.items())]


def waited(served: Served, number: int) -> list[dict[str, Any]]:
    """Wait for looks that the schedule itself started to have ended."""

    def ended() -> list[dict[str, Any]] | None:
        found = looks(served, state_name="Waiting", auto_scheduled=True)
        assert not looks(served, state_type="FAILED")
        return found if len(found) >= number else None

    return until(ended, 600)


def seconds_late(run: dict[str, Any]) -> float:
    return float(run["estimated_start_time_delta"])


# --- PostgreSQL -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def postgresql(module_folders) -> Iterator[dict[str, Any]]:
    """A PostgreSQL server of the tests' own, with a database for Prefect and a password.

    Skipped by name where Debian's PostgreSQL is not installed.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder, bin_folder = module_folders.mktemp("postgresql"), programs[-1].parent
    data, password = folder / "data", folder / "password"
    password.write_text("right:@/?\n")
    prefix: list[str] = []
    if os.geteuid() == 0:
        # It refuses to run as root, so it runs as Debian's own account in folders of its own.
        data = Path(f"/tmp/equality-tests-{os.getpid()}/data")
        data.parent.mkdir(mode=0o755)
        shutil.copy(password, data.with_name("password"))
        password = data.with_name("password")
        for path in (data.parent, password):
            shutil.chown(path, "postgres", "postgres")
        prefix = ["runuser", "-u", "postgres", "--"]
    port = 54_000 + os.getpid() % 1000

    def run(program: str, *arguments: object) -> None:
        command = [*prefix, str(bin_folder / program), *map(str, arguments)]
        subprocess.run(command, check=True, cwd="/tmp", stdout=subprocess.DEVNULL, timeout=120)

    run("initdb", "-D", data, "-U", "equality", f"--pwfile={password}", "-A", "scram-sha-256")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data}"
    run("pg_ctl", "-D", data, "-o", options, "-l", data / "log", "-w", "start")
    known = {"PGPASSWORD": password.read_text().strip(), "PATH": os.environ["PATH"]}
    address = ["-h", "127.0.0.1", "-p", str(port), "-U", "equality"]

    def ask(*arguments: str, program: str = "psql") -> str:
        command = [str(bin_folder / program), *address, *arguments]
        return subprocess.run(
            command, env=known, check=True, capture_output=True, text=True, timeout=60
        ).stdout

    try:
        ask("prefect", program="createdb")
        yield {"port": port, "password": known["PGPASSWORD"], "ask": ask}
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        if prefix:
            shutil.rmtree(data.parent)


def test_a_look_happens_on_schedule_with_postgresql(postgresql, tmp_path):
    table = f"""
[schedule.postgresql]
host = "127.0.0.1"
port = {postgresql["port"]}
name = "prefect"
user = "equality"
password_file = "password"
"""
    home = make_home(tmp_path, table)
    (home / "password").write_text(postgresql["password"])
    (home / "password").chmod(0o600)
    with serving_process(home) as process:
        served = answering(process, home)
        (found, *_) = waited(served, 1)
        assert "Waiting for extracts of" in found["state"]["message"]
    ask = postgresql["ask"]
    kept = ask("-At", "-d", "prefect", "-c", "select count(*) from flow_run where name <> ''")
    assert int(kept) >= 2
    assert not (home / "prefect" / "prefect.db").exists()
    for path in (home / "prefect").glob("*.*"):
        assert not path.is_file() or postgresql["password"].encode() not in path.read_bytes(), path
    dump = tmp_path / "prefect.dump"
    ask("--format=custom", f"--file={dump}", "prefect", program="pg_dump")
    assert dump.stat().st_size > 10_000
    record("schedule_postgresql", {"seconds_late": seconds_late(found)})


# --- SQLite, killed and served again ----------------------------------------------------------


@pytest.fixture(scope="module")
def home(module_folders) -> Path:
    return make_home(module_folders.mktemp("served"))


@pytest.fixture(scope="module")
def killed(home) -> list[dict[str, Any]]:
    """Two looks of the schedule, after which the process is killed at once."""
    with serving_process(home) as process:
        found = waited(answering(process, home), 2)
        process.kill()
        process.wait(30)
    return found


@pytest.fixture(scope="module")
def again(killed, home) -> Iterator[Served]:
    """The same home served again, some minutes of the schedule later."""
    until(lambda: seconds_since(killed[-1]) > 150, 400)
    with serving_process(home) as process:
        found = answering(process, home)
        until(lambda: len(at_start(found)) == 2, 300)
        yield found


def at_start(served: Served) -> list[dict[str, Any]]:
    """The looks that were made at once where the schedule was served."""
    return [run for run in looks(served) if "at start" in run["tags"]]


def seconds_since(run: dict[str, Any]) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(run["expected_start_time"])).total_seconds()


def test_looks_happen_on_schedule_with_sqlite(killed, home):
    first, second, *_ = killed
    assert first["expected_start_time"] < second["expected_start_time"]
    assert (home / "prefect" / "prefect.db").exists()
    assert "Waiting for extracts of" in first["state"]["message"]
    record("schedule_sqlite", {"seconds_late": seconds_late(first)})


def test_what_nobody_served_is_made_up_for_once(again, killed):
    """However many minutes passed: those are skipped, and one look is made."""

    made = again.ended(at_start(again)[-1]["id"])
    assert made["state_name"] == "Waiting"
    runs = looks(again)
    passed = [run for run in runs if run["expected_start_time"] > killed[-1]["expected_start_time"]]
    skipped = [run for run in passed if run["state_name"] == "Skipped"]
    assert len(skipped) >= 2
    forgotten = min(run["end_time"] for run in skipped)
    missed = [run for run in passed if run["expected_start_time"] < forgotten]
    assert {run["state_name"] for run in missed} <= {"Skipped", "Crashed"}, "none of them is made"
    assert made["expected_start_time"] > forgotten
    record("schedule_catch_up", {"missed": len(missed), "made_up_by": 1})


def test_one_look_is_under_way_at_a_time(again, killed):
    """Two more are asked for at once; each begins where the one before has ended."""
    deployment = again.deployment()["id"]
    asked = [again.api(f"/deployments/{deployment}/create_flow_run", {})["id"] for _ in range(2)]
    for each in asked:
        again.ended(each)
    ended = sorted(
        (run["start_time"], run["end_time"])
        for run in looks(again)
        if run["end_time"] and run["start_time"] and run["start_time"] > killed[-1]["end_time"]
    )
    assert len(ended) >= 3
    assert all(end <= start for (_, end), (start, _) in pairwise(ended))


@pytest.fixture(scope="module")
def page(again) -> Iterator[tuple[Any, list[str], set[str]]]:
    """A page of Debian's Chromium that has told the server the password."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is not installed (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        seen = browser.new_page(viewport={"width": 1280, "height": 1000})
        seen.set_default_timeout(120_000)
        asked: set[str] = set()
        seen.on("request", lambda request: asked.add(request.url.split("/")[2]))
        root = again.client["PREFECT_API_URL"].removesuffix("/api")
        seen.goto(f"{root}/v2/artifacts")
        seen.locator("input[type=password]").fill(again.client["PREFECT_API_AUTH_STRING"])
        seen.keyboard.press("Enter")
        seen.get_by_text("Artifacts").first.wait_for()
        yield seen, root, asked
        browser.close()


@pytest.mark.browser
def test_the_pages_show_looks_progress_and_outcome(page, again):
    seen, root, asked = page
    seen.goto(f"{root}/v2/runs")
    seen.get_by_text("Waiting").first.wait_for()
    seen.goto(f"{root}/v2/artifacts")
    for key in ("equality-outcome", "equality-progress", "equality-alerts"):
        seen.get_by_text(key).first.wait_for()
    chosen = {"artifacts": {"key": {"any_": ["equality-outcome"]}}, "sort": "UPDATED_DESC"}
    newest = again.api("/artifacts/filter", chosen)[0]
    seen.goto(f"{root}/v2/artifacts/artifact/{newest['id']}")
    seen.get_by_role("heading", name="Waiting for extracts").wait_for()
    # The page draws the text more than once; each part is waited for.
    parts = ("(RBL): esr_staff", "Where to look", str(again.home / "feedback"))
    for _ in range(150):
        shown = seen.inner_text("body")
        if all(part in shown for part in parts):
            break
        time.sleep(0.2)
    assert [part for part in parts if part not in shown] == []
    assert asked == {root.partition("//")[2]}, "nobody else was asked for anything"


@pytest.mark.browser
def test_a_stranger_sees_nothing(page):
    seen, root, _ = page
    other = seen.context.browser.new_page()
    other.goto(f"{root}/v2/artifacts")
    other.locator("input[type=password]").fill("equality:wrong")
    other.keyboard.press("Enter")
    other.get_by_text("Invalid credentials").wait_for()
    assert "equality-outcome" not in other.inner_text("body")


def test_prefect_s_data_can_be_copied_while_they_are_in_use(again, tmp_path):
    source = sqlite3.connect(again.home / "prefect" / "prefect.db")
    with sqlite3.connect(tmp_path / "prefect.db") as copy:
        source.backup(copy)
        assert copy.execute("pragma integrity_check").fetchone() == ("ok",)
        assert copy.execute("select count(*) from flow_run").fetchone()[0] >= 3
    source.close()
