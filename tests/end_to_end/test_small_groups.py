"""Two inboxes that differ in groups of few people alone: everything published of them is the same.

In one home three people are Mixed White and Black Caribbean, five Filipino, and three are in a
formal case; in the other four, four and four. Nobody who reads what is published, the Prefect
server, or a message to somebody else than the employer can tell which home it is of. What is for
the employer and for the filings differs, so that the comparison is known to see it.
"""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from command import private_rows
from inbox import BME, UNKNOWN, WHITE, board_rows, case_rows, staff_rows, write_inbox
from receivers import certificate, smtp_server
from searched import layers, layers_below

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PERIOD = "2022-03-31"
TOGETHER = Path(__file__).with_name("two_homes_of_one_server.py")
CARIBBEAN, FILIPINO = "D Mixed - White & Black Caribbean", "S1 Filipino"
FEW = {"three": (3, 5, 3), "four": (4, 4, 4)}
"""By home: how many are of each of two ethnic groups, and in a formal case."""
OPENED = ("duckdb", "parquet", "zip", "text of pdf", "address of data")
CLOSED = (b"PK\x03\x04", b"PAR1", b"%PDF")
SIGNS = 12
"""Hexadecimal digits in the name of a release."""
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
email = ["{name}@example.org"]
[employer.01T]
email = ["employer-{name}@example.org"]
"""


def write_files(inbox: Path, caribbean: int, filipino: int, cases: int) -> None:
    """Write two employers; the hidden groups of one differ."""
    counts = {WHITE: 90, BME: 40, UNKNOWN: 12, CARIBBEAN: caribbean, FILIPINO: filipino}
    write_inbox(inbox, PERIOD, "01T", "esr_staff", staff_rows(counts))
    write_inbox(inbox, PERIOD, "01T", "employee_relations", case_rows({"Disciplinary": cases}))
    write_inbox(inbox, PERIOD, "01T", "board", board_rows({WHITE: 11, BME: 4}))
    other = staff_rows({WHITE: 70, BME: 30, UNKNOWN: 11}, first=501)
    write_inbox(inbox, PERIOD, "01V", "esr_staff", other)


@dataclass(frozen=True)
class Home:
    """A home after its run, and what was told of it."""

    root: Path
    release_id: str
    to_the_icb: tuple[str, ...]

    @property
    def printed(self) -> str:
        return self.root.with_suffix(".printed").read_text(encoding="utf-8")

    def alike(self, text: str) -> str:
        """Return a text without what names the home and the release."""
        return text.replace(self.release_id, "RELEASE").replace(self.root.name, "HOME")

    def below(self, *folders: str) -> dict[str, str]:
        """Return what a reader of some folders sees, by its place."""
        seen = {}
        for folder in folders:
            for layer in layers_below(self.root / folder):
                is_closed = layer.content.startswith(CLOSED) or layer.content[8:12] == b"DUCK"
                if is_closed or layer.container == "pdf":
                    continue
                text = layer.content.decode("utf-8", "replace")
                if layer.container == "text of pdf":
                    # Where a line ends depends on how wide the name of the release is.
                    text = "".join(text.split())
                # What a copy of the tables hashes to, and how well it is compressed, depends on
                # the name of the release that stands in it; the copy itself is compared.
                text = re.sub(r'"sha256:[0-9a-f]{64}"', "HASH", text)
                text = re.sub(r'(\.parquet",\s+"bytes": )\d+', r"\1SIZE", text)
                seen[self.alike(f"{folder}/{layer.place}")] = self.alike(text)
        return seen


@pytest.fixture(scope="module")
def server(module_folders) -> Path:
    return module_folders.mktemp("server") / "prefect"


@pytest.fixture(scope="module")
def homes(module_folders, server) -> tuple[Home, Home]:
    """Both homes after a tracked run and a report."""
    folder = module_folders.mktemp("small")
    known = certificate(folder / "tls")
    roots = [folder / f"home-of-{name}" for name in FEW]
    with smtp_server(known) as mailbox:
        for root, (name, few) in zip(roots, FEW.items(), strict=True):
            write_files(root / "inbox", *few)
            told = CHANNELS.format(port=mailbox.port, chain=known.chain, name=name)
            (root / "channels.toml").write_text(told)
            (root / "channels.toml").chmod(0o600)
        own = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        known_paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        ended = subprocess.run(
            [sys.executable, str(TOGETHER), str(server), *map(str, roots)],
            env=own | {"PYTHONPATH": known_paths},
            capture_output=True,
            text=True,
            timeout=2400,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr[-3000:]
    return tuple(
        Home(
            root,
            (root / "published" / "current.txt").read_text(encoding="ascii").strip(),
            tuple(
                layer.content.decode()
                for message in mailbox.to(f"{name}@example.org")
                for layer in layers("message", message.as_bytes())
                if layer.place.startswith("message/part")
            ),
        )
        for root, name in zip(roots, FEW, strict=True)
    )


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Return the places of what is not the same."""
    return sorted(
        place
        for place in {*one, *other}
        if one.get(place) != other.get(place) and not is_same_pdf(place, one, other)
    )


