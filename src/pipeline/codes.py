"""What a received value means: ethnicity, pay scale, staff group, contract, status and age.

Every list is a file of ``warehouse/reference/``; the rules that no list can hold are here. Where
neither knows a value, a decision on it counts (``decisions``).
"""

import re
from datetime import date
from functools import cache, lru_cache
from typing import Literal

from pipeline.decisions import in_force as decided
from pipeline.resources import reference

Side = Literal["CLINICAL", "NON_CLINICAL", "MEDICAL"]

CHARACTERISTIC_OF_FIELD = {
    "ethnic_origin": "ethnicity",
    "disability": "disability",
    "gender": "sex",
    "religious_belief": "religion",
    "sexual_orientation": "sexual_orientation",
    "marital_status": "marital_status",
}
"""The characteristic that a field of an extract tells."""

BLANK_KEY = ""
UNLISTED_KEY = "(unlisted)"
AGE_BANDS = ("<=20", *(f"{low}-{low + 4}" for low in range(21, 70, 5)), ">=71")
"""Five-year age bands of ESR reports, youngest first."""

REASON_UNKNOWN = "UNKNOWN"
"""The reason of a leaver of whom none is given, or none that is listed."""

OUTSIDE_PAY_BANDS = frozenset({"NON_EXECUTIVE", "HONORARY", "PENSION", "AGENCY", "SECONDED_IN"})
"""Person types that stand in no row of WRES 1 and WDES 1: they need no pay scale."""

# The first character is the national code; I, O and Q are never valid, and a second character is
# local (NHS Data Dictionary, ETHNIC CATEGORY).
_NATIONAL = frozenset("ABCDEFGHJKLMNPRS")
_INVALID_CODES = frozenset({"CO", "CI"})
_ETHNIC_TOKEN = re.compile(r"([A-Za-z0-9]{1,2})(?=$|[\s:|])")

_PAY_SCALE_CODE = re.compile(r"(?:NHS\|)?(X[RN](?:0[1-9]|1[0-2]))(?:\|(.*))?", re.IGNORECASE)
_AFC_DESCRIPTION = re.compile(
    r"(?:(?:non )?review body |agenda for change |afc )?band "
    r"(?:([1-79])|8 ?([a-d])|8(?: -)? range ([a-d]))"
)
_CLASSIFIED_SIDES: dict[str, Side] = {
    "CLINICAL": "CLINICAL",
    "NON_CLINICAL": "NON_CLINICAL",
    "MEDICAL": "MEDICAL",
}


def plain(text: object) -> str:
    """Return ``text`` in lower case with single spaces, or "" where it is no text (null)."""
    if not isinstance(text, str):
        return ""
    joined = " ".join(text.replace("–", "-").replace("’", "'").split()).lower()  # noqa: RUF001
    return joined.replace("&", "and")


@cache
def _keys(characteristic: str) -> frozenset[str]:
    rows = reference("characteristic_value")
    keys = frozenset(row["received_key"] for row in rows if row["characteristic"] == characteristic)
    if not keys:
        raise KeyError(characteristic)
    return keys


def characteristic_key(characteristic: str, received: str | None) -> str:
    """Return the ``received_key`` of ``characteristic_value.csv`` under which a value is listed.

    Args:
        characteristic: ethnicity, disability, sex, religion, sexual_orientation, marital_status.
        received: the value as sent; null or white space gives "".

    Returns:
        A key that is in the list: "(unlisted)" for a value that is not.

    Raises:
        KeyError: for a characteristic that has no list.

    """
    key = _characteristic_key(characteristic, received)
    if key != UNLISTED_KEY:
        return key
    return decided.code(characteristic, plain(received)) or UNLISTED_KEY


@lru_cache(maxsize=4096)
def _characteristic_key(characteristic: str, received: str | None) -> str:
    keys = _keys(characteristic)
    text = plain(received)
    if text in keys:
        return text
    if characteristic == "ethnicity" and isinstance(received, str):
        return _ethnicity_key(received.strip(), keys)
    return UNLISTED_KEY


def _ethnicity_key(received: str, keys: frozenset[str]) -> str:
    """Return the key of a code such as ``A White - British``, ``CA`` or a local ``A1``."""
    found = _ETHNIC_TOKEN.match(received)
    if not found:
        return UNLISTED_KEY
    token = found[1].upper()
    if token in keys:
        return token
    # Lower case would take a word ("do not ask") for a local code.
    local = len(token) == 2 and found[1].isupper() and token not in _INVALID_CODES
    return token[0] if local and token[0] in _NATIONAL else UNLISTED_KEY


@cache
def _listed(name: str) -> dict[str, str]:
    return {row["received_key"]: row["code"] for row in reference(name)}


