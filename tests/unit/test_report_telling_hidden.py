"""Why a figure is not shown, told in words that narrow no hidden number down."""

from datetime import date

import pytest
from told_figures import BOARD, EMPLOYER, NOW, THEN, TRUST, Release, headline

from pipeline.report.document import plain
from pipeline.report.telling import body

APPOINTED = "Appointment from shortlisting (WRES 2)"
FEW = (
    "Too few people are behind it, or it would help to work out a number of few people. It "
    "comes back when that is no longer so."
)


def hidden(release: Release, title: str = APPOINTED, page: str = "wres") -> str:
    one = headline(body(release.published(), EMPLOYER, "employer"), page, title)
    assert (plain(one.value), one.sentences, one.direction) == ("Not shown", (), "")
    return one.hidden


def suppressed(**columns: object) -> Release:
    return Release().hidden("2", "WHITE", "BME", **columns)


def test_a_suppressed_figure_says_neither_its_reason_nor_its_range():
    assert hidden(suppressed()) == FEW


def test_it_is_told_where_else_it_is_shown():
    release = suppressed().counted("2", "WHITE", (43, 185, 17, 169), "BME", code=BOARD)
    assert hidden(release) == f"{FEW} It is shown for the ICB."


def test_a_trust_is_not_in_the_icb_that_shows_it():
    shown = Release().counted("2", "WHITE", (43, 185, 17, 169), "BME", code=BOARD)
    release = shown.hidden("2", "WHITE", "BME", code=TRUST)
    one = headline(body(release.published(), TRUST, "employer"), "wres", APPOINTED)
    assert one.hidden == FEW


def test_it_is_told_when_it_was_last_shown():
    release = suppressed().counted("2", "WHITE", (43, 185, 17, 169), "BME", day=THEN)
    assert hidden(release) == f"{FEW} It was last shown for 31 March 2021."


def test_employers_detail_comes_once_a_year():
    day = date(2021, 12, 31)
    release = suppressed(day=day, reason="DETAIL_NOT_PUBLISHED").hidden(
        "3", "BME", "WHITE", day=day
    )
    assert hidden(release) == (
        "The detail of an employer is published once a year, for the snapshot of 31 March."
    )


def test_detail_that_is_not_published_in_march_is_of_a_kind():
    assert hidden(suppressed(reason="DETAIL_NOT_PUBLISHED").hidden("3", "BME", "WHITE")) == (
        "Figures of this kind are not published for this snapshot at this level."
    )


def missing(**columns: object) -> Release:
    return Release().hidden(
        "2", "WHITE", "BME", status="missing_source", reason="MISSING_SOURCE", disclosure="NONE"
    )


@pytest.mark.parametrize(
    ("status", "sent", "told"),
    [
        (
            "missing", 0,
            "The recruitment file for 31 March 2022 did not come. The figure is shown once it has "
            "been sent.",
        ),
        (
            "rejected", 0,
            "The recruitment file for 31 March 2022 was rejected. The figure is shown once it has "
            "been mended and sent again.",
        ),
        (
            "landed", 1,
            "What came for 31 March 2022 does not hold what this figure is made from. It is shown "
            "once a source holds it.",
        ),
    ],
)  # fmt: skip
def test_a_missing_file_is_named(status, sent, told):
    release = missing()
    release.table("load", period_end=NOW, organisation_code=EMPLOYER, source="recruitment",
                  status=status)  # fmt: skip
    release.table("coverage", period_end=NOW, level="employer", organisation_code=EMPLOYER,
                  source="recruitment", employers=1, employers_sent=sent, bodies="")  # fmt: skip
    assert hidden(release) == told


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("NO_EVENTS", "nothing of the kind happened in either group"),
        ("NO_NUMERATOR_BASE", "nobody is in the group that it is about"),
        ("NO_COMPARATOR_BASE", "there is nothing to compare it with"),
        (
            "COMPARATOR_RATE_ZERO",
            "nothing of the kind happened in the group that it is compared with, and nothing can "
            "be divided by zero",
        ),
        ("NOT_ADDITIVE", "figures of this kind cannot be added up across employers"),
    ],
)  # fmt: skip
def test_reasons_in_words(reason, told):
    release = suppressed(status="not_applicable", reason=reason, disclosure="NONE")
    assert hidden(release) == f"It is not defined: {told}."


def test_what_is_not_asked_is_not_called_hidden():
    release = Release().counted("6", "BME", (39, 117, 233, 1003), "WHITE", "difference_pp")
    assert hidden(release) == (
        "There is no such figure for this snapshot: nothing of the kind is asked of it."
    )


def test_an_employers_declaration_rate_is_a_band_where_that_is_all_that_is_told():
    release = Release().hidden("ethnicity", "KNOWN", measure="share", standard="DECLARATION")
    release.hidden("2", "WHITE", "BME").table(
        "declaration_rate", period_end=NOW, level="employer", organisation_code=EMPLOYER,
        characteristic="ethnicity", band="95% or more",
    )  # fmt: skip
    found = body(release.published(), EMPLOYER, "employer")
    one = headline(found, "declaration", "Declaration rates: ethnicity")
    assert (one.value, one.hidden) == (("95% or more",), FEW)
    assert one.sentences == (("The rate is 95% or more: no number is told.",),)


def test_the_pages_of_an_employer_are_about_its_newest_detail():
    release = suppressed().hidden(
        "2", "WHITE", "BME", code=EMPLOYER, day=date(2022, 6, 30), reason="DETAIL_NOT_PUBLISHED"
    )
    release.figure(
        EMPLOYER, date(2022, 6, 30), standard="PSED", indicator="sex", measure="headcount",
        group_code="ALL", numerator=1234, value=1234.0,
    )  # fmt: skip
    found = body(release.published(), EMPLOYER, "employer")
    assert found.period_end == date(2022, 6, 30)
    assert found.pages[0].lead.startswith("Workforce equality at 31 March 2022:")


def test_a_trust_is_shown_for_the_system_and_is_no_part_of_the_icb():
    release = suppressed(code=TRUST).counted("2", "WHITE", (43, 185, 17, 169), "BME", code=BOARD)
    release.figures[-1]["level"] = "system"
    one = headline(body(release.published(), TRUST, "employer"), "wres", APPOINTED)
    assert one.hidden == f"{FEW} It is shown for the system."
