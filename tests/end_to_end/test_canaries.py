"""The whole product over an inbox full of marks, and a search for them in all that was written.

Every file of the homes, of the temporary folder, of the user's own folders and of the Prefect
server is looked through, with what is packed in it, and so is everything that was printed, and
every message that was sent. A mark may stand in the inbox, where it was planted, and inside what is
encrypted, where nobody sees it without the keys.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from canaries import STEMS, TEXT, Found, Search
from command import private_rows
from inbox import WHITE, board_rows, write_inbox
from marked_inbox import PERIOD, staff, write_again, write_bad, write_first
from measured import record
from receivers import certificate, smtp_server
from searched import Layer, layers, layers_below

from pipeline.identity import load_keys
from pipeline.settings import Home
from pipeline.store import open_private

pytestmark = pytest.mark.slow

DRIVER = Path(__file__).with_name("commands_of_one_process.py")
ROOT = Path(__file__).parents[2]
INBOXES = ("home/inbox/", "served/inbox/")
PUBLISHED_TABLE = "Table,Group,Count,Percent\nStaff,White,90,90%\nStaff,BME,#,#\nStaff,Total,100,\n"
CHANNELS = """
wait_seconds = 0
[email]
host = "127.0.0.1"
port = {port}
sender = "equality@example.org"
ca_file = "{chain}"
[analyst]
email = ["analyst@example.org"]
[icb.QYG]
email = ["icb@example.org"]
[employer.01T]
email = ["employer@example.org"]
"""


@dataclass
class Wrote:
    """Everything that the product wrote, below one folder, and what it printed and sent."""

    folder: Path
    printed: list[str] = field(default_factory=list)
    unprotected: list[str] = field(default_factory=list)
    """What commands with ``--unprotected`` printed: names of directorates as received, too."""
    exit_codes: list[int] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def served(self) -> Path:
        return self.folder / "served"

    def environment(self, **more: str) -> dict[str, str]:
        """Return an environment in which whatever is written anywhere lands in the folder."""
        own = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
                     "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):  # fmt: skip
            place = self.folder / "elsewhere" / name.lower()
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            own[name] = str(place)
        known = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        return own | {"PYTHONPATH": known, "PYTHONDONTWRITEBYTECODE": "1"} | more

    @property
    def working_folder(self) -> Path:
        place = self.folder / "elsewhere" / "working"
        place.mkdir(parents=True, exist_ok=True)
        return place

    def commands(
        self, home: Path, asked: Sequence[tuple[str | None, tuple[object, ...]]], **more: str
    ) -> None:
        """Run commands in one process, each with the fault that is planted for it."""
        lines = [
            {"fault": fault, "arguments": [*map(str, arguments), "--home", str(home)]}
            for fault, arguments in asked
        ]
        ended = subprocess.run(
            [sys.executable, str(DRIVER)],
            input=json.dumps(lines),
            capture_output=True,
            text=True,
            env=self.environment(**more),
            cwd=self.working_folder,
            timeout=3600,
            check=False,
        )
        is_unprotected = all("--unprotected" in line["arguments"] for line in lines)
        (self.unprotected if is_unprotected else self.printed).extend([ended.stdout, ended.stderr])
        assert ended.returncode == 0, ended.stderr[-2000:]
        self.exit_codes += [each["exit_code"] for each in json.loads(ended.stdout)]

    def killed(self, when: Callable[[], bool]) -> None:
        """Start a run, kill it as soon as ``when`` holds, and keep a copy of what it left."""
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "run", "--home", str(self.home)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(),
            cwd=self.working_folder,
        )
        while not when() and process.poll() is None:
            time.sleep(0.002)
        process.kill()
        self.printed += [stream.decode() for stream in process.communicate()]
        number = len(list(self.folder.glob("killed-*")))
        # What is whole already is looked through in its place.
        ignored = shutil.ignore_patterns("inbox", "published", "report", "filings")
        shutil.copytree(self.home, self.folder / f"killed-{number}", ignore=ignored)
        self.exit_codes.append(process.returncode)

    def layers(self) -> Iterator[Layer]:
        """Yield everything that was written, printed and sent, but not the inboxes."""
        for layer in layers_below(self.folder):
            if not layer.place.startswith(INBOXES):
                yield layer
        for name, texts in (("printed", self.printed), ("unprotected", self.unprotected)):
            yield from (Layer(f"{name} {n}", text.encode()) for n, text in enumerate(texts))
        for number, content in enumerate(self.messages):
            yield from layers(f"message {number}", content)


def until(holds: Callable[[], Any], seconds: float) -> Any:
    """Return the first true answer."""
    deadline = time.monotonic() + seconds
    while not (answer := holds()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.2)
    return answer


@contextmanager
def served(wrote: Wrote) -> Iterator[Callable[[], dict[str, str]]]:
    """Serve the schedule of a second home; gives what returns the client's settings."""
    write_inbox(wrote.served / "inbox", PERIOD, "01T", "esr_staff", staff({WHITE: 60}))
    rows = [row | {"Ethnic Origin": f"{TEXT} {n}"} for n, row in enumerate(board_rows({WHITE: 9}))]
    lacking = [{name: row[name] for name in row if name != "Voting"} for row in rows]
    write_inbox(wrote.served / "inbox", PERIOD, "01T", "board", lacking)
    log = (wrote.folder / "serve.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "serve", "--home", str(wrote.served)],
        stdout=log,
        stderr=log,
        env=wrote.environment(PREFECT_RUNNER_POLL_FREQUENCY="1"),
        cwd=wrote.working_folder,
    )
    settings = wrote.served / "prefect" / "client.env"

    def client() -> dict[str, str]:
        until(lambda: settings.exists() or process.poll() is not None, 900)
        assert process.poll() is None, (wrote.folder / "serve.log").read_text()
        return dict(line.split("=", 1) for line in settings.read_text().splitlines())

    try:
        yield client
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        log.close()


