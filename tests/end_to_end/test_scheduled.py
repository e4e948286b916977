"""`equality run --scheduled` day after day: it waits, reminds, runs and says who is missing.

The day is set; the extracts, the home, the release and the mail server are real.
"""

import json
from datetime import date, timedelta
from email.message import EmailMessage

import duckdb
import pytest
from command import equality, private_rows
from inbox import BME, UNKNOWN, WHITE, board_rows, staff_rows, write_inbox
from receivers import HOST, certificate, smtp_server

MARCH, JUNE = "2022-03-31", "2022-06-30"
SETTINGS = """
[schedule]
deadline_days = 20
remind_days_before = [10, 3]
sources = ["esr_staff"]
"""
COUNTS = {WHITE: 40, BME: 15, UNKNOWN: 5}
FIRST = {"01T": 1, "01V": 201, "01X": 401}


def send(home, period, *codes):
    for code in codes:
        rows = staff_rows(COUNTS, first=FIRST[code])
        write_inbox(home / "inbox", period, code, "esr_staff", rows)


def snapshots(home):
    """The snapshots and employers of the newest release."""
    database = str(home / "published" / "equality.duckdb")
    with duckdb.connect(database, read_only=True) as connection:
        rows = connection.execute(
            "select distinct cast(period_end as varchar), organisation_code from figure "
            "where level = 'employer' and standard = 'PSED' and status <> 'missing_source' "
            "order by all"
        ).fetchall()
    return [f"{period} {code}" for period, code in rows]


def releases(home):
    return sorted(path.name for path in (home / "releases").iterdir())


def owed(home, period=JUNE):
    found = {}
    for path in sorted((home / "feedback" / period).glob("*/outstanding.jsonl")):
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert path.with_suffix(".xlsx").exists()
        found[path.parent.name] = {line["source"]: line["lack"] for line in lines}
    return found


@pytest.fixture
def on(monkeypatch):
    """Look on a day, without the report, which other tests make."""
    monkeypatch.setattr("pipeline.report.whole.make_report", lambda _: None)

    def look(day, home):
        monkeypatch.setattr("pipeline.schedule.run.today", lambda: date.fromisoformat(day))
        return equality("run", "--scheduled", "--home", home)

    return look


