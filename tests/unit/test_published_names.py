"""Where readers find the newest release, on disks and on shares that keep an open file in place."""

import errno
import os
import subprocess
import sys
from contextlib import contextmanager

import duckdb
import pytest

from pipeline.errors import UsageError
from pipeline.publish.release import current_database, is_current, is_open, make_current
from pipeline.settings import Home, load_settings
from pipeline.store import open_published
from pipeline.summary import print_published

FIRST, SECOND = "2021-12-31-aaaaaaaaaaaa", "2022-03-31-bbbbbbbbbbbb"


def home_of_two(tmp_path, *, dated=False):
    """Return a home with two releases, each a database that says which one it is."""
    home = Home(tmp_path / "home", has_dated_names=dated)
    for release_id in (FIRST, SECOND):
        folder = home.releases / release_id
        folder.mkdir(parents=True)
        with duckdb.connect(str(folder / "equality.duckdb")) as connection:
            connection.execute("create table about as select ? as release_id", [release_id])
    return home


def names(home):
    return sorted(path.name for path in home.published_database.parent.iterdir())


def told(path):
    with open_published(path) as connection:
        return connection.execute("select release_id from about").fetchone()[0]


@contextmanager
def reader(path):
    """Hold a database open in another process, as an analyst's notebook does."""
    code = (
        "import sys, duckdb\n"
        "held = duckdb.connect(sys.argv[1], read_only=True)\n"
        "print('open', flush=True)\n"
        "sys.stdin.readline()\n"
        "print(held.execute('select release_id from about').fetchone()[0])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout.readline() == "open\n"
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@contextmanager
def share_that_keeps_open_files(home):
    """Refuse to replace the plain name, as SMB does while a reader has it open.

    No file system of the machine that runs the tests behaves so, neither as root nor as another
    account; the call that Windows refuses is refused here instead, with its error.
    """
    with pytest.MonkeyPatch.context() as patch:
        real = os.replace

        def refuse(source, target, **more):
            if os.fspath(target) == os.fspath(home.published_database):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
            real(source, target, **more)

        patch.setattr(os, "replace", refuse)
        yield


def test_a_plain_name_always_holds_the_newest_release(tmp_path, capsys):
    home = home_of_two(tmp_path)
    assert current_database(home) == home.published_database
    for release_id in (FIRST, SECOND):
        assert not is_current(home, release_id)
        assert make_current(home, release_id) == home.published_database
        assert is_current(home, release_id)
        assert names(home) == ["current.txt", "equality.duckdb"]
        assert told(current_database(home)) == release_id
    print_published(home)
    assert capsys.readouterr().out == f"Published: {home.published_database}\n"


def test_where_an_open_file_is_not_replaced_the_release_stands_beside_it(tmp_path, capsys):
    home = home_of_two(tmp_path)
    make_current(home, FIRST)
    before = home.published_database.read_bytes()
    dated = home.published_database.with_name(f"equality-{SECOND}.duckdb")
    with share_that_keeps_open_files(home):
        assert make_current(home, SECOND) == dated
        assert names(home) == ["current.txt", dated.name, "equality.duckdb"]
        assert home.published_database.read_bytes() == before
        assert (told(dated), dated.stat().st_mode & 0o777) == (SECOND, 0o644)
        assert current_database(home) == dated
        print_published(home)
        said = capsys.readouterr().out
        assert said.startswith(f"Published: {dated}\n")
        assert "equality.duckdb is open in another program" in said
        # The plain name is still to be brought up to date, so that the next run tries again.
        assert not is_current(home, SECOND)
        make_current(home, SECOND)
        assert names(home) == ["current.txt", dated.name, "equality.duckdb"]
    make_current(home, SECOND)
    assert is_current(home, SECOND)
    assert names(home) == ["current.txt", "equality.duckdb"]
    assert told(current_database(home)) == SECOND


def test_dated_names_leave_the_file_before_to_whoever_has_it_open(tmp_path, capsys):
    home = home_of_two(tmp_path, dated=True)
    first = make_current(home, FIRST)
    assert names(home) == ["current.txt", f"equality-{FIRST}.duckdb"]
    assert is_current(home, FIRST)
    assert not is_open(first)
    with reader(first) as process:
        assert is_open(first)
        second = make_current(home, SECOND)
        assert names(home) == ["current.txt", first.name, second.name]
        assert is_current(home, SECOND)
        assert told(current_database(home)) == SECOND
        assert process.communicate("\n", timeout=60)[0] == f"{FIRST}\n"
    make_current(home, SECOND)
    assert names(home) == ["current.txt", second.name]
    print_published(home)
    assert capsys.readouterr().out == f"Published: {second}\n"


def test_a_file_that_cannot_be_removed_stays_and_the_release_is_there(tmp_path, monkeypatch):
    home = home_of_two(tmp_path, dated=True)
    first = make_current(home, FIRST)

    real = os.unlink

    def refuse(path, **more):
        if os.fspath(path) == os.fspath(first):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        real(path, **more)

    # As Windows does for a file that somebody has open; see the share above.
    monkeypatch.setattr(os, "unlink", refuse)
    second = make_current(home, SECOND)
    assert names(home) == ["current.txt", first.name, second.name]
    assert told(current_database(home)) == SECOND


def test_a_home_goes_from_one_way_of_naming_to_the_other_and_back(tmp_path):
    plain = home_of_two(tmp_path)
    make_current(plain, SECOND)
    dated = Home(plain.root, has_dated_names=True)
    assert not is_current(dated, SECOND)
    make_current(dated, SECOND)
    assert names(dated) == ["current.txt", f"equality-{SECOND}.duckdb"]
    assert not is_current(plain, SECOND)
    assert make_current(plain, SECOND) == plain.published_database
    assert names(plain) == ["current.txt", "equality.duckdb"]


def test_an_account_that_may_not_write_there_is_told_and_nothing_is_dated(tmp_path, monkeypatch):
    home = home_of_two(tmp_path)
    make_current(home, FIRST)

    def refuse(source, target, **_):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        make_current(home, SECOND)
    assert names(home) == ["current.txt", "equality.duckdb"]
    assert told(current_database(home)) == FIRST


def test_the_setting_is_one_of_two_words(tmp_path):
    assert not load_settings(tmp_path).home.has_dated_names
    (tmp_path / "settings.toml").write_text('published_names = "dated"\n')
    assert load_settings(tmp_path).home.has_dated_names
    (tmp_path / "settings.toml").write_text('published_names = "by day"\n')
    with pytest.raises(UsageError, match="published_names must be"):
        load_settings(tmp_path)
