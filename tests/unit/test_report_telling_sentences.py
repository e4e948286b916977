"""What the report says of a figure: no more than its numbers and its direction."""

import pytest
from told_figures import BOARD, EMPLOYER, TRUST, Release, headline

from pipeline.report.document import plain
from pipeline.report.telling import body

APPOINTED = "Appointment from shortlisting (WRES 2)"


def told(release: Release, title: str, page: str = "wres", code: str = EMPLOYER) -> list[str]:
    level = "icb" if code == BOARD else "employer"
    one = headline(body(release.published(), code, level), page, title)
    return [plain(words) for words in one.sentences]


def test_a_relative_likelihood_with_its_interval_and_whose_disadvantage_it_is():
    """Bedfordshire, Luton and Milton Keynes, indicator 2 of 2021: 2.31."""
    release = Release().counted("2", "WHITE", (43, 185, 17, 169), "BME")
    one = headline(body(release.published(), EMPLOYER, "employer"), "wres", APPOINTED)
    assert plain(one.value) == "2.31"
    assert one.direction == "adverse"
    assert [plain(words) for words in one.sentences] == [
        "White applicants were 2.31 times as likely as BME applicants to be appointed from "
        "shortlisting; the true ratio is likely between 1.37 and 3.89.",
        "The difference is to the disadvantage of BME applicants, and chance alone would seldom "
        "bring it about.",
    ]
    assert {name: plain(words) for name, words in one.facts} == {
        "Period": "The twelve months to 31 March 2022",
        "Base": "43 of 185 White applicants; 17 of 169 BME applicants",
        "95% interval": "1.37 to 3.89",
        "Source": "Relative likelihood of White applicants being appointed from shortlisting "
        "compared with BME applicants. NHS England, WRES technical guidance.",
    }


def test_what_cannot_be_told_is_said_with_what_would_tell():
    release = Release().counted("2", "WHITE", (6, 22, 4, 39), "BME")
    assert told(release, APPOINTED) == [
        "White applicants were 2.66 times as likely as BME applicants to be appointed from "
        "shortlisting; the true ratio is likely between 0.88 and 7.99.",
        "The figures cannot tell whether there is a difference. More events would tell, such as "
        "those of the employers of the ICB, or several years, taken together.",
    ]


def test_a_trust_is_pooled_in_the_system_and_not_in_the_icb():
    release = Release().counted("2", "WHITE", (6, 22, 4, 39), "BME", code=TRUST)
    assert told(release, APPOINTED, code=TRUST)[1].endswith(
        "such as those of the employers of the system, or several years, taken together."
    )


def test_a_pooled_body_is_told_of_years_and_not_of_the_pool():
    release = Release().counted("2", "WHITE", (6, 22, 4, 39), "BME", code=BOARD)
    assert told(release, APPOINTED, code=BOARD)[1].endswith(
        "More events would tell, such as those of several years taken together."
    )


def test_near_parity_says_that_any_difference_is_small():
    release = Release().counted("2", "WHITE", (5000, 10000, 5000, 10000), "BME")
    assert told(release, APPOINTED)[1] == (
        "Any difference is small: the whole range lies near parity."
    )


def test_a_difference_in_favour_is_said_of_whom():
    release = Release().counted("2", "WHITE", (17, 169, 43, 185), "BME")
    assert told(release, APPOINTED)[1] == (
        "The difference is in favour of BME applicants, and chance alone would seldom bring it "
        "about."
    )


def test_no_interval_no_range():
    release = Release().counted("2", "WHITE", (0, 20, 5, 20), "BME", ci_low=None, ci_high=None)
    assert told(release, APPOINTED)[0] == (
        "White applicants were 0.00 times as likely as BME applicants to be appointed from "
        "shortlisting."
    )


def test_the_survey_gives_both_shares_and_their_difference():
    release = (
        Release()
        .counted("6", "BME", (39, 117, 233, 1003), "WHITE", "difference_pp")
        .counted("6", "BME", (39, 117), measure="share")
        .counted("6", "WHITE", (233, 1003), measure="share")
    )
    assert told(release, "Harassment, bullying or abuse from staff (WRES 6)")[0] == (
        "33.3% of BME staff and 23.2% of White staff said that they had been harassed, bullied or "
        "abused by other staff: a difference of 10.1 percentage points; the true difference is "
        "likely between 1.8 and 19.4."
    )


def test_a_difference_stands_alone_where_the_shares_are_hidden():
    release = (
        Release()
        .counted("6", "BME", (39, 117, 233, 1003), "WHITE", "difference_pp")
        .hidden("6", "BME", measure="share")
    )
    assert told(release, "Harassment, bullying or abuse from staff (WRES 6)")[0] == (
        "The share of BME staff who said that they had been harassed, bullied or abused by other "
        "staff, less that of White staff, was 10.1 percentage points; the true difference is "
        "likely between 1.8 and 19.4."
    )


