"""What the report tells of the sample is what the sample's release holds."""

import pytest

from pipeline.report.document import plain
from pipeline.report.source import read_release
from pipeline.report.telling import bodies
from pipeline.settings import Home
from tests.told import all_words, numbers, sections

COUNTS = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")


@pytest.fixture(scope="module")
def release(demo_home):
    return read_release(Home(demo_home))


@pytest.fixture(scope="module")
def told(release):
    return list(bodies(release))


def test_every_organisation_of_the_release_has_a_body(release, told):
    pairs = release.figure[["organisation_code", "level"]].drop_duplicates()
    assert {(one.code, one.level) for one in told} == set(pairs.itertuples(index=False, name=None))


def test_every_number_reads_as_the_database_holds_it(release, told):
    figure = release.figure
    decimals = release.tables["indicator"].set_index(["standard", "indicator", "measure"])
    checked = 0
    for number in (number for one in told for number in numbers(one)):
        row = figure.loc[number.figure]
        assert row["status"] == "ok"
        places = decimals.loc[(row["standard"], row["indicator"], row["measure"]), "decimals"]
        is_count = number.column in COUNTS
        told_as = float(number.text.rstrip("%").replace(",", ""))
        assert told_as == pytest.approx(float(row[number.column]), abs=1e-9)
        if not is_count:
            assert len(number.text.rstrip("%").partition(".")[2]) == places
        checked += 1
    assert checked > 4000


def test_every_headline_is_a_number_or_says_why_not(told):
    for part in (part for one in told for part in sections(one)):
        for one in part.headlines:
            assert plain(one.value)
            assert bool(one.hidden) == (not one.direction)
            assert one.hidden or one.sentences


def test_nothing_reads_as_a_code_of_the_database(told):
    for one in told:
        for words in all_words(one):
            text = plain(words)
            assert text not in ("None", "nan")
            for code in ("NON_DISABLED", "MISSING_SOURCE", "NOT_ADDITIVE",
                         "SUPPRESSED", "cannot_tell"):  # fmt: skip
                assert code not in text, text
