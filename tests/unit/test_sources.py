"""Every source has its place in each of the lists that name sources."""

import importlib

import pytest

from pipeline.read.headings import fields
from pipeline.receive.inbox import SOURCES
from pipeline.receive.sources import EmptyMeans, empty_means
from pipeline.resources import WAREHOUSE, reference


def test_the_table_of_sources_names_what_is_read():
    assert {row["source"] for row in reference("source")} == set(SOURCES)
    for row in reference("source"):
        months = set(filter(None, row["expected_months"].split(";")))
        assert months <= {"3", "6", "9", "12"}
        assert bool(months) is (row["source"] != "control_totals")


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_is_checked_landed_and_staged(source):
    schema = importlib.import_module(f"schemas.{source}")
    named = {*schema.DATES, *schema.FLAGS, *schema.NUMBERS, *getattr(schema, "MAY_BE_BLANK", ())}
    named |= set(schema.COLUMN_OF_RULE.values())
    named |= {field for choice in getattr(schema, "ONE_OF", ()) for field in choice}
    assert named <= set(fields(source))
    assert importlib.import_module(f"pipeline.landing.{source}").TABLE
    assert (WAREHOUSE / "staging" / f"{source}.sql").is_file()


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("esr_staff", EmptyMeans.REJECTED),
        ("pay", EmptyMeans.MISSING),
        ("training", EmptyMeans.MISSING),
        ("recruitment", EmptyMeans.MISSING),
        ("board", EmptyMeans.MISSING),
        ("employee_relations", EmptyMeans.NONE),
        ("movers", EmptyMeans.NONE),
    ],
)
def test_what_a_header_without_rows_means(source, meaning):
    assert empty_means(source) is meaning
