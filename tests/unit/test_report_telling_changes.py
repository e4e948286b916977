"""A change between years is claimed only where the test supports it."""

from dataclasses import replace

import pytest
from told_figures import BOARD, EMPLOYER, NOW, THEN, Release, headline, section

from pipeline.report.document import plain
from pipeline.report.telling import body

APPOINTED = "Appointment from shortlisting (WRES 2)"
WIDE, NARROW = (400, 1000, 100, 1000), (250, 1000, 200, 1000)


def pair(then: tuple[int, ...], now: tuple[int, ...], indicator: str = "2") -> Release:
    return (
        Release()
        .counted(indicator, "WHITE", then, "BME", day=THEN)
        .counted(indicator, "WHITE", now, "BME")
    )


def told(release: Release, title: str = APPOINTED) -> str:
    return plain(headline(body(release.published(), EMPLOYER, "employer"), "wres", title).change)


def moved(release: Release, anchor: str) -> list[str]:
    found = body(release.published(), EMPLOYER, "employer")
    return [plain(words) for words in section(found, "index", anchor).paragraphs]


def test_from_2_66_to_2_31_nothing_is_claimed():
    """Bedfordshire, Luton and Milton Keynes: p is 0.83."""
    release = pair((6, 22, 4, 39), (43, 185, 17, 169))
    assert told(release) == (
        "The figure was 2.66 at 31 March 2021. The two figures cannot tell whether the gap changed."
    )
    none = [
        "No such change can be claimed. Figures that could be tested against the year before: 1."
    ]
    assert moved(release, "better") == moved(release, "worse") == none


def test_a_gap_that_got_smaller_is_listed_as_better():
    release = pair(WIDE, NARROW)
    assert told(release) == (
        "The gap got smaller: the figure was 4.00 at 31 March 2021. Chance alone would seldom "
        "bring such a change."
    )
    assert moved(release, "better") == [
        f"{APPOINTED}: 1.25 at 31 March 2022. {told(release)}",
    ]
    assert moved(release, "worse")[0].startswith("No such change can be claimed.")


def test_a_gap_that_got_wider_is_listed_as_worse():
    release = pair(NARROW, WIDE)
    assert told(release).startswith("The gap got wider: the figure was 1.25 at 31 March 2021.")
    assert moved(release, "worse") == [f"{APPOINTED}: 4.00 at 31 March 2022. {told(release)}"]


def test_a_change_on_the_other_side_of_parity_is_judged_by_distance():
    assert told(pair((100, 1000, 400, 1000), (200, 1000, 250, 1000))).startswith(
        "The gap got smaller: the figure was 0.25"
    )


def test_one_change_of_many_has_to_be_stronger_to_stand():
    """Alone p is 0.03; of four tested Benjamini and Hochberg ask the first for 0.0125."""
    then, now = (200, 1000, 100, 1000), (160, 1000, 113, 1000)
    alone = pair(then, now)
    assert told(alone).startswith("The gap got smaller")
    for indicator in ("5", "6", "8"):
        for day in (THEN, NOW):
            alone.counted(indicator, "BME", (30, 100, 25, 100), "WHITE", "difference_pp", day=day)
    assert told(alone).endswith("The two figures cannot tell whether the gap changed.")


def test_other_standards_do_not_count_as_tested_beside_it():
    then, now = (200, 1000, 100, 1000), (160, 1000, 113, 1000)
    release = pair(then, now)
    for indicator in ("4a_i", "4a_ii", "6"):
        for day in (THEN, NOW):
            release.counted(indicator, "DISABLED", (30, 100, 25, 100), "NON_DISABLED",
                            "difference_pp", standard="WDES", day=day)  # fmt: skip
    assert told(release).startswith("The gap got smaller")


def test_a_break_in_the_series_is_no_change():
    release = Release().table(
        "series_break", standard="WRES", indicator="7", since=NOW, change="The base changed"
    )
    for day, counts in ((THEN, (10, 100, 60, 100)), (NOW, (55, 100, 60, 100))):
        release.counted("7", "BME", counts, "WHITE", "difference_pp", day=day)
    assert told(release, "Equal opportunities for career progression (WRES 7)") == (
        "The figure was -50.0 at 31 March 2021. Whether it changed cannot be told: it is counted "
        "otherwise since 31 March 2022."
    )


def test_other_senders_are_no_change():
    release = pair(WIDE, NARROW)
    for day, bodies in ((THEN, "01F 01J"), (NOW, "01F")):
        release.table(
            "coverage", period_end=day, level="employer", organisation_code=EMPLOYER,
            source="recruitment", employers=1, employers_sent=1, bodies=bodies,
        )  # fmt: skip
    assert told(release).endswith(
        "Whether it changed cannot be told: not the same employers sent the recruitment file."
    )


