"""`equality explain`: from a published figure back to files, rows, rule and protection."""

import hashlib
import json
import shutil
from html.parser import HTMLParser

import pytest
from command import equality
from inbox import BME, UNKNOWN, WHITE, application_rows, staff_rows, write_inbox

from pipeline.settings import Home
from pipeline.trail import entries

PERIOD = "2022-03-31"
# Of 01T as the WRES report of Bedfordshire, Luton and Milton Keynes CCG prints them: 2.31.
APPLICATIONS = {(WHITE, True): 43, (WHITE, False): 142, (BME, True): 17, (BME, False): 152}
OTHERS = {(WHITE, True): 20, (WHITE, False): 60, (BME, True): 15, (BME, False): 45}


@pytest.fixture(scope="module")
def home(module_folders):
    """A home with two employers: one row in quarantine, one small group, one file rejected."""
    home = module_folders.mktemp("explained") / "home"
    inbox = home / "inbox"
    staff = staff_rows({WHITE: 60, BME: 20, UNKNOWN: 20})
    staff[7]["FTE"] = "37.5"
    write_inbox(inbox, PERIOD, "01T", "esr_staff", staff)
    write_inbox(inbox, PERIOD, "01T", "recruitment", application_rows(APPLICATIONS))
    write_inbox(inbox, PERIOD, "01V", "esr_staff", staff_rows({WHITE: 76, BME: 4}, first=500))
    write_inbox(inbox, PERIOD, "01V", "recruitment", application_rows(OTHERS))
    write_inbox(inbox, PERIOD, "01V", "training", staff_rows(1)).write_bytes(b"")
    assert equality("run", "--home", home).exit_code == 3
    return home


def explain(home, *arguments, code="01T", period=PERIOD):
    return equality(
        "explain", *arguments, "--organisation", code, "--period", period, "--home", home
    )


def rows(home, *arguments, code="01T"):
    result = explain(home, *arguments, "--json", code=code)
    assert (result.exit_code, result.err) == (0, "")
    return json.loads(result.out)


def sha256(home, code, source):
    content = (home / "inbox" / PERIOD / code / f"{source}.csv").read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]


RATIO = ("WRES", "2", "--measure", "relative_likelihood")


def test_a_published_figure_with_value_interval_and_method(home):
    (row,) = rows(home, *RATIO)
    shown = ("numerator", "denominator", "comparator_numerator", "comparator_denominator", "value")
    assert [row[name] for name in shown] == [43, 185, 17, 169, 2.31]
    assert (row["ci_low"], row["ci_high"], row["p_value"]) == (1.37, 3.89, 0.001)
    assert (row["status"], row["direction"], row["period_end"]) == ("ok", "adverse", PERIOD)
    assert row["counted"] == "applications of the group appointed"
    assert row["of"] == "applications of the group shortlisted"
    assert (row["method"], row["decimals"]) == ("relative_likelihood", 2)
    assert "Katz" in row["interval"]
    assert (row["policy"], row["protection"]) == ("default", "published as it is")


def test_without_unprotected_only_the_files_are_named(home):
    (row,) = rows(home, *RATIO)
    assert row["files"] == [
        {
            "organisation_code": "01T", "period_end": PERIOD, "source": "recruitment",
            "file_name": "recruitment.csv", "sha256": sha256(home, "01T", "recruitment"),
            "status": "landed",
        }
    ]  # fmt: skip
    for name in ("private", "private_counts", "private_release_id", "withheld"):
        assert row[name] is None, name


def test_a_pooled_figure_by_employer_and_rows(home):
    (row,) = rows(home, *RATIO, "--unprotected", code="QYG")
    assert (row["level"], row["private"]["numerator"], row["private"]["value"]) == ("icb", 63, 1.70)
    found = [
        (one["organisation_code"], one["file_name"], one["sha256"], one["rows_received"],
         one["rows_landed"], one["rows_quarantined"])
        for one in row["files"] if one["status"] == "landed"
    ]  # fmt: skip
    assert found == [
        ("01T", "recruitment.csv", sha256(home, "01T", "recruitment"), 354, 354, 0),
        ("01V", "recruitment.csv", sha256(home, "01V", "recruitment"), 140, 140, 0),
    ]
    counts = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
    assert [
        (one["organisation_code"], *(one[name] for name in counts)) for one in row["private_counts"]
    ] == [("01T", 43, 185, 17, 169), ("01V", 20, 80, 15, 60)]


