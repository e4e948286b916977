"""The ESR outbound interface as a staff file: the same rows as the report gives."""

from datetime import date

import pytest
from extracts import codes
from go2_file import assignment, go2_text, person, record
from inbox import csv_text, staff_row
from staged import staged

from pipeline.check import Checked, check
from pipeline.faults import Fault
from pipeline.read import read
from pipeline.read.go2 import is_go2, layout
from pipeline.receive.inbox import Place

SNAPSHOT = date(2022, 3, 31)
PLACE = Place(SNAPSHOT, "01T", "esr_staff")
GOOD = person(1), assignment(1)


def checked(text: str, place: Place | None = PLACE) -> Checked:
    reading = read(text.encode(), "esr_staff.dat", "esr_staff", place)
    return check(reading, "esr_staff", SNAPSHOT, "01T")


def accepted(*records: str) -> list[dict]:
    result = checked(go2_text(*records))
    assert result.faults == []
    return result.accepted.to_dict("records")


def test_the_layout_is_that_of_the_interface():
    lengths = {record: len(names) for record, names in layout().items()}
    assert lengths == {"Person": 44, "Assignment": 50, "Position": 24}


def test_records_give_the_rows_that_the_report_gives():
    records = checked(go2_text(*GOOD)).accepted
    report = csv_text(
        [
            staff_row(
                1,
                **{"gender": "F", "disability": "N", "ethnic_origin": "A"},
                **{"date_of_birth": "1980-06-15", "fte": "1"},
                **{"religious_belief": "", "sexual_orientation": ""},
                **{"directorate": "", "service": ""},
            )
        ]
    )
    reading = read(report.encode(), "esr_staff.csv", "esr_staff")
    expected = check(reading, "esr_staff", SNAPSHOT).accepted
    assert records["row_number"].tolist() == [3]
    assert records.drop(columns="row_number").equals(expected.drop(columns="row_number"))


def test_staff_group_role_and_occupation_come_from_the_parts_of_job_and_position():
    post = assignment(
        1,
        JobName="Nursing and Midwifery Registered|Community Nurse",
        PositionName="4362624|Community Nurse Band 5|N6H|Community",
    )
    (row,) = accepted(person(1), post)
    assert (row["staff_group"], row["job_role"], row["occupation_code"]) == (
        "Nursing and Midwifery Registered",
        "Community Nurse",
        "N6H",
    )


def test_what_an_assignment_lacks_its_position_has():
    position = record(
        *("Position", "POA"),
        PositionId="77",
        EffectiveFromDate="20100101",
        JobStaffGroup="Administrative and Clerical",
        JobRole="Analyst",
        OccupationCode="G2D",
        Payscale="NHS|XR07|Review Body Band 7",
    )
    post = assignment(1, JobName="", PositionName="", Grade="")
    (row,) = accepted(position, person(1), post)
    assert (row["staff_group"], row["job_role"], row["occupation_code"], row["pay_scale"]) == (
        *("Administrative and Clerical", "Analyst", "G2D"),
        "NHS|XR07|Review Body Band 7",
    )


def test_only_records_that_hold_at_the_snapshot_count():
    records = [
        person(1, EffectiveStartDate="20150401", EffectiveEndDate="20211231", EthnicOrigin="Z"),
        person(1, EffectiveStartDate="20220101", EthnicOrigin="H"),
        assignment(1, EffectiveEndDate="20220330", Fte="0.1"),
        assignment(1, EffectiveStartDate="20220331", Fte="0.5"),
        assignment(1, EffectiveStartDate="20220401", Fte="0.9"),
        person(2, EffectiveEndDate="20220331"),
        assignment(2, EffectiveEndDate="20220331", Fte="0.7"),
    ]
    rows = accepted(*records)
    assert [(row["row_number"], row["fte"], row["ethnic_origin"]) for row in rows] == [
        (5, 0.5, "H"),
        (8, 0.7, "A"),
    ]


def test_without_a_place_the_file_is_read_whole():
    text = go2_text(person(1), assignment(1, EffectiveEndDate="20200101"))
    assert len(checked(text, None).accepted) == 1
    assert codes(checked(text)) == ["NO_ROWS"]


def test_applicants_are_passed_over():
    offer = assignment(2, AssignmentType="O")
    rows = accepted(*GOOD, offer, assignment(3, AssignmentType="A"))
    assert [row["row_number"] for row in rows] == [3]


def test_area_of_work_bank_makes_a_bank_assignment_and_says_so():
    area = "4362624|Bank Nurse Band 5|N7B|Bank"
    result = checked(
        go2_text(
            *GOOD,
            *(person(2), assignment(2, PositionName=area, AssignmentCategory="Fixed Term Temp")),
            *(person(3), assignment(3, PositionName=area, AssignmentCategory="Bank")),
        )
    )
    assert result.accepted["assignment_category"].tolist() == ["Permanent", "Bank", "Bank"]
    assert result.faults == [Fault("GO2_BANK_BY_AREA", 5, "PositionName")]


