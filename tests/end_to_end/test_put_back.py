"""A wrong release is out: an earlier one is shown again, and stays until there is new input."""

import json
import shutil

import pytest
from command import equality, files
from inbox import BME, WHITE
from kept_homes import OTHERS, current, damage, send

from pipeline.settings import Home
from pipeline.trail import entries, note


@pytest.fixture
def kept(two_releases):
    return two_releases


@pytest.fixture
def home(kept_copy):
    return kept_copy


@pytest.fixture
def put_back(kept, home):
    """A home in which the first of two releases is shown again."""
    result = equality("restore", kept[1], "--home", home)
    assert (result.exit_code, result.err) == (0, "")
    assert f"Readers see release {kept[1]} again, instead of {kept[2]}." in result.out
    return home


def sees(home, release):
    """Whether readers find a release, its figures and its report, and nothing of another."""
    published = home / "published"
    made = home / "releases" / release
    return (
        current(home) == release
        and (published / "equality.duckdb").read_bytes() == (made / "equality.duckdb").read_bytes()
        and files(published / f"report-{release}") == files(made / "report")
        and [path.name for path in published.glob("report-*")] == [f"report-{release}"]
        and f"report-{release}/index.html" in (published / "index.html").read_text("utf-8")
    )


def test_readers_see_the_earlier_release_and_its_report(kept, put_back):
    assert sees(put_back, kept[1])
    noted = entries(Home(put_back))[-1]
    assert (noted.action, noted.detail) == (
        "restore", {"release": kept[1], "instead_of": kept[2], "was": kept[2]}
    )  # fmt: skip
    assert damage(put_back)[0].exit_code == 0


def test_a_run_with_nothing_new_leaves_it_there(kept, put_back):
    told = equality("run", "--home", put_back)
    assert told.exit_code == 0
    assert f"release {kept[1]} stays in the place of {kept[2]}" in told.out
    assert sees(put_back, kept[1])
    assert entries(Home(put_back))[-1].detail["shown"] == kept[1]


def test_another_version_of_the_product_does_not_bring_the_wrong_one_back(
    kept, put_back, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.publish.basis.code_version", lambda: "9.9.9+0123456789ab")
        assert equality("run", "--home", put_back).exit_code == 0
    assert sees(put_back, kept[1])
    assert len(list((put_back / "releases").iterdir())) == 2


def test_a_run_ends_what_was_killed_before_readers_saw_it(kept, home):
    note(Home(home), "restore", {"release": kept[1], "instead_of": kept[2], "was": kept[2]})
    assert sees(home, kept[2])
    assert equality("run", "--home", home).exit_code == 0
    assert sees(home, kept[1])


@pytest.mark.slow
def test_new_input_makes_a_release_that_knows_what_the_wrong_one_told(kept, put_back):
    send(put_back, OTHERS | {WHITE: 80, BME: 40}, code="01V")
    assert equality("run", "--home", put_back).exit_code == 0
    third = current(put_back)
    assert third not in kept[1:]
    manifest = json.loads((put_back / "releases" / third / "manifest.json").read_text("utf-8"))
    assert manifest["earlier_releases"] == list(kept[1:])
    assert damage(put_back)[0].exit_code == 0
    assert "Nothing new: release" in equality("run", "--home", put_back).out
    assert current(put_back) == third


def test_the_newest_can_be_shown_again_and_then_stays(kept, put_back):
    assert equality("restore", kept[2], "--home", put_back).exit_code == 0
    assert sees(put_back, kept[2])
    assert f"Nothing new: release {kept[2]} stands." in equality("run", "--home", put_back).out
    before = len(entries(Home(put_back)))
    again = equality("restore", kept[2], "--home", put_back)
    assert again.out.startswith(f"Release {kept[2]} is what readers see already.")
    assert len(entries(Home(put_back))) == before


@pytest.mark.slow
def test_a_report_is_made_where_readers_had_one_and_the_release_has_none(kept, home):
    shutil.rmtree(home / "releases" / kept[1] / "report")
    assert equality("restore", kept[1], "--home", home).exit_code == 0
    assert sees(home, kept[1])


def test_where_readers_had_no_report_they_get_none(kept, home):
    (home / "published" / "index.html").unlink()
    shutil.rmtree(home / "published" / f"report-{kept[2]}")
    told = equality("restore", kept[1], "--home", home)
    assert "none: readers had none before" in told.out
    assert current(home) == kept[1]
    assert not (home / "published" / "index.html").exists()


@pytest.mark.parametrize("arguments", [[], ["2022-03-31-000000000000"], [".."]])
def test_what_is_no_release_is_wrong_usage_and_changes_nothing(kept, home, arguments):
    before = files(home / "published")
    result = equality("restore", *arguments, "--home", home)
    assert (result.exit_code, result.out) == (2, "")
    assert files(home / "published") == before


def test_a_damaged_release_is_not_shown(kept, home):
    path = home / "releases" / kept[1] / "equality.duckdb"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    before = files(home / "published")
    result = equality("restore", kept[1], "--home", home)
    assert result.exit_code == 2
    assert "is damaged" in result.err
    assert files(home / "published") == before