def test_a_hidden_figure_says_why_and_its_count_to_the_analyst_alone(home):
    asked = ("PSED", "ethnicity", "--group", "BME", "--measure", "share")
    (row,) = rows(home, *asked, code="01V")
    assert (row["numerator"], row["value"], row["status"]) == (None, None, "suppressed")
    assert row["protection"].startswith("hidden: a count from 1 to 9 stands behind it")
    (row,) = rows(home, *asked, "--unprotected", code="01V")
    assert row["numerator"] is None
    assert (row["private"]["numerator"], row["private"]["denominator"]) == (4, 80)
    assert row["private"]["disclosure"] == "PRIMARY"
    assert (
        row["private"]["protection"] == "hidden for a count of its own that the policy calls small"
    )


def test_rows_in_quarantine_and_files_that_were_rejected_or_never_sent(home):
    (staff,) = rows(home, "WRES", "1", "--measure", "share", "--group", "BME", "--unprotected")[0][
        "files"
    ]
    assert (staff["rows_received"], staff["rows_landed"], staff["rows_quarantined"]) == (100, 99, 1)
    files = rows(home, "WRES", "4", code="01V")[0]["files"]
    assert [(one["source"], one["status"], one["file_name"]) for one in files] == [
        ("training", "rejected", "training.csv"), ("esr_staff", "landed", "esr_staff.csv"),
    ]  # fmt: skip
    row = rows(home, "WRES", "4")[0]
    assert row["files"][0]["status"] == "not sent"
    assert row["no_value_because"] == (
        "an extract that it is made from was not sent, or was rejected"
    )


def test_the_rule_of_the_year_and_the_break_in_the_series(home):
    rules = rows(home, "WRES", "3")[0]["rules"]
    assert rules[0] == "Defined from 2013-04-01."
    assert rules[1].startswith("The rule of 2013-04-01 counts 2 years up to the snapshot")
    assert rules[2].startswith("The series breaks on 2022-04-01; this is before it.")


def test_the_text_tells_the_same(home):
    result = explain(home, "wres", "2", code="01t")
    assert (result.exit_code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0].startswith("WRES 2: Relative likelihood of White applicants")
    for title in ("Definition", "What is published", "Received files", "Protection"):
        assert title in lines
    assert "True counts" not in lines
    (figure,) = [line.split() for line in lines if " relative_likelihood  WHITE" in line]
    assert figure == [
        "employer", "all", "relative_likelihood", "WHITE", "BME", "43", "185", "17", "169", "2.31",
        "1.37", "3.89", "0.001", "ok",
    ]  # fmt: skip
    assert f"recruitment.csv  {sha256(home, '01T', 'recruitment')}  landed" in result.out
    assert "354" not in result.out
    full = explain(home, "WRES", "2", "--unprotected").out
    assert "Holds true counts, for the analyst's own eyes" in full
    assert "354" in full


def test_a_part_is_all_where_there_is_one_and_the_others_are_named(home):
    found = rows(home, "WRES", "1", "--measure", "share")
    assert {row["part"] for row in found} == {"all"}
    assert {row["group_code"] for row in found} == {"WHITE", "BME", "UNKNOWN"}
    one = rows(home, "WRES", "1", "--measure", "share", "--part", "non_clinical:5")
    assert {row["part"] for row in one} == {"non_clinical:5"}
    assert "Other parts: " in explain(home, "WRES", "1").out


def test_each_look_is_recorded(home, tmp_path):
    copy = shutil.copytree(home, tmp_path / "home")
    before = len(entries(Home(copy)))
    explain(copy, "WRES", "2")
    explain(copy, *RATIO, "--unprotected", "--group", "WHITE")
    looks = entries(Home(copy))[before:]
    assert [(look.action, look.detail["figures"]) for look in looks] == [
        ("explain", f"WRES 2 01T {PERIOD}"),
        ("explain --unprotected", f"WRES 2 01T {PERIOD} relative_likelihood WHITE"),
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("XYZ", "1"), "There is no standard XYZ. There are ACTIONS, CENSUS, DECLARATION,"),
        (("WRES", "10"), "WRES has no indicator 10. It has 1, 2, 3, 4, 5, 6, 7, 8, 9."),
        (
            ("WRES", "2", "--part", "half"),
            f"There is no part half in WRES 2 of 01T at {PERIOD}. There is all.",
        ),
        (
            ("WRES", "2", "--group", "GREEN"),
            f"There is no group GREEN in WRES 2 of 01T at {PERIOD}. There is BME, UNKNOWN, WHITE.",
        ),
        (
            ("WRES", "2", "--measure", "share"),
            f"There is no measure share in WRES 2 of 01T at {PERIOD}. There is rate, "
            "relative_likelihood.",
        ),
        (
            ("WRES", "2", "--level", "icb"),
            f"There is no level icb in WRES 2 of 01T at {PERIOD}. There is employer.",
        ),
    ],
)
def test_what_is_not_there_is_told_with_what_is(home, arguments, message):
    result = explain(home, *arguments)
    assert (result.exit_code, result.out) == (2, "")
    assert result.err.startswith(f"equality: {message}")