@pytest.mark.parametrize("cut", [person(2), assignment(2)])
def test_a_record_cut_in_half_is_named_and_the_rest_is_kept(cut):
    half = cut[: len(cut) // 2]
    result = checked(go2_text(*GOOD, half))
    (fault,) = result.faults
    names = len(cut.split("~"))
    kind = "person" if cut.startswith("PRA") else "assignment"
    assert (fault.code, fault.row_number) == ("GO2_RECORD_CUT", 4)
    assert fault.detail == (
        f"{len(half.split('~'))} fields, where a record of this kind ({kind}) has {names}"
    )
    assert result.accepted["row_number"].tolist() == [3]
    assert result.quarantined["row_number"].tolist() == [4]
    assert result.rows_received == 2


def test_the_second_half_of_a_broken_line_is_a_fault_of_its_own():
    whole = assignment(1)
    result = checked(go2_text(person(1), whole[:60], whole[60:], person(2), assignment(2)))
    assert [(f.code, f.row_number) for f in result.faults] == [
        ("GO2_RECORD_CUT", 3),
        ("GO2_RECORD_CUT", 4),
    ]
    assert result.accepted["row_number"].tolist() == [6]


def test_an_assignment_whose_person_is_missing_or_cut():
    result = checked(go2_text(*GOOD, assignment(2), person(3)[:50], assignment(3)))
    assert [(f.code, f.row_number) for f in result.faults] == [
        ("GO2_PERSON_MISSING", 4),
        ("GO2_RECORD_CUT", 5),
        ("GO2_PERSON_MISSING", 6),
    ]
    assert len(result.accepted) == 1


def test_a_date_that_cannot_be_read_is_told():
    result = checked(go2_text(*GOOD, person(2), assignment(2, EffectiveStartDate="201804")))
    assert result.faults == [Fault("DATE_INVALID", 5, "EffectiveStartDate")]


def test_the_faults_of_a_report_are_found_here_too_under_the_names_of_the_interface():
    result = checked(go2_text(*GOOD, person(2, Gender=""), assignment(2, Fte="full")))
    assert result.faults == [
        Fault("FTE_INVALID", 5, "Fte"),
        Fault("VALUE_BLANK", 5, "Gender"),
    ]


def test_a_file_of_changes_is_no_snapshot():
    result = checked(go2_text(*GOOD, name="GO_123_EXP_GOC_20220401_00000001.DAT"))
    assert codes(result) == ["GO2_CHANGES_ONLY"]
    assert result.rejected


def test_a_file_without_its_last_line():
    text = go2_text(*GOOD)
    assert codes(checked(text[: text.index("TRL")])) == ["GO2_TRAILER_MISSING"]
    assert codes(checked("\n".join(GOOD))) == []


def test_records_of_other_kinds_and_a_last_delimiter_are_passed_over():
    records = ["ORA~1~Finance", "PHA~1~2", "ASD~999", *(f"{line}~" for line in GOOD)]
    assert [row["row_number"] for row in accepted(*records)] == [6]


def test_the_order_of_records_changes_nothing():
    records = [
        *(person(n, EthnicOrigin=code) for n, code in enumerate("AHZ", start=1)),
        *(assignment(number) for number in (1, 2, 3)),
        person(1, EffectiveStartDate="20160101", EthnicOrigin="J"),
    ]
    fields = ["assignment_number", "ethnic_origin"]
    forward = checked(go2_text(*records)).accepted[fields]
    backward = checked(go2_text(*reversed(records))).accepted[fields]
    assert forward.to_dict("records") == backward[::-1].to_dict("records")
    assert forward["ethnic_origin"].tolist() == ["J", "H", "Z"]


def test_names_and_addresses_of_a_record_stand_in_no_message():
    secrets = {"LastName": "Planted", "NiNumber": "Planted", "DateOfBirth": "Planted"}
    result = checked(go2_text(*GOOD, person(2, **secrets), assignment(2, Grade="Planted")))
    assert len(result.faults) >= 2
    assert "Planted" not in " ".join(f"{f!r} {f.message()}" for f in result.faults)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HDR~x~y\r\nPRA~1", True),
        ("\nASA~1~2", True),
        ("half a line\nASA~1~2", True),
        ("Employee Number,Name\n1,2", False),
        ("XYZ~1~2", False),
        ("", False),
    ],
)
def test_which_texts_are_records_of_the_interface(text, expected):
    assert is_go2(text.splitlines(keepends=True)) is expected


@pytest.mark.parametrize("suffix", ["dat", "DAT", "txt"])
def test_a_plain_text_and_a_go2_file_land_alike(tmp_path, suffix):
    go2 = tmp_path / "go2" / "2022-03-31" / "01T" / f"esr_staff.{suffix}"
    plain = tmp_path / "plain" / "2022-03-31" / "01T" / "esr_staff.txt"
    for path in (go2, plain):
        path.parent.mkdir(parents=True)
    go2.write_bytes(go2_text(*GOOD).encode())
    row = staff_row(1, gender="F", ethnic_origin="A", date_of_birth="1980-06-15")
    blank = {"Religious Belief": "", "Sexual Orientation": "", "Directorate": "", "Service": ""}
    text = csv_text([row | blank]).replace(",", "\t")
    plain.write_bytes(text.encode())
    (one,), (other,) = (
        staged(tmp_path / "go2", "esr_staff"),
        staged(tmp_path / "plain", "esr_staff"),
    )
    assert one | {"disability_key": "no"} == other
    assert one["band_code"] == "5"
    assert one["disability_key"] == "n"
