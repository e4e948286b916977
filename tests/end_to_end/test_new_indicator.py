"""A new indicator is one SQL file and one file of the registry, and nothing else.

The product runs from a copy of itself to which the two are added, in a process of its own.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from inbox import BME, WHITE, staff_rows, write_inbox

ROOT = Path(__file__).parents[2]
PERIOD = "2022-03-31"

TABLE = """\
-- Grain: one row for each snapshot, level, organisation and ethnic group.
-- The share of each ethnic group among the staff of bands 8a to very senior manager.
select
    period_end,
    level,
    organisation_code,
    'WRES' as standard,
    'senior' as indicator,
    'all' as part,
    'share' as measure,
    group_code,
    cast(null as varchar) as comparator_code,
    headcount as numerator,
    part_headcount as denominator,
    cast(null as bigint) as comparator_numerator,
    cast(null as bigint) as comparator_denominator,
    concat('workforce/tier_upper/ethnicity/', group_code) as numerator_people,
    'workforce/tier_upper//ALL' as denominator_people,
    cast(null as varchar) as comparator_numerator_people,
    cast(null as varchar) as comparator_denominator_people,
    case when not is_sent then 'MISSING_SOURCE' end as reason
from core.workforce_group
where part = 'tier_upper' and characteristic = 'ethnicity'
"""
REGISTERED = """\
table: measures.senior_staff
standard: WRES
indicator: senior
title: Senior staff by ethnicity
source: A test
definition: Headcount of bands 8a to very senior manager by ethnic group.
why_it_matters: It shows who leads.
numerator: headcount of the group in the senior bands
denominator: headcount of the senior bands
comparison: none
favourable: none
needs: [esr_staff]
valid_from: 2013-04-01
breaks:
  - {since: 2020-04-01, change: very senior managers are counted too}
groups: {WHITE: White, BME: Black and minority ethnic, UNKNOWN: Not known or not stated}
measures:
  share: {method: share, decimals: 1}
change_log:
  - {version: 0.1.0, change: first definition}
"""


@pytest.fixture
def tree(tmp_path):
    """A copy of the product with the two files."""
    copy = tmp_path / "tree"
    for name in ("src", "schemas", "warehouse", "flows"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "warehouse" / "measures" / "senior_staff.sql").write_text(TABLE)
    (copy / "warehouse" / "indicators" / "wres_senior.yml").write_text(REGISTERED)
    return copy


@pytest.fixture
def inbox(tmp_path):
    """Two CCGs with 168 senior people."""
    folder = tmp_path / "inbox"
    senior = {"pay_scale": "NHS|XR08|Review Body Band 8 - Range A"}
    here = staff_rows({WHITE: 60, BME: 33}, **senior) + staff_rows(40, first=101)
    there = staff_rows({WHITE: 50, BME: 25}, first=201, **senior)
    write_inbox(folder, PERIOD, "01T", "esr_staff", here)
    write_inbox(folder, PERIOD, "01V", "esr_staff", there)
    return folder


def product(tree, *arguments):
    paths = [str(tree / "src"), str(tree)]
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )


def rows(path, query):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_its_figures_are_published_described_and_checked(tree, inbox, tmp_path):
    home = tmp_path / "home"
    done = product(tree, "run", "--home", home, "--inbox", inbox)
    assert (done.returncode, done.stderr) == (0, "")
    published = home / "published" / "equality.duckdb"
    where = "indicator = 'senior' and level = 'icb'"
    true = product(tree, "figures", "--unprotected", "--json", "--home", home, "--where", where)
    names = ("organisation_code", "group_code", "numerator", "denominator", "value")
    assert [tuple(row[name] for name in names) for row in json.loads(true.stdout)] == [
        ("QYG", "BME", 58, 168, 34.5),
        ("QYG", "UNKNOWN", 0, 168, 0.0),
        ("QYG", "WHITE", 110, 168, 65.5),
    ]
    # Nobody of these bands is of unknown ethnicity, which is not told of so few.
    shown = rows(published, f"select group_code, value from figure where {where} order by all")
    assert [group for group, _ in shown] == ["BME", "UNKNOWN", "WHITE"]
    described = "title, definition, numerator, decimals, needs, groups"
    assert rows(published, f"select {described} from indicator where indicator = 'senior'") == [
        (
            "Senior staff by ethnicity",
            "Headcount of bands 8a to very senior manager by ethnic group.",
            "headcount of the group in the senior bands",
            1,
            "esr_staff",
            "WHITE: White; BME: Black and minority ethnic; UNKNOWN: Not known or not stated",
        )
    ]
    broken = "select standard, indicator, cast(since as varchar), change from series_break"
    assert rows(published, f"{broken} where indicator = 'senior'") == [
        ("WRES", "senior", "2020-04-01", "very senior managers are counted too")
    ]
    # The views of its standard have it as they have every other indicator.
    percents = "select bme_percent, unknown_percent, white_percent from wres"
    assert rows(published, f"{percents} where {where}") == [tuple(value for _, value in shown)]
    assert rows(published, "select count(*) from trend where indicator = 'senior'") == [(9,)]
    listed = product(tree, "figures", "--json", "--home", home, "--where", "indicator = 'senior'")
    assert len(json.loads(listed.stdout)) == 9
    assert product(tree, "check-registry").returncode == 0


@pytest.mark.slow
def test_its_figures_are_protected_as_all_others(tree, tmp_path):
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    senior = staff_rows({WHITE: 30, BME: 4}, pay_scale="NHS|XR08|Review Body Band 8 - Range A")
    write_inbox(inbox, PERIOD, "01T", "esr_staff", senior + staff_rows({BME: 60}, first=101))
    assert product(tree, "run", "--home", home, "--inbox", inbox).returncode == 0
    shown = "select distinct numerator is null, status from figure where indicator = 'senior'"
    published = home / "published" / "equality.duckdb"
    assert rows(published, f"{shown} and group_code = 'BME'") == [(True, "suppressed")]


WRONG = {
    "groups_add_up": ("headcount as numerator", "headcount + 1 as numerator"),
    "measures_present": ("part = 'tier_upper'", "part = 'tier_upper' and level = 'icb'"),
}


@pytest.mark.parametrize(
    "check", ["groups_add_up", pytest.param("measures_present", marks=pytest.mark.slow)]
)
def test_the_gate_looks_at_its_figures_too(tree, inbox, tmp_path, check):
    table = tree / "warehouse" / "measures" / "senior_staff.sql"
    table.write_text(table.read_text().replace(*WRONG[check]))
    done = product(tree, "run", "--home", tmp_path / "home", "--inbox", inbox)
    assert done.returncode == 1
    assert f"{check} failed" in done.stdout + done.stderr
    assert not (tmp_path / "home" / "published" / "equality.duckdb").exists()


def test_one_file_without_the_other_is_told(tree):
    (tree / "warehouse" / "indicators" / "wres_senior.yml").unlink()
    told = product(tree, "check-registry")
    assert told.returncode != 0
    assert "measures/senior_staff.sql: no indicator file names it" in told.stdout + told.stderr
    (tree / "warehouse" / "indicators" / "wres_senior.yml").write_text(REGISTERED)
    (tree / "warehouse" / "measures" / "senior_staff.sql").unlink()
    told = product(tree, "check-registry")
    assert told.returncode != 0
    assert "wres_senior.yml: table measures.senior_staff has no file" in told.stdout + told.stderr
