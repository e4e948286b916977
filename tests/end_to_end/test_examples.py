"""The twenty questions that ship, asked of the demo's release, some computed a second time."""

import csv

import duckdb
import pytest
import sqlglot
from recount import Place, figures_of
from sqlglot import ErrorLevel

from pipeline.report.copies.examples import EXAMPLES, load_examples
from pipeline.resources import REFERENCE

QUESTIONS = {example.number: example for example in load_examples()}
NEWEST = "2022-03-31"
BASES = {"POPULATION": "ALL_RESIDENTS", "POPULATION_16_PLUS": "AGED_16_PLUS"}


@pytest.fixture(scope="module")
def published(demo_home):
    path = demo_home / "published" / "equality.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def true_figures(demo_home):
    """Every figure of the sample, computed from its files without the product: fifteen seconds."""
    return figures_of(demo_home / "inbox")


def answer(published, number):
    """Return the rows of an answer as dictionaries, days as text."""
    found = published.execute(QUESTIONS[number].sql)
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    for row in rows:
        if "period_end" in row:
            row["period_end"] = row["period_end"].isoformat()
    return rows


def shipped(name):
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_twenty_and_each_is_a_question():
    assert list(QUESTIONS) == list(range(1, 21))
    for example in QUESTIONS.values():
        assert "?" in example.question
        assert example.sql.startswith("select")


def test_the_file_can_be_pasted_whole(published):
    statements = duckdb.extract_statements(EXAMPLES.read_text(encoding="utf-8"))
    assert len(statements) == 20
    for statement in statements:
        assert published.execute(statement).fetchall()


@pytest.mark.parametrize("number", QUESTIONS)
def test_each_gives_rows_in_an_order_of_their_own(published, number):
    rows = answer(published, number)
    assert rows
    assert "order by" in QUESTIONS[number].sql
    assert answer(published, number) == rows


@pytest.mark.parametrize("dialect", ["spark", "postgres"])
def test_each_can_be_asked_of_another_engine(dialect):
    for example in QUESTIONS.values():
        (sql,) = sqlglot.transpile(
            example.sql, read="duckdb", write=dialect, unsupported_level=ErrorLevel.RAISE
        )
        sqlglot.parse_one(sql, read=dialect)


def test_1_every_body_is_there_with_all_its_figures(published):
    rows = answer(published, 1)
    assert sum(row["figures"] for row in rows) == published.execute(
        "select count(*) from figure"
    ).fetchone()[0]  # fmt: skip
    assert [row["organisation_code"] for row in rows if row["level"] == "employer"] == [
        "01F", "01J", "01T", "01V", "01X", "02E", "12F", "27D", "99A", "RBQ",
    ]  # fmt: skip
    assert [(row["level"], row["organisation_code"]) for row in rows][-2:] == [
        ("icb", "QYG"), ("system", "QYG"),
    ]  # fmt: skip


def test_2_the_icb_has_all_nine_indicators(published):
    rows = answer(published, 2)
    assert {row["indicator"] for row in rows} == set("123456789")
    assert all(row["title"] for row in rows)


@pytest.mark.slow
def test_4_the_survey_is_as_counted_from_the_files(published, true_figures):
    """WRES 5 to 8: percentages and difference of each body that has them."""
    codes = dict(
        published.execute("select organisation_name, organisation_code from figure").fetchall()
    )
    checked = 0
    for row in answer(published, 4):
        code = codes[row["organisation_name"]]
        parts = ("WRES", row["indicator"], "all")
        for measure, group, other, name in (
            ("share", "BME", "", "bme_percent"),
            ("share", "WHITE", "", "white_percent"),
            ("difference_pp", "BME", "WHITE", "difference_pp"),
        ):
            place = Place(NEWEST, row["level"], code, (*parts, measure, group, other))
            assert row[name] in (None, true_figures[place].value), place
            checked += row[name] is not None
    assert checked > 60


def test_6_the_median_of_nhs_employers_is_that_of_the_filings(published):
    filed = {
        row["snapshot"]: (float(row["median_gap"]), int(row["filings"]))
        for row in shipped("pay_gap_benchmark")
        if (row["scope"], row["indicator"]) == ("ALL", "median_hourly")
    }
    rows = [row for row in answer(published, 6) if row["nhs_median"] is not None]
    assert {row["period_end"] for row in rows} == set(filed) == {"2021-03-31"}
    for row in rows:
        assert (row["nhs_median"], row["nhs_employers"]) == filed[row["period_end"]]


