"""Where a person's identifiers and values go: nowhere but into what is encrypted.

A small run, looked through value by value; `test_canaries.py` looks through the whole product.
"""

import csv
import io
import stat

import pytest
from command import equality, files
from inbox import BME, UNKNOWN, WHITE, csv_text, staff_rows, write_inbox
from searched import layers_below

from pipeline.identity import load_keys
from pipeline.receive.snapshots import Snapshots
from pipeline.settings import Home
from pipeline.store import open_private

PERIOD = "2022-03-31"

IDENTIFIERS = ["79345671", "29345672", "29345673", "1957-11-23", "23/11/1957", "23-Nov-1957"]
"""NHS Unique Id, employee and assignment number, and dates of birth."""

VALUES = [
    "ZZorigin", "ZZdisability", "ZZgender", "ZZbelief", "ZZorientation", "ZZmarital", "ZZflag",
    "ZZfte", "ZZbirth", "ZZstart", "ZZscale", "ZZgroup", "ZZsurname", "ZZrejected", "ZZvoting",
]  # fmt: skip
"""Values that no list knows, in every column that is judged, and in one that is not read."""


def _staff():
    rows = staff_rows({WHITE: 150, BME: 60, UNKNOWN: 40})
    own = {
        "NHS Unique Id": "79345671",
        "Employee Number": "29345672",
        "Assignment Number": "29345673",
    }
    rows[0] |= own | {
        "Date Of Birth": "1957-11-23", "Ethnic Origin": "ZZorigin", "Disability": "ZZdisability",
        "Gender": "ZZgender", "Religious Belief": "ZZbelief",
        "Sexual Orientation": "ZZorientation", "Marital Status": "ZZmarital",
    }  # fmt: skip
    rows[1] |= {"Primary Assignment": "ZZflag", "Date Of Birth": "23/11/1957"}
    rows[2] |= {"FTE": "ZZfte"}
    rows[3] |= {"Date Of Birth": "ZZbirth"}
    rows[4] |= {"Latest Start Date": "ZZstart"}
    rows[5] |= {"Staff Group": "ZZgroup"}
    rows[6] |= {"Pay Scale": "ZZscale", "Date Of Birth": "23-Nov-1957"}
    return [row | {"Surname": "ZZsurname"} for row in rows]


@pytest.fixture(scope="module")
def run(module_folders):
    """A home after a run over planted values, and everything that the commands printed."""
    home = module_folders.mktemp("run") / "home"
    inbox = home.parent / "inbox"
    write_inbox(inbox, PERIOD, "01T", "esr_staff", _staff())
    rejected = [row | {"Pay Scale": "ZZrejected"} for row in _staff()]
    write_inbox(inbox, PERIOD, "01V", "esr_staff", rejected)
    header, *rows = csv.reader(io.StringIO(csv_text(_staff())))
    headless = csv_text([dict(zip(header, row, strict=True)) for row in rows]).split("\r\n", 1)[1]
    path = write_inbox(inbox, PERIOD, "01X", "esr_staff", _staff())
    path.write_text(headless, encoding="utf-8")
    results = [equality("run", "--home", home, "--inbox", inbox)]
    assert results[0].exit_code == 3
    for command in ("run", "status", "feedback", "alerts", "figures"):
        arguments = ["--inbox", inbox] if command == "run" else ["--json"]
        results.append(equality(command, "--home", home, *arguments))
    return home, "".join(result.out + result.err for result in results)


@pytest.fixture(scope="module")
def written(run):
    """Everything in the home, with what is packed in it."""
    return list(layers_below(run[0]))


@pytest.mark.parametrize("planted", IDENTIFIERS + VALUES)
def test_it_stands_in_no_file_in_clear(written, planted):
    small, wide = planted.lower().encode(), planted.lower().encode("utf-16-le")
    for layer in written:
        # For the team's own eyes: two organisations sent these values.
        if planted in VALUES and layer.place == "decisions/unknown_codes.csv":
            continue
        content = layer.content.lower()
        assert small not in content, layer.place
        assert wide not in content, layer.place


@pytest.mark.parametrize("planted", IDENTIFIERS + VALUES)
def test_it_is_printed_by_no_command(run, planted):
    assert planted not in run[1]


@pytest.fixture(scope="module")
def tables(run):
    """Every table of the private database as text, without the sealed rows."""
    home = Home(run[0])
    with open_private(home, load_keys(home), read_only=True) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'private' order by all"
        ).fetchall()
        return {
            name: str(
                connection.execute(f"select columns(c -> c <> 'row_sealed') from {name}").fetchall()
            )
            for (name,) in names
        }


def test_identifiers_stand_in_no_table_not_even_in_an_encrypted_one(tables):
    assert {"landing.esr_staff", "ledger.fault", "ledger.quarantine", "marts.figure"} <= set(tables)
    for name, text in tables.items():
        assert not [planted for planted in (*IDENTIFIERS, "(1957, 11, 23") if planted in text], name


def test_values_stand_where_they_were_landed_and_not_in_ledger_or_figures(tables):
    assert "ZZorigin" in tables["landing.esr_staff"], "as received, for who has to look into it"
    for name, text in tables.items():
        if not name.startswith("landing."):
            assert not [planted for planted in VALUES if planted in text], name


def test_what_was_received_is_kept_sealed(run):
    home, _ = run
    kept = Snapshots(home / "snapshots", load_keys(Home(home)))
    contents = [kept.content(path.stem) for path in (home / "snapshots").rglob("*.sealed")]
    assert sorted(contents) == sorted(files(home.parent / "inbox").values())


def test_only_the_owner_can_read_what_is_not_published(run):
    home, _ = run
    for path in home.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        open_to_all = path.relative_to(home).parts[0] == "published"
        assert open_to_all or not mode & 0o077, path
    assert stat.S_IMODE((home / "published" / "equality.duckdb").stat().st_mode) == 0o644


def test_keys_are_in_their_folder_and_nowhere_else(run):
    home, printed = run
    keys = load_keys(Home(home))
    secrets = [keys.pseudonym, keys.store, keys.sealing_key(), bytes.fromhex(keys.database_key())]
    for name, content in files(home).items():
        for secret in secrets:
            assert secret not in content, name
            assert secret.hex().encode() not in content or name.startswith("keys/"), name
    assert not [secret for secret in secrets if secret.hex() in printed]
