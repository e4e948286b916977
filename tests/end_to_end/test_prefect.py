"""The flow under a real Prefect server: the one that ``equality serve`` starts, once for all tests.

A run that the schedule's deployment starts, a tracked run of the command line and a run without
Prefect, each with keys of its own, give the same figures byte for byte, and the server learns of
nobody.
"""

import importlib
import json
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import duckdb
import pytest
from command import equality, files, private_rows
from inbox import BME, UNKNOWN, WHITE, application_rows, board_rows, staff_rows, write_inbox
from serving import Served, answering, environment, serving_process, until

import flows
from flows import server as local
from pipeline.errors import ProductError

PERIOD = "2022-03-31"
SETTINGS = '[schedule]\ndeadline_days = 0\nreport_address = "https://equality.example.org/"\n'
"""Nothing is waited for, whatever day it is."""
PREFECT_LINE = re.compile(r"\d\d:\d\d:\d\d\.\d+ \| |NoneType: None$")
DRIVER = Path(__file__).with_name("commands_of_one_process.py")

PLANTED = {
    "employee_number": "PLANTED-EMPLOYEE-1",
    "nhs_unique_id": "PLANTED-NHS-ID-1",
    "assignment_number": "PLANTED-ASSIGNMENT-1",
    "directorate": "PLANTED-DIRECTORATE",
    "ethnic_origin": "PLANTED-ETHNICITY",
}
QUARANTINED = PLANTED | {"assignment_number": "PLANTED-ASSIGNMENT-2", "fte": "PLANTED-FTE"}

FILES = (
    f"{PERIOD}/01T/board",
    f"{PERIOD}/01T/esr_staff",
    f"{PERIOD}/01T/recruitment",
    f"{PERIOD}/01V/board",
    f"{PERIOD}/01V/esr_staff",
)
STAGES = (
    *("receive", "check board", "check esr_staff", "check recruitment", "land"),
    *("build", "assess", "protect", "attack", "gate", "alert", "publish", "tell"),
)


def write_files(inbox: Path) -> None:
    """Two CCGs that share nobody; one board is rejected and one row is quarantined."""
    counts = {WHITE: 60, BME: 20, UNKNOWN: 20}
    staff = staff_rows(counts)
    applications = application_rows({(WHITE, True): 20, (WHITE, False): 50, (BME, False): 40})
    board = board_rows({WHITE: 12, BME: 3})
    planted = [*staff_rows(1, first=900, **PLANTED), *staff_rows(1, first=901, **QUARANTINED)]
    write_inbox(inbox, PERIOD, "01T", "esr_staff", [*staff, *planted])
    write_inbox(inbox, PERIOD, "01T", "recruitment", applications)
    write_inbox(inbox, PERIOD, "01T", "board", board)
    write_inbox(inbox, PERIOD, "01V", "esr_staff", staff_rows(counts, first=201))
    lacking = [{name: row[name] for name in row if name != "Ethnic Origin"} for row in board]
    write_inbox(inbox, PERIOD, "01V", "board", lacking)


class Homes(NamedTuple):
    """The homes of the tests."""

    served: Path
    tracked: Path
    plain: Path


@pytest.fixture(scope="module")
def homes(module_folders) -> Homes:
    return Homes(*(module_folders.mktemp(name) / "home" for name in Homes._fields))


@pytest.fixture(scope="module")
def serving(homes) -> Iterator["subprocess.Popen[bytes]"]:
    """``equality serve`` with no server configured, from a folder that is not the checkout."""
    write_files(homes.served / "inbox")
    (homes.served / "settings.toml").write_text(SETTINGS)
    with serving_process(homes.served) as process:
        yield process


@pytest.fixture(scope="module")
def served(serving, plain, homes) -> Served:
    """The served home, once its server answers; ``plain`` ran while it started."""
    return answering(serving, homes.served)


