"""Who is in a workforce, and what the records say of each person.

Nothing of the product is used: no reader, no code list, no SQL. Sources of the meanings: NHS Data
Dictionary, ETHNIC CATEGORY; the technical guidance of WRES and WDES; the value lists of ESR.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from recount.files import Row

UNKNOWN = "UNKNOWN"
DECLINED, NEVER_ASKED = "DECLINED", "NEVER_ASKED"
KINDS = (NEVER_ASKED, DECLINED)

WHITE_CODES, BME_CODES = "ABC", "DEFGHJKLMNPRS"

# Value as ESR writes it: category, group. What is not here is unknown.
KNOWN = {
    "disability": {"Yes": ("DISABLED", "DISABLED"), "No": ("NON_DISABLED", "NON_DISABLED")},
    "sex": {"Female": ("FEMALE", "FEMALE"), "Male": ("MALE", "MALE")},
    "religion": {
        name: (name.upper(), name.upper())
        for name in (
            "Atheism", "Buddhism", "Christianity", "Hinduism", "Islam", "Jainism", "Judaism",
            "Sikhism", "Other",
        )
    },
    "sexual_orientation": {
        "Heterosexual or Straight": ("HETERO", "HETERO"),
        "Gay or Lesbian": ("GAY_LESBIAN", "LGB_PLUS"),
        "Bisexual": ("BISEXUAL", "LGB_PLUS"),
        "Other sexual orientation not listed": ("OTHER_ORIENTATION", "LGB_PLUS"),
        "Undecided": ("UNDECIDED", "LGB_PLUS"),
    },
    "marital_status": {
        "Single": ("SINGLE", "OTHER"),
        "Married": ("MARRIED", "MARRIED_CP"),
        "Civil Partnership": ("CIVIL_PARTNERSHIP", "MARRIED_CP"),
        "Divorced": ("DIVORCED", "OTHER"),
        "Legally Separated": ("SEPARATED", "OTHER"),
        "Widowed": ("WIDOWED", "OTHER"),
    },
}  # fmt: skip
ASKED_AND_DECLINED = {
    "Not Declared", "Prefer Not To Answer", "I do not wish to disclose my religion/belief",
    "Not stated (person asked but declined to provide a response)",
}  # fmt: skip
COLUMN = {
    "disability": "Disability",
    "sex": "Gender",
    "religion": "Religious Belief",
    "sexual_orientation": "Sexual Orientation",
    "marital_status": "Marital Status",
}
AGE_BANDS = (
    "<=20", "21-25", "26-30", "31-35", "36-40", "41-45", "46-50", "51-55", "56-60", "61-65",
    "66-70", ">=71",
)  # fmt: skip
# Categories that no file of the sample holds, and for which a figure says nobody.
ALSO_LISTED = {"marital_status": {"MARRIED_OR_CP": "MARRIED_CP", "OTHER": "OTHER"}}

CHARACTERISTICS = ("age_band", "ethnicity", *KNOWN)

ON_THE_PAYROLL = {"Permanent", "Fixed Term Temp", "Locum"}
OFF_THE_PAY_BANDS = {
    "Non-Exec Director/Chair", "Honorary", "Agency", "Secondment In", "Widow/Widower",
}  # fmt: skip
NOT_IN_POST = {"Inactive Not Worked"}
NON_CLINICAL = {"Administrative and Clerical", "Estates and Ancillary"}

BANDS = ("under_1", "1", "2", "3", "4", "5", "6", "7", "8a", "8b", "8c", "8d", "9", "vsm")
MEDICAL_GRADES = ("medical_other", "trainee", "non_consultant_career", "consultant")
GRADE_OF_DESCRIPTION = {
    "Apprentice": "under_1",
    "Very Senior Manager": "vsm",
    "GP Clinical Lead": "medical_other",
    "Specialty Registrar": "trainee",
    "Specialty Doctor": "non_consultant_career",
    "Consultant": "consultant",
}


class Meaning(NamedTuple):
    """What a record says of one characteristic; ``kind`` is why it says nothing."""

    category: str
    group: str
    kind: str | None = None


class Post(NamedTuple):
    """One assignment that counts towards the workforce."""

    person: str
    order: tuple[object, ...]
    part: str
    meanings: dict[str, Meaning]
    directorate: str
    employer: str
    employee: str


def ethnicity(text: str) -> Meaning:
    """The national code is the first character; Z is asked and not stated; digits are withdrawn."""
    first = text[:1]
    if first and first in WHITE_CODES:
        return Meaning(first, "WHITE")
    if first and first in BME_CODES:
        return Meaning(first, "BME")
    return Meaning(UNKNOWN, UNKNOWN, DECLINED if first == "Z" else NEVER_ASKED)


def meaning(characteristic: str, text: str) -> Meaning:
    """What a value of any other characteristic says."""
    if text in KNOWN[characteristic]:
        return Meaning(*KNOWN[characteristic][text])
    return Meaning(UNKNOWN, UNKNOWN, DECLINED if text in ASKED_AND_DECLINED else NEVER_ASKED)


def categories(characteristic: str) -> dict[str, str]:
    """Every category of a characteristic and its group, the unknown among them."""
    if characteristic == "age_band":
        known = {band: band for band in AGE_BANDS}
    elif characteristic == "ethnicity":
        known = dict.fromkeys(WHITE_CODES, "WHITE") | dict.fromkeys(BME_CODES, "BME")
    else:
        known = dict(KNOWN[characteristic].values()) | ALSO_LISTED.get(characteristic, {})
    return known | {UNKNOWN: UNKNOWN}


def age_band(born: date, on: date) -> Meaning:
    """Five-year bands of completed years."""
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    band = "<=20" if age <= 20 else ">=71" if age >= 71 else AGE_BANDS[(age - 16) // 5]
    return Meaning(band, band)


def pay_row(scale: str) -> str | None:
    """The band of ``scheme|XR05|...`` (XR08 is 8a), or the grade that the description names."""
    _, code, description = scale.split("|") if scale.count("|") == 2 else ("", "", "")
    if code[:2] in ("XR", "XN"):
        return BANDS[int(code[2:])]
    return GRADE_OF_DESCRIPTION.get(description)


def as_date(text: str) -> date | None:
    """31/03/2021 or 2021-03-31."""
    year, month, day = text.split("/")[::-1] if "/" in text else text[:10].split("-")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def well_formed(row: Row) -> bool:
    """Whether an assignment has a real date of birth and, where it needs one, a pay row."""
    banded = row["Assignment Category"] in OFF_THE_PAY_BANDS or pay_row(row["Pay Scale"])
    return as_date(row["Date Of Birth"]) is not None and bool(banded)


def posts_of(
    rows: Iterable[Row],
    organisation: str,
    on: date,
    categories_in: Collection[str] = ON_THE_PAYROLL,
) -> list[Post]:
    """Return the assignments of one extract that count: towards the workforce, or another base."""
    rows = list(rows)
    nhs_id = {row["Employee Number"]: row["NHS Unique Id"] for row in rows if row["NHS Unique Id"]}
    posts = []
    for row in rows:
        grade = pay_row(row["Pay Scale"])
        counts = row["Assignment Category"] in categories_in
        if not counts or row["Assignment Status"] in NOT_IN_POST or grade is None:
            continue
        number = row["Employee Number"]
        rank = (*BANDS, *MEDICAL_GRADES).index(grade)
        order = (row["Primary Assignment"] != "Yes", -float(row["FTE"]), -rank, organisation)
        born = as_date(row["Date Of Birth"])
        assert born is not None
        meanings = {name: meaning(name, row[column]) for name, column in COLUMN.items()}
        meanings |= {"ethnicity": ethnicity(row["Ethnic Origin"]), "age_band": age_band(born, on)}
        posts.append(
            Post(
                row["NHS Unique Id"] or nhs_id.get(number) or f"{organisation} {number}",
                (*order, row["Assignment Number"]),
                f"{_side(grade, row['Staff Group'])}:{grade}",
                meanings,
                row["Directorate"],
                organisation,
                number,
            )
        )
    return posts


def _side(grade: str, staff_group: str) -> str:
    if grade in MEDICAL_GRADES:
        return "medical"
    return "non_clinical" if staff_group in NON_CLINICAL else "clinical"


class Person(NamedTuple):
    """One person of a workforce; ``number`` is theirs at every snapshot."""

    part: str
    meanings: dict[str, Meaning]
    directorate: str
    number: str


def workforce(posts: Iterable[Post]) -> list[Person]:
    """Each person once: the primary post stands for them, and a known value beats an unknown."""
    posts_of_person: dict[str, list[Post]] = defaultdict(list)
    for post in sorted(posts, key=lambda post: post.order):
        posts_of_person[post.person].append(post)
    people = []
    for number, own in posts_of_person.items():
        found = {
            name: next(
                (post.meanings[name] for post in own if post.meanings[name].group != UNKNOWN),
                own[0].meanings[name],
            )
            for name in CHARACTERISTICS
        }
        people.append(Person(own[0].part, found, own[0].directorate, number))
    return people
