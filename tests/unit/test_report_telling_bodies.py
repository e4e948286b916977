"""The organisations of a release as the report tells of them, and the laws of all that is told."""

import random
import re
from datetime import date

import pytest
from told_figures import (
    BOARD,
    EMPLOYER,
    NOW,
    THEN,
    TRUST,
    Release,
    all_words,
    headline,
    numbers,
    section,
    sections,
    tables_of,
)

from pipeline.report.document import Body, plain
from pipeline.report.telling import bodies, body
from pipeline.report.telling.claims import RDR, WDES, WRES

PAGES = ["index", "wres", "wdes", "pay_gaps", "workforce", "declaration", "actions", "changes",
         "method"]  # fmt: skip
CODES = (EMPLOYER, "01J", "01T", TRUST, BOARD)
RANKED = re.compile(r"\b(rank(?!ed\.)|best|worst|top|bottom|league|first place|position)\b", re.I)
DIRECTED = re.compile(
    r"\b(better|worse|improv\w*|deteriorat\w*|disadvantage|in favour|more likely|less likely|"
    r"higher|lower|significant\w*)\b"
)


def drawn(seed: int) -> Release:
    """Return a release of five organisations in two years, a third of it hidden."""
    draw, release = random.Random(seed), Release()
    for code in CODES:
        for day in (THEN, NOW):
            for claim in (*WRES, *WDES, *RDR):
                if claim.measure not in ("relative_likelihood", "difference_pp", "ratio", "share"):
                    continue
                key = (claim.group, claim.comparator or None)
                where = {"code": code, "day": day, "standard": claim.standard}
                if draw.random() < 0.33:
                    release.hidden(claim.indicator, *key, claim.measure, denominator=4321, **where)
                    continue
                n, m = draw.randint(20, 900), draw.randint(20, 900)
                counts = (draw.randint(1, n), n, draw.randint(1, m), m)
                chosen = counts[:2] if claim.measure == "share" else counts
                release.counted(claim.indicator, key[0], chosen, key[1], claim.measure, **where)
                if claim.measure == "difference_pp":
                    release.counted(claim.indicator, key[0], counts[:2], measure="share", **where)
    return release


@pytest.fixture(scope="module", params=range(2))
def release(request):
    return drawn(request.param).published()


@pytest.fixture(scope="module")
def told(release):
    return list(bodies(release))


def test_pooled_bodies_come_first_and_employers_by_name(told):
    assert [(one.code, one.level) for one in told] == [
        (BOARD, "icb"), ("01J", "employer"), ("01T", "employer"), (TRUST, "employer"),
        (EMPLOYER, "employer"),
    ]  # fmt: skip


def test_each_has_every_page_and_easy_read_sentences(told):
    for one in told:
        assert [page.name for page in one.pages] == PAGES
        assert 6 <= len(one.easy_read) <= 12
        assert all(len(plain(words).split()) <= 20 for words in one.easy_read)


def test_every_number_is_that_of_its_figure(release, told):
    frame = release.figure
    checked = 0
    for one in told:
        for number in numbers(one):
            row, text = frame.loc[number.figure], number.text
            value = row[number.column]
            if number.column in ("numerator", "denominator", "comparator_numerator",
                                 "comparator_denominator"):  # fmt: skip
                wanted = f"{int(value):,d}"
            elif row["measure"] in ("relative_likelihood", "ratio"):
                wanted = f"{value:.2f}"
            else:
                wanted = f"{value:.1f}" + ("%" if row["measure"] == "share" else "")
            assert text == wanted
            checked += 1
    assert checked > 500


def test_no_number_of_a_hidden_figure_is_told(release, told):
    hidden = set(release.figure.index[release.figure["status"].eq("suppressed")])
    assert hidden
    assert not hidden & {number.figure for one in told for number in numbers(one)}


