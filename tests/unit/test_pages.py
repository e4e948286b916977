"""The pages of the gate's results: whole, plain, and loading nothing from anywhere."""

import re
from html.parser import HTMLParser

import pytest

from pipeline.quality.checks import Check
from pipeline.quality.gate import CheckResult
from pipeline.quality.pages import write_pages

ADD_UP = Check("groups_add_up", "WRES", "equal", "The groups add up <to> the headcount & no more")
IN_RANGE = Check("share_in_range", "WRES", "between", "Every share lies between 0 and 100")
ALERT = Check("fell", "declaration", "between", "No rate fell", severity="warning")
RESULTS = [
    CheckResult(ADD_UP, False, 9, (2, 5)),
    CheckResult(IN_RANGE, True, 40),
    CheckResult(ALERT, False, 7, (0,)),
]
REASON = "WRES groups_add_up failed in 2 of 9 rows (The groups add up)"


class Page(HTMLParser):
    """What a page loads or leads to, and its cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [v for k, v in attributes if k in {"href", "src", "action", "data"}]
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


@pytest.fixture
def folder(tmp_path):
    write_pages(tmp_path / "quality", "2022-03-31-abc", RESULTS, [REASON])
    return tmp_path / "quality"


def page(folder, name):
    return Page((folder / name).read_text(encoding="utf-8"))


def test_each_suite_has_a_page_with_each_of_its_checks(folder):
    assert {path.name for path in folder.iterdir()} == {
        "index.html",
        "wres.html",
        "declaration.html",
    }
    assert page(folder, "wres.html").rows[1:] == [
        ["groups_add_up", ADD_UP.description, "nothing is released", "failed", "9", "2"],
        ["share_in_range", IN_RANGE.description, "nothing is released", "passed", "40", "0"],
    ]
    assert page(folder, "declaration.html").rows[1:] == [
        ["fell", "No rate fell", "an alert", "failed", "7", "1"]
    ]
    assert page(folder, "index.html").rows[1:] == [
        ["WRES", "2", "1", "1"],
        ["declaration", "1", "0", "1"],
    ]


def test_the_first_page_says_why_nothing_was_released(folder):
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert REASON in index
    assert "Nothing was published" in index
    write_pages(folder, "2022-03-31-abd", RESULTS[1:2], [])
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert "no critical check failed" in index
    # The page of a suite that is no more goes with it.
    assert {path.name for path in folder.iterdir()} == {"index.html", "wres.html"}


def test_the_pages_load_nothing_and_lead_nowhere_else(folder):
    names = {path.name for path in folder.iterdir()}
    for name in names:
        text = (folder / name).read_text(encoding="utf-8")
        assert set(page(folder, name).addresses) <= names
        assert not {"script", "link", "img", "iframe"}.intersection(page(folder, name).tags)
        assert not re.search(r"https?:|//|@import|url\(", text)
        assert text.startswith('<!doctype html>\n<html lang="en-GB">')
        assert text.count("<h1>") == text.count("<title>") == text.count("<caption>") == 1


def test_equal_results_have_equal_pages_that_the_owner_alone_reads(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    write_pages(folder, "2022-03-31-abc", RESULTS, [REASON])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