def test_an_organisation_or_a_snapshot_that_is_not_there(home, tmp_path):
    result = explain(home, "WRES", "2", code="ZZZ")
    assert (result.exit_code, result.err) == (
        2,
        "equality: There is no figure of organisation ZZZ. There are figures of 01T, 01V, QYG.\n",
    )
    result = explain(home, "WRES", "2", period="2021-03-31")
    assert (result.exit_code, result.err) == (
        2,
        "equality: There is no figure of 01T at 2021-03-31. There are figures of it at "
        f"{PERIOD}.\n",
    )
    result = explain(home, "WRES", "2", period="2022-03-30")
    assert result.exit_code == 2
    assert "2022-03-30 is no quarter end" in result.err
    result = explain(tmp_path / "nowhere", "WRES", "2")
    assert result.exit_code == 2
    assert "Nothing has been released yet" in result.err


# --- the page ------------------------


class Page(HTMLParser):
    """What a page loads or leads to, its headings and the cells of its tables."""

    def __init__(self, text):
        super().__init__()
        self.addresses, self.tags, self.rows, self.text = [], [], [], ""
        self.is_in_cell = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [v for k, v in attributes if k in {"href", "src", "action", "data"}]
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
            self.is_in_cell = True

    def handle_endtag(self, tag):
        self.is_in_cell &= tag not in {"td", "th"}

    def handle_data(self, data):
        self.text += data
        if self.is_in_cell:
            self.rows[-1][-1] += data


def page(home, path, *arguments):
    result = explain(home, *RATIO, "--html", path, *arguments)
    assert (result.exit_code, result.out, result.err) == (0, f"Written: {path}\n", "")
    text = path.read_text(encoding="utf-8")
    return text, Page(text)


def test_the_page_holds_the_same_and_loads_nothing(home, tmp_path):
    text, found = page(home, tmp_path / "figure.html")
    assert text.startswith('<!doctype html>\n<html lang="en-GB">')
    assert found.addresses == []
    assert not {"script", "link", "img", "iframe"} & set(found.tags)
    assert found.tags.count("h1") == 1
    assert [
        "employer", "all", "relative_likelihood", "WHITE", "BME", "43", "185", "17", "169", "2.31",
        "1.37", "3.89", "0.001", "ok",
    ] in found.rows  # fmt: skip
    assert ["01T", PERIOD, "recruitment", "recruitment.csv", sha256(home, "01T", "recruitment"),
            "landed"] in found.rows  # fmt: skip
    assert "Holds true counts" not in found.text
    assert "354" not in found.text
    assert found.tags.count("th") == text.count("<th scope=")
    assert text.count("<caption>") == text.count("<table>") == text.count('tabindex="0"')
    assert (tmp_path / "figure.html").stat().st_mode & 0o777 == 0o600


def test_the_page_with_true_counts_says_so(home, tmp_path):
    _, found = page(home, tmp_path / "own.html", "--unprotected")
    assert "Holds true counts, for the analyst's own eyes: do not pass it on." in found.text
    assert ["01T", "354", "43", "185", "17", "169", "2.31", "ok"] in found.rows


def test_a_page_is_the_same_every_time(home, tmp_path):
    assert page(home, tmp_path / "a.html")[0] == page(home, tmp_path / "b.html")[0]


def test_a_page_for_a_folder_that_is_not_there(home, tmp_path):
    result = explain(home, *RATIO, "--html", tmp_path / "none" / "page.html")
    assert (result.exit_code, result.out) == (2, "")
    assert result.err.startswith(f"equality: There is no folder {tmp_path / 'none'} to write")
