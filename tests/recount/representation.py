"""Who is in each pay row, cluster and board: indicators 1 and 9 of the WRES, 1 and 10 of the WDES.

Source: NHS England, technical guidance of both standards.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from recount.extracts import Extracts
from recount.people import BANDS, MEDICAL_GRADES, UNKNOWN, Person, ethnicity, meaning
from recount.values import MISSING, Figure, Key, difference, share

Figures = Iterator[tuple[Key, Figure]]


class Groups(NamedTuple):
    """The groups of a characteristic: the one that may be disadvantaged, and the other."""

    standard: str
    characteristic: str
    own: str
    other: str

    @property
    def all(self) -> tuple[str, str, str]:
        return self.own, self.other, UNKNOWN


ETHNICITY = Groups("WRES", "ethnicity", "BME", "WHITE")
DISABILITY = Groups("WDES", "disability", "DISABLED", "NON_DISABLED")
SIDES = ("non_clinical", "clinical")
CLUSTERS = {
    "1": {"under_1", "1", "2", "3", "4"},
    "2": {"5", "6", "7"},
    "3": {"8a", "8b"},
    "4": {"8c", "8d", "9", "vsm"},
    "5": {"consultant"},
    "6": {"non_consultant_career", "medical_other"},
    "7": {"trainee"},
}
BOARD_PARTS = {"all": None, "voting": "Voting", "executive": "Executive"}


def group_of(groups: Groups, row: dict[str, str]) -> str:
    if groups is ETHNICITY:
        return ethnicity(row["Ethnic Origin"]).group
    return meaning("disability", row["Disability"]).group


def _parts(groups: Groups) -> dict[str, Callable[[str, str], bool]]:
    """Return each part with whether a side and a band are in it."""
    if groups is ETHNICITY:
        rows = [(side, band) for side in SIDES for band in BANDS]
        rows += [("medical", grade) for grade in MEDICAL_GRADES]
        found = {f"{side}:{band}": _in({side}, {band}) for side, band in rows}
        return found | {f"{side}:all": _in({side}) for side in (*SIDES, "medical")}
    found = {f"cluster_{name}": _in(None, bands) for name, bands in CLUSTERS.items()}
    return found | {
        f"{side}:cluster_{name}": _in({side}, bands)
        for side in SIDES
        for name, bands in CLUSTERS.items()
        if name < "5"
    }


def _in(sides: set[str] | None = None, bands: set[str] | None = None) -> Callable[[str, str], bool]:
    return lambda side, band: (sides is None or side in sides) and (bands is None or band in bands)


def rows_of_pay(groups: Groups, people: list[Person] | None) -> Figures:
    name = groups.characteristic
    everybody = Counter(person.meanings[name].group for person in people or ())
    for part, holds in ({"all": _in()} | _parts(groups)).items():
        members = [person for person in people or () if holds(*person.part.split(":"))]
        found = Counter(person.meanings[name].group for person in members)
        for group in groups.all:
            figure = MISSING if people is None else share(found[group], len(members))
            yield (groups.standard, "1", part, "share", group, ""), figure
        if part != "all":
            own = (found[groups.own], len(members), everybody[groups.own], len(people or ()))
            figure = MISSING if people is None else difference(*own)
            yield (groups.standard, "1", part, "difference_pp", groups.own, "ALL"), figure


def boards(
    groups: Groups,
    extracts: Extracts,
    owner: tuple[str, str, str],
    people: list[Person] | None,
) -> Figures:
    """The governing bodies of CCGs are not pooled: their ICB has no board yet."""
    period, level, organisation = owner
    files = extracts.of(period, [organisation], "board")
    indicator = "9" if groups is ETHNICITY else "10"
    name, workforce = groups.characteristic, (None, None)
    if people is not None:
        own = sum(person.meanings[name].group == groups.own for person in people)
        workforce = (own, len(people))
    for part, column in BOARD_PARTS.items():
        members = [row for rows in files for row in rows if column is None or row[column] == "Yes"]
        found = Counter(group_of(groups, row) for row in members)
        for group in (*groups.all, "gap"):
            is_gap = group == "gap"
            counted = groups.own if is_gap else group
            key = ("difference_pp", counted, "WORKFORCE") if is_gap else ("share", counted, "")
            comparator = workforce if is_gap else (None, None)
            if level != "employer":
                reason = ("not_applicable", "NOT_ADDITIVE")
                figure = Figure(None, None, *comparator, None, *reason)
            elif not files:
                figure = MISSING._replace(
                    comparator_numerator=comparator[0], comparator_denominator=comparator[1]
                )
            elif is_gap and people is None:
                figure = MISSING._replace(numerator=found[counted], denominator=len(members))
            elif is_gap:
                figure = difference(found[counted], len(members), *workforce)
            else:
                figure = share(found[counted], len(members))
            yield (groups.standard, indicator, part, *key), figure
