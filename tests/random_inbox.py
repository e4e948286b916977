"""Inboxes drawn at random: a few people with everything that a record can say of them.

Hypothesis draws the shape of an inbox (who sends what, and how many people there are) and a number
from which the values follow: to draw every cell by itself would cost more than the whole run.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random

from hypothesis import strategies as st
from inbox import Row, case_rows, pay_row, staff_row, training_rows, write_inbox
from random_bodies import actions, duties, eds, movers, survey

Place = tuple[str, str, str]
"""Snapshot, organisation and source."""
Inbox = dict[Place, list[Row]]

SNAPSHOTS = ("2021-03-31", "2022-03-31")
CCGS = ("01T", "01V", "01X")
TRUST = "RBQ"
ICB = "QYG"

ORIGINS = (*"ABCDEFGHJKLMNPRS", "A", "A", "A White - British", "H", "Z Not Stated", "")
UNKNOWN_ORIGINS = ("Z Not Stated", "")
NOT_SAID = ("", "Not Declared", "Prefer Not To Answer", "Unspecified")
VALUES = {
    "disability": ("Yes", "No", "No", *NOT_SAID),
    "gender": ("Female", "Male", ""),
    "religious_belief": (
        "Atheism", "Buddhism", "Christianity", "Hinduism", "Islam", "Jainism", "Judaism",
        "Sikhism", "Other", "I do not wish to disclose my religion/belief", "",
    ),
    "sexual_orientation": (
        "Heterosexual or Straight", "Gay or Lesbian", "Bisexual", "Undecided",
        "Other sexual orientation not listed", "Unspecified", "",
        "Not stated (person asked but declined to provide a response)",
    ),
    "marital_status": (
        "Single", "Married", "Civil Partnership", "Divorced", "Legally Separated", "Widowed", "",
        "Unknown",
    ),
}  # fmt: skip
SCALES = (
    *(f"NHS|XR{band:02}|Review Body Band" for band in range(1, 13)),
    "NHS|XN08|Review Body Band 8 - Range A", "LOCAL|ZZ01|Very Senior Manager",
    "NHS|YC72|Consultant", "NHS|MC46|Specialty Doctor", "NHS|MN37|Specialty Registrar",
)  # fmt: skip
CATEGORIES = ("Permanent", "Permanent", "Permanent", "Fixed Term Temp", "Bank", "Honorary", "Locum")
STATUSES = ("Active Assignment", "Active Assignment", "Maternity & Adoption", "Inactive Not Worked")
SIDES = ("Administrative and Clerical", "Nursing and Midwifery Registered", "Estates and Ancillary")
CASES = ("Disciplinary", "Capability - Performance", "Capability - Ill Health", "Grievance")
COURSES = ("Mandatory", "Non-Mandatory", "CPD")
OF_BODIES = ("movers", "survey", "eds", "duties", "actions")


def characteristics(random: Random) -> dict[str, str]:
    """Return what a record says of a person."""
    born = date(1951, 1, 1) + timedelta(days=random.randrange(53 * 365))
    drawn = {name: random.choice(values) for name, values in VALUES.items()}
    return drawn | {"ethnic_origin": random.choice(ORIGINS), "date_of_birth": born.isoformat()}


def posts(random: Random, number: int, said: Mapping[str, str]) -> list[Row]:
    """Return the assignments of a person at one employer; one row may leave the NHS id out."""
    own = said if random.random() < 0.7 else said | characteristics(random)
    found = []
    for n in range(random.choice((1, 1, 1, 2, 3))):
        values = {
            "assignment_number": f"{20_000_000 + number}-{n}",
            "primary_assignment": random.choice(("Yes", "Yes", "No")),
            "assignment_status": random.choice(STATUSES),
            "assignment_category": random.choice(CATEGORIES),
            "staff_group": random.choice(SIDES),
            "pay_scale": random.choice(SCALES),
            "fte": random.choice(("1.0", "0.6", "0.6", "0.2")),
            "directorate": random.choice(("Finance", "Nursing", "")),
        }
        if n and random.random() < 0.3:
            values["nhs_unique_id"] = ""
        found.append(staff_row(number, **{**own, **values}))
    return found


def staff(random: Random, people: int) -> dict[str, list[Row]]:
    """Return the posts of as many people by CCG; every fifth is in a second CCG as well."""
    found: dict[str, list[Row]] = {code: [] for code in CCGS}
    for number in range(1, people + 1):
        said = characteristics(random)
        for code in random.sample(CCGS, 2 if random.random() < 0.2 else 1):
            found[code] += posts(random, number, said)
    return found


def applications(random: Random, count: int) -> list[Row]:
    return [
        {
            "Application Id": f"A{number:05d}",
            "Shortlisted": (shortlisted := random.choice(("Yes", "Yes", "No"))),
            "Appointed": random.choice(("Yes", "No")) if shortlisted == "Yes" else "No",
            "Ethnic Origin": random.choice(ORIGINS),
            "Disability": random.choice(VALUES["disability"]),
            "Gender": random.choice(VALUES["gender"]),
            "Shortlisted Date": "",
        }
        for number in range(count)
    ]


def board(random: Random, members: int) -> list[Row]:
    return [
        {
            "Member Id": f"M{number:03d}",
            "Voting": random.choice(("Yes", "No")),
            "Executive": random.choice(("Yes", "No")),
            "Ethnic Origin": random.choice(ORIGINS),
            "Disability": random.choice(VALUES["disability"]),
            "Gender": random.choice(VALUES["gender"]),
        }
        for number in range(members)
    ]


def about_staff(random: Random, rows: list[Row], period: str) -> dict[str, list[Row]]:
    """Return pay, cases, training and movements of some of the people of a staff file."""
    numbers = sorted({int(row["Employee Number"]) - 20_000_000 for row in rows})
    year = period[:4]
    some = [number for number in numbers if random.random() < 0.4]
    pay = [
        pay_row(
            number,
            hourly_rate=f"{random.randrange(900, 6000) / 100:.2f}",
            bonus_in_year=random.choice(("", "", "250.00", "1000.00")),
            full_pay=random.choice(("Yes", "Yes", "No")),
        )
        for number in numbers
        if random.random() < 0.8
    ]
    cases = [
        case
        for number in some
        for case in case_rows({random.choice(CASES): 1}, number, year=str(int(year) - number % 2))
    ]
    courses = [
        course
        for number in some
        for course in training_rows({random.choice(COURSES): 1}, number, date=f"{year}-02-01")
    ]
    found = {"pay": pay, "employee_relations": cases, "training": courses}
    return found | {"movers": movers(random, numbers, period, VALUES | {"ethnic_origin": ORIGINS})}


def about_body(random: Random, code: str, period: str, together: str) -> dict[str, list[Row]]:
    """Return what a body tells of itself; ``together`` names those with a survey in common."""
    codes = together if code in together and random.random() < 0.8 else ""
    return {
        "survey": survey(random, int(period[:4]) - 1, codes),
        "eds": eds(random),
        "duties": duties(random, code, period),
        "actions": actions(random, period),
    }


@st.composite
def inboxes(draw: st.DrawFn) -> Inbox:
    """Draw an inbox of one to three CCGs of an ICB, sometimes with a trust; one or two snapshots.

    Everybody who sends anything sends staff records.
    """
    random = Random(draw(st.integers(0, 2**32)))
    codes = CCGS[: draw(st.integers(1, 3))]
    if draw(st.booleans()):
        codes = (*codes, TRUST)
    found: Inbox = {}
    for period in SNAPSHOTS[: draw(st.integers(1, 2))]:
        pooled = staff(random, draw(st.integers(5, 40)))
        pooled[TRUST] = [row for rows in list(pooled.values())[:1] for row in rows[:9]]
        together = draw(st.sampled_from(("", "01T/01V", "01T/01V/01X")))
        for code in codes:
            number = 90 + CCGS.index(code) if code in CCGS else 99
            rows = pooled[code] or posts(random, number, characteristics(random))
            sent = {"esr_staff": rows} | about_staff(random, rows, period)
            sent |= {
                "recruitment": applications(random, draw(st.integers(0, 20))),
                "board": board(random, draw(st.integers(0, 9))),
            }
            sent |= about_body(random, code, period, together)
            left_out = random.sample(OF_BODIES, random.choice((0, 0, 1)))
            for source, each in sent.items():
                if each and source not in left_out:
                    found[period, code, source] = each
    return found


def write(folder: Path, inbox: Inbox) -> Path:
    """Write an inbox into a new folder and return it."""
    for (period, code, source), rows in inbox.items():
        write_inbox(folder, period, code, source, rows)
    return folder