def run_of_deployment(client: dict[str, str]) -> None:
    """Let the scheduled run happen now, and wait for its end."""
    import base64

    password = base64.b64encode(client["PREFECT_API_AUTH_STRING"].encode()).decode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def api(path: str, body: object = None) -> Any:
        request = urllib.request.Request(
            client["PREFECT_API_URL"] + path,
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Basic {password}", "Content-Type": "application/json"},
        )
        try:
            with opener.open(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError:
            # The deployment is not there yet, or the server's database is busy.
            return None

    found = until(lambda: api("/deployments/name/quarterly/quarterly"), 300)
    started = until(lambda: api(f"/deployments/{found['id']}/create_flow_run", {}), 60)
    ends = ("COMPLETED", "FAILED", "CRASHED")
    run = until(
        lambda: (one := api(f"/flow_runs/{started['id']}")) and one["state_type"] in ends and one,
        1200,
    )
    assert run["state_type"] == "COMPLETED", run["state"]


@pytest.fixture(scope="module")
def wrote(module_folders) -> Iterator[Wrote]:
    """The whole product, once."""
    found = Wrote(module_folders.mktemp("canaries") / "all")
    known = certificate(found.folder / "tls")
    home, explained = found.home, ("explain", "PSED", "ethnicity", "--organisation", "01T")
    explained += ("--period", PERIOD)
    write_first(home / "inbox")
    write_bad(home / "inbox")
    table = found.working_folder / "table.csv"
    table.write_text(PUBLISHED_TABLE, encoding="utf-8")
    with smtp_server(known) as mailbox, served(found) as client:
        channels = home / "channels.toml"
        channels.write_text(CHANNELS.format(port=mailbox.port, chain=known.chain))
        channels.chmod(0o600)
        found.commands(home, [(None, ("run",))])
        write_again(home / "inbox")
        found.commands(
            home,
            [
                (None, ("run",)),
                (None, ("report",)),
                *((None, (name, "--json")) for name in ("status", "feedback", "alerts")),
                *((None, (name,)) for name in ("status", "feedback", "alerts", "figures")),
                (None, ("alerts", "charts")),
                (None, (*explained, "--html", "explained.html")),
                (None, ("audit", table)),
                (None, ("attack", table)),
                (None, ("check-registry",)),
            ],
        )
        found.commands(
            home,
            [
                (None, ("figures", "--unprotected", "--json")),
                (None, (*explained, "--unprotected", "--html", "unprotected.html")),
                (None, (*explained, "--unprotected", "--json")),
            ],
        )
        settings = client()
        run_of_deployment(settings)
        write_inbox(home / "inbox", PERIOD, "01V", "esr_staff", staff({WHITE: 80}, 301))
        (home / "inbox" / PERIOD / "01V" / "esr_staff.xlsx").unlink()
        found.killed(lambda: any(home.glob("private.duckdb.wal")))
        faults = [("gate", ("run",)), ("product", ("run",)), ("database", ("run",))]
        found.commands(home, [*faults, ("lock", ("run",))])
        tracked = settings | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        write_inbox(found.served / "inbox", PERIOD, "01V", "esr_staff", staff({WHITE: 40}, 301))
        found.commands(found.served, [*faults, (None, ("attack", published(found)))], **tracked)
        unfinished = home / "releases"
        found.killed(lambda: any(unfinished.glob(".*.unfinished/*")))
        found.messages = [message.as_bytes() for message in mailbox.messages]
    yield found


def published(wrote: Wrote) -> Path:
    return wrote.served / "published" / "equality.duckdb"


@dataclass(frozen=True)
class Searched:
    """What the search found, and how much it looked through."""

    found: list[Found]
    search: Search


def pseudonyms(home: Path) -> list[str]:
    rows = private_rows(home, "select distinct person from landing.esr_staff order by all")
    return [person for (person,) in rows]


def secrets(home: Path) -> dict[str, bytes]:
    """Return keys and some pseudonyms of a home: no file in clear holds them."""
    keys = load_keys(Home(home))
    found = {
        f"sealing key of {home.name}": keys.sealing_key(),
        f"database key of {home.name}": keys.database_key().encode(),
    }
    for number, person in enumerate(pseudonyms(home)[:12]):
        found[f"pseudonym {number} of {home.name}"] = person.encode()
        found[f"pseudonym {number} of {home.name} in bytes"] = bytes.fromhex(person)
    return found


@pytest.fixture(scope="module")
def searched(wrote) -> Searched:
    search = Search(more=secrets(wrote.home) | secrets(wrote.served))
    found = [one for one in search.find(wrote.layers()) if not is_for_the_analyst(one)]
    facts = search.facts() | {"marks planted": planted(wrote), "found": len(found)}
    facts |= {"commands and runs": len(wrote.exit_codes), "messages": len(wrote.messages)}
    record("canaries", facts | {f"opened: {k}": n for k, n in sorted(search.containers.items())})
    return Searched(found, search)


def is_for_the_analyst(one: Any) -> bool:
    """Return whether it is the name of a directorate in what ``--unprotected`` prints."""
    return one.place.startswith("unprotected ") and one.mark == "text"


def planted(wrote: Wrote) -> int:
    """Return how many times a mark stands in the inboxes."""
    stems = [stem.lower().encode() for stem in STEMS.values()]
    contents = [
        layer.content.lower()
        for home in (wrote.home, wrote.served)
        for layer in layers_below(home / "inbox")
    ]
    return sum(content.count(stem) for content in contents for stem in stems)


def test_every_part_of_the_product_ran(wrote):
    homes = [wrote.home, wrote.served]
    assert all((home / "published" / "equality.duckdb").exists() for home in homes)
    there = ["quality/index.html", "quality/xmr", "decisions/unknown_codes.csv", "filings"]
    assert all((wrote.home / name).exists() for name in there)
    assert list(wrote.home.glob("published/report-*/01T/report.pdf"))
    assert list(wrote.served.glob("published/report-*/index.html"))
    assert list(wrote.home.glob("feedback/*/*/alerts.xlsx"))
    assert (wrote.served / "prefect" / "prefect.db").exists()
    assert {name.name for name in wrote.working_folder.glob("*.html")} == {
        "explained.html", "unprotected.html",
    }  # fmt: skip
    to = {re.search(rb"^To: (\S+)", message, re.MULTILINE)[1] for message in wrote.messages}
    assert to == {b"analyst@example.org", b"icb@example.org", b"employer@example.org"}
    assert {0, 1, 3, 4, 70, -signal.SIGKILL} <= set(wrote.exit_codes)
    assert "Traceback" not in "".join(wrote.printed)


def test_every_kind_of_mark_was_received_and_landed_or_sealed(wrote):
    quarantined = "select count(*) from ledger.quarantine"
    assert private_rows(wrote.home, quarantined)[0][0] > 50
    landed = f"select count(*) from landing.esr_staff where job_role like '{TEXT}%'"
    assert private_rows(wrote.home, landed)[0][0] > 0
    rejected = "select count(distinct source) from ledger.load where status = 'rejected'"
    assert private_rows(wrote.home, rejected)[0][0] >= 5
    inbox = Search()
    marks = {one.mark for one in inbox.find(layers_below(wrote.home / "inbox"))}
    assert set(STEMS) - {"mark in an exception"} | {"birth date"} <= marks


def test_no_mark_stands_in_anything_that_was_written(searched):
    assert searched.search.facts()["bytes searched"] > 30_000_000
    assert {"zip", "pdf", "text of pdf", "parquet", "duckdb", "sqlite"} <= set(
        searched.search.containers
    )
    assert [str(one) for one in searched.found] == []


def test_identifiers_stand_in_no_table_of_the_private_database_either(wrote):
    """Of names, numbers and birth dates nothing is kept but pseudonyms and age bands."""
    allowed = {"text", "mark in an exception"}
    kept = Home(wrote.home)
    with open_private(kept, load_keys(kept), read_only=True) as connection:
        # How many residents an area has may read like the days of a birth date.
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'private' "
            "and table_name not in ('census_population', 'population')"
        ).fetchall()
        texts = [
            Layer(
                f"{schema}.{table}",
                str(
                    connection.execute(
                        f"select columns(c -> c <> 'row_sealed') from {schema}.{table}"
                    ).fetchall()
                ).encode(),
            )
            for schema, table in tables
        ]
    found = Search().find(texts)
    assert [str(one) for one in found if one.mark not in allowed] == []
    places = {one.place for one in found}
    assert "landing.esr_staff" in places, "as received, for who has to look into it"
    # What stands in clear is the name of a directorate, a role or a service: figures have it too.
    assert {place.partition(".")[0] for place in places} <= {
        "landing", "staging", "core", "measures", "marts", "ledger",
    }  # fmt: skip
    assert {place for place in places if place.startswith("ledger.")} <= {"ledger.unknown_code"}


def test_what_is_encrypted_opens_with_the_keys_alone(wrote):
    """The marks are in there: it is not that they were lost."""
    from pipeline.receive.snapshots import Snapshots

    snapshots = Snapshots(wrote.home / "snapshots", load_keys(Home(wrote.home)))
    contents = [snapshots.content(path.stem) for path in wrote.home.glob("snapshots/*/*.sealed")]
    found = Search().find(layer for content in contents for layer in layers("kept", content))
    assert {"birth date", "text", "NI number", "employee number"} <= {one.mark for one in found}