@pytest.mark.slow
def test_schedule_is_that_of_prefect_yaml(served):
    (entry,) = served.deployment()["schedules"]
    assert entry["active"]
    assert entry["schedule"]["cron"] == "0 6 * * *"
    assert entry["schedule"]["timezone"] == "Europe/London"


@pytest.mark.slow
def test_next_look_is_at_six_o_clock(served):
    """The scheduler of Prefect 3.8 writes nothing under SQLAlchemy 2.1, so the lock has 2.0."""
    scheduled = {"flow_runs": {"state": {"name": {"any_": ["Scheduled"]}}}}

    def of_schedule() -> list[dict[str, Any]]:
        runs = [run for run in served.flow_runs(**scheduled) if run["auto_scheduled"]]
        return sorted(runs, key=lambda run: run["expected_start_time"])

    run = until(of_schedule, 60)[0]
    start = datetime.fromisoformat(run["expected_start_time"]).astimezone(ZoneInfo("Europe/London"))
    assert (start.hour, start.minute) == (6, 0)
    assert timedelta(0) < start - datetime.now(start.tzinfo) <= timedelta(hours=25)


@pytest.mark.slow
def test_server_keeps_its_data_in_the_home_and_asks_for_a_password(served):
    database = served.home / "prefect" / "prefect.db"
    assert database.exists()
    for path in (served.home / "prefect").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name
    assert served.client["PREFECT_API_URL"].startswith("http://127.0.0.1:")
    stranger = Served(served.home, served.client | {"PREFECT_API_AUTH_STRING": "equality:x"})
    with pytest.raises(urllib.error.HTTPError, match="401"):
        stranger.api("/deployments/filter", {})


@pytest.mark.slow
def test_nothing_is_reported_to_prefect_s_makers(served):
    assert served.api("/admin/settings")["server"]["analytics_enabled"] is False


@pytest.mark.slow
def test_one_home_is_served_once(served):
    result = equality("serve", "--home", served.home)
    assert result.exit_code == 4
    assert "Another process serves the schedule" in result.err


@pytest.fixture(scope="module")
def served_run(served) -> dict[str, Any]:
    """The look that is made at once where a schedule is served."""
    chosen = {"flow_runs": {"tags": {"all_": ["at start"]}}}
    (started,) = until(lambda: served.flow_runs(**chosen), 60)
    return served.ended(started["id"])


CHANNELS = """
wait_seconds = 0
[email]
host = "127.0.0.1"
port = 1
sender = "equality@example.org"
[employer.01T]
email = ["people@example.org"]
"""
NOT_SENT = "Not sent: 01T by e-mail: the mail server 127.0.0.1, port 1, does not answer"

COMMANDS: dict[str, str | None] = {
    "run": None,
    "nothing new": None,
    "lock": "lock",
    "gate": "gate",
    "product": "product",
    "empty inbox": None,
}


def run_commands(home: Path, **settings: str) -> dict[str, dict[str, Any]]:
    """Run each of ``COMMANDS`` in one process; those with a fault after a start find a new file.

    The mail server of the home is down.
    """
    write_files(home / "inbox")
    channels = home / "channels.toml"
    channels.write_text(CHANNELS, encoding="ascii")
    channels.chmod(0o600)
    more = home.with_name("more")
    write_files(more)
    write_inbox(more, PERIOD, "01X", "esr_staff", staff_rows({WHITE: 40, UNKNOWN: 20}, first=400))
    empty = home.with_name("empty")
    (empty / "inbox").mkdir(parents=True)
    arguments = {
        "gate": ["run", "--home", str(home), "--inbox", str(more)],
        "product": ["run", "--home", str(home), "--inbox", str(more)],
        "empty inbox": ["run", "--home", str(empty)],
    }
    asked = [
        {"arguments": arguments.get(name, ["run", "--home", str(home)]), "fault": fault}
        for name, fault in COMMANDS.items()
    ]
    ended = subprocess.run(
        [sys.executable, str(DRIVER)],
        input=json.dumps(asked),
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=900,
        check=True,
    )
    assert ended.stderr == ""
    return dict(zip(COMMANDS, json.loads(ended.stdout), strict=True))


