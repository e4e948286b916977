"""Bodies that merge: who is pooled at each snapshot, and which years are like with like.

Facts: NHS Organisation Data Service, successions to April 2022; ONS, sub-ICB locations of July
2022.
"""

import duckdb
import pytest
from command import equality
from inbox import BME, WHITE, staff_rows, write_inbox

MARCH_2020, MARCH_2021, MARCH_2022, MARCH_2023 = (f"{year}-03-31" for year in range(2020, 2024))
LUTON = ("04F", "06F", "06P")
CHESHIRE = ("01F", "01J", "01T", "01V", "01X", "02E", "12F", "27D", "99A")
CHESHIRE_EAST = ("01C", "01R", "02D", "02F")
STAFFORDSHIRE = ("04Y", "05D", "05G", "05Q", "05V", "05W")
MANCHESTER = ("00T", "00V", "00Y", "01D", "01G", "01W", "01Y", "02A", "02H", "14L")
SENT = {
    MARCH_2020: CHESHIRE_EAST,
    MARCH_2021: (*LUTON, "27D", "15D"),
    # One of the six of Staffordshire sends nothing.
    MARCH_2022: ("M1J4Y", *CHESHIRE, *STAFFORDSHIRE[:5], *MANCHESTER, "D4U1Y"),
    MARCH_2023: ("QHG", "QYG", "QNC", "QOP", "QJ2", "QNQ"),
}


@pytest.fixture(scope="module")
def published(module_folders):
    """One run: each body of each year with 20 White and 20 BME staff of its own."""
    home = module_folders.mktemp("mergers") / "home"
    for period, codes in SENT.items():
        for place, code in enumerate(codes):
            rows = staff_rows({WHITE: 20, BME: 20}, first=1 + 100 * place)
            write_inbox(home / "inbox", period, code, "esr_staff", rows)
    assert equality("run", "--home", home).exit_code == 0
    path = str(home / "published" / "equality.duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


def bodies(published, period, code, level="icb"):
    """Return whose staff are pooled, and of how many employers that sent them."""
    query = (
        "select bodies, employers_sent, employers from coverage where source = 'esr_staff' "
        "and period_end = $period and organisation_code = $code and level = $level"
    )
    key = {"period": period, "code": code, "level": level}
    (found,) = published.execute(query, key).fetchall()
    return set(found[0].split()), *found[1:]


def trend(published, period, code, level="icb"):
    """Return headcount, that of a year before, and whether the bodies are the same."""
    query = (
        "select value, value_year_before, same_bodies_year_before from trend "
        "where standard = 'PSED' and indicator = 'sex' and measure = 'headcount' "
        "and period_end = $period and organisation_code = $code and level = $level"
    )
    key = {"period": period, "code": code, "level": level}
    (found,) = published.execute(query, key).fetchall()
    return found


@pytest.mark.slow
def test_three_ccgs_then_one_then_an_icb_are_the_same_bodies(published):
    assert bodies(published, MARCH_2021, "QHG") == (set(LUTON), 3, 3)
    assert bodies(published, MARCH_2022, "QHG") == (set(LUTON), 1, 1)
    assert bodies(published, MARCH_2023, "QHG") == (set(LUTON), 1, 1)
    # None of them had sent staff a year before.
    assert trend(published, MARCH_2021, "QHG") == (120, None, False)
    assert trend(published, MARCH_2022, "QHG") == (40, 120, True)
    assert trend(published, MARCH_2023, "QHG") == (40, 40, True)


@pytest.mark.slow
def test_an_employer_is_compared_with_itself_alone(published):
    assert trend(published, MARCH_2022, "M1J4Y", "employer") == (40, None, None)
    assert trend(published, MARCH_2022, "27D", "employer") == (40, 40, True)
    codes = published.execute(
        "select distinct organisation_code from figure "
        "where level = 'employer' and period_end = $period",
        {"period": MARCH_2023},
    ).fetchall()
    assert {code for (code,) in codes} == set(SENT[MARCH_2023])


@pytest.mark.slow
def test_four_ccgs_of_nine_do_not_stand_for_the_icb(published):
    """27D and its four predecessors are the same people; the other eight sent nothing before."""
    assert bodies(published, MARCH_2020, "QYG")[0] == set(CHESHIRE_EAST)
    assert bodies(published, MARCH_2021, "QYG") == (set(CHESHIRE_EAST), 1, 9)
    assert trend(published, MARCH_2021, "QYG") == (40, 160, True)
    nine = (set(CHESHIRE) - {"27D"}) | set(CHESHIRE_EAST)
    assert bodies(published, MARCH_2022, "QYG") == (nine, 9, 9)
    assert trend(published, MARCH_2022, "QYG") == (360, None, False)
    assert bodies(published, MARCH_2023, "QYG")[0] == nine
    assert trend(published, MARCH_2023, "QYG") == (40, 360, True)


@pytest.mark.slow
def test_five_of_six_are_not_the_icb(published):
    assert bodies(published, MARCH_2022, "QNC") == (set(STAFFORDSHIRE[:5]), 5, 6)
    assert bodies(published, MARCH_2023, "QNC")[0] == set(STAFFORDSHIRE)
    assert trend(published, MARCH_2023, "QNC") == (40, None, False)


@pytest.mark.slow
def test_the_ccg_that_was_split_stands_with_greater_manchester(published):
    """01Y lost Glossop to QJ2 in July 2022; its staff, whom no file divides, are counted in QOP."""
    found, sent, employers = bodies(published, MARCH_2022, "QOP")
    assert "01Y" in found
    assert (sent, employers) == (10, 10)
    assert trend(published, MARCH_2022, "QOP")[0] == 400
    assert trend(published, MARCH_2023, "QOP") == (40, 400, True)
    assert "01Y" not in bodies(published, MARCH_2023, "QJ2")[0]
    # Manchester CCG is the three before it.
    assert {"00W", "01M", "01N"} <= found


@pytest.mark.slow
def test_a_chain_of_several_successions_is_followed_to_its_beginning(published):
    """10G became part of 15D in 2018, and 15D of D4U1Y in 2021, and that of QNQ in 2022."""
    east = bodies(published, MARCH_2021, "15D", "employer")[0]
    assert "10G" in east
    assert "15D" not in east
    frimley = bodies(published, MARCH_2022, "D4U1Y", "employer")[0]
    assert east < frimley
    assert bodies(published, MARCH_2023, "QNQ", "employer")[0] == frimley


@pytest.mark.slow
def test_nothing_is_compared_across_a_break_in_series(published, tmp_path):
    """The view over tables in which the series of the profile broke in April 2021."""
    copy = tmp_path / "broken.duckdb"
    with duckdb.connect(str(copy)) as connection:
        for table in ("figure", "indicator", "coverage", "series_break"):
            frame = published.execute(f"from {table}").df()
            connection.register("arriving", frame)
            connection.execute(f"create table {table} as select * from arriving")
            connection.unregister("arriving")
        connection.execute(
            "create or replace table series_break as select 'PSED' as standard, "
            "'sex' as indicator, date '2021-04-01' as since, 'another list' as change"
        )
        (view,) = published.execute(
            "select sql from duckdb_views() where view_name = 'trend'"
        ).fetchone()
        connection.execute(view)
        assert trend(connection, MARCH_2022, "QHG") == (40, None, True)
        assert trend(connection, MARCH_2023, "QHG") == (40, 40, True)
