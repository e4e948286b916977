"""What earlier releases have told: it is out, or it is another version of a count."""

from datetime import date

import duckdb
import pandas as pd
import pytest
from cells import figure, frame, members, owner, policy

from pipeline.assess.columns import COUNTS, FIGURE
from pipeline.errors import UsageError
from pipeline.protect.counted import counted
from pipeline.protect.figures import protect
from pipeline.protect.published_before import published_before, release_databases
from pipeline.publish.earlier import at_snapshots, snapshots_read_otherwise

ALL, WHITE, BME = (
    "workforce/all//ALL", "workforce/all/ethnicity/WHITE", "workforce/all/ethnicity/BME",
)  # fmt: skip
TYPES = (
    dict.fromkeys(FIGURE, "varchar") | dict.fromkeys(COUNTS, "bigint")
    | dict.fromkeys(("value", "ci_low", "ci_high", "p_value"), "double") | {"period_end": "date"}
)  # fmt: skip


def row(group, count, people=ALL, **other):
    """Return a figure of one count; the base is always of everybody."""
    return figure(numerator=(people, count)) | {"group_code": group, "part": "all"} | other


def release(folder, name, rows):
    """Write the figures of a release as everybody can read them, and return its database."""
    told = pd.DataFrame(rows).assign(release_id=name, organisation_name="", disclosure="NONE")
    told = told.assign(**{key: value for key, value in rows[0].items() if key == "disclosure"})
    path = folder / name / "equality.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        columns = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
        connection.execute(f"create table figure ({columns})")
        connection.register("told", told[list(FIGURE)].astype(object))
        connection.execute("insert into figure by name select * from told")
    return path


NOW = [
    row("ALL", 110),
    row("WHITE", 60, WHITE),
    row("BME", 31, BME),
    row("TWICE", 220, "workforce_two_year/all//ALL"),
    row("AGREE", 5, "survey/q1/ethnicity/BME"),
    row("PEOPLE", 1000, None),
    row("BEHIND", 31, BME, standard="MODEL_EMPLOYER", value=31.0, shows_counts=False),
]


def before(*paths, now=NOW):
    figures = frame(now)
    return published_before(paths, figures, counted(figures).counts)


def test_a_count_with_the_number_that_it_has_now_is_out(tmp_path):
    path = release(tmp_path, "one", [row("ALL", 110), row("WHITE", 60), row("BME", 30)])
    found = before(path)
    assert found.out == {(owner("01T"), ALL), (owner("01T"), WHITE)}
    (told,) = found.told
    assert told[owner("01T"), BME] == 30
    assert found.now((owner("01T"), BME)) == 31


def test_hidden_and_rounded_counts_answers_and_the_public_are_not_out(tmp_path):
    hidden = row("ALL", None, status="suppressed")
    rest = [row("AGREE", 5), row("PEOPLE", 1000)]
    assert before(release(tmp_path, "one", [hidden, *rest])).out == set()
    rounded = release(tmp_path, "two", [row("ALL", 110, disclosure="ROUNDED")])
    assert before(rounded).out == set()


def test_who_is_counted_twice_is_told_once(tmp_path):
    path = release(tmp_path, "one", [row("TWICE", 220)])
    assert before(path).told == ({(owner("01T"), ALL): 110},)


@pytest.mark.parametrize(("value", "out"), [(31.0, {(owner("01T"), BME)}), (30.0, set())])
def test_a_value_without_counts_tells_those_behind_it(tmp_path, value, out):
    behind = row("BEHIND", None, standard="MODEL_EMPLOYER", value=value)
    assert before(release(tmp_path, "one", [behind])).out == out


def test_every_earlier_release_counts(tmp_path):
    first = release(tmp_path, "one", [row("BME", 31)])
    second = release(tmp_path, "two", [row("BME", None), row("WHITE", 60)])
    assert before(first, second).out == {(owner("01T"), BME), (owner("01T"), WHITE)}
    assert before().out == set()


def test_a_release_that_is_gone_is_named(tmp_path):
    release(tmp_path, "one", [row("ALL", 110)])
    assert [path.parent.name for path in release_databases(tmp_path, ["one"])] == ["one"]
    with pytest.raises(UsageError, match="The release two is not in"):
        release_databases(tmp_path, ["one", "two"])


# --- protection ------------------------


def protected(rows, out):
    _, published = protect(frame(rows), members({}), policy(), out=out)
    names = published["numerator_people"]
    return dict(zip(names, published["numerator"].notna(), strict=True))


SMALL = [
    row("ALL", 110), row("WHITE", 75, WHITE), row("BME", 5, BME),
    row("UNKNOWN", 30, "workforce/all/ethnicity/UNKNOWN"),
]  # fmt: skip


def test_what_is_out_hides_nothing_so_another_count_is_hidden():
    unknown = "workforce/all/ethnicity/UNKNOWN"
    shown = protected(SMALL, ())
    assert not shown[BME]
    assert shown[WHITE] != shown[unknown]
    second = WHITE if not shown[WHITE] else unknown
    other = unknown if second == WHITE else WHITE
    again = protected(SMALL, {(owner("01T"), second)})
    assert again[second]
    assert not again[BME]
    assert not again[other]


def test_a_small_count_that_is_out_is_not_told_again_and_nothing_is_hidden_for_it():
    shown = protected(SMALL, {(owner("01T"), BME)})
    assert [name for name, is_shown in shown.items() if not is_shown] == [BME]


# --- releases that read the same ------------------------


def test_only_snapshots_that_read_otherwise_are_looked_at(tmp_path):
    earlier = date(2021, 12, 31)
    rows = [row("ALL", 110), row("ALL", 90, period_end=earlier)]
    path = release(tmp_path, "one", rows)
    now = pd.DataFrame(rows).assign(release_id="two", organisation_name="A", disclosure="NONE")
    assert snapshots_read_otherwise([path, path], now) == [set(), set()]
    changed = now.assign(value=[1.0, 2.0])
    assert snapshots_read_otherwise([path], changed) == [{earlier}]
    tables = {"figure": now, "about": pd.DataFrame({"name": ["a"]})}
    kept = at_snapshots(tables, {earlier})
    assert kept["figure"]["numerator"].tolist() == [90]
    assert len(kept["about"]) == 1