@pytest.fixture(scope="module")
def plain(serving, homes) -> dict[str, dict[str, Any]]:
    """The commands without Prefect."""
    return run_commands(homes.plain)


@pytest.fixture(scope="module")
def tracked(served, homes) -> dict[str, dict[str, Any]]:
    """The commands with the served home's server configured."""
    own = served.client | {"PREFECT_HOME": str(homes.tracked.with_name("prefect"))}
    return run_commands(homes.tracked, **own, NO_PROXY="127.0.0.1", no_proxy="127.0.0.1")


def figure_files(home: Path) -> dict[str, bytes]:
    """The figures of each release by its name."""
    found = sorted((home / "releases").glob("*/figure.csv"))
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in found}


@pytest.mark.slow
def test_served_run_completes_and_releases(served, served_run):
    assert served_run["state_name"] == "Completed", served_run["state"]
    assert served_run["state"]["message"].startswith("Release 2022-03-31-")
    (release,) = figure_files(served.home)
    assert release.split("/")[0] in served_run["state"]["message"]
    assert (served.home / "published" / "equality.duckdb").exists()


@pytest.mark.slow
def test_three_ways_to_run_give_the_same_figures(served, served_run, tracked, plain, homes):
    keys = {
        (home / "keys" / "pseudonym.key").read_bytes()
        for home in (served.home, homes.tracked, homes.plain)
    }
    assert len(keys) == 3
    expected = figure_files(homes.plain)
    assert len(expected) == 1
    assert figure_files(homes.tracked) == expected
    assert figure_files(served.home) == expected


def runs_of(served: Served, home: Path) -> list[dict[str, Any]]:
    return [run for run in served.flow_runs() if run["parameters"]["home"] == str(home)]


@pytest.mark.slow
def test_api_has_one_completed_flow_run_and_a_task_run_for_each_file_and_stage(
    served, tracked, homes
):
    first, *_ = runs_of(served, homes.tracked)
    assert first["state_name"] == "Completed"
    flow = served.api(f"/flows/{first['flow_id']}")
    assert flow["name"] == "quarterly"

    def task_runs() -> list[dict[str, Any]] | None:
        body = {"flow_runs": {"id": {"any_": [first["id"]]}}}
        found = served.api("/task_runs/filter", body)
        done = all(run["state_name"] == "Completed" for run in found)
        # Protection and attack take turns until the attack finds nothing.
        return found if done and len(found) >= len(FILES) + len(STAGES) else None

    names = [run["name"] for run in until(task_runs, 30)]
    of_files = [name for name in names if name.startswith("read ")]
    assert sorted(of_files) == [f"read {place}" for place in FILES]
    of_stages = {name.rsplit("-", 1)[0] for name in set(names) - set(of_files)}
    assert of_stages == set(STAGES)


@pytest.mark.slow
def test_parameters_are_names_of_folders_and_periods(served, served_run, tracked, homes):
    (first, *_) = runs_of(served, homes.tracked)
    assert first["parameters"] == {
        "home": str(homes.tracked),
        "inbox": str(homes.tracked / "inbox"),
        "period": None,
        "is_sample": False,
        "is_scheduled": False,
        "engine": "duckdb",
    }
    assert served_run["parameters"] == {
        "home": str(served.home),
        "inbox": str(served.home / "inbox"),
        "is_sample": False,
        "is_scheduled": True,
    }


@pytest.mark.slow
def test_the_schedule_makes_the_report_too(served, served_run):
    assert served_run["state_name"] == "Completed"
    release = (served.home / "published" / "current.txt").read_text(encoding="ascii").strip()
    page = (served.home / "published" / "index.html").read_text(encoding="utf-8")
    assert f'href="report-{release}/index.html"' in page


