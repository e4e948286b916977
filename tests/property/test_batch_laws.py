"""What becomes of a file does not depend on how many of its rows are worked on at a time."""

import csv
import io
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import feedback, land
from pipeline.check import check, check_batch
from pipeline.companion import Companion
from pipeline.decisions.unknown_codes import found_in
from pipeline.disclosure import load_policy
from pipeline.identity import Keys
from pipeline.read import read
from pipeline.read.batches import BATCH_ROWS, Spool
from pipeline.read.headings import heading_list
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import Ledger
from pipeline.receive.limits import Limits
from pipeline.received_totals import received_totals
from pipeline.resources import REFERENCE
from pipeline.sample import write_sample
from pipeline.settings import Home
from pipeline.workspace import InProcess, Workspace

SIZES = (1, 7, BATCH_ROWS)
KEYS = Keys(bytes(32), bytes(range(32)))
SNAPSHOT = date(2022, 3, 31)
STREAMED = (
    "actions", "board", "duties", "employee_relations", "esr_staff", "movers", "pay",
    "recruitment", "training", "survey", "eds", "control_totals",
)  # fmt: skip

CELLS = {
    "Employee Number": ["1", "2", "2 ", "A3", "a3", ""],
    "NHS Unique Id": ["", "900", "901"],
    "Assignment Number": ["1", "1-2", "2", "A3", "a3", "10", ""],
    "Primary Assignment": ["Yes", "No", "x"],
    "Assignment Status": ["Active Assignment", "?"],
    "Assignment Category": ["Permanent", "Bank", ""],
    "Staff Group": ["Administrative and Clerical"],
    "Pay Scale": ["NHS|XR05|Review Body Band 5", "Band 99", ""],
    "FTE": ["1.0", "0.1", "0.2", "9", "#N/A", ""],
    "Ethnic Origin": ["A White - British", "", "4", "none of these"],
    "Disability": ["No", ""],
    "Gender": ["Female", "Male"],
    "Date Of Birth": ["1970-06-15", "1870-06-15", "?"],
    "Shortlisted": ["Yes", "No"],
    "Appointed": ["Yes", "No"],
    "Application Id": ["1", "2", "b", "B", ""],
    "Movement": ["Leaver", "Starter"],
    "Movement Date": ["2021-06-01", "2001-06-01"],
    "Leaving Reason": ["Retirement Age", ""],
    "Case Id": ["1", "2"],
    "Case Type": ["Grievance"],
    "Formal Start Date": ["2021-06-01"],
    "Course Type": ["CPD", "?"],
    "Completion Date": ["2021-06-01", "2021-06-02"],
    "Hourly Rate": ["12.50", "", "0.10"],
    "Full Pay": ["Yes", "No"],
}
OTHER = ["1", "2", "", "Yes"]


@st.composite
def files(draw):
    """Return a source and a text of it: with rows of too many cells, blank ones, open quotes."""
    source = draw(st.sampled_from(STREAMED))
    expected = heading_list(source)
    headings = list(expected.headings.values())
    cells = st.tuples(*(st.sampled_from(CELLS.get(name, OTHER)) for name in headings))
    rows = draw(st.lists(cells, max_size=25))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        odd = draw(st.integers(0, 30))
        if odd == 0:
            writer.writerow([*row, "more"])
        elif odd == 1:
            writer.writerow(row[:-1])
        elif odd == 2:
            text.write("\r\n" + draw(st.sampled_from([",,\r\n", 'a"b,"c"d,e\r\n', ""])))
        elif odd == 3:
            writer.writerow(headings)
        else:
            writer.writerow(row)
    ending = draw(st.sampled_from(["", "", '"open', "cut,short", "\x1a"]))
    return source, (text.getvalue() + ending).encode()