@pytest.mark.slow
def test_8_the_headcounts_are_those_of_the_files(published, true_figures):
    rows = answer(published, 8)
    # The headcount of South Sefton CCG at 31 March 2021, from its public sector equality report.
    south_sefton = ("01T", "2021-03-31", 163)
    assert south_sefton in [
        (row["organisation_code"], row["period_end"], row["all_staff"]) for row in rows
    ]
    for row in rows:
        key = ("PSED", "sex", "all", "share", "FEMALE", "")
        place = Place(row["period_end"], row["level"], row["organisation_code"], key)
        assert row["all_staff"] == true_figures[place].denominator, place


def test_11_the_residents_are_those_of_the_census(published):
    """All residents of the nine authorities of Cheshire and Merseyside, TS021 of Census 2021."""
    areas = {
        row["area_code"]
        for row in shipped("boundary")
        if row["organisation_code"] == "QYG" and row["is_pooled"] == "1"
    }
    for row in answer(published, 11):
        census = [
            line
            for line in shipped("census_population")
            if line["area_code"] in areas
            and (line["characteristic"], line["base"], line["group_code"])
            == ("ethnicity", BASES[row["census_base"]], row["group_code"])
        ]
        assert len(census) == len(areas) == 9
        assert row["residents_in_group"] == sum(int(line["residents"]) for line in census)
        assert row["residents"] == sum(int(line["answered_residents"]) for line in census)
        staff = row["staff_in_group"] / row["staff_base"]
        residents = row["residents_in_group"] / row["residents"]
        assert row["difference_pp"] == pytest.approx(100 * (staff - residents), abs=0.051)
        assert row["representation_index"] == pytest.approx(staff / residents, abs=0.0051)


@pytest.mark.slow
def test_13_who_is_below_95_percent_is_so_by_the_files(published, true_figures):
    rows = answer(published, 13)
    for row in rows:
        key = ("DECLARATION", row["characteristic"], "all", "share", "KNOWN", "")
        true = true_figures[Place(NEWEST, "employer", row["organisation_code"], key)]
        assert true.value < 95
        for name, value in (("known", true.numerator), ("headcount", true.denominator),
                            ("rate", true.value)):  # fmt: skip
            assert row[name] in (None, value)
    assert ("12F", "disability", 108, 129, 83.7) in [
        (row["organisation_code"], row["characteristic"], row["known"], row["headcount"],
         row["rate"]) for row in rows
    ]  # fmt: skip


@pytest.mark.slow
def test_15_a_year_before_is_the_figure_of_a_year_before(published, true_figures):
    codes = dict(
        published.execute("select organisation_name, organisation_code from figure").fetchall()
    )
    shares = [row for row in answer(published, 15) if row["measure"] == "share"]
    assert len(shares) > 100
    for row in shares:
        key = (row["standard"], row["indicator"], row["part"], "share", row["group_code"], "")
        code = codes[row["organisation_name"]]
        before = Place("2021-03-31", row["level"], code, key)
        now = before._replace(period=NEWEST)
        assert (row["value_year_before"], row["value"]) == (
            true_figures[before].value, true_figures[now].value,
        )  # fmt: skip


def test_17_the_reasons_add_up_to_the_icbs_figures(published, demo_home):
    rows = answer(published, 17)
    release = demo_home / "releases" / (demo_home / "published/current.txt").read_text().strip()
    with (release / "figure.csv").open(encoding="utf-8", newline="") as file:
        figures = [row for row in csv.DictReader(file) if row["level"] == "icb"]
    assert sum(row["figures"] for row in rows) == len(figures)
    hidden = sum(row["figures"] for row in rows if row["status"] == "suppressed")
    assert hidden == sum(row["status"] == "suppressed" for row in figures)


def test_18_what_is_missing_is_what_the_inbox_lacks(published, demo_home):
    missing = {
        (row["organisation_code"], row["source"])
        for row in answer(published, 18)
        if row["status"] == "missing"
    }
    folders = [path for path in (demo_home / "inbox" / NEWEST).iterdir() if path.is_dir()]
    sent = {(folder.name, file.stem) for folder in folders for file in folder.iterdir()}
    sources = {source for _, source in sent}
    assert missing == {(folder.name, source) for folder in folders for source in sources} - sent


@pytest.mark.slow
def test_20_every_overdue_action_is_open(published, true_figures):
    rows = answer(published, 20)
    for row in rows:
        assert 0 < row["overdue"] <= row["still_open"] <= row["actions"]
    halton = [row for row in rows if row["organisation_name"] == "NHS Halton CCG"]
    for row in halton:
        for name, group in (("overdue", "OVERDUE"), ("still_open", "OPEN"), ("actions", "ALL")):
            key = ("ACTIONS", "status", row["standard"], "count", group, "")
            assert row[name] == true_figures[Place(NEWEST, "employer", "01F", key)].value
