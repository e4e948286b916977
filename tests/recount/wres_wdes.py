"""The Workforce Race Equality Standard and the Workforce Disability Equality Standard.

Source: NHS England, technical guidance of both standards.
"""

from collections import Counter
from collections.abc import Iterator

from recount.extracts import Extracts
from recount.people import BANDS, MEDICAL_GRADES, UNKNOWN, Person, ethnicity
from recount.values import Figure, Key, difference, ratio, share

STANDARDS = ("WRES",)

ETHNIC_GROUPS = ("WHITE", "BME", UNKNOWN)
ROWS_OF_PAY = (
    *(f"{side}:{row}" for side in ("non_clinical", "clinical") for row in (*BANDS, "all")),
    *(f"medical:{row}" for row in (*MEDICAL_GRADES, "all")),
)
BOARD_PARTS = {"all": None, "voting": "Voting", "executive": "Executive"}


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    """Return every figure of the standards, for one organisation and snapshot."""
    people = extracts.people(period, members)
    assert people is not None
    yield from _bands(people)
    yield from _appointments(extracts, period, members)
    yield from _board(extracts, period, level, organisation, people)


def _bands(people: list[Person]) -> Iterator[tuple[Key, Figure]]:
    everybody = Counter(person.meanings["ethnicity"].group for person in people)
    for group in ETHNIC_GROUPS:
        yield ("WRES", "1", "all", "share", group, ""), share(everybody[group], len(people))
    for part in ROWS_OF_PAY:
        side, row = part.split(":")
        members = [
            person
            for person in people
            if person.part == part or (row == "all" and person.part.startswith(f"{side}:"))
        ]
        found = Counter(person.meanings["ethnicity"].group for person in members)
        for group in ETHNIC_GROUPS:
            yield ("WRES", "1", part, "share", group, ""), share(found[group], len(members))
        gap = difference(found["BME"], len(members), everybody["BME"], len(people))
        yield ("WRES", "1", part, "difference_pp", "BME", "ALL"), gap


def _appointments(
    extracts: Extracts, period: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    files = extracts.of(period, members, "recruitment")
    shortlisted, appointed = Counter[str](), Counter[str]()
    for row in (row for rows in files for row in rows if row["Shortlisted"] == "Yes"):
        group = ethnicity(row["Ethnic Origin"]).group
        shortlisted[group] += 1
        appointed[group] += row["Appointed"] == "Yes"
    for group in ETHNIC_GROUPS:
        rate = share(appointed[group], shortlisted[group]) if files else share(None, None)
        yield ("WRES", "2", "all", "rate", group, ""), rate
    likelihood = (
        ratio(appointed["WHITE"], shortlisted["WHITE"], appointed["BME"], shortlisted["BME"])
        if files
        else share(None, None)
    )
    yield ("WRES", "2", "all", "relative_likelihood", "WHITE", "BME"), likelihood


def _board(
    extracts: Extracts, period: str, level: str, organisation: str, people: list[Person]
) -> Iterator[tuple[Key, Figure]]:
    """The governing bodies of CCGs are not pooled: their ICB has no board yet."""
    files = extracts.of(period, [organisation], "board")
    workforce = sum(person.meanings["ethnicity"].group == "BME" for person in people)
    for part, column in BOARD_PARTS.items():
        members = [row for rows in files for row in rows if column is None or row[column] == "Yes"]
        found = Counter(ethnicity(row["Ethnic Origin"]).group for row in members)
        for group in (*ETHNIC_GROUPS, "gap"):
            is_gap = group == "gap"
            key = ("difference_pp", "BME", "WORKFORCE") if is_gap else ("share", group, "")
            comparator = (workforce, len(people)) if is_gap else (None, None)
            if level != "employer":
                reason = ("not_applicable", "NOT_ADDITIVE")
                figure = Figure(None, None, *comparator, None, *reason)
            elif not files:
                reason = ("missing_source", "MISSING_SOURCE")
                figure = Figure(None, None, *comparator, None, *reason)
            elif is_gap:
                figure = difference(found["BME"], len(members), workforce, len(people))
            else:
                figure = share(found[group], len(members))
            yield ("WRES", "9", part, *key), figure
