"""The tables of the pages: profile, plans, duties, grades, who sent what."""

from told_figures import BOARD, EMPLOYER, NOW, THEN, TRUST, Release, headline, section

from pipeline.report.document import Table, plain
from pipeline.report.telling import body


def told(table: Table) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in table.rows]


def page(release: Release, name: str, anchor: str, code: str = EMPLOYER):
    level = "icb" if code == BOARD else "employer"
    return section(body(release.published(), code, level), name, anchor)


def test_groups_stand_in_the_order_of_the_registry_and_the_unknown_last():
    release = Release()
    for group in (">=71", "UNKNOWN", "21-25", "<=20"):
        release.counted("age_band", group, (200, 800), measure="share", standard="PSED")
    (table,) = page(release, "workforce", "profile").tables
    assert [row[0] for row in told(table)] == [
        "20 and under", "21 to 25", "71 and over", "Not known or not stated",
    ]  # fmt: skip


def test_the_profile_tells_nothing_of_a_hidden_group_its_base_neither():
    release = Release().counted("sex", "FEMALE", (1549, 2106), measure="share", standard="PSED")
    release.hidden("sex", "UNKNOWN", measure="share", standard="PSED", denominator=2106)
    release.figure(standard="PSED", indicator="sex", measure="headcount", group_code="ALL",
                   numerator=2106, value=2106.0)  # fmt: skip
    profile = page(release, "workforce", "profile")
    assert plain(profile.paragraphs[0]) == "2,106 people were employed at 31 March 2022."
    assert [told(table) for table in profile.tables] == [
        [["Female", "", "73.6%", "1,549", "2,106"],
         ["Not known or not stated", "", "[c]", "[c]", "[c]"]]
    ]  # fmt: skip


def test_a_characteristic_that_is_all_hidden_is_a_sentence():
    release = Release().hidden("sex", "FEMALE", measure="share", standard="PSED")
    assert [plain(words) for words in page(release, "workforce", "profile").paragraphs] == [
        "Ethnicity: Nothing of the kind is asked of this organisation for this snapshot.",
        "Disability: Nothing of the kind is asked of this organisation for this snapshot.",
        "Sex: Nothing is shown here. Too few people are behind it, or it would help to work out a "
        "number of few people. It comes back when that is no longer so.",
        "Age: Nothing of the kind is asked of this organisation for this snapshot.",
        "Religion or belief: Nothing of the kind is asked of this organisation for this snapshot.",
        "Sexual orientation: Nothing of the kind is asked of this organisation for this snapshot.",
        "Marriage and civil partnership: Nothing of the kind is asked of this organisation for "
        "this snapshot.",
    ]


def amount(release: Release, standard: str, indicator: str, group: str, value: float,
           **columns: object) -> None:  # fmt: skip
    release.figure(standard=standard, indicator=indicator, measure="count", group_code=group,
                   value=value, **columns)  # fmt: skip


def test_duties_are_read_from_due_to_published():
    release = Release()
    for group, value in (("DONE", 3.0), ("DUE", 7.0), ("LATE", 1.0), ("MISSING", 3.0)):
        amount(release, "DUTIES", "wres_report", group, value)
    (table,) = page(release, "actions", "duties").tables
    assert table.columns[1:] == ("Due", "Published in time", "Published late", "Not published")
    assert told(table) == [["WRES report published", "7", "3", "1", "3"]]


def test_actions_are_by_standard_and_state():
    release = Release()
    for part, value in (("WRES", 4.0), ("all", 9.0)):
        amount(release, "ACTIONS", "status", "OPEN", value, part=part)
    (table,) = page(release, "actions", "plans").tables
    assert told(table) == [["Workforce Race Equality Standard", "4"], ["All", "9"]]


def test_grades_that_cannot_be_added_up_are_left_to_the_employers():
    release = Release().hidden(
        "eds2022_outcome", "ALL", measure="score", standard="EDS", code=BOARD, part="1A",
        status="not_applicable", reason="NOT_ADDITIVE", disclosure="NONE",
    )  # fmt: skip
    assert [plain(words) for words in page(release, "actions", "eds", BOARD).paragraphs] == [
        "Nothing is shown here. It is not defined: figures of this kind cannot be added up across "
        "employers. Each employer has its own."
    ]


