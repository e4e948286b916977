"""What a digest says: to an employer of itself, to an ICB what is published, to the analyst why."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from pipeline.alert.digests import employer_digest, icb_digest, stop_digest
from pipeline.alert.notices import Notice
from pipeline.alert.wording import counted, running

PERIOD = date(2022, 3, 31)
THRESHOLD = 10


def notice(message="fewer than 95% of staff have a known ethnicity", **changes):
    fields = {
        "organisation_code": "01F", "organisation_name": "NHS Halton CCG", "period_end": PERIOD,
        "code": "DECLARATION_BELOW_TARGET", "severity": "warning", "characteristic": "ethnicity",
        "part": None, "message": message, "to_do": "", "target": 95.0, "records_to_target": 19,
        "tested": None, "quarters_running": 1, "is_acknowledged": False,
    }  # fmt: skip
    return Notice(**fields | changes)


def missing(source, **changes):
    return notice(
        f"{source} was not received",
        **{"code": "SOURCE_MISSING", "characteristic": None, "target": None}
        | {"records_to_target": None} | changes,
    )  # fmt: skip


def own(*notices, is_sample=False, code="01F"):
    return employer_digest(code, notices, PERIOD, THRESHOLD, is_sample=is_sample)


def icb(*notices):
    return icb_digest("QYG", notices, PERIOD, is_sample=False)


@pytest.mark.parametrize(
    ("records", "words"),
    [
        (19, ": 19 records to reach 95%."),
        (10, ": 10 records to reach 95%."),
        (9, ": fewer than 10 records to reach 95%."),
        (1, ": fewer than 10 records to reach 95%."),
        (0, "a known ethnicity.\n"),
        (None, "a known ethnicity.\n"),
    ],
)
def test_an_employer_is_told_the_gap_in_records_where_it_is_no_small_number(records, words):
    assert words in own(notice(records_to_target=records)).text


@pytest.mark.parametrize(
    ("tested", "words"),
    [(63, "; 63 series were tested."), (9, "; nine series were tested."), (1, "; one series was")],
)
def test_an_alert_of_chance_says_how_many_were_tested(tested, words):
    assert words in own(notice("joiners declare less", records_to_target=None, tested=tested)).text


def test_records_without_a_target_are_told_as_such():
    words = ": 19 records to put right."
    assert words in own(notice("fewer are known than before", target=None)).text


def test_an_icb_is_told_no_gap_at_all():
    digest = icb(notice(), notice(organisation_code="01T", organisation_name="NHS South Sefton"))
    assert (
        "- NHS Halton CCG (01F): fewer than 95% of staff have a known ethnicity.\n" in digest.text
    )
    assert "NHS South Sefton (01T): fewer" in digest.text
    assert "records" not in digest.text + digest.html + digest.subject
    assert "19" not in digest.text + digest.html + digest.subject


def test_an_icb_is_told_of_its_own_bodies_alone():
    elsewhere = notice(organisation_code="93C", organisation_name="NHS North Central London CCG")
    assert icb(elsewhere) is None
    assert "London" not in icb(elsewhere, notice()).text


def test_an_employer_is_told_of_itself_alone():
    other = notice(organisation_code="01T", organisation_name="NHS South Sefton CCG")
    assert own(other) is None
    assert "Sefton" not in own(other, notice()).text


def test_new_ones_first_then_those_that_run_on_then_those_acknowledged_in_one_line():
    digest = own(
        missing("eds", is_acknowledged=True, quarters_running=4, to_do="Send it."),
        missing("board", quarters_running=3),
        missing("pay", is_acknowledged=True),
        notice(to_do="Ask each of them at the next appraisal"),
        notice("fewer than before", quarters_running=2, records_to_target=None),
    )
    assert digest.subject == "Data quality 31 March 2022, NHS Halton CCG (01F): one new alert"
    assert digest.text.splitlines()[:12] == [
        "NHS Halton CCG (01F), snapshot of 31 March 2022.",
        "",
        "New this quarter",
        "- fewer than 95% of staff have a known ethnicity: 19 records to reach 95%. "
        "Ask each of them at the next appraisal.",
        "",
        "Still to be mended",
        "- Second quarter running: fewer than before.",
        "- Third quarter running: not received: board.",
        "",
        "Acknowledged",
        "- not received: eds, pay.",
        "",
    ]


def test_what_an_organisation_did_not_send_is_one_point_after_the_figures():
    send = "Send the extract"
    digest = own(
        missing("survey", to_do=send),
        missing("eds", to_do=send),
        notice("board of 31 March 2022 was rejected", code="SOURCE_REJECTED", target=None,
               records_to_target=None),
        missing("pay", to_do=send),
        notice(severity="info", records_to_target=None),
    )  # fmt: skip
    assert digest.text.splitlines()[2:7] == [
        "New this quarter",
        "- fewer than 95% of staff have a known ethnicity.",
        "- board of 31 March 2022 was rejected.",
        "- not received: eds, pay, survey. Send the extract.",
        "",
    ]
    assert digest.subject.endswith(": three new alerts")


def test_an_icb_reads_a_point_for_each_body_however_many_extracts_it_lacks():
    pooled = {"code": "COVERAGE_INCOMPLETE", "organisation_code": "QYG"}
    bodies = {"organisation_code": "01T", "organisation_name": "NHS South Sefton CCG"}
    digest = icb(
        *(missing(source, **body) for source in ("pay", "eds") for body in (bodies, {})),
        *(
            notice(f"{source} is pooled from some employers only", **pooled,
                   organisation_name="The ICB")
            for source in ("training", "survey")
        ),
        notice(**bodies),
    )  # fmt: skip
    assert [line for line in digest.text.splitlines() if line.startswith("- ")] == [
        "- NHS South Sefton CCG (01T): fewer than 95% of staff have a known ethnicity.",
        "- NHS Halton CCG (01F): not received: eds, pay.",
        "- NHS South Sefton CCG (01T): not received: eds, pay.",
        "- The ICB (QYG): pooled from some of its employers only: survey, training.",
    ]
    assert digest.subject.endswith(": four new alerts")


def test_extracts_that_lack_for_longer_than_others_say_so_each():
    alike = own(missing("eds", quarters_running=3), missing("pay", quarters_running=3))
    assert "- Third quarter running: not received: eds, pay.\n" in alike.text
    differing = own(missing("pay", quarters_running=2), missing("eds", quarters_running=3))
    line = "- not received: eds (third quarter running), pay (second quarter running).\n"
    assert line in differing.text
    assert differing.identity != alike.identity


def test_where_everything_is_acknowledged_nobody_is_written_to():
    assert own(missing("eds", is_acknowledged=True)) is None


def test_the_part_is_named_where_the_message_does_not():
    digest = own(
        notice(part="directorate:Finance", records_to_target=None),
        notice("Band 8a declares less", part="band_group:Band 8a", records_to_target=None),
    )
    assert "a known ethnicity (directorate: Finance)." in digest.text
    assert "- Band 8a declares less." in digest.text


def test_the_subject_counts_what_is_new_in_words():
    assert own(notice(), missing("pay")).subject.endswith(": two new alerts")
    assert own(missing("eds", quarters_running=2)).subject.endswith(": no new alerts")
    sample = own(missing("eds"), is_sample=True).subject
    assert sample.startswith("Sample of invented people: Data quality 31 March 2022")


def test_what_is_told_is_known_again_whatever_is_acknowledged():
    told = [notice(), missing("eds"), missing("pay", quarters_running=2)]
    same = own(*reversed(told)).identity
    assert own(*told).identity == same
    assert own(notice(is_acknowledged=True), *told[1:]).identity == same
    assert own(notice(quarters_running=2), *told[1:]).identity != same
    assert own(notice(records_to_target=18), *told[1:]).identity != same
    assert own(*told[1:]).identity != same


def test_small_gaps_that_differ_are_told_alike():
    """Otherwise that a digest came again would tell that a small number has changed."""
    digests = [own(notice(records_to_target=records)) for records in (3, 4)]
    assert digests[0] == digests[1]


def test_the_analyst_is_told_why_and_no_figure():
    reasons = [
        "groups_add_up failed in 3 of 2481 rows (The groups add up to the headcount)",
        "share_in_range did not run (Every share lies between 0 and 100)",
    ]
    digest = stop_digest("2022-03-31-0123456789ab", reasons, is_sample=False)
    assert digest.organisation_code == "analyst"
    assert digest.subject == "Data quality 31 March 2022: the gate stopped the release"
    assert "- groups_add_up failed (The groups add up to the headcount)\n" in digest.text
    assert "- share_in_range did not run" in digest.text
    assert "2481" not in digest.text + digest.html
    other = stop_digest("2022-03-31-ba9876543210", reasons, is_sample=False)
    assert other.identity != digest.identity


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data.strip())


def test_the_page_says_the_same_and_loads_nothing():
    digest = own(notice("<script>alert(1)</script> & more", records_to_target=None), missing("eds"))
    page = Page(digest.html)
    assert page.tags == [
        "html", "head", "meta", "title", "body", "h1", "p", "h2", "ul", "li", "li", "p", "p",
    ]  # fmt: skip
    assert page.attributes == [("lang", "en-GB"), ("charset", "utf-8")]
    of_page = [words for words in page.words if words]
    of_text = [line.removeprefix("- ") for line in digest.text.splitlines() if line]
    assert of_page == [digest.subject, digest.subject, *of_text]
    assert "http" not in digest.html


def test_no_number_stands_in_a_digest_but_target_gap_threshold_and_year():
    digest = own(
        notice(records_to_target=4, quarters_running=3),
        notice(records_to_target=12, characteristic="disability"),
        missing("eds"),
    )
    found = set(re.findall(r"\d+", digest.text.replace("(01F)", "").replace("31 March", "")))
    assert found == {"2022", "95", "10", "12"}


@pytest.mark.parametrize(
    ("quarters", "words"),
    [
        (1, "new"),
        (2, "second quarter running"),
        (3, "third quarter running"),
        (20, "twentieth quarter running"),
        (21, "running for 21 quarters"),
    ],
)
def test_how_long_an_alert_has_stood_is_told_in_words(quarters, words):
    assert running(quarters) == words


def test_counts_are_told_in_words():
    assert [counted(n, "alert") for n in (0, 1, 2, 20, 21)] == [
        "no alerts", "one alert", "two alerts", "twenty alerts", "21 alerts",
    ]  # fmt: skip
