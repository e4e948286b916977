"""What is fuzzed: one function a reader, from any bytes; what it lets through is a fault.

Each takes the bytes that a fuzzer made up and hands them to a reader as it would get them from a
file. A reader answers with a reading or with the one error that it says it raises; anything else
comes out of these functions.
"""

import io
import math
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from pipeline import values
from pipeline.alert.channels import load_channels
from pipeline.audit.table import read_file
from pipeline.check import check
from pipeline.companion import Companion
from pipeline.decisions import decision
from pipeline.decisions.unknown_codes import write_table
from pipeline.disclosure import load_policy
from pipeline.errors import UsageError
from pipeline.feedback import write
from pipeline.identity import Keys
from pipeline.land import Examined, land, prepare
from pipeline.read import Reading, read
from pipeline.read.headings import find_header, heading_list, match, plain_heading
from pipeline.read.nomis import read_bulk
from pipeline.read.rows import Row, clean
from pipeline.read.survey_published import read_published
from pipeline.receive.inbox import SOURCES, Place
from pipeline.receive.ledger import Ledger
from pipeline.resources import REFERENCE
from pipeline.settings import Home, load_settings
from pipeline.workspace import InProcess, Workspace

SNAPSHOT = date(2022, 3, 31)
PART_END = b"\x1e\x1e"
"""Stands between the parts of a made-up workbook."""
PARTS = {
    "xl/worksheets/sheet1.xml": b'<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>'
    b'<c r="B1"><f>1/0</f></c></row></sheetData></worksheet>',
    "xl/sharedStrings.xml": b"<sst><si><t>Member Id</t></si></sst>",
    "xl/styles.xml": b'<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    b"</styleSheet>",
    "xl/workbook.xml": b'<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": b'<Relationships><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    b'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
    b'Target="sharedStrings.xml"/><Relationship Id="rId3" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" '
    b'Target="styles.xml"/></Relationships>',
    "[Content_Types].xml": b"<Types/>",
    "_rels/.rels": b'<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
}