def test_what_cannot_be_told_is_told_without_a_direction(told):
    seen = 0
    for part in (part for one in told for part in sections(one)):
        for one in part.headlines:
            if one.direction == "cannot_tell":
                sentences = " ".join(map(plain, one.sentences))
                assert not DIRECTED.search(sentences), sentences
                assert "The figures cannot tell whether there is a difference." in sentences
                seen += 1
    assert seen


def test_a_claim_stands_only_where_the_direction_says_so(told):
    for part in (part for one in told for part in sections(one)):
        for one in part.headlines:
            sentences = " ".join(map(plain, one.sentences))
            assert ("to the disadvantage of" in sentences) == (one.direction == "adverse")
            assert ("in favour of" in sentences) == (one.direction == "favourable")
            assert ("Any difference is small" in sentences) == (one.direction == "near_parity")


def test_a_hidden_headline_says_why_and_a_shown_one_its_facts(told):
    for part in (part for one in told for part in sections(one)):
        for one in part.headlines:
            assert bool(one.hidden) == (not one.direction)
            named = [name for name, _ in one.facts]
            shown = ["Period", "Base", "95% interval", "Source"]
            assert named == (["Period", "Source"] if one.hidden else shown)


def test_changes_are_listed_where_their_headlines_claim_them(told):
    for one in told:
        claimed = {
            verdict: sum(
                plain(single.change).startswith(f"The gap got {verdict}")
                for page in ("wres", "wdes", "workforce")
                for part in next(of for of in one.pages if of.name == page).sections
                for single in part.headlines
            )
            for verdict in ("smaller", "wider")
        }
        for verdict, anchor in (("smaller", "better"), ("wider", "worse")):
            listed = [plain(words) for words in section(one, "index", anchor).paragraphs]
            assert sum(f"The gap got {verdict}" in words for words in listed) == claimed[verdict]


def test_nobody_is_ranked(told):
    for one in told:
        for words in all_words(one):
            assert not RANKED.search(plain(words).replace("never ranked", "").replace(
                "Nobody is ranked", ""))  # fmt: skip


def test_every_chart_has_its_table_and_message(told):
    charts = [chart for one in told for part in sections(one) for chart in part.charts]
    assert charts
    for chart in charts:
        assert chart.table.rows
        assert plain(chart.message)
        assert chart.svg.startswith("<svg")


def test_every_row_has_a_cell_for_each_heading(told):
    for table in (table for one in told for table in tables_of(one)):
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert all(place < len(table.columns) for place in table.numeric)


def test_the_same_release_is_told_alike(release, told):
    assert list(bodies(release)) == told


def test_one_body_is_that_among_all(release, told):
    assert body(release, BOARD, "icb") == told[0]


def test_a_body_that_is_not_there(release):
    with pytest.raises(KeyError):
        body(release, "99Z", "employer")


def test_key_figures_that_are_shown_stand_first_and_others_fill_up():
    release = Release().hidden("2", "WHITE", "BME")
    for indicator in ("5", "6"):
        release.counted(indicator, "BME", (30, 100, 25, 100), "WHITE", "difference_pp")
    titles = [
        single.title
        for single in section(
            body(release.published(), EMPLOYER, "employer"), "index", "key"
        ).headlines
    ]
    assert titles == [
        "Harassment, bullying or abuse from the public (WRES 5)",
        "Harassment, bullying or abuse from staff (WRES 6)",
        "BME staff in the workforce (WRES 1)", "Appointment from shortlisting (WRES 2)",
        "Discrimination at work (WRES 8)", "Disabled staff in the workforce (WDES 1)",
        "Appointment from shortlisting (WDES 2)", "Feeling valued (WDES 7)",
        "Gender pay gap: median hourly pay", "Declaration rates: ethnicity",
    ]  # fmt: skip


