"""Every page of the released sample: it fits, asks for nothing, and its numbers are published."""

from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from looked_at import NUMBERS, OPEN_ALL, overflow, tab_through, violations

KEY = (
    "period_end, organisation_code, level, standard, indicator, part, measure, group_code, "
    "comparator_code"
)
COUNTS = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
COLUMNS = ("measure", *COUNTS, "value", "ci_low", "ci_high", "p_value", "standard", "indicator")
PLACES = {
    "share": 1, "rate": 1, "gap_percent": 1, "difference_pp": 1, "relative_likelihood": 2,
    "ratio": 2, "headcount": 0, "count": 0,
}  # fmt: skip
PERCENT = {"share", "rate", "gap_percent"}


@pytest.fixture(scope="module")
def figures(demo_home):
    """The published figures in the order of their key, and the decimals of each score."""
    database = str(demo_home / "published" / "equality.duckdb")
    with duckdb.connect(database, read_only=True) as connection:
        rows = connection.execute(
            f"select {', '.join(COLUMNS)} from figure order by {KEY}"
        ).fetchall()
        decimals = connection.execute("select standard, indicator, decimals from indicator")
        places = {
            (standard, indicator): number for standard, indicator, number in decimals.fetchall()
        }
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows], places


def as_read(row, column, places):
    """How a number of the database is written on a page."""
    if column in COUNTS:
        return f"{row[column]:,}"
    measure = row["measure"]
    number = PLACES.get(measure, places.get((row["standard"], row["indicator"])))
    number = 3 if column == "p_value" else number
    rounded = Decimal(repr(row[column])).quantize(Decimal(1).scaleb(-number), ROUND_HALF_UP)
    return f"{rounded:,}" + ("%" if measure in PERCENT and column != "p_value" else "")


def test_every_page_fits_every_window_asks_for_nothing_and_tells_published_numbers(
    browser, sample_site, figures
):
    rows, places = figures
    told = 0
    with browser.reader() as seen:
        for path in sample_site.pages:
            seen.show(path)
            for width in (320, 768, 1280):
                seen.page.set_viewport_size({"width": width, "height": 900})
                assert overflow(seen.page) == 0, (path, width)
            for figure, column, text in seen.page.evaluate(NUMBERS):
                assert text == as_read(rows[figure], column, places), (path, figure, column)
                told += 1
    assert seen.faults == []
    assert told > 5000


def test_no_page_is_larger_than_300_kilobytes(sample_site):
    large = {path.name: path.stat().st_size for path in sample_site.pages}
    assert max(large.values()) < 300_000
    assert len(sample_site.pages) > 100


def test_every_link_leads_to_a_page_and_a_place_on_it(sample_site):
    from html.parser import HTMLParser

    class Page(HTMLParser):
        def __init__(self, path):
            super().__init__()
            self.links, self.names = [], set()
            self.feed(path.read_text(encoding="utf-8"))

        def handle_starttag(self, tag, attrs):
            told = dict(attrs)
            self.names.add(told.get("id"))
            if tag == "a":
                self.links.append(told["href"])

    read = {path.resolve(): Page(path) for path in sample_site.pages}
    for path, page in read.items():
        for link in page.links:
            address, _, place = link.partition("#")
            if "://" in address:
                continue
            target = (path.parent / address).resolve() if address else path
            assert target.is_file(), (path, link)
            assert not place or place in read[target].names, (path, link)


def test_axe_finds_nothing_on_the_pages_of_the_system(browser, sample_site):
    with browser.reader() as seen:
        for path in sample_site.of_widest:
            seen.show(path)
            seen.page.evaluate(OPEN_ALL)
            assert violations(seen.page) == [], path


@pytest.mark.slow
def test_axe_finds_nothing_on_any_page(browser, sample_site):
    with browser.reader() as seen:
        for path in sample_site.pages:
            seen.show(path)
            seen.page.evaluate(OPEN_ALL)
            assert violations(seen.page) == [], path


def test_the_keyboard_reaches_the_end_of_every_page_of_the_system(browser, sample_site):
    with browser.reader() as seen:
        for path in sample_site.of_widest:
            seen.show(path)
            stops = tab_through(seen.page)
            assert [stop for stop, is_visible in stops if not is_visible] == [], path
