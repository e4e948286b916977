"""Where a report goes: the release that is asked for, and a folder that is whole or not there."""

import pytest

from pipeline.errors import UsageError
from pipeline.report.source import need_release
from pipeline.report.whole import whole_folder
from pipeline.settings import Home

RELEASE = "2022-03-31-0123456789ab"


def home_of_one(tmp_path):
    home = Home(tmp_path / "home")
    folder = home.releases / RELEASE
    folder.mkdir(parents=True)
    for name in ("equality.duckdb", "manifest.json"):
        (folder / name).write_text("")
    pointer = home.published_database.with_name("current.txt")
    pointer.parent.mkdir(parents=True)
    pointer.write_text(f"{RELEASE}\n", encoding="ascii")
    return home


def test_without_a_name_it_is_the_release_that_readers_see(tmp_path):
    home = home_of_one(tmp_path)
    assert need_release(home) == need_release(home, RELEASE) == home.releases / RELEASE


@pytest.mark.parametrize("name", ["", ".", f"../releases/{RELEASE}", "2021-03-31-0123456789ab"])
def test_no_other_name_is_a_release(tmp_path, name):
    with pytest.raises(UsageError, match="There is no release"):
        need_release(home_of_one(tmp_path), name)


def test_a_release_that_does_not_say_what_it_was_made_from_is_none(tmp_path):
    home = home_of_one(tmp_path)
    (home.releases / RELEASE / "manifest.json").unlink()
    with pytest.raises(UsageError, match="There is no release"):
        need_release(home)


def test_a_home_without_a_release_says_how_to_get_one(tmp_path):
    with pytest.raises(UsageError, match="Run: equality run"):
        need_release(Home(tmp_path))


def page(text):
    def write(unfinished):
        (unfinished / "index.html").write_text(text)

    return write


def told(tmp_path):
    return {path.name: (path / "index.html").read_text() for path in tmp_path.iterdir()}


def test_a_folder_takes_the_place_of_the_one_before(tmp_path):
    for text in ("first", "second"):
        whole_folder(tmp_path / "report", page(text))
    assert told(tmp_path) == {"report": "second"}


def test_what_fails_half_way_leaves_the_one_before(tmp_path):
    whole_folder(tmp_path / "report", page("first"))

    def fails(unfinished):
        (unfinished / "index.html").write_text("half")
        raise OSError

    with pytest.raises(OSError):
        whole_folder(tmp_path / "report", fails)
    assert told(tmp_path)["report"] == "first"
    whole_folder(tmp_path / "report", page("second"))
    assert told(tmp_path) == {"report": "second"}


def test_one_that_was_taken_from_its_place_goes_back(tmp_path):
    """A process that ends between the two renames leaves the earlier folder beside its place."""
    whole_folder(tmp_path / "report", page("first"))
    (tmp_path / "report").rename(tmp_path / ".report.outdated")

    def looks(unfinished):
        assert (tmp_path / "report" / "index.html").read_text() == "first"
        (unfinished / "index.html").write_text("second")

    whole_folder(tmp_path / "report", looks)
    assert told(tmp_path) == {"report": "second"}
