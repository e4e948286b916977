"""Pages of XmR charts: what they say, and that they load nothing and are for the owner alone."""

import re
import stat
from html.parser import HTMLParser

import pandas as pd
import pytest

from pipeline.quality.xmr import XMR, declaration_xmr
from pipeline.quality.xmr_pages import message, page, write_pages

KNOWN = [150, 151, 150, 152, 150, 149, 151, 150, 151, 150, 152, 151, 140]


def rates(known=KNOWN, code="01T", level="employer", name="NHS A & B"):
    quarters = pd.date_range("2018-03-31", periods=len(known), freq="QE")
    return pd.DataFrame(
        {
            "period_end": quarters, "level": level, "organisation_code": code,
            "organisation_name": name, "characteristic": "sexual_orientation", "known": known,
            "headcount": 160,
        }
    )  # fmt: skip


class Page(HTMLParser):
    """The tags of a page with their attributes; unclosed ones stay open."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def html():
    return page(declaration_xmr(rates()), {"sexual_orientation": 95.0})


def test_each_point_has_limits_and_its_special_cause():
    points = declaration_xmr(pd.concat([rates(), rates(level="icb", code="QYG")]))
    assert list(points) == list(XMR)
    assert set(points["organisation_code"]) == {"01T"}
    # 1807 known in twelve quarters of 160 staff; the fall comes after the limits are locked.
    assert points["mean"].unique().tolist() == pytest.approx([100 * 1807 / (12 * 160)])
    assert points["special_cause"].isna().tolist() == [True] * 12 + [False]
    assert points["special_cause"].tolist()[-1] == "outside the limits"
    assert not points["is_trial"].any()


def test_few_points_have_trial_limits_or_none():
    assert declaration_xmr(rates(KNOWN[:6]))["is_trial"].all()
    none = declaration_xmr(rates(KNOWN[:4]))
    assert none[["mean", "lower", "upper", "is_trial"]].isna().all(axis=None)
    assert none["value"].tolist() == [93.75, 94.375, 93.75, 95.0]


def test_a_range_over_a_skipped_quarter_is_not_one_step():
    # Ranges of one step are 2 of 160 throughout; over the skipped quarter it is 10.
    known = [150, 152, 150, 150, 140, 142, 140]
    points = declaration_xmr(rates(known).drop(index=3))
    assert points["mean"].tolist()[0] == pytest.approx(100 * 874 / (6 * 160))
    width = points["upper"] - points["mean"]
    assert width.tolist() == pytest.approx([2.66 * 100 * 2 / 160] * 6)


def test_points_of_every_other_quarter_are_one_step_apart():
    points = declaration_xmr(rates([150, 0, 151, 0, 150, 0, 152, 0, 150]).iloc[::2])
    # Ranges of 1, 1, 2 and 2 of 160.
    width = points["upper"] - points["mean"]
    assert width.tolist() == pytest.approx([2.66 * 100 * 6 / (4 * 160)] * 5)


def test_the_words_say_what_the_chart_shows():
    series = declaration_xmr(rates()).to_dict("records")
    said = message("sexual orientation", series, 95.0)
    assert said.startswith(
        "87.5% of staff had a known sexual orientation on 31 Mar 2021 (140 of 160). "
        "The mean is 94.1%. The limits are "
    )
    assert said.endswith(
        "Special causes: 31 Mar 2021: outside the limits. Against a target of 95%: hit and miss."
    )
    assert "target" not in message("sexual orientation", series, None)
    short = declaration_xmr(rates(KNOWN[:4])).to_dict("records")
    assert message("sex", short, 95.0).endswith("There are 4 points; limits need 5.")


def test_a_page_loads_nothing_and_runs_nothing(html):
    tags = Page(html)
    assert {"script", "link", "img", "iframe", "object", "embed"}.isdisjoint(
        tag for tag, _ in tags.tags
    )
    names = {name for _, attributes in tags.tags for name in attributes}
    assert {"src", "href", "xlink:href", "srcset", "data"}.isdisjoint(names)
    assert not any(name.startswith("on") for name in names)
    assert "url(" not in html
    assert "@import" not in html
    # Addresses are names of namespaces alone.
    assert set(re.findall(r'(\S+)="https?://', html)) <= {"xmlns", "xmlns:xlink"}


def test_a_page_can_be_read_without_seeing_the_chart(html):
    tags = Page(html)
    assert tags.open == []
    assert tags.all("html") == [{"lang": "en-GB"}]
    (drawing,) = tags.all("svg")
    assert drawing["role"] == "img"
    series = declaration_xmr(rates()).to_dict("records")
    assert drawing["aria-label"] == message("sexual orientation", series, 95.0)
    assert {cell["scope"] for cell in tags.all("th")} == {"col", "row"}
    assert html.count("<tr>") == len(KNOWN) + 1
    assert "<caption>Staff whose sexual orientation is known</caption>" in html
    assert "NHS A &amp; B" in html
    assert "Private: these pages show true counts." in html


def test_pages_are_for_the_owner_alone_and_equal_for_equal_rates(tmp_path):
    points = declaration_xmr(pd.concat([rates(), rates(code="01V")]))
    written = write_pages(tmp_path / "quality" / "xmr", points, {})
    assert [path.name for path in written] == ["01T.html", "01V.html"]
    assert stat.S_IMODE(written[0].parent.stat().st_mode) == 0o700
    for path in written:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = [path.read_bytes() for path in written]
    write_pages(tmp_path / "quality" / "xmr", points, {})
    assert [path.read_bytes() for path in written] == before
