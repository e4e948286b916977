"""What a release says of the one before it: new quarter, resubmission, late file, policy, several.

One home with a release after each of these, over small inboxes.
"""

import itertools
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from command import equality
from inbox import BME, UNKNOWN, WHITE, application_rows, staff_row, staff_rows, write_inbox

from pipeline.report.document import plain
from pipeline.report.source import read_release
from pipeline.report.telling import bodies
from pipeline.resources import REFERENCE
from pipeline.settings import Home

PERIOD, EARLIER = "2022-03-31", "2021-12-31"
STAFF = {WHITE: 60, BME: 30, UNKNOWN: 20}
APPLICATIONS = {(WHITE, True): 20, (WHITE, False): 60, (BME, True): 15, (BME, False): 45}
OTHERS = 1000


def send(home, code, rows, period=PERIOD, source="esr_staff"):
    write_inbox(home / "inbox", period, code, source, rows)


def released(home):
    run = equality("run", "--home", home)
    assert run.exit_code == 0, run.out + run.err
    return (home / "published" / "current.txt").read_text(encoding="ascii").strip()


@dataclass(frozen=True)
class History:
    """A home and the names of its releases, by what made each of them."""

    home: Path
    releases: dict[str, str]

    def rows(self, name, query):
        path = self.home / "releases" / self.releases[name] / "equality.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def told(self, name, where="true"):
        """Return how many rows a release has of each change, reason and explanation."""
        query = f"select change, reason, explanation from revision where {where}"
        return set(self.rows(name, query))


@pytest.fixture(scope="module")
def history(module_folders):
    home = module_folders.mktemp("revisions")
    releases = {}
    send(home, "01T", staff_rows(STAFF), EARLIER)
    send(home, "01V", staff_rows(STAFF, first=OTHERS), EARLIER)
    releases["first"] = released(home)
    send(home, "01T", staff_rows(STAFF))
    send(home, "01V", staff_rows(STAFF, first=OTHERS))
    releases["quarter"] = released(home)
    more = staff_rows({WHITE: 40, BME: 25}, first=5000)
    send(home, "01T", [*staff_rows(STAFF), *more])
    releases["resubmission"] = released(home)
    send(home, "01V", application_rows(APPLICATIONS), source="recruitment")
    releases["late"] = released(home)
    text = (REFERENCE / "disclosure.yml").read_text(encoding="utf-8")
    stricter = text.replace("threshold: 10", "threshold: 25").replace(
        "hide_below: 12", "hide_below: 25"
    )
    stricter = stricter.replace("show_again_at: 14", "show_again_at: 29")
    (home / "disclosure.yml").write_text(stricter, encoding="utf-8")
    (home / "settings.toml").write_text('disclosure = "disclosure.yml"\n', encoding="utf-8")
    releases["policy"] = released(home)
    send(home, "01T", [*staff_rows(STAFF), *more, *staff_rows({WHITE: 30, BME: 20}, first=7000)])
    send(home, "01T", application_rows(APPLICATIONS), source="recruitment")
    (home / "settings.toml").unlink()
    releases["several"] = released(home)
    return History(home, releases)


@pytest.mark.slow
def test_every_release_names_the_one_before(history):
    names = list(history.releases)
    for before, name in itertools.pairwise(names):
        found = set(history.rows(name, "select previous_release_id from revision"))
        assert found == {(history.releases[before],)}


@pytest.mark.slow
def test_the_first_release_revises_nothing(history):
    assert history.told("first") == set()


@pytest.mark.slow
def test_a_new_quarter_lists_each_of_its_figures(history):
    new = ("appeared", "NEW_QUARTER", "31 March 2022 is a new snapshot.")
    assert history.told("quarter", f"period_end = date '{PERIOD}'") == {new}
    ((figures,),) = history.rows(
        "quarter", f"select count(*) from figure where period_end = date '{PERIOD}'"
    )
    ((listed,),) = history.rows(
        "quarter", "select count(*) from revision where change = 'appeared'"
    )
    assert figures == listed > 100


POLICY = "The disclosure policy is another one (hide_below, show_again_at, threshold)."
NOW = f"period_end = date '{PERIOD}'"
RESENT = "01T sent its staff extract of 31 March 2022 again."


@pytest.mark.slow
@pytest.mark.parametrize("name", ["quarter", "resubmission", "policy"])
def test_the_report_tells_why_of_every_release(history, name):
    published = read_release(Home(history.home), history.releases[name])
    why = {row[2] for row in history.told(name, "organisation_code = '01T'")}
    (one,) = [body for body in bodies(published) if body.code == "01T"]
    (page,) = [page for page in one.pages if page.name == "changes"]
    told = {plain(cell) for table in page.sections[0].tables for row in table.rows for cell in row}
    assert why <= told


@pytest.mark.slow
def test_a_resubmission_names_who_sent_what_again(history):
    where = "level = 'employer' and organisation_code = '01T' and standard = 'PSED'"
    assert history.told("resubmission", where) == {
        ("changed", "RESUBMISSION", RESENT),
        ("not_listed", "RESUBMISSION", RESENT),
    }