@pytest.mark.slow
def test_rejections_are_recorded_by_their_place(served, tracked, homes):
    (first, *_) = runs_of(served, homes.tracked)
    body = {"logs": {"flow_run_id": {"any_": [first["id"]]}}}
    logs = until(lambda: served.api("/logs/filter", body), 30)
    assert f"Rejected: {PERIOD}/01V/board" in {log["message"] for log in logs}


def artifacts_of(served: Served, run: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the artifacts of a flow run."""
    chosen = {"flow_run_id": {"any_": [run["id"]]}, "key": {"any_": ["equality-alerts"]}}
    return served.api("/artifacts/filter", {"artifacts": chosen})


def shown_of(served: Served, run: dict[str, Any]) -> dict[str, Any]:
    """Return the other artifacts of a flow run by their key, as they were last."""
    chosen = {"flow_run_id": {"any_": [run["id"]]}}
    found = served.api("/artifacts/filter", {"artifacts": chosen})
    return {each["key"]: each["data"] for each in found if each["key"] != "equality-alerts"}


@pytest.mark.slow
def test_a_look_shows_its_progress_its_outcome_and_where_the_report_is(served, served_run):
    shown = until(lambda: len(found := shown_of(served, served_run)) == 3 and found, 30)
    assert float(shown["equality-progress"]) == 100
    (release,) = figure_files(served.home)
    page = shown["equality-outcome"]
    assert page.startswith(f"# Release {release.split('/')[0]}\n")
    assert f"## Received\n\n- {FILES[0]}\n" in page
    assert f"## Rejected\n\n- {PERIOD}/01V/board\n" in page
    report = "https://equality.example.org/index.html"
    assert f"| Report | [`{served.home / 'published' / 'index.html'}`]({report}) |" in page
    assert report in str(shown["equality-report"])


@pytest.mark.slow
def test_a_tracked_run_shows_its_outcome_too(served, tracked, homes):
    first, nothing_new, _, stopped, product = runs_of(served, homes.tracked)
    pages = [shown_of(served, run).get("equality-outcome", "") for run in (first, nothing_new)]
    assert pages[0].startswith("# Release 2022-03-31-")
    assert pages[1].startswith("# Nothing new: release 2022-03-31-")
    page = shown_of(served, stopped)["equality-outcome"]
    assert page.startswith("# The gate stopped the release; the one before stays\n")
    assert "- a planted contradiction\n" in page
    assert "equality-outcome" not in shown_of(served, product)


@pytest.mark.slow
def test_no_stage_is_tried_again(served, tracked, homes):
    """Not even that which failed: what computes gives the same again."""
    for run in runs_of(served, homes.tracked):
        chosen = {"flow_runs": {"id": {"any_": [run["id"]]}}}
        for each in served.api("/task_runs/filter", chosen):
            assert (each["run_count"], each["empirical_policy"]["retries"]) == (1, 0), each["name"]
        assert run["run_count"] == 1


def events_of(served: Served, name: str, run: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the events of a name that a flow run raised."""
    chosen = {"event": {"name": [name]}, "related": {"id": [f"prefect.flow-run.{run['id']}"]}}
    return served.api("/events/filter", {"filter": chosen, "limit": 50})["events"]


def published_alerts(home: Path) -> set[tuple[str, str, str]]:
    query = (
        "select organisation_code, code, split_part(message, ';', 1) from alert "
        f"where period_end = '{PERIOD}'"
    )
    with duckdb.connect(str(home / "published" / "equality.duckdb"), read_only=True) as found:
        return set(found.execute(query).fetchall())


@pytest.mark.slow
def test_published_alerts_are_raised_as_events_of_the_run_that_released(served, tracked, homes):
    first, nothing_new, *_ = runs_of(served, homes.tracked)
    expected = published_alerts(homes.tracked)
    assert expected
    events = until(
        lambda: len(found := events_of(served, "equality.alert", first)) == len(expected) and found,
        30,
    )
    told = {
        (*event["resource"]["prefect.resource.name"].split(), event["payload"]["message"])
        for event in events
    }
    rejected = ("01V", "SOURCE_REJECTED")
    assert {each for each in told if each[:2] != rejected} == {
        each for each in expected if each[:2] != rejected
    }
    assert (*rejected, "board of 31 March 2022 was rejected") in told
    for event in events:
        code, kind = event["resource"]["prefect.resource.name"].split()
        assert event["resource"]["prefect.resource.id"] == f"equality.{code}.{kind.lower()}"
        assert event["payload"]["running"] == "new"
    assert events_of(served, "equality.alert", nothing_new) == []


@pytest.mark.slow
def test_every_run_has_one_artifact_that_shows_the_alerts(served, served_run, tracked, homes):
    first, nothing_new, *_ = runs_of(served, homes.tracked)
    pages = []
    for run in (served_run, first, nothing_new):
        (artifact,) = artifacts_of(served, run)
        assert artifact["type"] == "markdown"
        pages.append(artifact["data"])
    assert len(set(pages)) == 1
    rows = pages[0].splitlines()
    assert rows[0] == "| Organisation | Snapshot | Alert | Since |"
    assert len(rows) == 2 + len(published_alerts(homes.tracked))
    for code, kind, message in published_alerts(homes.tracked):
        words = "board of 31 March 2022 was rejected" if kind == "SOURCE_REJECTED" else message
        assert [row for row in rows if f"({code}) | 31 March 2022 | {words} | new |" in row]


@pytest.mark.slow
def test_a_stop_is_raised_with_its_reasons(served, tracked, homes):
    (stopped,) = [
        run
        for run in runs_of(served, homes.tracked)
        if "The gate stopped" in run["state"]["message"]
    ]
    (artifact,) = artifacts_of(served, stopped)
    assert artifact["data"].endswith("the one before stays.\n\n- a planted contradiction\n")
    event, *more = until(lambda: events_of(served, "equality.gate.stopped", stopped), 30)
    assert event["payload"] == {"reasons": ["a planted contradiction"]}
    assert more == []
    assert events_of(served, "equality.alert", stopped) == []


@pytest.mark.slow
def test_no_number_below_the_threshold_is_in_an_event_or_artifact(served, tracked, homes):
    first, *_ = runs_of(served, homes.tracked)
    events = until(lambda: events_of(served, "equality.alert", first), 30)
    told = [str(event["payload"] | event["resource"]) for event in events]
    told += [artifact["data"] for artifact in artifacts_of(served, first)]
    for text in told:
        known = re.sub(r"\b(01[TV]|QYG)\b|31 March 2022|2022-03-31", "", text)
        assert [number for number in re.findall(r"\d+", known) if int(number) < 10] == []


@pytest.mark.slow
def test_server_learns_of_nobody(served, served_run, tracked, homes):
    """Nothing of a person, no pseudonym and no key is in any file of the server."""
    secrets = ["PLANTED", "people@example.org"]
    for home in (served.home, homes.tracked):
        secrets += [
            (home / "keys" / f"{name}.key").read_text().strip() for name in ("pseudonym", "store")
        ]
        secrets += [
            row[0] for row in private_rows(home, "select distinct person from landing.esr_staff")
        ]
    assert len(secrets) > 400
    kept = b"".join(files(served.home / "prefect").values())
    assert b"check esr_staff" in kept
    assert [secret for secret in secrets if secret.encode() in kept] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "exit_code"),
    [("run", 3), ("nothing new", 3), ("lock", 4), ("gate", 1), ("product", 70), ("empty inbox", 2)],
)
def test_exit_code_and_words_are_those_of_a_run_without_prefect(
    command, exit_code, plain, tracked, homes
):
    expected, found = plain[command], tracked[command]
    assert expected["exit_code"] == exit_code
    assert found["exit_code"] == exit_code

    assert words(found, homes.tracked) == words(expected, homes.plain)


