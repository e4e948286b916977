"""The baselines of the benchmarks count what the product counts."""

import importlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.identity import load_keys
from pipeline.run import run
from pipeline.sample.scaled import SCALES, write_scaled
from pipeline.settings import load_settings
from pipeline.store import open_private
from pipeline.workspace import InProcess

BENCH = Path(__file__).parents[2] / "bench"
BY_INTERFACE = "2021-12-31"
"""The demo's snapshot of which one file is no table, which no baseline reads."""

WRES_1 = """
select cast(period_end as varchar), level, organisation_code, part, group_code, numerator
from measures.pay_row
where standard = 'WRES' and measure = 'share' and part like '%:%' and part not like '%:all'
    and numerator > 0
"""
WRES_2 = """
select cast(period_end as varchar), level, organisation_code, group_code, numerator, denominator
from measures.likelihood
where standard = 'WRES' and indicator = '2' and measure = 'rate' and denominator > 0
"""
DECLARED = """
select cast(period_end as varchar), level, organisation_code, indicator, numerator, denominator
from measures.declaration
where part = 'all' and group_code = 'KNOWN' and indicator <> 'age_band' and denominator > 0
"""
PAY_GAPS = """
select cast(period_end as varchar), level, organisation_code, indicator,
    numerator, comparator_numerator,
    100 * (1 - (comparator_amount / comparator_amount_base) / (amount / amount_base))
from measures.pay_gap
where standard = 'GPG' and part = 'all' and indicator in ('mean_hourly', 'median_hourly')
    and reason is null and numerator > 0 and comparator_numerator > 0
"""


class _Built(BaseException):
    pass


class _UntilBuilt(InProcess):
    def call(self, stage, name):
        given = super().call(stage, name)
        if name == "build":
            raise _Built
        return given


@pytest.fixture(scope="module")
def bench():
    """The modules of ``bench/``, which is no package."""
    sys.path.insert(0, str(BENCH))
    try:
        yield importlib.import_module
    finally:
        sys.path.remove(str(BENCH))


@pytest.fixture(scope="module")
def small(module_folders):
    """An inbox of one system in small, and our counts of it."""
    folder = module_folders.mktemp("small")
    write_scaled(folder / "inbox", replace(SCALES["ics"], people=3_000))
    with pytest.raises(_Built):
        run(load_settings(folder / "home", folder / "inbox"), _UntilBuilt())
    return folder


def counts(home, query):
    own = load_settings(home).home
    with open_private(own, load_keys(own), read_only=True) as connection:
        return set(connection.execute(query).fetchall())


def rows_of(frame, *columns):
    day = frame["period_end"].astype(str).str[:10]
    named = frame.assign(period_end=day)[["period_end", "level", "organisation_code", *columns]]
    return set(named.itertuples(index=False, name=None))


def without_interface(rows):
    return {row for row in rows if row[0] != BY_INTERFACE}


def compare(home, figures):
    pairs = {
        WRES_1: rows_of(figures["wres_1"], "part", "ethnicity", "headcount"),
        WRES_2: rows_of(figures["wres_2"], "ethnicity", "appointed", "shortlisted"),
        DECLARED: rows_of(figures["declaration"], "characteristic", "known", "headcount"),
    }
    for query, theirs in pairs.items():
        ours = without_interface(counts(home, query))
        assert ours
        assert ours == without_interface(theirs)


def test_the_pandas_script_counts_what_we_count_on_the_demo(bench, demo_home, tmp_path):
    figures = bench("analyst").main(demo_home / "inbox", tmp_path)
    compare(demo_home, figures)
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(figures)


def test_the_pandas_script_finds_our_pay_gaps_on_the_demo(bench, demo_home, tmp_path):
    gaps = bench("analyst").main(demo_home / "inbox", tmp_path)["pay_gap"]
    theirs = {}
    for row in gaps.to_dict("records"):
        place = str(row["period_end"])[:10], row["level"], row["organisation_code"]
        for name in ("mean", "median"):
            theirs[(*place, f"{name}_hourly")] = (row["men"], row["women"], row[name])
    ours = counts(demo_home, PAY_GAPS)
    assert ours
    for *place, men, women, gap in ours:
        found = theirs[tuple(place)]
        assert found[:2] == (men, women)
        assert found[2] == pytest.approx(gap, abs=0.0501)


def test_the_pandas_script_counts_what_we_count_of_a_system(bench, small, tmp_path):
    compare(small / "home", bench("analyst").main(small / "inbox", tmp_path))


def test_the_floor_counts_what_we_count_for_each_employer(bench, small):
    floor = set(bench("floor").counts(small / "inbox"))
    ours = {
        (day, code, part, group, people)
        for day, level, code, part, group, people in counts(small / "home", WRES_1)
        if level == "employer"
    }
    assert ours == floor