@pytest.mark.slow
def test_the_icb_follows_its_member(history):
    found = history.told("resubmission", f"level = 'icb' and {NOW} and standard = 'PSED'")
    follows = ("RESUBMISSION FOLLOWS", f"{RESENT} QYG pools 01T.")
    assert found == {("changed", *follows), ("not_listed", *follows)}


@pytest.mark.slow
def test_a_figure_that_changed_is_listed_with_its_whole_key(history):
    found = history.rows(
        "resubmission",
        "select change, reason from revision where level = 'employer' and "
        "organisation_code = '01T' and standard = 'PSED' and indicator = 'ethnicity' and "
        "part = 'all' and measure = 'share' and group_code = 'WHITE' and "
        f"period_end = date '{PERIOD}'",
    )
    assert found == [("changed", "RESUBMISSION")]


@pytest.mark.slow
def test_nothing_of_others_is_said_to_follow_from_it_but_what_protects_them(history):
    where = "organisation_code = '01V' and level = 'employer'"
    assert {row[1] for row in history.told("resubmission", where)} <= {"PROTECTION"}


@pytest.mark.slow
def test_a_late_file_is_told_for_the_standards_that_it_is_behind(history):
    late = "The release before had no recruitment extract of 31 March 2022 from 01V."
    where = "standard = 'WRES' and indicator = '2'"
    assert history.told("late", f"{where} and level = 'employer'") == {
        ("changed", "LATE_FILE", late)
    }
    assert history.told("late", f"{where} and level = 'icb'") == {
        ("changed", "LATE_FILE FOLLOWS", f"{late} QYG pools 01V.")
    }
    assert ("not_listed", "LATE_FILE", late) in history.told("late", "standard = 'WRES'")


@pytest.mark.slow
def test_another_policy_names_the_settings_that_changed(history):
    found = history.told("policy")
    assert found
    assert {row[1:] for row in found} == {("POLICY_CHANGED", POLICY)}


@pytest.mark.slow
def test_several_reasons_are_all_told(history):
    where = f"standard = 'WRES' and level = 'employer' and organisation_code = '01T' and {NOW}"
    found = history.told("several", f"{where} and change = 'not_listed'")
    assert found == {
        (
            "not_listed",
            "LATE_FILE RESUBMISSION POLICY_CHANGED",
            "The release before had no recruitment extract of 31 March 2022 from 01T. "
            f"{RESENT} {POLICY}",
        )
    }
    only_staff = history.told("several", f"{where} and indicator = '1'")
    assert {row[1] for row in only_staff} == {"RESUBMISSION POLICY_CHANGED"}


@pytest.mark.slow
def test_nothing_that_reads_otherwise_is_silent(history):
    """Each figure that differs is listed, or its organisation and standard has a row."""
    names = list(history.releases)
    key = "period_end, level, organisation_code, standard"
    figure = "indicator, part, measure, group_code, comparator_code"
    for before, name in itertools.pairwise(names):
        paths = [
            history.home / "releases" / history.releases[one] / "equality.duckdb"
            for one in (before, name)
        ]
        with duckdb.connect() as connection:
            for schema, path in zip(("before", "now"), paths, strict=True):
                connection.execute(f"attach '{path}' as {schema} (read_only)")
            told = "* exclude (release_id, organisation_name)"
            silent = connection.execute(
                f"with differs as (select distinct {key}, {figure} from ("
                f"(select {told} from now.figure except select {told} from before.figure) union "
                f"(select {told} from before.figure except select {told} from now.figure))) "
                f"select count(*) from differs where not exists (from now.revision as told where "
                "(told.period_end, told.level, told.organisation_code, told.standard) = "
                "(differs.period_end, differs.level, differs.organisation_code, differs.standard) "
                "and (told.change = 'not_listed' or (told.indicator, told.part, told.measure, "
                "told.group_code, coalesce(told.comparator_code, '')) = (differs.indicator, "
                "differs.part, differs.measure, differs.group_code, "
                "coalesce(differs.comparator_code, ''))))"
            ).fetchone()
        assert silent == (0,), name


@pytest.fixture(scope="module")
def one_employer(module_folders):
    home = module_folders.mktemp("one_employer") / "home"
    send(home, "01T", staff_rows(STAFF))
    released(home)
    return home


@pytest.mark.slow
@pytest.mark.parametrize(
    "changed",
    [{"ethnic_origin": BME}, pytest.param({"disability": "Yes"}, marks=pytest.mark.slow)],
)
def test_whoever_was_put_right_the_revision_reads_the_same(one_employer, tmp_path, changed):
    """It says that the extract came again, and not of whom or of what."""
    home = shutil.copytree(one_employer, tmp_path / "home")
    rows = staff_rows(STAFF)
    rows[-1] = staff_row(len(rows), **{"ethnic_origin": UNKNOWN} | changed)
    send(home, "01T", rows)
    name = released(home)
    told = History(home, {"second": name}).rows(
        "second",
        "select level, standard, change, reason from revision where change <> 'not_listed' "
        "or level = 'employer' order by all",
    )
    assert told == [
        ("employer", standard, "not_listed", "RESUBMISSION")
        for standard in (
            "ACTIONS", "CENSUS", "DECLARATION", "DPG", "DUTIES", "EPG", "FLOW", "GPG",
            "MODEL_EMPLOYER", "PSED", "RDR", "WDES", "WRES",
        )
    ]  # fmt: skip