@pytest.mark.parametrize("with_share", [True, False])
def test_board_against_workforce(with_share):
    release = Release().counted("9", "BME", (6, 19, 96, 398), "WORKFORCE", "difference_pp")
    if with_share:
        release.counted("9", "BME", (6, 19), measure="share")
    start = (
        "31.6% of board members were BME: a difference of 7.5 percentage points to the overall "
        "workforce; "
        if with_share
        else "The share of board members who were BME, less that of the overall workforce, was 7.5 "
        "percentage points; "
    )
    assert told(release, "Board and workforce (WRES 9)")[0].startswith(start)


def test_a_board_without_bme_members_is_no_disadvantage_of_its_members():
    release = Release().counted("9", "BME", (0, 60, 200, 600), "WORKFORCE", "difference_pp")
    assert told(release, "Board and workforce (WRES 9)")[1].startswith(
        "The difference is to the disadvantage of BME staff, and"
    )


@pytest.mark.parametrize(
    ("indicator", "title", "who", "did"),
    [
        (
            "4b", "Reporting of harassment, bullying or abuse (WDES 4b)",
            "staff who had been harassed, bullied or abused",
            "said that they or a colleague reported the last incident",
        ),
        (
            "6", "Pressure to come to work while not well (WDES 6)",
            "staff who came to work while not well",
            "felt pressure from their manager to do so",
        ),
    ],
)  # fmt: skip
def test_only_some_are_asked(indicator, title, who, did):
    """The base of metrics 4b and 6 of the technical guidance is not everybody who answered."""
    counts = (20, 40, 60, 100)
    release = (
        Release()
        .counted(indicator, "DISABLED", counts, "NON_DISABLED", "difference_pp", standard="WDES")
        .counted(indicator, "DISABLED", counts[:2], measure="share", standard="WDES")
        .counted(indicator, "NON_DISABLED", counts[2:], measure="share", standard="WDES")
    )
    one = headline(body(release.published(), EMPLOYER, "employer"), "wdes", title)
    assert plain(one.sentences[0]).startswith(
        f"50.0% of disabled {who} and 60.0% of non-disabled {who} {did}:"
    )
    assert plain(dict(one.facts)["Base"]) == (
        f"20 of 40 disabled {who}; 60 of 100 non-disabled {who}"
    )


def test_of_adjustments_those_are_asked_who_needed_some():
    release = Release().counted("8", "DISABLED", (30, 40), measure="share", standard="WDES")
    assert told(release, "Reasonable adjustments (WDES 8)", "wdes")[0].startswith(
        "75.0% of disabled staff who needed adjustments said that their employer made"
    )


def test_a_race_disparity_ratio_is_no_likelihood():
    release = Release().counted(
        "lower_to_middle", "WHITE", (60, 100, 20, 50), "BME", "ratio", standard="RDR"
    )
    title = "Race disparity ratio: from the lower to the middle bands"
    assert told(release, title, "workforce")[0].startswith(
        "There were 1.50 times as many White staff in bands 6 and 7 for each one in band 5 and "
        "below as there were BME staff"
    )


def pay(code: str, value: float, part: str) -> Release:
    return Release().figure(
        code, standard="GPG", indicator="median_hourly", measure="gap_percent", part=part,
        group_code="MALE", comparator_code="FEMALE", value=value, disclosure="PERCENT_ONLY",
    )  # fmt: skip


def test_a_pay_gap_is_of_what_men_are_paid():
    title = "Gender pay gap: median hourly pay"
    assert told(pay(EMPLOYER, 27.5, "all"), title, "pay_gaps") == [
        "The gap in median hourly pay between men and women was 27.5% of what men were paid.",
        "A number above zero says that men were paid more, one below zero that women were.",
    ]
    one = headline(
        body(pay(EMPLOYER, 27.5, "all").published(), EMPLOYER, "employer"), "pay_gaps", title
    )
    assert dict(one.facts)["Base"] == ("Not published: the percentage alone may be.",)
    assert dict(one.facts)["95% interval"] == ("None is defined.",)


def test_a_pooled_pay_gap_is_called_illustrative():
    assert told(
        pay(BOARD, -3.0, "illustrative"), "Gender pay gap: median hourly pay", "pay_gaps", BOARD
    )[2:] == [
        "It is illustrative: the law asks for the gap of each employer.",
        "It is given in whole per cent, so that it tells nobody's pay.",
    ]


def test_rounded_counts_say_that_they_are():
    release = Release().counted("2", "WHITE", (45, 185, 15, 170), "BME", disclosure="ROUNDED")
    one = headline(body(release.published(), EMPLOYER, "employer"), "wres", APPOINTED)
    assert plain(dict(one.facts)["Base"]) == (
        "45 of 185 White applicants; 15 of 170 BME applicants; counts are rounded"
    )


@pytest.mark.parametrize(
    ("value", "more"),
    [
        (12.0, ["Men in the middle were paid more."]),
        (-4.5, ["Women in the middle were paid more."]),
        (0.0, []),
    ],
)
def test_easy_read_says_who_is_paid_more(value, more):
    easy = [plain(one) for one in body(pay(EMPLOYER, value, "all").published(), EMPLOYER,
                                       "employer").easy_read]  # fmt: skip
    place = easy.index(f"The middle pay gap between men and women was {value:.1f}%.")
    assert easy[place + 1 : place + 1 + len(more)] == more
    assert sum("paid more" in one for one in easy) == len(more)
    assert len(easy) <= 12
