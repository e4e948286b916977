"""Nomis bulk files: twins built from the ONS labels and counts, and the real one of TS007."""

import csv
import gzip
import importlib
import io
from pathlib import Path

import pytest

from pipeline.read.nomis import bulk_counts, bulk_file, plain_label, read_bulk

ROOT = Path(__file__).resolve().parents[2]
CENSUS = ROOT.parent / "shared" / "data" / "census"
ENGLAND_AND_WALES = "K04000001"

# ONS, Census 2021, TS021 and TS008: labels and residents of England and Wales.
WHITE = "White: English, Welsh, Scottish, Northern Irish or British"
ETHNIC_GROUPS = {
    "Total: All usual residents": 2255619 - 1000000,
    "White": 1000000,
    WHITE: 700000,
    "White: Irish": 300000,
    "Other ethnic group": 255619,
    "Other ethnic group: Arab": 155619,
    "Other ethnic group: Any other ethnic group": 100000,
}


def bulk(variable, counts, suffix="", code=ENGLAND_AND_WALES):
    text = io.StringIO()
    writer = csv.writer(text)
    headings = [f"{variable}: {label}{suffix}" for label in counts]
    writer.writerow(["date", "geography", "geography code", *headings])
    writer.writerow(["2021", "England and Wales", code, *counts.values()])
    return text.getvalue().encode()


@pytest.mark.parametrize(
    ("received", "plain"),
    [
        ("Sex: Female; measures: Value", "Sex: Female"),
        ("Sex:\n  Female ;measures:  Value", "Sex: Female"),
        ("Ethnic group:  White:\r\nIrish", "Ethnic group: White: Irish"),
    ],
)
def test_headings_lose_line_breaks_and_the_name_of_the_measure(received, plain):
    assert plain_label(received) == plain


def test_broad_and_detailed_categories_are_never_counted_together():
    table = read_bulk(bulk("Ethnic group", ETHNIC_GROUPS), "Ethnic group")
    total = ETHNIC_GROUPS["Total: All usual residents"]
    assert table.total == {ENGLAND_AND_WALES: total}
    assert table.broad == ("White", "Other ethnic group")
    assert table.detailed == (
        *(WHITE, "White: Irish"),
        *("Other ethnic group: Arab", "Other ethnic group: Any other ethnic group"),
    )
    assert list(table.counts()) == [
        (ENGLAND_AND_WALES, label, ETHNIC_GROUPS[label]) for label in table.detailed
    ]
    for detailed in (True, False):
        assert sum(count for *_, count in table.counts(detailed=detailed)) == total


@pytest.mark.parametrize("suffix", ["", "; measures: Value", ";\r\nmeasures: Value"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_every_way_of_writing_the_headings_and_packing_the_file(suffix, pack):
    counts = {"All persons": 59597542, "Female": 30420202, "Male": 29177340}
    table = read_bulk(pack(bulk("Sex", counts, suffix)), "Sex")
    assert list(table.counts()) == [
        (ENGLAND_AND_WALES, "Female", 30420202),
        (ENGLAND_AND_WALES, "Male", 29177340),
    ]


def test_a_small_difference_is_perturbation_and_a_large_one_is_not():
    counts = {"Total: All usual residents": 1000, "Yes": 400, "No": 595}
    assert len(list(read_bulk(bulk("Answer", counts), "Answer").counts())) == 2
    with pytest.raises(ValueError, match="cannot be told apart"):
        read_bulk(bulk("Answer", counts | {"Yes, a lot": 300}), "Answer")


def test_ages_hold_one_another_by_their_years():
    counts = {
        "Total": 110,
        "Aged 4 years and under": 10,
        "Aged under 1 year": 4,
        "Aged 1 year": 6,
        "Aged 5 to 9 years": 60,
        "Aged 5 years": 60,
        "Aged 85 years and over": 40,
        "Aged 85 years": 10,
        "Aged 100 years and over": 30,
    }
    table = read_bulk(bulk("Age", counts), "Age")
    assert table.broad == (
        *("Aged 4 years and under", "Aged 5 to 9 years", "Aged 85 years and over"),
    )
    assert table.within["Aged under 1 year"] == "Aged 4 years and under"
    assert [count for *_, count in table.counts()] == [4, 6, 60, 10, 30]


@pytest.mark.parametrize(
    "content",
    [b"", b"date,geography\n", bulk("Religion", {"No religion": 1}), bulk("Sex", {"Male": "x"})],
)
def test_a_file_of_something_else_is_refused(content):
    with pytest.raises(ValueError, match=r"no column|not a number"):
        read_bulk(content, "Sex")


@pytest.mark.parametrize(
    ("name", "geography"),
    [
        ("census2021-ts021-ltla.csv", "ltla"),
        ("census2021-ts021-utla.csv.gz", "utla"),
        ("census2021-ts021-ulta.csv", "utla"),
    ],
)
def test_files_are_found_by_table_and_geography(tmp_path, name, geography):
    assert bulk_file(tmp_path, "ts021", geography) is None
    (tmp_path / name).touch()
    assert bulk_file(tmp_path, "ts021", geography) == tmp_path / name
    assert bulk_file(tmp_path, "ts030", geography) is None


def test_the_tool_takes_a_bulk_file_where_there_is_one(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools")
    tool = importlib.import_module("census_reference")
    for table, variable, counts in (
        ("ts021", "Ethnic group", ETHNIC_GROUPS),
        ("ts038", "Disability", {"Disabled under the Equality Act": 5}),
        ("ts008", "Sex", {"Female": 3, "Male": 2}),
    ):
        (tmp_path / f"census2021-{table}-ltla.csv").write_bytes(bulk(variable, counts))
    tables = tool.census_tables(tmp_path)
    found = {next_name: list(counts) for next_name, _, counts in (next(tables) for _ in range(3))}
    assert found["ethnicity"][0] == (ENGLAND_AND_WALES, WHITE, 700000)
    assert len(found["ethnicity"]) == 4
    assert found["sex"] == [(ENGLAND_AND_WALES, "Female", 3), (ENGLAND_AND_WALES, "Male", 2)]


# Real labels and the only real bulk file beside this checkout.


@pytest.fixture(scope="module")
def cells():
    path = CENSUS / "TS_Cell_Metadata.csv.gz"
    if not path.is_file():
        pytest.skip("shared data is not beside this checkout")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("table", "broad", "detailed"),
    [("ts008", 2, 2), ("ts021", 5, 19), ("ts030", 9, 9), ("ts038", 2, 4), ("ts077", 5, 5)],
)
def test_tables_of_the_real_labels_and_counts(cells, table, broad, detailed):
    own = [cell for cell in cells if cell["Table_ID"] == table]
    counts = {cell["Cell_Label_ONS"]: cell["EW_Count"] for cell in own}
    variable = own[0]["Cell_Label_ONS_Prefix"]
    found = read_bulk(bulk(variable, counts), variable)
    assert (len(found.broad), len(found.detailed)) == (broad, detailed)
    total = found.total[ENGLAND_AND_WALES]
    for is_detailed in (True, False):
        assert abs(sum(n for *_, n in found.counts(detailed=is_detailed)) - total) <= 20


def test_the_real_file_of_single_years():
    if not CENSUS.is_dir():
        pytest.skip("shared data is not beside this checkout")
    counts = bulk_counts(CENSUS, "ts007")
    assert len({area for area, *_ in counts}) == 331
    # Single years 0 to 99 and 100 and over; ONS: 59,597,608 residents in TS007.
    assert len({category for _, category, _ in counts}) == 101
    assert abs(sum(residents for *_, residents in counts) - 59_597_608) <= 1000
