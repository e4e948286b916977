"""Laws of reading and checking on random files."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.check import Checked, check
from pipeline.read import Reading, read
from pipeline.read.headings import heading_list
from pipeline.receive.inbox import SOURCES

SNAPSHOT = date(2023, 3, 31)
HEADINGS = {source: list(heading_list(source).headings.values()) for source in SOURCES}

CELLS = {
    "Application Id": ["A1", "A2", "A3", "a1", ""],
    "Shortlisted": ["Yes", "No", "y", "", "?"],
    "Appointed": ["No", "No", "Yes", "n"],
    "Ethnic Origin": ["A White - British", "H", "Z Not Stated", "", "Q", "7"],
    "Disability": ["Yes", "No", "Not Declared", "", "x"],
    "Gender": ["Female", "Male", ""],
    "Shortlisted Date": ["2022-09-30", "30/09/2022", "2021-01-01", "", "soon"],
}
lines = st.lists(
    st.tuples(*(st.sampled_from(CELLS[name]) for name in HEADINGS["recruitment"])), max_size=12
)
odd_text = st.text(
    alphabet=st.characters(
        codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters=',;\t"\ufeff'
    ),
    max_size=8,
)
brief = settings(deadline=None, max_examples=20)
quick = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def as_bytes(rows: list[tuple[str, ...]], delimiter: str = ",") -> bytes:
    table = [HEADINGS["recruitment"], *rows]
    return "".join(delimiter.join(row) + "\n" for row in table).encode()


def examined(rows: list[tuple[str, ...]]) -> Checked:
    return check(read(as_bytes(rows), "x.csv", "recruitment"), "recruitment", SNAPSHOT)


def accepted(result: Checked) -> list[tuple]:
    frame = result.accepted.drop(columns="row_number")
    return sorted(map(str, frame.itertuples(index=False, name=None)))


@quick
@given(content=st.binary(max_size=300), source=st.sampled_from(SOURCES))
def test_no_bytes_raise(content, source):
    assert isinstance(read(content, "x.csv", source), Reading)
    assert isinstance(read(b"PK\x03\x04" + content, "x.xlsx", source), Reading)


@brief
@given(tail=st.text(max_size=60), source=st.sampled_from(SOURCES), encoding=st.booleans())
def test_no_text_below_a_header_raises(tail, source, encoding):
    text = ",".join(HEADINGS[source]) + "\n" + tail
    content = text.encode("utf-16" if encoding else "utf-8", "replace")
    result = check(read(content, "x.csv", source), source, SNAPSHOT)
    assert len(result.accepted) + len(result.quarantined) <= result.rows_received


@brief
@given(rows=lines, data=st.data())
def test_the_order_of_rows_changes_nothing(rows, data):
    shuffled = data.draw(st.permutations(rows))
    one, other = examined(rows), examined(shuffled)
    assert accepted(one) == accepted(other)
    assert sorted(fault.code for fault in one.faults) == sorted(
        fault.code for fault in other.faults
    )


@brief
@given(rows=lines)
def test_every_row_is_accepted_or_quarantined(rows):
    result = examined(rows)
    if not result.rejected:
        assert len(result.accepted) + len(result.quarantined) == result.rows_received
        numbers = {*result.accepted["row_number"], *result.quarantined["row_number"]}
        assert len(numbers) == result.rows_received


@quick
@given(rows=st.lists(st.tuples(*[odd_text] * len(HEADINGS["recruitment"])), min_size=1, max_size=5))
def test_separator_encoding_and_byte_order_mark_change_nothing(rows):
    expected = read(as_bytes(rows), "x.csv", "recruitment")
    text = as_bytes(rows).decode()
    variants = [
        as_bytes(rows, ";"),
        as_bytes(rows, "\t"),
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        b"\xfe\xff" + text.encode("utf-16-be"),
        text.replace("\n", "\r\n").encode(),
    ]
    for content in variants:
        reading = read(content, "x.csv", "recruitment")
        assert reading.frame.equals(expected.frame)
        assert reading.headings == expected.headings
        assert reading.faults == expected.faults


@brief
@given(rows=lines)
def test_reading_is_a_pure_function(rows):
    one, other = examined(rows), examined(rows)
    assert one.faults == other.faults
    assert one.accepted.equals(other.accepted)
    assert one.quarantined.equals(other.quarantined)
