"""Whole runs whose readers are on a file share: dated names, and a file that is not replaced."""

import errno
import os

import pytest
from command import equality, files
from inbox import BME, UNKNOWN, WHITE, staff_rows, write_inbox

PERIOD = "2022-03-31"
STAFF = {WHITE: 60, BME: 30, UNKNOWN: 20}
MORE = {WHITE: 90, BME: 60, UNKNOWN: 40}


def send(home, counts):
    write_inbox(home / "inbox", PERIOD, "01T", "esr_staff", staff_rows(counts))


def current(home):
    return (home / "published" / "current.txt").read_text(encoding="ascii").strip()


def names(home):
    return sorted(path.name for path in (home / "published").iterdir())


def headcount(home):
    where = (
        "standard = 'PSED' and indicator = 'sex' and measure = 'headcount' and level = 'employer'"
    )
    told = equality("figures", "--where", where, "--home", home)
    assert told.exit_code == 0, told.err
    return told.out


def test_a_home_with_dated_names_runs_as_any_other(tmp_path):
    send(tmp_path, STAFF)
    (tmp_path / "settings.toml").write_text('published_names = "dated"\n', encoding="utf-8")
    first = equality("run", "--home", tmp_path)
    release = current(tmp_path)
    dated = tmp_path / "published" / f"equality-{release}.duckdb"
    assert first.exit_code == 0
    assert f"Published: {dated}\n" in first.out
    assert names(tmp_path) == ["current.txt", dated.name]
    assert "110" in headcount(tmp_path)

    before = files(tmp_path / "published")
    again = equality("run", "--home", tmp_path)
    assert again.exit_code == 0
    assert f"Nothing new: release {release} stands.\nPublished: {dated}\n" in again.out
    assert files(tmp_path / "published") == before

    # What is taken away by mistake is there again after the next run.
    dated.unlink()
    assert equality("run", "--home", tmp_path).exit_code == 0
    assert files(tmp_path / "published") == before


def test_a_release_that_cannot_replace_the_file_is_there_under_its_date(tmp_path):
    plain = tmp_path / "published" / "equality.duckdb"
    real = os.replace

    def refuse(source, target, **more):
        if os.fspath(target) == os.fspath(plain):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        real(source, target, **more)

    send(tmp_path, STAFF)
    assert equality("run", "--home", tmp_path).exit_code == 0
    first = current(tmp_path)
    send(tmp_path, MORE)
    # Windows refuses it where a reader has the file open; Linux has no file system that does.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        run = equality("run", "--home", tmp_path)
    assert run.exit_code == 0, run.err
    second = current(tmp_path)
    dated = plain.with_name(f"equality-{second}.duckdb")
    assert second != first
    assert names(tmp_path) == ["current.txt", dated.name, plain.name]
    assert f"Published: {dated}\n" in run.out
    assert "equality.duckdb is open in another program and could not be replaced" in run.out
    # The commands read the newest release, not the file that stayed.
    assert "190" in headcount(tmp_path)

    after = equality("run", "--home", tmp_path)
    assert after.exit_code == 0
    assert f"Published: {plain}\n" in after.out
    assert names(tmp_path) == ["current.txt", plain.name]
    assert plain.read_bytes() == (
        tmp_path / "releases" / second / "equality.duckdb"
    ).read_bytes()  # fmt: skip
    assert "190" in headcount(tmp_path)
