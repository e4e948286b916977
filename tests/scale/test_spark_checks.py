"""Rows judged in partitions of Spark give the faults and the rows of one process, however cut."""

from datetime import date

import pytest
from inbox import BME, WHITE, application_rows, csv_text, eds_row, staff_rows, training_rows
from pandas.testing import assert_frame_equal

from pipeline.check import check
from pipeline.read import read

pytestmark = pytest.mark.slow
PERIOD = date(2022, 3, 31)


def staff():
    """Staff with faults of one row, of two rows far from each other, and of the whole file."""
    rows = [row | {"Marital Status": ""} for row in staff_rows({WHITE: 40, BME: 20})]
    rows[4] |= {"FTE": "full"}
    rows[9] |= {"Ethnic Origin": "no such thing", "Disability": ""}
    rows[11] |= {"Date Of Birth": "2020-01-01"}
    rows[13] |= {"Pay Scale": "nobody knows it"}
    rows[17] |= {"FTE": "37.5"}
    again = rows[0] | {"FTE": "0.5"}
    second = rows[2] | {"Assignment Number": rows[2]["Assignment Number"] + "-2"}
    unfit = rows[4] | {"Assignment Number": rows[4]["Assignment Number"] + "-2"}
    return [*rows, again, rows[1], second, unfit]


SOURCES = {
    "esr_staff": staff(),
    "recruitment": application_rows({(WHITE, True): 15, (BME, False): 9})
    + application_rows({(WHITE, True): 2}),
    "training": [row for n in range(25) for row in training_rows({"CPD": 1 + n % 2}, n % 20 + 1)],
    "eds": [eds_row("1A", 2), eds_row("1B", "two")],
}


@pytest.mark.parametrize("source", SOURCES)
def test_what_partitions_find_is_what_one_process_finds(session, source):
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "7")
    from pipeline.engines.validation import check_in_partitions

    content = csv_text(SOURCES[source]).encode()
    ours = check(read(content, "file.csv", source), source, PERIOD, "01T")
    theirs = check_in_partitions(session, read(content, "file.csv", source), source, PERIOD, "01T")
    assert ours.faults
    assert theirs.faults == ours.faults
    assert_frame_equal(theirs.accepted, ours.accepted)
    assert_frame_equal(theirs.quarantined, ours.quarantined)