def test_a_june_release_tells_of_the_annual_return_at_march_and_of_the_staff_at_june():
    june, release = date(2022, 6, 30), Release()
    release.counted("2", "WHITE", (43, 185, 17, 169), "BME", code=BOARD)
    release.hidden("2", "WHITE", "BME", code=BOARD, day=june, status="missing_source",
                   reason="MISSING_SOURCE", disclosure="NONE")  # fmt: skip
    for day, count in ((NOW, 200), (june, 210)):
        release.counted("1", "BME", (count, 2000), measure="share", code=BOARD, day=day)
        release.counted("sex", "FEMALE", (count, 2000), measure="share", standard="PSED",
                        code=BOARD, day=day)  # fmt: skip
    one = body(release.published(), BOARD, "icb")
    assert one.period_end == june
    found = headline(one, "wres", "Appointment from shortlisting (WRES 2)")
    assert dict(found.facts)["Period"] == ("The twelve months to 31 March 2022",)
    (table,) = section(one, "workforce", "profile").tables
    assert table.caption.endswith("30 June 2022")
    assert plain(table.rows[0][2]) == "10.5%"


def funnel(one: Body, title: str) -> list[str]:
    charts = section(one, "wres", "employers").charts
    return [plain(row[0]) for chart in charts if chart.title.startswith(title)
            for row in chart.table.rows]  # fmt: skip


def test_a_funnel_is_in_the_order_of_names_and_leaves_trusts_and_hidden_shares_out():
    release = Release()
    for code, count in ((BOARD, 60), ("01T", 10), ("01V", 40), (EMPLOYER, 2), (TRUST, 90)):
        release.counted("6", "BME", (count, 100), measure="share", code=code)
    release.hidden("6", "BME", measure="share", code="01J")
    one = body(release.published(), BOARD, "icb")
    assert funnel(one, "Harassment, bullying or abuse from staff") == [
        "Employer 01T", "Employer 01V", "NHS Halton CCG",
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "outside"), [(10, "no employer"), (90, "Employer 01V (above)")])
def test_a_funnel_says_who_is_outside_the_limits(count, outside):
    """Of 100 at a pooled 12% the limits are 3.5% and 23.4% (binomial, 99.8%)."""
    release = Release().counted("6", "BME", (120, 1000), measure="share", code=BOARD)
    for code, events in (("01T", 10), ("01V", count), (EMPLOYER, 14)):
        release.counted("6", "BME", (events, 100), measure="share", code=code)
    charts = section(body(release.published(), BOARD, "icb"), "wres", "employers").charts
    assert plain(charts[0].message).startswith(
        f"The share of all together is 12.0%. Outside the limits: {outside}. "
    )


def test_a_likelihood_has_the_funnel_of_the_rate_of_the_group_that_it_is_about():
    release = Release()
    for code, white, bme in ((BOARD, 90, 60), ("01T", 30, 10), ("01V", 30, 40), (EMPLOYER, 30, 20)):
        release.counted("2", "WHITE", (white, 200), measure="rate", code=code)
        release.counted("2", "BME", (bme, 150), measure="rate", code=code)
    charts = section(body(release.published(), BOARD, "icb"), "wres", "employers").charts
    assert [chart.title for chart in charts] == [
        "Appointment from shortlisting, BME applicants, by employer"
    ]
    assert [[plain(cell) for cell in row] for row in charts[0].table.rows] == [
        ["Employer 01T", "6.7%", "10", "150"], ["Employer 01V", "26.7%", "40", "150"],
        ["NHS Halton CCG", "13.3%", "20", "150"],
    ]  # fmt: skip


def test_two_employers_make_no_funnel():
    release = Release()
    for code in (BOARD, "01T", EMPLOYER):
        release.counted("6", "BME", (20, 100), measure="share", code=code)
    assert not funnel(body(release.published(), BOARD, "icb"), "Harassment")


QUARTERS = [date(2021, 3, 31), date(2021, 6, 30), date(2021, 9, 30), date(2021, 12, 31), NOW]