def sent(release: Release, day, source: str, status: str, code: str = EMPLOYER) -> None:
    release.table("load", period_end=day, organisation_code=code, source=source, status=status)


def test_an_employer_sees_what_became_of_its_files():
    release = Release()
    for day in (THEN, NOW):
        release.counted("2", "WHITE", (43, 185, 17, 169), "BME", day=day)
    sent(release, THEN, "pay", "missing")
    sent(release, NOW, "pay", "rejected")
    sent(release, NOW, "esr_staff", "landed")
    (table,) = page(release, "index", "coverage").tables
    assert table.columns == ("File", "31 March 2021", "31 March 2022")
    assert told(table) == [
        ["Staff record", "not asked for", "came"],
        ["Pay", "did not come", "was rejected"],
    ]


def test_an_icb_sees_whose_file_is_missing_in_the_order_of_names():
    release = Release()
    for code in (BOARD, EMPLOYER, "01T", "01J", TRUST):
        release.counted("2", "WHITE", (43, 185, 17, 169), "BME", code=code)
    for code, status in (("01T", "missing"), (EMPLOYER, "landed"), ("01J", "rejected")):
        sent(release, NOW, "pay", status, code)
    sent(release, NOW, "pay", "missing", TRUST)
    release.table("coverage", period_end=NOW, level="icb", organisation_code=BOARD, source="pay",
                  employers=3, employers_sent=1, bodies=EMPLOYER)  # fmt: skip
    (table,) = page(release, "index", "coverage", BOARD).tables
    assert told(table) == [["Pay", "1 of 3 employers", "Employer 01J; Employer 01T"]]


def test_bands_are_named_and_say_what_may_be_claimed():
    release = Release().counted(
        "1", "BME", (10, 200, 300, 1000), "ALL", "difference_pp", part="clinical:8a"
    )
    release.hidden("1", "BME", "ALL", "difference_pp", part="clinical:8b", denominator=77)
    (table,) = page(release, "wres", "bands").tables
    assert told(table) == [
        ["Clinical, band 8a", "Black and minority ethnic",
         "Difference from all staff, percentage points", "-25.0", "-28.3", "-20.9", "10", "200",
         "adverse"],
    ]  # fmt: skip


def test_the_share_of_staff_is_drawn_over_time():
    release = Release()
    for day, count in ((THEN, 200), (NOW, 225)):
        release.counted("1", "BME", (count, 2000), measure="share", day=day)
    (chart,) = page(release, "wres", "headlines").charts
    assert plain(chart.message) == "BME staff: 10.0% at 31 March 2021, 11.3% at 31 March 2022."
    one = body(release.published(), EMPLOYER, "employer")
    assert [plain(words) for words in headline(
        one, "wres", "BME staff in the workforce (WRES 1)").sentences] == [
        "11.3% of staff were BME; the true share is likely between 9.9% and 12.7%."
    ]  # fmt: skip


def test_notices_are_those_of_the_body_and_its_employers():
    release = Release()
    for code in (BOARD, EMPLOYER, TRUST):
        release.counted("2", "WHITE", (43, 185, 17, 169), "BME", code=code)
        release.table("alert", organisation_code=code, organisation_name=f"Name {code}",
                      period_end=NOW, message="pay was not received")  # fmt: skip
    (table,) = page(release, "method", "checks", BOARD).tables
    assert told(table) == [[f"Name {code}", "pay was not received"] for code in (BOARD, EMPLOYER)]


def test_easy_read_in_short_sentences():
    release = Release().counted("2", "WHITE", (43, 185, 17, 169), "BME")
    release.counted("2", "NON_DISABLED", (6, 22, 4, 39), "DISABLED", standard="WDES")
    one = body(release.published(), EMPLOYER, "employer")
    assert [plain(words) for words in one.easy_read] == [
        "This page is about people who work for NHS Halton CCG.",
        "It is about 31 March 2022.",
        "White people got jobs more often than people from minorities.",
        "We cannot tell if people who are not disabled and disabled people get jobs equally often.",
        "We cannot show how the pay of men and women compares.",
        "We cannot tell if things changed in a year.",
        "Some numbers are not shown.",
        "This keeps people's details safe.",
    ]
