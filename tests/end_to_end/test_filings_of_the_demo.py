"""The filings of the demo's release: true counts beside what is published."""

import csv
from collections import Counter

import pytest

from pipeline.audit.run import audit
from pipeline.commands.databases import open_ledger
from pipeline.filings import write_filings
from pipeline.report.source import read_release
from pipeline.settings import Home

STATES = {
    "Published in time": "DONE",
    "Published late": "LATE",
    "Missing": "MISSING",
    "Published already": "DONE",
}
"""States of the list of publications, as the duties call them."""


@pytest.fixture(scope="module")
def filed(demo_home, module_folders):
    """The folder of the demo's filings, and the figures of DUTIES behind them."""
    home = Home(module_folders.mktemp("filings"))
    release = read_release(Home(demo_home)).release_id
    with open_ledger(demo_home) as connection:
        write_filings(connection, home, release)
        duties = connection.execute(
            "select organisation_code, indicator, part, group_code, cast(value as integer) "
            "from marts.figure where standard = 'DUTIES' and level = 'employer' "
            "and status = 'ok' and value > 0 and measure = 'count' "
            "and period_end = (select max(period_end) from marts.figure)"
        ).fetchall()
    return home.filings / release, duties


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_employer_that_sent_staff_records_has_its_returns(filed):
    folder, _ = filed
    returns = Counter(path.parent.name for path in folder.glob("*/*.xlsx"))
    # Two standards at two snapshots, ten employers and the CCGs pooled.
    assert set(returns.values()) == {4}
    assert len(returns) == 11
    pooled = {path.parent.name for path in folder.glob("*/*-pooled.xlsx")}
    assert pooled == {"QYG"}


@pytest.mark.parametrize("year", ["2021-22", "2022-23"])
def test_the_gender_pay_gap_rows_contradict_nothing(filed, year):
    folder, _ = filed
    path = folder / f"gender-pay-gap-{year}.csv"
    assert [row["EmployerName"] for row in table(path)] == [
        "NHS Cheshire CCG",
        "Liverpool Heart and Chest Hospital NHS Foundation Trust",
    ]
    assert audit(path) == []
    notes = table(folder / f"gender-pay-gap-{year}-notes.csv")
    assert {row["employer"] for row in notes} == {"every employer"}


def test_the_list_of_publications_agrees_with_the_figures_of_duties(filed):
    folder, duties = filed
    listed = Counter()
    for row in table(folder / "psed.csv"):
        if row["state"] in STATES:
            part = "all" if row["deadline"] == "last" else "next"
            duty = row["publication"].lower().replace(" ", "_")
            listed[row["organisation_code"], duty, part, STATES[row["state"]]] += 1
    counted = {
        (code, duty, part, state): number
        for code, duty, part, state, number in duties
        if state in STATES.values() and duty not in ("impact_assessment", "provider_publications")
    }
    assert listed == counted
    assert {state for *_, state in listed} == {"DONE", "LATE", "MISSING"}