@cache
def _grade_words() -> tuple[tuple[str, str], ...]:
    """Return the words of grades, the longest first ("specialist registrar", "specialist")."""
    words = _listed("grade_word")
    return tuple((word, words[word]) for word in sorted(words, key=lambda word: (-len(word), word)))


def band_code(pay_scale: str | None) -> str | None:
    """Return the pay band or medical grade of a pay scale, or None where it maps to none.

    ESR writes ``NHS|XR08|Review Body Band 8 - Range A``: the code's number is not the band above
    XR07. A code that contradicts its own description maps to none. Other schemes go by the words
    of the description: under_1, vsm, consultant, non_consultant_career, trainee, medical_other.

    Returns:
        under_1, 1 to 7, 8a to 8d, 9, or one of the words above; None for "Band 8" without a range.

    """
    if not isinstance(pay_scale, str):
        return None
    return _band_code(pay_scale) or decided.code("pay_scale", plain(pay_scale))


@lru_cache(maxsize=4096)
def _band_code(pay_scale: str) -> str | None:
    coded = _PAY_SCALE_CODE.fullmatch(pay_scale.strip())
    if coded:
        band = _listed("pay_scale")[coded[1].upper()]
        described = _band_of_description(coded[2] or "")
        return band if described in (None, band) else None
    description = pay_scale.rsplit("|", 1)[-1]
    return _band_of_description(description) or _grade_of_words(description)


def _band_of_description(description: str) -> str | None:
    """Return the Agenda for Change band that the whole description names."""
    found = _AFC_DESCRIPTION.fullmatch(plain(description))
    if not found:
        return None
    letter = found[2] or found[3]
    return f"8{letter}" if letter else found[1]


def _grade_of_words(description: str) -> str | None:
    words = f" {' '.join(re.findall('[a-z0-9]+', plain(description)))} "
    if " band " in words:  # a band that could not be read is not to be guessed by a job's name
        return None
    for phrase, code in _grade_words():
        if f" {phrase} " in words:
            return code or None
    return None


def staff_group_side(staff_group: str | None) -> Side | None:
    """Return the side of WRES 1 on which a staff group stands, or None where it is not listed."""
    return _CLASSIFIED_SIDES.get(listed_code("staff_group", staff_group) or "")


def person_type(assignment_category: str | None) -> str | None:
    """Return the kind of contract: PERMANENT, FIXED_TERM, BANK, ...; None where not listed."""
    return listed_code("assignment_category", assignment_category)


def assignment_state(assignment_status: str | None) -> str | None:
    """Return the state of an assignment: ACTIVE, LEAVE, TERMINATED, ...; None where not listed."""
    return listed_code("assignment_status", assignment_status)


def case_type(received: str | None) -> str | None:
    """Return the procedure of a formal case: DISCIPLINARY, GRIEVANCE, ...; None where unlisted."""
    return listed_code("case_type", received)


def course_type(received: str | None) -> str | None:
    """Return MANDATORY, NON_MANDATORY or CPD; None for a kind of course that is not listed."""
    return listed_code("course_type", received)


def movement(received: str | None) -> str | None:
    """Return STARTER or LEAVER; None for a word that is not listed."""
    return listed_code("movement", received)


def leaving_reason(received: str | None) -> str | None:
    """Return why somebody left: RESIGNATION, RETIREMENT, ..., UNKNOWN; None where not listed."""
    return listed_code("leaving_reason", received)


def completed_years(date_of_birth: date, on: date) -> int:
    """Return the age in completed years; a birthday of 29 February falls on 1 March otherwise."""
    before_birthday = (on.month, on.day) < (date_of_birth.month, date_of_birth.day)
    return on.year - date_of_birth.year - before_birthday


def age_band(date_of_birth: date, on: date) -> str:
    """Return the five-year age band at a snapshot, one of ``AGE_BANDS``."""
    age = completed_years(date_of_birth, on)
    if age <= 20:
        return AGE_BANDS[0]
    return AGE_BANDS[-1] if age >= 71 else AGE_BANDS[1 + (age - 21) // 5]


def listed_code(name: str, received: object) -> str | None:
    """Return the code of a received word in ``warehouse/reference/<name>.csv``, or None."""
    text = plain(received)
    return _listed(name).get(text) or decided.code(name, text)


def is_listed(name: str, received: str) -> bool:
    """Return whether the list itself knows a value, whatever was decided on it.

    Args:
        name: a characteristic, ``pay_scale``, or another file of ``warehouse/reference/``.
        received: the value as sent.
    """
    if name in CHARACTERISTIC_OF_FIELD.values():
        return _characteristic_key(name, received) != UNLISTED_KEY
    if name == "pay_scale":
        return _band_code(received) is not None
    return plain(received) in _listed(name)