def words(result: dict[str, Any], home: Path) -> tuple[str, str]:
    """What a command printed, without the folder of its home, the process and Prefect's lines."""
    out, err = (result[stream].replace(str(home.parent), "") for stream in ("out", "err"))
    own = [line for line in err.splitlines() if not PREFECT_LINE.match(line)]
    return out, re.sub(r"\(process \d+\)", "", "\n".join(own))


def fault_as_recorded(tracked: dict[str, dict[str, Any]]) -> str:
    """The words of the planted fault of the product: its place, and not what it quotes."""
    line = re.search(r"line \d+", tracked["product"]["err"].splitlines()[-1])
    return f"A fault of the product: ValueError at {DRIVER.name}, {line[0]}"


@pytest.mark.slow
def test_prefect_s_log_does_not_bury_the_summary(tracked):
    """A warning where a file is rejected or a digest not sent, an error where a stage failed."""
    printed = {name: result["err"].splitlines() for name, result in tracked.items()}
    of_prefect = {
        name: [line.split(" - ", 1)[1] for line in lines if " - " in line]
        for name, lines in printed.items()
    }
    rejected = [NOT_SENT, f"Rejected: {PERIOD}/01V/board"]
    fault = fault_as_recorded(tracked)
    failed = [
        f"Task run failed with state: Failed(message='{fault}', type=FAILED, result=None)",
        f"Finished in state Failed('{fault}')",
    ]
    spoken = {
        "run": rejected, "nothing new": rejected, "gate": rejected[:1], "product": failed
    }  # fmt: skip
    assert of_prefect == {name: spoken.get(name, []) for name in COMMANDS}
    assert not [line for lines in printed.values() for line in lines if "Traceback" in line]


