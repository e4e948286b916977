import os
import sys
from datetime import date

import pytest

from pipeline.receive.inbox import SOURCES, Place, scan

MARCH = date(2022, 3, 31)


def _put(inbox, *names):
    for name in names:
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content")
    return inbox


def _strays(inbox):
    return {stray.name: (stray.fault.code, stray.fault.detail) for stray in scan(inbox).strays}


def test_files_in_their_places_are_found_in_order(tmp_path):
    _put(
        tmp_path,
        "2022-03-31/01V/board.csv",
        "2022-03-31/01T/recruitment.XLSX",
        "2022-03-31/01T/esr_staff.csv",
        "2021-12-31/01T/board.xlsx",
    )
    found = scan(tmp_path)
    assert not found.strays
    assert [str(submission.place) for submission in found.submissions] == [
        "2021-12-31/01T/board",
        "2022-03-31/01T/esr_staff",
        "2022-03-31/01T/recruitment",
        "2022-03-31/01V/board",
    ]
    assert found.submissions[1].place == Place(MARCH, "01T", "esr_staff")
    assert found.submissions[1].path == tmp_path / "2022-03-31" / "01T" / "esr_staff.csv"


def test_one_snapshot_alone(tmp_path):
    _put(tmp_path, "2022-03-31/01T/board.csv", "2021-12-31/01T/board.csv", "stray.txt")
    found = scan(tmp_path, MARCH)
    assert [submission.place.period_end for submission in found.submissions] == [MARCH]
    assert not found.strays


@pytest.mark.parametrize(
    ("name", "stray", "code", "detail"),
    [
        ("notes.txt", "notes.txt", "STRAY_FILE", "'notes.txt' lies in the inbox itself"),
        ("2022-03-30/01T/board.csv", "2022-03-30", "PERIOD_UNKNOWN",
         "'2022-03-30'; the nearest quarter end is 2022-03-31"),
        ("9999-12-31/01T/board.csv", "9999-12-31", "PERIOD_UNKNOWN",
         "'9999-12-31' is not of the years 1990 to 2099"),
        ("March 2022/01T/board.csv", "March 2022", "PERIOD_UNKNOWN",
         "the folder is called 'March 2022'"),
        ("2022-03-31/board.csv", "2022-03-31/board.csv", "STRAY_FILE",
         "'board.csv' lies beside the organisations"),
        ("2022-03-31/O1T/board.csv", "2022-03-31/O1T", "ORGANISATION_UNKNOWN",
         "'O1T'; did you mean 01T"),
        ("2022-03-31/06F/board.csv", "2022-03-31/06F", "ORGANISATION_NOT_THEN",
         "NHS Bedfordshire CCG existed from 2013-04-01 to 2021-03-31"),
        ("2022-03-31/01T/staff.csv", "2022-03-31/01T/staff.csv", "SOURCE_UNKNOWN",
         f"'staff'; read are {', '.join(SOURCES)}"),
        ("2022-03-31/01T/board.pdf", "2022-03-31/01T/board.pdf", "SUFFIX_UNKNOWN",
         "'.pdf'; read are .csv, .xlsx"),
        ("2022-03-31/01T/board/x.csv", "2022-03-31/01T/board", "STRAY_FILE", "'board' is no file"),
    ],
)  # fmt: skip
def test_what_has_no_place_is_named_with_the_reason(tmp_path, name, stray, code, detail):
    _put(tmp_path, name, "2022-03-31/01V/board.csv")
    found = _strays(tmp_path)
    assert list(found) == [stray]
    assert found[stray][0] == code
    assert detail in found[stray][1]
    assert [str(s.place) for s in scan(tmp_path).submissions] == ["2022-03-31/01V/board"]


def test_two_files_for_one_place_are_both_left_out(tmp_path):
    _put(tmp_path, "2022-03-31/01T/board.csv", "2022-03-31/01T/board.xlsx")
    assert {name: code for name, (code, _) in _strays(tmp_path).items()} == {
        "2022-03-31/01T/board.csv": "PLACE_TAKEN_TWICE",
        "2022-03-31/01T/board.xlsx": "PLACE_TAKEN_TWICE",
    }
    assert not scan(tmp_path).submissions


def test_what_a_desktop_leaves_behind_is_passed_over(tmp_path):
    _put(
        tmp_path,
        ".DS_Store",
        "Thumbs.db",
        "2022-03-31/.hidden/x.csv",
        "2022-03-31/01T/~$board.xlsx",
        "2022-03-31/01T/.board.csv.swp",
    )
    assert (scan(tmp_path).submissions, scan(tmp_path).strays) == ((), ())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_name_that_is_no_text_can_still_be_told(tmp_path):
    _put(tmp_path, "2022-03-31/01T/board.csv")
    (tmp_path / os.fsdecode(b"2022-03-31/01T/caf\xe9\n.csv")).touch()
    (name,) = _strays(tmp_path)
    assert name == "2022-03-31/01T/caf\ufffd\ufffd.csv"
    assert _strays(tmp_path)[name][1].encode("utf-8").startswith(b"'caf")
    assert len(scan(tmp_path).submissions) == 1


def test_a_link_is_not_followed_wherever_it_leads(tmp_path):
    _put(tmp_path, "2022-03-31/01T/esr_staff.csv")
    (tmp_path / "2022-03-31" / "01T" / "board.csv").symlink_to(tmp_path / "nowhere")
    assert _strays(tmp_path) == {
        "2022-03-31/01T/board.csv": ("LINK_FOUND", "'board.csv' is a link")
    }