@pytest.mark.parametrize("column", ["denominator", "comparator_numerator"])
def test_a_count_that_is_not_published_leaves_it_open(column):
    release = pair(WIDE, NARROW)
    release.figures[0][column] = None
    assert told(release) == (
        "The figure was 4.00 at 31 March 2021. Whether it changed cannot be told: a number that "
        "the test needs is not published."
    )


def test_rounded_counts_are_not_tested():
    release = pair(WIDE, NARROW)
    release.figures[1]["disclosure"] = "ROUNDED"
    assert told(release).endswith("a number that the test needs is not published.")


def test_a_pay_gap_is_set_beside_the_year_before_without_a_claim():
    release = Release()
    for day, value in ((THEN, 30.0), (NOW, 10.0)):
        release.figure(
            EMPLOYER, day, standard="GPG", indicator="mean_hourly", measure="gap_percent",
            group_code="MALE", comparator_code="FEMALE", value=value, disclosure="PERCENT_ONLY",
        )  # fmt: skip
    found = body(release.published(), EMPLOYER, "employer")
    one = headline(found, "pay_gaps", "Gender pay gap: mean hourly pay")
    assert plain(one.change) == (
        "The figure was 30.0% at 31 March 2021. Whether it changed cannot be told: no test "
        "between years is made of figures of this kind."
    )


def test_nothing_is_said_where_the_year_before_is_hidden():
    release = Release().hidden("2", "WHITE", "BME", day=THEN).counted("2", "WHITE", WIDE, "BME")
    assert told(release) == ""


def test_what_cannot_be_told_is_listed_with_why():
    release = pair((6, 22, 4, 39), (43, 185, 17, 169))
    found = body(release.published(), EMPLOYER, "employer")
    changes, hidden = section(found, "index", "cannot-tell").tables
    assert [plain(cell) for cell in changes.rows[0]] == [
        APPOINTED, "2.31", "2.66",
        "within what chance would usually bring; more events would tell",
    ]  # fmt: skip
    assert [plain(row[0]) for row in hidden.rows][:2] == [
        "BME staff in the workforce (WRES 1)", "Formal disciplinary process (WRES 3)",
    ]  # fmt: skip


def test_revised_figures_are_listed_with_their_reason_where_there_is_one():
    key = {"period_end": NOW, "organisation_code": BOARD, "level": "icb", "standard": "WRES",
           "indicator": "2", "part": "all", "measure": "relative_likelihood",
           "group_code": "WHITE", "comparator_code": "BME"}  # fmt: skip
    release = Release().counted("2", "WHITE", WIDE, "BME", code=BOARD)
    release.table("revision", **key, previous_release_id="r0", change="changed", reason="Late file")
    shown = section(body(release.published(), BOARD, "icb"), "changes", "figures")
    by_standard, by_figure = shown.tables
    assert [[plain(cell) for cell in row] for row in by_standard.rows] == [
        ["Workforce Race Equality Standard", "Changed", "Late file", "1"]
    ]
    assert [plain(cell) for cell in by_figure.rows[0]][1:] == [
        "31 March 2022", "All",
        "White (White minorities included) against Black and minority ethnic", "Changed",
        "Late file", "4.00",
    ]  # fmt: skip
    release.tables["revision"][0].pop("reason")
    shown = section(body(release.published(), BOARD, "icb"), "changes", "figures")
    assert plain(shown.tables[0].rows[0][2]) == "not recorded"


def test_what_is_not_listed_one_by_one_is_told_of_the_standard():
    """Its row of the table ``revision`` names no figure."""
    key = {"period_end": NOW, "organisation_code": BOARD, "level": "icb", "standard": "WRES",
           "change": "not_listed", "previous_release_id": "r0", "reason": "RESUBMISSION FOLLOWS",
           "explanation": "01F sent its staff extract of 31 March 2022 again."}  # fmt: skip
    nothing = dict.fromkeys(("indicator", "part", "measure", "group_code", "comparator_code"))
    release = Release().counted("2", "WHITE", WIDE, "BME", code=BOARD)
    release.table("revision", **key, **nothing)
    shown = section(body(release.published(), BOARD, "icb"), "changes", "figures")
    (table,) = shown.tables
    assert [[plain(cell) for cell in row] for row in table.rows] == [
        ["Workforce Race Equality Standard", "31 March 2022", key["explanation"]]
    ]
    assert plain(shown.paragraphs[0]).startswith(
        "Figures that read otherwise than in the release r0 and are listed: 0."
    )


@pytest.mark.parametrize(
    ("earlier", "words"),
    [
        ([], "This is the first release, so that there is none to compare it with."),
        (["r0"], "No figure of this organisation reads otherwise than in the release before."),
    ],
)
def test_without_revisions_it_is_told_whether_there_was_a_release_before(earlier, words):
    published = Release().counted("2", "WHITE", WIDE, "BME").published()
    published = replace(published, manifest=published.manifest | {"earlier_releases": earlier})
    shown = section(body(published, EMPLOYER, "employer"), "changes", "figures")
    assert [plain(one) for one in shown.paragraphs] == [words]