_folder = Path(
    tempfile.mkdtemp(prefix="fuzz", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
)


@cache
def _workspace() -> Workspace:
    """Return a private database in memory, with its tables."""
    import duckdb

    keys = Keys(b"p" * 32, b"s" * 32)
    connection = duckdb.connect(":memory:")
    ledger = Ledger(connection)
    ledger.prepare(keys)
    prepare(connection)
    policy = load_policy(REFERENCE / "disclosure.yml")
    return Workspace(Home(_folder), policy, keys, connection, ledger, InProcess(), Companion())


def _source(data: bytes) -> str:
    return SOURCES[data[0] % len(SOURCES)] if data else SOURCES[0]


def _header(source: str) -> bytes:
    return ",".join(heading_list(source).headings.values()).encode() + b"\r\n"


def _sound(reading: Reading) -> None:
    """Check what holds of every reading."""
    assert len(reading.frame) == reading.rows_received or reading.rejected
    for fault in reading.faults:
        assert fault.message().isprintable(), "a message that no terminal shows as it is"


def text(data: bytes) -> None:
    """Read text as a file of some source, with a header of it or without one."""
    source = _source(data)
    is_headed = len(data) > 1 and data[1] & 1
    _sound(read((_header(source) if is_headed else b"") + data[2:], "x.csv", source))


def checked(data: bytes) -> None:
    """Read rows below the header of some source, check them and write the feedback."""
    source = _source(data)
    place = Place(SNAPSHOT, "01T", source)
    reading = read(_header(source) + data[1:], "x.csv", source, place)
    _sound(reading)
    found = check(reading, source, SNAPSHOT, "01T")
    assert found.rejected or len(found.accepted) + len(found.quarantined) == found.rows_received
    examined = Examined(place, "x.csv", "0" * 64, found)
    write(_folder, source, examined, found)
    workspace = _workspace()
    try:
        land(workspace, [examined])
        write_table(workspace.home, workspace.connection)
    finally:
        for table in (f"landing.{source}", "ledger.load", "ledger.fault", "ledger.quarantine",
                      "ledger.unknown_code", "ledger.received_total"):  # fmt: skip
            workspace.connection.execute(f"delete from {table}")


def workbook_bytes(data: bytes) -> None:
    """Read bytes that begin as those of a workbook."""
    _sound(read(b"PK\x03\x04" + data, "x.xlsx", "board"))


def workbook_of(data: bytes) -> bytes:
    """Return a workbook whose parts are the pieces of ``data``; a blank one is a sound part."""
    pieces = data.split(PART_END)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number, (name, sound) in enumerate(PARTS.items()):
            piece = pieces[number] if number < len(pieces) else b""
            archive.writestr(zipfile.ZipInfo(name), piece or sound)
    return content.getvalue()


def workbook_parts(data: bytes) -> None:
    """Read a workbook of made-up parts."""
    source = _source(data)
    _sound(read(workbook_of(data[1:]), "x.xlsx", source))


def go2(data: bytes) -> None:
    """Read records of the outbound interface and check them."""
    content = b"HDR~GO_1_EXP_GOF_1.DAT~1\r\n" + data
    reading = read(content, "x.dat", "esr_staff", Place(SNAPSHOT, "01T", "esr_staff"))
    _sound(reading)
    check(reading, "esr_staff", SNAPSHOT, "01T")


def nomis(data: bytes) -> None:
    """Read a bulk file of Nomis."""
    with suppress(ValueError):
        read_bulk(data, "Sex")


def survey_workbook(data: bytes) -> None:
    """Read the rows of a published workbook of the staff survey."""
    lines = data.decode("utf-8", "replace").split("\n")
    rows = [Row(number, line.split("|")) for number, line in enumerate(lines, start=1)]
    found = read_published({"Sheet": rows}, "QHL")
    if found is not None:
        _sound(found)
        check(found, "survey", date(2025, 3, 31), "QHL")


def headings(data: bytes) -> None:
    """Look for a header among rows of any cells."""
    source = _source(data)
    lines = data[1:].decode("utf-8", "replace").split("\n")
    rows = [Row(number, line.split("|")) for number, line in enumerate(lines, start=1)]
    header = find_header(rows, heading_list(source))
    columns = match(header or rows[0], heading_list(source))
    assert set(columns.position) == set(columns.headings)
    for row in rows:
        for cell in row.cells or []:
            plain_heading(cell)
            assert (clean(cell) or "x").strip()


def cells(data: bytes) -> None:
    """Read a cell as a date, a flag, a number and an amount."""
    cell = data.decode("utf-8", "replace")
    number, amount, decimal = (
        values.parse_number(cell), values.parse_amount(cell), values.parse_decimal(cell),
    )  # fmt: skip
    assert number is None or math.isfinite(number), "a number beyond all numbers"
    assert amount is None or amount.is_finite()
    assert decimal is None or decimal.is_finite()
    column = pd.Series([cell, None], dtype="str")
    day = values.parse_date(cell)
    assert values.dates(column).notna().tolist() == [day is not None, False]
    assert values.flags(column).isna().tolist() == [values.parse_flag(cell) is None, True]
    assert values.numbers(column).isna().tolist() == [number is None, True]


def _file(name: str, data: bytes) -> Path:
    path = _folder / name
    path.write_bytes(data)
    path.chmod(0o600)
    return path


def settings(data: bytes) -> None:
    """Read a home's settings."""
    _file("settings.toml", data)
    with suppress(UsageError):
        load_settings(_folder)


def channels(data: bytes) -> None:
    """Read a home's channels."""
    with suppress(UsageError):
        load_channels(_file("channels.toml", data))


def decisions(data: bytes) -> None:
    """Read a home's decisions on values."""
    (_folder / "decisions").mkdir(exist_ok=True)
    header = ",".join(decision.COLUMNS).encode() + b"\n"
    for content in (data, header + data):
        _file(f"decisions/{decision.FILE}", content)
        with suppress(UsageError):
            decision.of_home(Home(_folder))


def policy(data: bytes) -> None:
    """Read a disclosure policy."""
    with suppress(UsageError):
        load_policy(_file("disclosure.yml", data))


def printed_table(data: bytes) -> None:
    """Read a table typed in from a printed report."""
    with suppress(UsageError):
        read_file(_file("table.csv", b"Table,Group,Count,Percent,From,To\n" + data))


READERS: dict[str, Callable[[bytes], None]] = {
    reader.__name__: reader
    for reader in (
        text, checked, workbook_bytes, workbook_parts, go2, nomis, survey_workbook, headings,
        cells, settings, channels, decisions, policy, printed_table,
    )
}  # fmt: skip
