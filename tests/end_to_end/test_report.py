"""The report of a release as a whole: where it is, that it is whole, and what it leaves alone."""

import os
import shutil
import subprocess
import sys

import pytest
from command import equality, files
from inbox import BME, UNKNOWN, WHITE, staff_rows, write_inbox

from pipeline.lock import single_writer
from pipeline.settings import Home

PERIOD, LATER = "2022-03-31", "2022-06-30"
STAFF = {WHITE: 60, BME: 30, UNKNOWN: 20}


def send(home):
    write_inbox(home / "inbox", PERIOD, "01T", "esr_staff", staff_rows(STAFF))
    assert equality("run", "--home", home).exit_code == 0
    return current(home)


def current(home):
    return (home / "published" / "current.txt").read_text(encoding="ascii").strip()


def modes(folder):
    return {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def sent(module_folders):
    """A home with a release of one small employer, and no report of it."""
    home = module_folders.mktemp("report") / "home"
    send(home)
    return home


@pytest.fixture
def home(sent, tmp_path):
    """A home of one's own."""
    return shutil.copytree(sent, tmp_path / "home")


def test_it_says_where_everything_is(home):
    told = equality("report", "--home", home)
    release = current(home)
    report = home / "releases" / release / "report"
    assert (told.exit_code, told.err) == (0, "")
    assert told.out.splitlines() == [
        f"Report of release {release}",
        f"  pages         {home / 'published' / 'index.html'}",
        f"  spreadsheets  {report / 'spreadsheets'}",
        f"  data          {report / 'data'}",
        f"  filings       {home / 'filings' / release} (true counts: not for publication)",
    ]
    assert (report / "spreadsheets" / "equality.ods").exists()
    assert (report / "data" / "datapackage.json").exists()
    assert (home / "filings" / release / "01T" / "wres-2022.xlsx").exists()


def test_who_may_read_what(home):
    equality("report", "--home", home)
    published = home / "published"
    assert modes(published) == {0o644}
    assert modes(home / "filings") == {0o600}
    assert not any("filings" in path for path in files(published))
    release = current(home)
    shown = files(published / f"report-{release}")
    assert shown == files(home / "releases" / release / "report")


def test_the_same_release_gives_the_same_bytes(home):
    equality("report", "--home", home)
    first = files(home / "published"), files(home / "filings")
    assert equality("report", "--home", home).exit_code == 0
    assert (files(home / "published"), files(home / "filings")) == first


@pytest.mark.slow
def test_the_newest_is_shown_and_an_earlier_one_is_made_on_request(home):
    earlier = current(home)
    equality("report", "--home", home)
    write_inbox(home / "inbox", LATER, "01T", "esr_staff", staff_rows(STAFF))
    run = equality("run", "--home", home)
    later = current(home)
    page = home / "published" / "index.html"
    assert (
        f"  {page} still leads to the report of an earlier release. Run: equality report" in run.out
    )
    # Until it is made anew, readers find the report that there is.
    assert (home / "published" / f"report-{earlier}" / "index.html").exists()
    assert equality("report", "--home", home).exit_code == 0
    reports = [path.name for path in (home / "published").glob("report-*")]
    assert reports == [f"report-{later}"]
    assert f'href="report-{later}/index.html"' in page.read_text(encoding="utf-8")
    shutil.rmtree(home / "releases" / earlier / "report")
    told = equality("report", "--release", earlier, "--home", home)
    assert told.exit_code == 0
    assert "not made: the private figures are of another run" in told.out
    assert (home / "releases" / earlier / "report" / "index.html").exists()
    assert [path.name for path in (home / "published").glob("report-*")] == reports


def test_a_release_that_is_not_there(home):
    told = equality("report", "--release", "2019-03-31-0123456789ab", "--home", home)
    assert (told.exit_code, told.out) == (2, "")
    assert "There is no release 2019-03-31-0123456789ab" in told.err


def test_a_home_without_a_release(tmp_path):
    told = equality("report", "--home", tmp_path)
    assert (told.exit_code, told.out) == (2, "")
    assert "Nothing has been released" in told.err


def test_another_run_holds_the_lock(home):
    with single_writer(Home(home)):
        told = subprocess.run(
            [sys.executable, "-m", "pipeline", "report", "--home", home],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert (told.returncode, told.stdout) == (4, "")
    assert not list((home / "releases").glob("*/report"))


@pytest.mark.slow
@pytest.mark.parametrize("part", ["write_site", "write_workbook", "write_copies"])
def test_what_was_interrupted_leaves_the_report_before_it_whole(home, part):
    equality("report", "--home", home)
    before = files(home / "releases"), files(home / "published")
    package = {"write_site": "site", "write_workbook": "spreadsheets", "write_copies": "copies"}
    script = (
        f"import os, sys, pipeline.report.{package[part]} as made\n"
        "from pipeline.cli import main\n"
        f"whole = made.{part}\n"
        f"made.{part} = lambda *given: (whole(*given), os._exit(9))\nmain(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", script, "report", "--home", str(home)]
    assert subprocess.run(command, check=False, env=dict(os.environ)).returncode == 9
    left = {path for path in files(home / "releases") if "/.report.unfinished/" in path}
    assert left
    kept = {path: held for path, held in files(home / "releases").items() if path not in left}
    assert (kept, files(home / "published")) == before
    assert equality("report", "--home", home).exit_code == 0
    assert (files(home / "releases"), files(home / "published")) == before
