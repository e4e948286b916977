"""What does not fit between two snapshots, or between two sources, is an alert by its number."""

import json
import re

import pytest
from command import equality
from inbox import WHITE, mover_rows, pay_rows, staff_rows, write_inbox

BEFORE_EARLIER, EARLIER, NOW = "2021-09-30", "2021-12-31", "2022-03-31"
RECONCILED = {
    "HEADCOUNT_UNEXPLAINED",
    "EXTRACT_SIZE_MOVED",
    "STAFF_NOT_IN_EXTRACT",
    "STAFF_WITHOUT_PAY",
}


@pytest.fixture(scope="module")
def home(module_folders):
    """Return the home of a run: 01T fits throughout, 01V in nothing, 01X not in its headcount."""
    home = module_folders.mktemp("reconciled")
    inbox = home / "inbox"
    # 01T: of 100, 4 leave, one on the very day of the snapshot, and 2 start.
    write_inbox(inbox, EARLIER, "01T", "esr_staff", staff_rows(100))
    write_inbox(inbox, NOW, "01T", "esr_staff", staff_rows(99, first=4))
    gone = mover_rows({("Leaver", WHITE): 3}, first=1, date="2022-02-10")
    gone += mover_rows({("Leaver", WHITE): 1}, first=4, date=NOW)
    came = mover_rows({("Starter", WHITE): 2}, first=101, date="2022-01-05")
    write_inbox(inbox, NOW, "01T", "movers", gone + came)
    write_inbox(inbox, NOW, "01T", "pay", pay_rows(["15.00"] * 96, first=4))
    # 01V: 25 more than 100, of whom 5 are said to have started; 3 are paid whom no one employs.
    write_inbox(inbox, EARLIER, "01V", "esr_staff", staff_rows(100, first=1001))
    write_inbox(inbox, NOW, "01V", "esr_staff", staff_rows(125, first=1001))
    came = mover_rows({("Starter", WHITE): 5}, first=1101, date="2022-01-05")
    write_inbox(inbox, NOW, "01V", "movers", came)
    write_inbox(inbox, NOW, "01V", "pay", pay_rows(["15.00"] * 120, first=1009))
    # 01X: 10 more than 100, and nobody who started or left in the quarter.
    write_inbox(inbox, EARLIER, "01X", "esr_staff", staff_rows(100, first=3001))
    write_inbox(inbox, NOW, "01X", "esr_staff", staff_rows(110, first=3001))
    came = mover_rows({("Starter", WHITE): 2}, first=3001, date="2021-06-01")
    write_inbox(inbox, NOW, "01X", "movers", came)
    # 01J: nothing was sent of the quarter in between; 4 of 10 more started in it.
    write_inbox(inbox, BEFORE_EARLIER, "01J", "esr_staff", staff_rows(100, first=4001))
    write_inbox(inbox, NOW, "01J", "esr_staff", staff_rows(110, first=4001))
    came = mover_rows({("Starter", WHITE): 4}, first=4101, date="2021-11-15")
    gone = mover_rows({("Leaver", WHITE): 3}, first=4501, date="2021-09-15")
    write_inbox(inbox, NOW, "01J", "movers", came + gone)
    # 12F: too few of whom anything could be said.
    write_inbox(inbox, EARLIER, "12F", "esr_staff", staff_rows(10, first=2001))
    write_inbox(inbox, NOW, "12F", "esr_staff", staff_rows(19, first=2001))
    write_inbox(inbox, NOW, "12F", "movers", mover_rows({("Starter", WHITE): 1}, first=2011))
    assert equality("run", "--home", home).exit_code == 0
    return home


@pytest.fixture(scope="module")
def found(home):
    listed = json.loads(equality("alerts", "--home", home, "--json").out)
    return {
        (row["organisation_code"], row["code"]): row for row in listed if row["code"] in RECONCILED
    }


def test_each_kind_is_found_where_it_was_planted_and_nowhere_else(found):
    headcount, skipped = ("01X", "HEADCOUNT_UNEXPLAINED"), ("01J", "HEADCOUNT_UNEXPLAINED")
    assert set(found) == {("01V", code) for code in RECONCILED} | {headcount, skipped}
    assert found[skipped]["detail"] == (
        "110 staff, after 100 at 30 September 2021; 4 started and 0 left, which does not explain 6"
    )
    assert found[headcount]["detail"] == (
        "110 staff, after 100 at 31 December 2021; 0 started and 0 left, which does not explain 10"
    )
    assert {row["period_end"] for row in found.values()} == {NOW}


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        (
            "HEADCOUNT_UNEXPLAINED",
            "125 staff, after 100 at 31 December 2021; 5 started and 0 left, "
            "which does not explain 20",
        ),
        ("EXTRACT_SIZE_MOVED", "125 rows, after 100 at 2021-12-31"),
        (
            "STAFF_NOT_IN_EXTRACT",
            "3 of 120 rows are about people whom the staff extract does not hold",
        ),
        ("STAFF_WITHOUT_PAY", "8 of 125 staff have no row in the pay extract"),
    ],
)
def test_the_employer_is_told_by_how_many(found, code, detail):
    row = found["01V", code]
    assert row["detail"].startswith(detail)
    # The limits of the rules are no number of people.
    assert not re.search(r"\d", re.sub(r"\b(20|5)%", "", row["message"]))


def test_nobody_else_is_told(found):
    assert not any(row["is_public"] for row in found.values())