@pytest.fixture
def home(tmp_path):
    found = tmp_path / "home"
    (found / "inbox").mkdir(parents=True)
    (found / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    return found


@pytest.mark.slow
def test_a_quarter_day_by_day(home, on):
    """Two CCGs sent March; of June one sends at once, the other a broken file, then nothing."""
    send(home, MARCH, "01T", "01V")
    begun = on("2022-04-21", home)
    assert begun.exit_code == 0
    assert "The deadline for 31 March 2022 was 20 April 2022; nothing is missing." in begun.out
    assert snapshots(home) == [f"{MARCH} 01T", f"{MARCH} 01V"]

    idle = on("2022-04-22", home)
    assert "Nothing new" in idle.out
    assert len(releases(home)) == 1

    silent = on("2022-07-01", home)
    assert silent.exit_code == 0
    assert "Waiting for extracts of 30 June 2022 until 20 July 2022.\nMissing (2):" in silent.out
    assert owed(home) == {
        "01T": {"esr_staff": "not received"}, "01V": {"esr_staff": "not received"}
    }  # fmt: skip

    send(home, JUNE, "01T")
    lacking = [
        {name: row[name] for name in row if name != "Ethnic Origin"} for row in staff_rows(COUNTS)
    ]
    write_inbox(home / "inbox", JUNE, "01V", "esr_staff", lacking)
    waiting = on("2022-07-05", home)
    assert waiting.exit_code == 0, "what is rejected can still be mended"
    assert "Received 2 files" in waiting.out
    assert "NHS Southport and Formby CCG (01V): esr_staff (rejected)" in waiting.out
    assert "01T" not in owed(home)
    assert owed(home) == {"01V": {"esr_staff": "rejected"}}
    assert (home / "feedback" / JUNE / "01V" / "esr_staff.xlsx").exists()
    assert len(releases(home)) == 1
    assert on("2022-07-20", home).exit_code == 0
    assert snapshots(home) == [f"{MARCH} 01T", f"{MARCH} 01V"]

    late = on("2022-07-21", home)
    assert late.exit_code == 3
    assert "The deadline for 30 June 2022 was 20 July 2022; it runs with what came." in late.out
    assert "NHS Southport and Formby CCG (01V): esr_staff (rejected)" in late.out
    assert snapshots(home) == [f"{MARCH} 01T", f"{MARCH} 01V", f"{JUNE} 01T"]
    assert on("2022-07-22", home).exit_code == 3
    assert len(releases(home)) == 2

    send(home, JUNE, "01V")
    mended = on("2022-08-03", home)
    assert mended.exit_code == 0
    assert snapshots(home)[-1] == f"{JUNE} 01V"
    assert owed(home) == {}
    assert len(releases(home)) == 3


@pytest.mark.slow
def test_everything_there_runs_before_the_deadline_and_by_hand_nothing_waits(home, on, monkeypatch):
    monkeypatch.setattr("pipeline.schedule.summary.today", lambda: date(2022, 4, 1))
    (home / "settings.toml").write_text(SETTINGS + 'organisations = ["01T", "01V"]\n')
    send(home, MARCH, "01T")
    assert "Waiting for extracts of 31 March 2022" in on("2022-04-01", home).out
    assert not (home / "published").exists()
    known = equality("status", "--home", home).out
    assert "Last look of the schedule: 1 April 2022\nWaiting for extracts of 31 March" in known
    assert "(01V): esr_staff" in known
    by_hand = equality("run", "--home", home)
    assert by_hand.exit_code == 0
    assert snapshots(home) == [f"{MARCH} 01T"]
    send(home, MARCH, "01V")
    assert "Everything expected of 31 March 2022 is there." in on("2022-04-02", home).out
    assert snapshots(home) == [f"{MARCH} 01T", f"{MARCH} 01V"]
    monkeypatch.setattr("pipeline.schedule.summary.today", lambda: date(2022, 4, 5))
    assert "2 April 2022; none since, so see whether" in equality("status", "--home", home).out


def test_a_quarter_missed_is_made_up_for_once_while_the_next_one_is_waited_for(home, on):
    """The machine was off from before the deadline of March until after the end of June."""
    (home / "settings.toml").write_text(SETTINGS + 'organisations = ["01T", "01V"]\n')
    send(home, MARCH, "01T")
    on("2022-04-01", home)
    send(home, JUNE, "01V")
    found = on("2022-07-03", home)
    assert snapshots(home) == [f"{MARCH} 01T"]
    assert "Waiting for extracts of 30 June 2022" in found.out
    assert owed(home) == {"01T": {"esr_staff": "not received"}}
    for day in ("2022-07-04", "2022-07-05", "2022-07-06"):
        assert on(day, home).exit_code == 0
    assert len(releases(home)) == 1


def test_a_clock_that_leaps_and_comes_back_releases_nothing(home, on):
    (home / "settings.toml").write_text(SETTINGS + 'organisations = ["01T", "01V"]\n')
    send(home, MARCH, "01T")
    on("2022-04-05", home)
    for day in ("2040-06-01", "2022-04-06", "1970-01-02", "2022-04-06"):
        found = on(day, home)
        assert found.exit_code == 0
        assert "The clock has leapt" in found.out
        assert not (home / "published").exists()
    assert "Waiting for extracts of 31 March 2022" in on("2022-04-07", home).out


@pytest.mark.slow
def test_a_snapshot_still_to_come_is_left_in_the_inbox(home, on):
    send(home, MARCH, "01T")
    send(home, JUNE, "01T")
    on("2022-04-25", home)
    assert snapshots(home) == [f"{MARCH} 01T"]
    assert private_rows(home, "select count(*) from ledger.load") == [(1,)]


CHANNELS = """
wait_seconds = 0
attempts = 1
[email]
host = "{host}"
port = {port}
sender = "equality@example.org"
ca_file = "{ca_file}"
[analyst]
email = ["analyst@example.org"]
[icb.QYG]
email = ["lead@example.org"]
[employer.01T]
email = ["south.sefton@example.org"]
[employer.01V]
email = ["southport@example.org"]
"""


def told(mailbox) -> list[tuple[str, str]]:
    """Whom the mailbox's reminders are for and their subjects, and forget them."""
    found = [
        (message["To"].partition("@")[0], message["Subject"])
        for message in mailbox.messages
        if message["Subject"].startswith("Extracts")
    ]
    mailbox.messages.clear()
    return sorted(found)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_each_is_reminded_once_a_stage_and_only_of_what_concerns_it(home, on, tmp_path):
    (home / "settings.toml").write_text(SETTINGS + 'organisations = ["01T", "01V"]\n')
    send(home, MARCH, "01T")
    known = certificate(tmp_path / "tls")
    with smtp_server(known) as mailbox:
        text = CHANNELS.format(host=HOST, port=mailbox.port, ca_file=known.chain)
        (home / "channels.toml").write_text(text)
        (home / "channels.toml").chmod(0o600)
        on("2022-04-09", home)
        assert told(mailbox) == []
        on("2022-04-11", home)
        last = mailbox.messages[-1] if mailbox.messages else None
        words = "Extracts of 31 March 2022 expected by 20 April 2022"
        three = [
            ("analyst", words),
            ("lead", f"{words}: NHS Cheshire and Merseyside Integrated Care Board (QYG)"),
            ("southport", f"{words}: NHS Southport and Formby CCG (01V)"),
        ]
        assert [(whom, subject.replace("\n", "")) for whom, subject in told(mailbox)] == three
        assert "NHS Southport and Formby CCG (01V): esr_staff" in text_of(last)
        for day in ("2022-04-11", "2022-04-12", "2022-04-16"):
            on(day, home)
        assert told(mailbox) == []

        mailbox.answers += ["451 busy"]
        lost = on("2022-04-17", home)
        assert lost.exit_code == 0
        assert "One digest could not be sent and will be tried again" in lost.out
        assert len(told(mailbox)) == 2
        on("2022-04-18", home)
        assert len(told(mailbox)) == 1, "what could not be sent is, once"

        over = on("2022-04-21", home)
        assert "it runs with what came" in over.out
        missed = told(mailbox)
        assert [whom for whom, _ in missed] == ["analyst", "lead", "southport"]
        assert missed[0][1] == "Extracts of 31 March 2022 missing"
        on("2022-04-22", home)
        assert told(mailbox) == []


def text_of(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content()


def test_a_day_before_the_first_extract_says_what_to_do(home, on):
    found = on("2022-04-05", home)
    assert found.exit_code == 2
    assert "is empty" in found.err


def test_a_run_of_the_schedule_takes_no_period(home):
    assert equality("run", "--scheduled", "--period", MARCH, "--home", home).exit_code == 2


@pytest.mark.slow
def test_a_look_too_many_changes_no_file_of_a_release(home, on):
    send(home, MARCH, "01T", "01V")
    on("2022-04-25", home)
    kept = {path: path.stat().st_mtime_ns for path in (home / "releases").rglob("*")}
    board = board_rows({WHITE: 4})
    write_inbox(home / "inbox", "2099-12-31", "RBQ", "board", board)
    for days in range(3):
        on((date(2022, 4, 25) + timedelta(days)).isoformat(), home)
    assert {path: path.stat().st_mtime_ns for path in (home / "releases").rglob("*")} == kept
