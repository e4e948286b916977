"""A home with a release, and an inbox with what has come since: small, with something of each kind.

Two CCGs of one ICB at two snapshots. Since the first release there came a new snapshot of several
sources, with rows that are quarantined, values that no code list knows, a file that is rejected, a
file without a place, and a resubmission of the first snapshot, for which other files of its place
are read again.
"""

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from command import equality
from inbox import (
    BME,
    UNKNOWN,
    WHITE,
    application_rows,
    board_rows,
    case_rows,
    mover_rows,
    staff_rows,
    training_rows,
    write_inbox,
)

BEFORE, NOW = "2021-03-31", "2022-03-31"
SEFTON, SOUTHPORT = "01T", "01V"
STAFF = {WHITE: 60, BME: 30, UNKNOWN: 20}
OTHERS = {WHITE: 70, BME: 25, UNKNOWN: 15}
FIRST_OF_OTHERS = 1000


@dataclass(frozen=True)
class Standing:
    """A home with one release, and the inbox that its next run reads."""

    home: Path
    inbox: Path


@cache
def standing() -> Standing:
    """Make both once for all tests of a process; nobody changes them."""
    folder = Path(tempfile.mkdtemp(prefix="standing-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return make_standing(folder)


def make_standing(folder: Path) -> Standing:
    """Make both below ``folder``."""
    home, inbox = folder / "home", folder / "inbox"
    _send_before(inbox)
    first = equality("run", "--home", home, "--inbox", inbox)
    assert first.exit_code == 0, first.out + first.err
    _send_now(inbox)
    return Standing(home, inbox)


def _send_before(inbox: Path) -> None:
    write_inbox(inbox, BEFORE, SEFTON, "esr_staff", staff_rows(STAFF))
    write_inbox(inbox, BEFORE, SEFTON, "board", board_rows({WHITE: 8, BME: 3}))
    others = staff_rows(OTHERS, first=FIRST_OF_OTHERS)
    write_inbox(inbox, BEFORE, SOUTHPORT, "esr_staff", others)
    training = training_rows({"Non-mandatory": 30}, FIRST_OF_OTHERS, date="2021-02-01")
    write_inbox(inbox, BEFORE, SOUTHPORT, "training", training)


def _send_now(inbox: Path) -> None:
    staff = staff_rows({WHITE: 58, BME: 44, UNKNOWN: 12})
    for row in staff[:3]:
        row["Employee Number"] = ""
    for row in staff[3:6]:
        row["Ethnic Origin"] = "Of no list"
    write_inbox(inbox, NOW, SEFTON, "esr_staff", staff)
    write_inbox(inbox, NOW, SEFTON, "board", board_rows({WHITE: 8, BME: 5}))
    applied = {(WHITE, True): 14, (WHITE, False): 40, (BME, True): 10, (BME, False): 60}
    write_inbox(inbox, NOW, SEFTON, "recruitment", application_rows(applied))
    moved = {("Leaver", WHITE): 12, ("Starter", BME): 14}
    write_inbox(inbox, NOW, SEFTON, "movers", mover_rows(moved, first=400))
    others = staff_rows({WHITE: 75, BME: 40, UNKNOWN: 15}, first=FIRST_OF_OTHERS)
    write_inbox(inbox, NOW, SOUTHPORT, "esr_staff", others)
    cases = case_rows({"Disciplinary": 12}, FIRST_OF_OTHERS)
    write_inbox(inbox, NOW, SOUTHPORT, "employee_relations", cases)
    cut_short = write_inbox(inbox, NOW, SOUTHPORT, "board", board_rows({WHITE: 8, BME: 5}))
    cut_short.write_bytes(cut_short.read_bytes()[:-20])
    write_inbox(inbox, NOW, SEFTON, "sick_leave", board_rows({WHITE: 2}))
    again = staff_rows({WHITE: 66, BME: 36, UNKNOWN: 10}, first=FIRST_OF_OTHERS)
    write_inbox(inbox, BEFORE, SOUTHPORT, "esr_staff", again)