@pytest.mark.slow
def test_failed_runs_are_recorded_with_their_words(served, tracked, homes):
    messages = [run["state"]["message"] for run in runs_of(served, homes.tracked)]
    states = [run["state_name"] for run in runs_of(served, homes.tracked)]
    assert states == ["Completed", "Completed", "Failed", "Failed", "Failed"]
    assert messages[2].startswith("Another run holds the lock")
    assert messages[3] == "The gate stopped: a planted contradiction"
    assert messages[4] == fault_as_recorded(tracked)


def test_server_that_does_not_answer_is_told_in_a_sentence(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    write_files(tmp_path / "home" / "inbox")
    ended = subprocess.run(
        [sys.executable, "-m", "pipeline", "run", "--home", str(tmp_path / "home")],
        env=environment(
            PREFECT_API_URL=f"http://127.0.0.1:{port}/api", PREFECT_HOME=str(tmp_path / "prefect")
        ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 2
    assert "equality: The Prefect server that PREFECT_API_URL names does not answer" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "home" / "private.duckdb").exists()


def test_local_server_that_ends_at_once_is_told_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(local.sys, "executable", "/bin/false")
    with (
        pytest.raises(ProductError, match=r"ended as it started.*server\.log.*PREFECT_API_URL"),
        local.local_server(tmp_path),
    ):
        pass
    assert "PREFECT_API_AUTH_STRING" not in os.environ


def test_local_server_that_is_too_late_is_stopped_and_told(tmp_path):
    with (
        pytest.raises(ProductError, match="does not answer after 0 s"),
        local.local_server(tmp_path, start_seconds=0.2),
    ):
        pass
    assert not (tmp_path / "client.env").exists()


@pytest.mark.parametrize("own", [{}, {"DO_NOT_TRACK": "0", "PREFECT_LOGGING_LEVEL": "INFO"}])
def test_settings_of_prefect_are_ours_where_the_user_has_none(own, monkeypatch):
    names = (
        "DO_NOT_TRACK", "PREFECT_SERVER_ANALYTICS_ENABLED", "PREFECT_LOGGING_LEVEL",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL",
    )  # fmt: skip
    for name in names:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    importlib.reload(flows)
    found = [os.environ.get(name) for name in names]
    assert found == (["0", "false", "INFO", None] if own else ["1", "false", None, "WARNING"])