def declared(days: list[date], code: str = BOARD) -> Body:
    release = Release()
    for day, known in zip(days, (900, 905, 903, 910, 912), strict=False):
        release.counted("ethnicity", "KNOWN", (known, 1000), measure="share", code=code,
                        standard="DECLARATION", day=day)  # fmt: skip
    return body(release.published(), code, "icb" if code == BOARD else "employer")


def test_declaration_rates_have_limits_from_five_published_points_on():
    (chart,) = section(declared(QUARTERS), "declaration", "quarters").charts
    assert plain(chart.message) == (
        "The rate was 90.0% at 31 March 2021 and 91.2% at 31 March 2022. No point stands out from "
        "the usual variation."
    )
    assert [plain(row[1]) for row in chart.table.rows] == [
        "90.0%", "90.5%", "90.3%", "91.0%", "91.2%",
    ]  # fmt: skip


def test_four_points_are_drawn_without_limits():
    (chart,) = section(declared(QUARTERS[1:]), "declaration", "quarters").charts
    assert plain(chart.message).endswith("No limits are drawn: they need five published points.")
    assert {plain(row[4]) for row in chart.table.rows} == {"[x]"}


def test_employers_have_no_control_chart():
    assert section(declared(QUARTERS, EMPLOYER), "declaration", "quarters").charts == ()


def test_pay_quarters_are_drawn_whole_or_not_at_all():
    release = Release()
    for place, women in enumerate((81.6, 80.0, 75.5, 61.2), start=1):
        for group, value in (("FEMALE", women), ("MALE", round(100 - women, 1))):
            release.figure(
                standard="GPG", indicator=f"quarter_{place}", measure="share", group_code=group,
                value=value, disclosure="PERCENT_ONLY",
            )  # fmt: skip
    (chart,) = section(body(release.published(), EMPLOYER, "employer"), "pay_gaps", "gpg").charts
    assert plain(chart.message) == (
        "Women are 81.6% of the lowest-paid quarter and 61.2% of the highest-paid quarter."
    )
    assert [plain(cell) for cell in chart.table.rows[0]] == [
        "Lowest-paid quarter", "81.6%", "18.4%",
    ]  # fmt: skip
    for figure in release.figures:
        figure["status"] = "suppressed" if figure["group_code"] == "MALE" else "ok"
    assert not section(body(release.published(), EMPLOYER, "employer"), "pay_gaps", "gpg").charts


def test_staff_and_residents_from_the_published_counts():
    release = Release().counted(
        "ethnicity", "BME", (50, 1000, 200, 1000), "POPULATION_16_PLUS", "difference_pp",
        standard="CENSUS", part="boundary",
    )  # fmt: skip
    release.hidden("ethnicity", "NOT_WHITE_BRITISH", "POPULATION_16_PLUS", "difference_pp",
                   "CENSUS", part="boundary")  # fmt: skip
    one = body(release.published(), EMPLOYER, "employer")
    (chart,) = section(one, "workforce", "population").charts
    assert [[plain(cell) for cell in row] for row in chart.table.rows] == [
        ["Black and minority ethnic", "5.0%", "20.0%", "-15.0", "50", "1,000", "200", "1,000"]
    ]


def test_the_sample_says_that_it_is_one():
    one = body(Release().counted("2", "WHITE", (43, 185, 17, 169), "BME").published(), EMPLOYER,
               "employer")  # fmt: skip
    told = [plain(words) for words in section(one, "method", "reading").paragraphs]
    assert "This is a sample. The people in it are invented." in told
    assert headline(one, "index", "Appointment from shortlisting (WRES 2)").value[0].text == "2.31"


def test_definitions_are_those_of_the_indicators_that_are_used():
    one = body(Release().counted("2", "WHITE", (43, 185, 17, 169), "BME").published(), EMPLOYER,
               "employer")  # fmt: skip
    (table,) = section(one, "method", "definitions").tables
    assert [plain(row[0]) for row in table.rows] == ["2"]
