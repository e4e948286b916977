"""The pages of bodies told by hand, in a real browser."""

from itertools import pairwise

import pytest
from looked_at import FOCUSABLE, HEADINGS, NUMBERS, OPEN_ALL, overflow, tab_through, violations

WIDTHS = (320, 768, 1280)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_its_window_or_has_a_fault(browser, site, width):
    with browser.reader(width) as seen:
        for path in site.pages:
            seen.show(path)
            assert overflow(seen.page) == 0, path
    assert seen.faults == []


def test_text_of_twice_the_size_fits_a_small_window(browser, site):
    with browser.reader(640) as seen:
        for path in site.pages:
            seen.show(path)
            seen.page.add_style_tag(content="html { font-size: 200% !important }")
            assert overflow(seen.page) == 0, path


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_against_wcag_2_2_aa(browser, site, width):
    with browser.reader(width) as seen:
        for path in site.kinds:
            seen.show(path)
            # What is folded away is read too.
            seen.page.evaluate(OPEN_ALL)
            assert violations(seen.page) == [], path


def test_hostile_text_is_text(browser, site):
    with browser.reader() as seen:
        seen.show(site.folder / "AAA" / "wres.html")
        assert seen.page.locator("script").count() == 0
        assert seen.page.title() != "taken"
        assert '<script>document.title="taken"</script> =1+1' in seen.page.inner_text("main")


def test_the_page_refuses_every_script(browser, site):
    with browser.reader() as seen:
        seen.show(site.folder / "index.html")
        seen.page.evaluate(
            "() => { const one = document.createElement('script');"
            " one.textContent = 'document.title = \"taken\"'; document.body.append(one); }"
        )
        assert seen.page.title() != "taken"
    assert any("Content Security Policy" in fault for fault in seen.faults)


def test_headings_step_down_one_at_a_time(browser, site):
    with browser.reader() as seen:
        for path in site.pages:
            seen.show(path)
            levels = seen.page.evaluate(HEADINGS)
            assert levels[0] == 1, path
            assert levels.count(1) == 1, path
            assert all(after - before <= 1 for before, after in pairwise(levels)), path


# --- keyboard -------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 1280])
def test_tab_reaches_everything_in_order_and_shows_where_it_is(browser, site, width):
    with browser.reader(width) as seen:
        for name in ("index.html", "AAA/wres.html", "AAA/easy-read.html"):
            seen.show(site.folder / name)
            expected = seen.page.evaluate(FOCUSABLE)
            stops = tab_through(seen.page)
            assert [stop for stop, _ in stops] == expected
            assert [stop for stop, is_visible in stops if not is_visible] == []


def test_the_skip_link_leads_past_everything_before_the_text(browser, site):
    with browser.reader() as seen:
        seen.show(site.folder / "index.html")
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.textContent") == "Skip to main content"
        seen.page.keyboard.press("Enter")
        assert seen.page.evaluate("document.activeElement.id") == "maincontent"
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.closest('main') !== null")


def test_a_wide_table_scrolls_by_the_arrow_keys(browser, site):
    with browser.reader(320) as seen:
        seen.show(site.folder / "index.html")
        region = seen.page.get_by_role("region", name="A wide one")
        region.focus()
        for _ in range(10):
            seen.page.keyboard.press("ArrowRight")
        seen.page.wait_for_function("one => one.scrollLeft > 0", arg=region.element_handle())


# --- without a script, on paper, in other colours ---------------------------------------------


def test_without_scripts_everything_is_there_and_opens(browser, site):
    with browser.reader() as scripted, browser.reader(java_script_enabled=False) as plain:
        for path in site.pages:
            scripted.show(path)
            plain.show(path)
            assert plain.page.inner_text("body") == scripted.page.inner_text("body")
        plain.show(site.folder / "index.html")
        table = plain.page.locator("details table").first
        assert not table.is_visible()
        plain.page.locator("summary").first.press("Enter")
        assert table.is_visible()


def test_paper_holds_the_text_and_every_table_and_nothing_to_click(browser, site):
    with browser.reader() as seen:
        seen.show(site.folder / "index.html")
        seen.page.emulate_media(media="print")
        for hidden in (".pages", ".here", ".nhsuk-skip-link", "summary >> nth=0"):
            assert not seen.page.locator(hidden).first.is_visible()
        tables = seen.page.locator("table")
        assert tables.count() == 4
        assert all(tables.nth(number).is_visible() for number in range(4))
        assert seen.page.pdf().startswith(b"%PDF")


def test_forced_colours_leave_tags_their_edge(browser, site):
    with browser.reader(forced_colors="active") as seen:
        seen.show(site.folder / "index.html")
        tag = "getComputedStyle(document.querySelector('.nhsuk-tag')).borderTopWidth"
        assert seen.page.evaluate(tag) == "2px"
        assert overflow(seen.page) == 0


def test_who_asks_for_contrast_gets_black_on_white(browser, site):
    with browser.reader(contrast="more") as seen:
        seen.show(site.folder / "index.html")
        colours = seen.page.evaluate(
            "() => ['body', '.until', '.tag--adverse', '.facts dt']"
            ".map(one => getComputedStyle(document.querySelector(one)).color)"
        )
        assert set(colours) == {"rgb(0, 0, 0)"}
        assert violations(seen.page) == []


# --- what is told -----------------------------------------------------------------------------


def test_numbers_name_their_figure_and_column(browser, site):
    with browser.reader() as seen:
        seen.show(site.folder / "AAA" / "easy-read.html")
        assert seen.page.evaluate(NUMBERS) == [[0, "denominator", "1,234"]]
        assert seen.page.locator("data").get_attribute("value") == "1234"


def test_directions_are_words(browser, site):
    with browser.reader() as seen:
        seen.show(site.folder / "index.html")
        assert seen.page.locator(".headline .nhsuk-tag").all_inner_texts() == [
            "Favourable", "Adverse", "Near parity", "Cannot tell", "Neutral", "Hidden",
        ]  # fmt: skip
        assert "It comes back when 10 or more answer." in seen.page.inner_text(".headline--hidden")