def is_same_pdf(place: str, one: dict[str, str], other: dict[str, str]) -> bool:
    """Return whether a text read by a font differs where another font tells of the release alone.

    Read by a font that is not its own, the name of a release is nonsense, and another nonsense in
    the other home: as often as it stands there, twelve signs may differ.
    """
    document, by_font, _ = place.partition("/text by font ")
    if not by_font or len(one.get(place, "")) != len(other.get(place, "")):
        return False
    printed = max(one[each].count("RELEASE") for each in one if each.startswith(document))
    pairs = zip(one[place], other[place], strict=True)
    apart = [number for number, (left, right) in enumerate(pairs) if left != right]
    runs = 0
    while apart:
        runs, apart = runs + 1, [number for number in apart if number >= apart[0] + SIGNS]
    return runs <= printed


def test_the_homes_differ_in_what_is_not_published(homes):
    query = (
        "select numerator from marts.figure where standard = 'PSED' and indicator = 'ethnicity' "
        "and part = 'detail' and measure = 'share' and organisation_code = '01T' "
        "and level = 'employer' and numerator between 3 and 5 order by all"
    )
    counts = [private_rows(home.root, query) for home in homes]
    assert counts == [[(3,), (5,)], [(4,), (4,)]]
    one, other = homes
    assert one.release_id != other.release_id
    # The filings hold true counts, and the manifest how many rows a file of cases has.
    assert differing(one.below("filings"), other.below("filings"))
    manifest = f"releases/{'RELEASE'}/manifest.json"
    assert manifest in differing(one.below("releases"), other.below("releases"))


def test_everything_that_is_published_is_the_same(homes):
    one, other = (home.below("published") for home in homes)
    assert {"html", "csv", "svg", "txt"} & {place.rsplit(".", 1)[-1] for place in one}
    for ending in ("main.figure", "/rows", "xl/sharedStrings.xml", "content.xml", "by font 0"):
        assert [place for place in one if place.endswith(ending)], ending
    assert differing(one, other) == []


def test_what_the_commands_print_of_the_published_is_the_same(homes):
    one, other = (home.alike(home.printed) for home in homes)
    received = re.compile(r"^Received .*$", re.MULTILINE)
    assert [line for line in one.splitlines() if "figures  " in line]
    assert without_addresses(received.sub("", one)) == without_addresses(received.sub("", other))


def without_addresses(text: str) -> str:
    """Return a text without Prefect's names of runs, and its times."""
    lines = [line for line in text.splitlines() if not re.match(r"\d\d:\d\d:\d\d", line)]
    return "\n".join(lines)


def test_the_icb_is_sent_the_same(homes):
    one, other = homes
    assert one.to_the_icb
    assert [one.alike(each) for each in one.to_the_icb] == [
        other.alike(each) for each in other.to_the_icb
    ]


QUERIES = {
    "artifact": "select data, description from artifact",
    "events": "select event, resource_id, payload from events where event like 'equality.%'",
    "log": "select message from log",
    "task_run_state": "select name, message from task_run_state",
    "flow_run_state": "select name, message from flow_run_state",
    "task_run": "select name from task_run",
}


@pytest.mark.parametrize("table", QUERIES)
def test_the_prefect_server_is_told_the_same(homes, server, table):
    """Every row that one home left there has its like of the other: all of them come in pairs."""
    with closing(sqlite3.connect(server / "prefect.db")) as connection:
        rows = connection.execute(QUERIES[table]).fetchall()
    told: dict[str, int] = {}
    for row in rows:
        text = str(row)
        for home in homes:
            text = home.alike(text)
        # Prefect's own names of runs are drawn at random.
        text = re.sub(r"-[0-9a-f]{3}'", "'", text)
        text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|'[a-z]+-[a-z]+'", "NAME", text)
        told[text] = told.get(text, 0) + 1
    if table in ("artifact", "events", "task_run", "flow_run_state"):
        assert told
    assert [text for text, times in told.items() if times % 2] == []
