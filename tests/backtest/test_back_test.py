"""No figure of the sample moves between two versions unless the changelog says so."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DAY = "2022-03-31"
LIKELIHOOD = ("WRES", "2", "relative_likelihood", "icb", DAY)
SHARE = ("WRES", "1", "share", "icb", DAY)
SAID = """# Changelog

## Unreleased

### Figures that move

- **WRES 1, WRES 4**: bank staff are left out.

### Otherwise

- **WRES 2**: explained at more length.

## 0.1.0

### Figures that move

- **WRES 2**: first definition.
"""


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location(
        "record_figures", ROOT / "tools/record_figures.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def line(true: str = "a", shown: str = "b") -> dict[str, str]:
    return {"true_mark": true, "shown_mark": shown}


def test_the_sample_reads_as_in_the_last_version_but_for_what_the_changelog_names(tool, demo_home):
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert tool.unnamed(tool.recorded(), tool.marks(demo_home), changelog) == []


def test_the_record_holds_every_standard_of_the_sample(tool):
    of_standards = {key[0] for key in tool.recorded()}
    assert of_standards == {
        "ACTIONS", "CENSUS", "DECLARATION", "DPG", "DUTIES", "EDS", "EPG", "FLOW", "GPG",
        "MODEL_EMPLOYER", "PSED", "RDR", "WDES", "WRES",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({LIKELIHOOD: line("c"), SHARE: line()}, ["WRES 2"]),
        ({LIKELIHOOD: line()}, ["WRES 1"]),
        ({LIKELIHOOD: line(), SHARE: line(), ("GPG", *SHARE[1:]): line()}, ["GPG 1"]),
        ({LIKELIHOOD: line(shown="c"), SHARE: line()}, ["Protection"]),
        ({LIKELIHOOD: line(), SHARE: line()}, []),
    ],
)
def test_what_changes_comes_or_goes_has_moved(tool, now, expected):
    assert tool.moved({LIKELIHOOD: line(), SHARE: line()}, now) == expected


def test_only_lines_on_figures_of_the_version_to_come_name_what_moves(tool):
    assert tool.named(SAID) == {"WRES 1", "WRES 4"}


def test_a_figure_that_moves_without_a_line_is_told(tool):
    before = {LIKELIHOOD: line(), SHARE: line()}
    now = {LIKELIHOOD: line("c"), SHARE: line("c")}
    assert tool.unnamed(before, now, SAID) == ["WRES 2"]


def test_another_count_of_the_sample_is_another_mark(tool, demo_home):
    """One number of one figure is enough: the marks are not of sums alone."""
    from pipeline.store import open_published

    with open_published(demo_home / "published" / "equality.duckdb") as connection:
        connection.execute("create temp table changed as select * from figure")
        chosen = "rowid = (select min(rowid) from changed where numerator >= 10)"
        connection.execute(f"update changed set numerator = numerator + 1 where {chosen}")
        query = tool._query("changed", ())
        changed = dict(tool._marks(connection.execute(query).fetchall()))
        same = dict(tool._marks(connection.execute(tool._query("figure", ())).fetchall()))
    assert sum(changed[key] != same[key] for key in same) == 1
