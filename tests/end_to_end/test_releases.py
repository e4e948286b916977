"""Several releases together: what is out, what few people changed, and what stops a release."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from command import equality, files, private_rows
from inbox import BME, UNKNOWN, WHITE, staff_rows, write_inbox

from pipeline.assess.columns import COUNTS, KEY
from pipeline.registry import load_registry
from pipeline.resources import REFERENCE

PERIOD, YEAR_BEFORE = "2022-03-31", "2021-03-31"
STAFF = {WHITE: 60, BME: 30, UNKNOWN: 20}
OTHERS = {WHITE: 70, BME: 25, UNKNOWN: 15}
FIRST_OF_OTHERS = 1000


def send(home, rows, code="01T", period=PERIOD):
    write_inbox(home / "inbox", period, code, "esr_staff", rows)


def current(home):
    return (home / "published" / "current.txt").read_text(encoding="ascii").strip()


def manifest(home, release):
    return json.loads((home / "releases" / release / "manifest.json").read_text(encoding="utf-8"))


def rows(home, release, query):
    path = home / "releases" / release / "equality.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def figures(home, release, where):
    return {
        tuple(row[name] for name in KEY): row
        for row in rows(home, release, f"from figure where {where}")
    }


def groups(home, release, code, characteristic="ethnicity", period=PERIOD):
    """Return the published counts of the groups of one block of an employer or ICB."""
    where = (
        f"standard = 'PSED' and indicator = '{characteristic}' and part = 'all' and "
        f"organisation_code = '{code}' and measure = 'share' and period_end = '{period}'"
    )
    return {row["group_code"]: row["numerator"] for row in figures(home, release, where).values()}


def headcount(home, release, code, period=PERIOD):
    where = (
        f"measure = 'headcount' and organisation_code = '{code}' and period_end = '{period}' "
        "and numerator is not null"
    )
    return {row["numerator"] for row in figures(home, release, where).values()}


# --- a resubmission in which one person told their ethnicity ------------------------


@pytest.fixture(scope="module")
def corrected(module_folders):
    """Return a home with two releases: in the second one unknown of 01T is known."""
    home = module_folders.mktemp("corrected")
    send(home, staff_rows(STAFF))
    send(home, staff_rows(OTHERS, first=FIRST_OF_OTHERS), code="01V")
    assert equality("run", "--home", home).exit_code == 0
    first = current(home)
    put_right = staff_rows(STAFF)
    next(row for row in put_right if row["Ethnic Origin"] == UNKNOWN)["Ethnic Origin"] = BME
    send(home, put_right)
    second = equality("run", "--home", home)
    assert second.exit_code == 0, second.out
    return home, first, current(home), second


def test_the_first_release_shows_the_block(corrected):
    home, first, _, _ = corrected
    assert groups(home, first, "01T") == {"WHITE": 60, "BME": 30, "UNKNOWN": 20}
    assert groups(home, first, "01V") == {"WHITE": 70, "BME": 25, "UNKNOWN": 15}


def test_the_second_release_does_not_tell_whose_record_changed(corrected):
    home, _, second, _ = corrected
    assert set(groups(home, second, "01T").values()) == {None}
    withheld = manifest(home, second)["protection"]["withheld_few_changed"]
    assert f"{PERIOD} employer 01T workforce/all/ethnicity" in withheld
    assert not [name for name in withheld if " 01V " in name]


def test_what_did_not_change_is_told_as_before(corrected):
    home, first, second, _ = corrected
    assert groups(home, second, "01V") == groups(home, first, "01V")
    assert groups(home, second, "01T", "sex") == groups(home, first, "01T", "sex")
    assert headcount(home, second, "01T") == {110}


def test_no_count_that_is_out_is_hidden_but_in_blocks_that_are_withheld(corrected):
    home, first, second, run = corrected
    shown, now = (figures(home, release, "true") for release in (first, second))
    withheld = manifest(home, second)["protection"]["withheld_few_changed"]
    owners = {tuple(name.split()[:3]) for name in withheld}
    for key, row in shown.items():
        owner = (str(row["period_end"]), row["level"], row["organisation_code"])
        if owner not in owners:
            assert all(now[key][name] == row[name] for name in COUNTS), key
    out = manifest(home, second)["protection"]["already_out"]
    assert f"{PERIOD} employer 01T workforce/all/ethnicity/WHITE" in out
    assert f"{len(out)} hidden counts told by earlier releases: see manifest.json" in run.out


def test_the_revision_does_not_point_at_the_change(corrected):
    home, _, second, _ = corrected
    told = rows(home, second, "from revision")
    assert {row["change"] for row in told} == {"not_listed"}
    of_01t = [row for row in told if row["organisation_code"] == "01T"]
    assert {row["reason"] for row in of_01t} == {"RESUBMISSION"}
    assert {row["explanation"] for row in of_01t} == {
        "01T sent its staff extract of 31 March 2022 again."
    }
    # All standards that the staff extract is behind, whichever of them the change bears on.
    staff = {one.standard for one in load_registry() if "esr_staff" in one.needs}
    assert {row["standard"] for row in of_01t} == staff | {"ACTIONS"}


def test_the_manifest_says_what_was_attacked_and_what_is_out(corrected):
    home, first, second, run = corrected
    earlier, now = (manifest(home, release) for release in (first, second))
    assert (earlier["earlier_releases"], now["earlier_releases"]) == ([], [first])
    assert earlier["protection"]["already_out"] == []
    for protection in (earlier["protection"], now["protection"]):
        assert protection["hidden_counts_attacked"] > 0
        assert protection["rounds"] >= 1
    attacked = now["protection"]["hidden_counts_attacked"]
    assert f"{attacked} hidden counts attacked, none of them can be worked out" in run.out
    # Names of counts, and no number of people.
    assert all(isinstance(name, str) for name in now["protection"]["already_out"])


def test_the_published_checks_name_the_attack(corrected):
    home, _, second, _ = corrected
    (check,) = rows(home, second, "from check_result where check_id = 'attack'")
    assert (check["suite"], check["severity"], check["passed"]) == ("release", "critical", True)


def test_without_the_earlier_release_nobody_can_say_what_is_out(corrected, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(corrected[0], home)
    shutil.rmtree(home / "releases" / corrected[1])
    before = current(home)
    send(home, staff_rows(STAFF | {WHITE: 99}))
    run = equality("run", "--home", home)
    assert run.exit_code == 2
    assert f"The release {corrected[1]} is not in" in run.err
    assert "Put it back from a backup" in run.err
    assert current(home) == before


@pytest.mark.slow
def test_a_stricter_policy_lists_what_is_out_and_does_not_tell_it_again(corrected, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(corrected[0], home)
    text = (REFERENCE / "disclosure.yml").read_text(encoding="utf-8")
    stricter = text.replace("threshold: 10", "threshold: 20").replace(
        "hide_below: 12", "hide_below: 20"
    )
    (home / "disclosure.yml").write_text(
        stricter.replace("show_again_at: 14", "show_again_at: 24"), encoding="utf-8"
    )
    (home / "settings.toml").write_text('disclosure = "disclosure.yml"\n', encoding="utf-8")
    run = equality("run", "--home", home)
    assert run.exit_code == 0, run.out + run.err
    release = current(home)
    out = manifest(home, release)["protection"]["already_out"]
    assert f"{PERIOD} employer 01V workforce/all/ethnicity/UNKNOWN" in out
    assert groups(home, release, "01V")["UNKNOWN"] is None


# --- a year in which one person left ------------------------


@pytest.fixture(scope="module")
def leaver(module_folders):
    """Return a home where one left 01T within a year, and many left and joined 01V."""
    home = module_folders.mktemp("leaver")
    staff = staff_rows(STAFF)
    send(home, staff, period=YEAR_BEFORE)
    gone = next(row for row in staff if row["Ethnic Origin"] == BME)
    send(home, [row for row in staff if row is not gone])
    others = staff_rows(OTHERS, first=FIRST_OF_OTHERS)
    send(home, others, code="01V", period=YEAR_BEFORE)
    joined = staff_rows({WHITE: 5, BME: 4}, first=5000)
    send(home, [*others[10:], *joined], code="01V")
    run = equality("run", "--home", home)
    assert run.exit_code == 0, run.out + run.err
    return home, current(home)


@pytest.mark.slow
def test_one_leaver_is_not_told(leaver):
    home, release = leaver
    assert groups(home, release, "01T", period=YEAR_BEFORE)["BME"] == 30
    assert set(groups(home, release, "01T").values()) == {None}
    assert headcount(home, release, "01T") == {109}
    withheld = manifest(home, release)["protection"]["withheld_few_changed"]
    assert f"{PERIOD} employer 01T workforce/all/sex" in withheld
    assert not [name for name in withheld if " 01V " in name or YEAR_BEFORE in name]


@pytest.mark.slow
def test_a_change_by_one_where_many_came_and_went_is_told(leaver):
    home, release = leaver
    assert headcount(home, release, "01V") == {109}
    assert groups(home, release, "01V") == {"WHITE": 65, "BME": 29, "UNKNOWN": 15}


# --- a breach ------------------------


@pytest.fixture(scope="module")
def breached(module_folders):
    """Return a home with a release, and a run under a policy that hides small counts alone."""
    home = module_folders.mktemp("breached")
    send(home, staff_rows(STAFF))
    assert equality("run", "--home", home).exit_code == 0
    before = files(home / "published") | files(home / "releases")
    text = (REFERENCE / "disclosure.yml").read_text(encoding="utf-8")
    lax = text.replace("\nsecondary: true", "\nsecondary: false")
    assert lax != text
    (home / "disclosure.yml").write_text(lax, encoding="utf-8")
    (home / "settings.toml").write_text('disclosure = "disclosure.yml"\n', encoding="utf-8")
    send(home, staff_rows({WHITE: 88, BME: 7, UNKNOWN: 45}))
    return home, before, equality("run", "--home", home)


@pytest.mark.slow
def test_a_count_that_can_be_worked_out_stops_the_release(breached):
    _, _, run = breached
    assert run.exit_code == 1
    assert "The gate stopped the release; the one before stays:" in run.out
    assert "release attack failed in " in run.out
    assert "(No hidden count can be worked out from all that is published" in run.out
    assert f"{PERIOD} employer 01T workforce/all/ethnicity/BME (interval) can be worked out" in (
        run.out
    )
    assert "Published:" not in run.out


@pytest.mark.slow
def test_the_last_release_stays_and_the_private_figures_answer(breached):
    home, before, _ = breached
    assert files(home / "published") | files(home / "releases") == before
    where = "standard = 'PSED' and group_code = 'BME' and part = 'all' and level = 'employer'"
    shown = equality("figures", "--home", home, "--unprotected", "--json", "--where", where)
    assert [row["numerator"] for row in json.loads(shown.out)] == [7]
    failed = private_rows(home, "select check_id from marts.check_result where not passed")
    assert ("attack",) in failed


@pytest.mark.slow
def test_the_analyst_finds_the_intervals_in_the_private_database(breached):
    home, _, _ = breached
    found = private_rows(
        home,
        "select low, high, kind from marts.derivable where organisation_code = '01T' "
        "and people = 'workforce/all/ethnicity/BME' and kind = 'interval'",
    )
    assert found == [(7, 7, "interval")]
    index = (Path(home) / "quality" / "index.html").read_text(encoding="utf-8")
    assert "release attack failed in" in index


@pytest.mark.slow
def test_the_next_run_under_a_right_policy_releases(breached):
    """Last in this module: it moves the home on."""
    home, _, _ = breached
    (home / "settings.toml").unlink()
    assert equality("run", "--home", home).exit_code == 0