def worked_on(content, place, batch_rows, folder, name="x.csv"):
    """Return everything that becomes of a file whose rows are read so many at a time."""
    spool = Spool(batch_rows=batch_rows, held_rows=0 if batch_rows < BATCH_ROWS else 10**6)
    reading = read(content, name, place.source, place, spool)
    checked = check(reading, place.source, place.period_end, place.organisation_code)
    examined = land.Examined(place, name, "0" * 64, checked)
    told = [path.read_bytes() for path in feedback.write(folder, place.source, examined, checked)]
    with duckdb.connect() as connection:
        ledger = Ledger(connection)
        ledger.prepare(KEYS)
        land.prepare(connection)
        policy = load_policy(REFERENCE / "disclosure.yml")
        workspace = Workspace(
            Home(folder), policy, KEYS, connection, ledger, InProcess(), Companion()
        )
        loads = land.land(workspace, [examined])
        tables = [
            connection.execute(f"select * from {table} order by all").fetchall()
            for table in (f"landing.{place.source}", "ledger.quarantine", "ledger.fault",
                          "ledger.unknown_code", "ledger.received_total")
        ]  # fmt: skip
    return (
        loads, tables, told, checked.faults, checked.accepted.to_dict("list"),
        checked.quarantined.to_dict("list"), str(checked.accepted.dtypes),
        found_in(checked).to_dict("list"), received_totals(checked).to_dict("list"),
    )  # fmt: skip


@settings(deadline=None, max_examples=30)
@given(file=files())
def test_the_size_of_batches_changes_nothing(file, tmp_path_factory):
    source, content = file
    place, folder = Place(SNAPSHOT, "01T", source), tmp_path_factory.mktemp("told")
    first, *others = (repr(worked_on(content, place, size, folder)) for size in SIZES)
    assert all(other == first for other in others)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Return the files of the sample."""
    return write_sample(tmp_path_factory.mktemp("sample")).files


def _place(path: Path) -> Place:
    return Place(date.fromisoformat(path.parts[-3]), path.parts[-2], path.stem)


@pytest.mark.parametrize("organisation", ["01V", "02E", "12F"])
def test_files_of_the_sample_come_out_alike(sample, tmp_path, organisation):
    """02E has a row with a fault, 12F several sources with one, 01V sends records of GO2."""
    chosen = [path for path in sample if path.parts[-2] == organisation][-12:]
    for path in chosen:
        content, place = path.read_bytes(), _place(path)
        whole = repr(worked_on(content, place, BATCH_ROWS, tmp_path, path.name))
        assert repr(worked_on(content, place, 7, tmp_path, path.name)) == whole


def test_a_batch_tells_what_each_row_has_by_itself(sample):
    path = next(p for p in sample if p.parts[-3:] == ("2021-09-30", "99A", "esr_staff.csv"))
    place = _place(path)
    reading = read(path.read_bytes(), path.name, place.source, place, Spool(batch_rows=50))
    alone = [
        fault
        for text in reading.rows
        for fault in check_batch(text, reading.headings, place.source, place.period_end, "99A")
    ]
    whole = check(reading, place.source, place.period_end, "99A").faults
    assert len(reading.rows) > 50
    assert len(alone) > 10
    beside_others = [fault for fault in whole if fault.row_number and fault not in alone]
    assert [(fault.code, fault.row_number) for fault in beside_others] == [("DUPLICATE_ROW", 265)]
    assert [fault for fault in whole if fault in alone] == alone


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (Limits(cells=8, rows=3), []),
        (Limits(cells=7, rows=3), ["more than 7 cells"]),
        (Limits(cells=8, rows=2), ["more than 2 rows"]),
    ],
)
def test_a_text_holds_as_much_as_a_home_allows(limits, told):
    row = "1,Yes,No,A,No\r\n"
    content = f"Application Id,Shortlisted,Appointed,Ethnic Origin,Disability\r\n{row}x\r\n"
    reading = read(content.encode(), "x.csv", "recruitment", None, Spool(limits=limits))
    too_large = [fault.detail for fault in reading.faults if fault.code == "FILE_TOO_LARGE"]
    assert too_large == told


def test_what_is_put_on_the_disk_cannot_be_read_there(tmp_path):
    """Cells of a large file lie on the disk between reading and landing, but sealed."""
    rows = "".join(f"SECRET-{n},Yes,No\r\n" for n in range(50))
    content = f"Application Id,Shortlisted,Appointed,Ethnic Origin,Disability\r\n{rows}".encode()
    spool = Spool(tmp_path, batch_rows=10, held_rows=0)
    reading = read(content, "x.csv", "recruitment", None, spool)
    assert not list(tmp_path.iterdir())  # it has no name
    spool._file.seek(0)
    lying = spool._file.read()
    assert len(lying) > 1000
    assert b"SECRET" not in lying
    assert reading.frame["application_id"].tolist() == [f"SECRET-{n}" for n in range(50)]
