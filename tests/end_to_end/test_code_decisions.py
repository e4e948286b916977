"""Values that no code list knows: the table for a decision, the decision, and what it changes."""

import csv
import stat

import pytest
from command import equality, private_rows
from inbox import BME, WHITE, pay_rows, staff_row, staff_rows, training_rows, write_inbox

from pipeline.decisions.decision import COLUMNS
from pipeline.decisions.unknown_codes import ONE_PERSON
from pipeline.identity import load_keys
from pipeline.settings import Home
from pipeline.store import open_private

PERIOD, NEXT = "2022-03-31", "2022-06-30"
NEW_SCALE = "NHS|XR77|Review  Body Band 5 & Up"
KEY = "nhs|xr77|review body band 5 and up"
HEADCOUNT = (
    "select numerator from marts.figure where standard = 'PSED' and indicator = 'sex' "
    "and measure = 'headcount' and level = 'employer' and organisation_code = '01T' "
    f"and period_end = '{PERIOD}'"
)


def decide(home, *lines):
    """Write the home's own decisions: list, key, code."""
    folder = home / "decisions"
    folder.mkdir(exist_ok=True)
    with (folder / "code_decision.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([*line, "2026-04-30", "workforce information lead", ""] for line in lines)


def opened(home):
    kept = Home(home)
    return open_private(kept, load_keys(kept))


def table(home):
    """Return the lines that wait for a decision."""
    with (home / "decisions" / "unknown_codes.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def run(home):
    result = equality("run", "--home", home)
    assert result.err == ""
    return result


@pytest.fixture
def home(tmp_path):
    """A home with a file of 300 rows, one of them on a new pay scale, and its pay and training."""
    staff = [*staff_rows({WHITE: 200, BME: 99}), staff_row(300, pay_scale=NEW_SCALE)]
    inbox = tmp_path / "home" / "inbox"
    write_inbox(inbox, PERIOD, "01T", "esr_staff", staff)
    write_inbox(inbox, PERIOD, "01T", "pay", pay_rows(["15.00"] * 300))
    return tmp_path / "home"


@pytest.mark.slow
def test_a_new_pay_scale_is_decided_on_and_its_row_lands(home):
    first = run(home)
    assert private_rows(home, HEADCOUNT) == [(299,)]
    assert f"Values that no code list knows: 1; decide on them: {home}/decisions" in first.out
    assert table(home) == [
        {
            "list": "pay_scale",
            "received_key": KEY,
            "sources": "esr_staff",
            "organisations": "01T",
            "rows": "1",
            "first_snapshot": PERIOD,
            "last_snapshot": PERIOD,
            "nearest_known": "review body band 5",
            "suggested_code": "5",
            "code": "",
            "decided_on": "",
            "decided_by_role": "",
            "note": "",
        }
    ]
    written = home / "decisions" / "unknown_codes.csv"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert "Nothing new" in run(home).out
    decide(home, ("pay_scale", KEY, "5"))
    second = run(home)
    assert "Read again for a decision: 1 file." in second.out
    assert "Release" in second.out
    assert private_rows(home, HEADCOUNT) == [(300,)]
    assert table(home) == []
    assert "Nothing new" in run(home).out


@pytest.mark.slow
def test_the_value_stands_in_the_table_and_nowhere_else(home):
    first = run(home)
    decide(home, ("pay_scale", KEY, "5"))
    second = run(home)
    for told in (
        first,
        second,
        equality("status", "--home", home),
        equality("feedback", "--home", home),
    ):
        assert "xr77" not in (told.out + told.err).lower()
    kept = {
        path.relative_to(home).as_posix()
        for path in home.rglob("*")
        # Longer than what stands in megabytes of an encrypted file by chance.
        if path.is_file() and b"xr77|review" in path.read_bytes().lower()
    }
    assert kept == {"inbox/2022-03-31/01T/esr_staff.csv", "decisions/code_decision.csv"}


@pytest.mark.slow
def test_a_decision_that_is_changed_or_withdrawn_changes_the_release(home):
    decide(home, ("pay_scale", KEY, "5"))
    run(home)
    band = "select band_code, count(*) from staging.esr_staff group by all order by all"
    assert private_rows(home, band) == [("5", 300)]
    decide(home, ("pay_scale", KEY, "8a"))
    assert "Read again for a decision: 1 file." in run(home).out
    assert private_rows(home, band) == [("5", 299), ("8a", 1)]
    (home / "decisions" / "code_decision.csv").unlink()
    run(home)
    assert private_rows(home, band) == [("5", 299)]
    assert [line["received_key"] for line in table(home)] == [KEY]


@pytest.mark.slow
def test_a_decision_brings_a_rejected_file_in_with_what_waits_for_it(home):
    # All rows are on the new scale: more than 0.5%, so that the file is rejected.
    staff = staff_rows(30, pay_scale=NEW_SCALE)
    write_inbox(home / "inbox", PERIOD, "01T", "esr_staff", staff)
    write_inbox(home / "inbox", PERIOD, "01T", "training", training_rows({"Leaping": 1, "CPD": 1}))
    assert run(home).exit_code == 3
    assert [(line["list"], line["rows"]) for line in table(home)] == [
        ("pay_scale", "30"), ("course_type", "1"),
    ]  # fmt: skip
    assert [line["note"] for line in table(home)] == ["", ONE_PERSON]
    decide(home, ("pay_scale", KEY, "6"), ("course_type", "leaping", "CPD"))
    assert run(home).exit_code == 0
    assert private_rows(home, HEADCOUNT) == [(30,)]
    landed = "select source, rows_landed from ledger.load where status = 'landed' order by all"
    # 270 rows of pay are about people who are not among the 30.
    assert private_rows(home, landed) == [("esr_staff", 30), ("pay", 30), ("training", 2)]


@pytest.mark.slow
def test_what_one_person_wrote_of_themselves_is_counted_and_not_repeated(home):
    odd = [
        staff_row(1, disability="a rare thing", religious_belief="Jedi"),
        staff_row(2, disability="another thing", religious_belief="Jedi"),
        *staff_rows(10, first=3),
    ]
    for period in (PERIOD, NEXT):
        write_inbox(home / "inbox", period, "01T", "esr_staff", odd)
    other = [staff_row(1, ethnic_origin="Cornish"), *staff_rows(10, first=3)]
    write_inbox(home / "inbox", PERIOD, "01V", "esr_staff", other)
    run(home)
    assert "thing" not in (home / "decisions" / "unknown_codes.csv").read_text()
    told = [
        [line[name] for name in ("list", "received_key", "organisations", "rows", "note")]
        for line in table(home)
    ]
    assert told == [
        ["religion", "jedi", "01T", "4", ""],
        ["disability", "", "01T", "4", ONE_PERSON],
        ["ethnicity", "", "01V", "1", ONE_PERSON],
    ]
    # The same value of another organisation is what a system writes, and no one person.
    more = [staff_row(1, ethnic_origin="Cornish"), *staff_rows(10, first=3)]
    write_inbox(home / "inbox", PERIOD, "01F", "esr_staff", more)
    run(home)
    shown = {line["received_key"]: line["organisations"] for line in table(home)}
    assert shown["cornish"] == "01F;01V"


@pytest.mark.slow
def test_characteristics_are_decided_by_category_or_as_unknown(home):
    odd = [
        staff_row(1, ethnic_origin="Cornish", gender="Woman-ish", religious_belief="Jedi"),
        staff_row(2, ethnic_origin="cornish"),
        *staff_rows(10, first=3),
    ]
    write_inbox(home / "inbox", PERIOD, "01T", "esr_staff", odd)
    write_inbox(home / "inbox", NEXT, "01V", "esr_staff", odd)
    run(home)
    told = [(line["list"], line["received_key"], line["rows"], line["organisations"],
             line["first_snapshot"], line["last_snapshot"]) for line in table(home)]  # fmt: skip
    assert told == [
        ("ethnicity", "cornish", "4", "01T;01V", PERIOD, NEXT),
        ("religion", "jedi", "2", "01T;01V", PERIOD, NEXT),
        ("sex", "woman-ish", "2", "01T;01V", PERIOD, NEXT),
    ]
    decide(home, ("ethnicity", "Cornish", "A"), ("religion", "jedi", "DECLINED"))
    assert "Read again for a decision: 2 files." in run(home).out
    keys = private_rows(home, "select distinct ethnicity_key, religion_key from staging.esr_staff")
    assert {ethnicity for ethnicity, _ in keys} == {"A"}
    assert len({religion for _, religion in keys}) == 2
    assert [line["list"] for line in table(home)] == ["sex"]


def test_a_home_with_a_wrong_decision_is_told_what_to_mend(home):
    decide(home, ("pay_scale", KEY, "ten"), ("pay_grade", KEY, "5"))
    for command in ("run", "check-registry"):
        result = equality(command, "--home", home)
        assert result.exit_code == 2
        assert "line 2 has a code that the list pay_scale does not have" in result.err
        assert "line 3 names a list that is not known" in result.err
    (home / "decisions" / "code_decision.csv").write_text("list,key\n")
    assert "must have the columns list, received_key" in equality("run", "--home", home).err


@pytest.mark.slow
def test_a_decision_on_a_value_that_nobody_holds_changes_the_release_alone(home):
    first = run(home)
    with opened(home) as connection:  # as a version left it that did not know of the source
        connection.execute("drop table landing.control_totals")
    decide(home, ("pay_scale", "nhs|xr88|another", "5"))
    second = run(home)
    assert "Read again" not in second.out
    assert "Release" in second.out
    assert first.out.count("Release") == 1
    assert "Nothing new" in run(home).out


@pytest.mark.slow
def test_files_of_a_home_that_kept_no_values_are_read_again(home):
    run(home)
    with opened(home) as connection:
        connection.execute("delete from ledger.unknown_code")
        connection.execute("delete from ledger.about where name = 'code_decisions'")
    (home / "decisions" / "unknown_codes.csv").unlink()
    assert "Read again for a decision: 1 file." in run(home).out
    assert [line["received_key"] for line in table(home)] == [KEY]
    assert private_rows(home, HEADCOUNT) == [(299,)]


def test_two_posts_of_one_person_are_one_person(home):
    posts = [
        staff_row(1, religious_belief="Jedi"),
        staff_row(
            1, religious_belief="Jedi", assignment_number="20000001-2", primary_assignment="No"
        ),
        *staff_rows(10, first=3),
    ]
    write_inbox(home / "inbox", PERIOD, "01V", "esr_staff", posts)
    run(home)
    assert "jedi" not in (home / "decisions" / "unknown_codes.csv").read_text()
    told = {line["list"]: (line["rows"], line["note"]) for line in table(home)}
    assert told["religion"] == ("1", ONE_PERSON)


@pytest.mark.slow
def test_a_name_in_a_column_of_codes_is_not_repeated(home):
    rows = [*training_rows({"CPD": 4}), *training_rows({"Some Person": 1}, first=9)]
    write_inbox(home / "inbox", PERIOD, "01T", "training", rows)
    run(home)
    assert "some person" not in (home / "decisions" / "unknown_codes.csv").read_text()
    assert [(line["list"], line["received_key"]) for line in table(home)] == [
        ("pay_scale", KEY), ("course_type", ""),
    ]  # fmt: skip
