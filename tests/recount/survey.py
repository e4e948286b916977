"""The staff survey: counts by what was asked, whoever printed it under which number.

Sources: NHS Staff Survey, questionnaires of 2018 to 2024; NHS England, technical guidance of WRES
and WDES.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from recount.extracts import Extracts
from recount.files import Row

# Number of a question up to 2020 and from 2021 on.
PRINTED = {
    "public": ("13a", "14a"),
    "managers": ("13b", "14b"),
    "colleagues": ("13c", "14c"),
    "staff": ("13b/c", "14b/c"),
    "reported": ("13d", "14d"),
    "opportunities": ("14", "15"),
    "discrimination": ("15b", "16b"),
    "pressure": ("11e", "11e"),
    "valued": ("5f", "4b"),
}
ADJUSTMENTS = {2018: "28b", 2019: "28b", 2020: "26b", 2021: "28b", 2022: "30b"} | dict.fromkeys(
    (2023, 2024), "31b"
)
GROUPS = {
    ("ethnicity", "white"): "WHITE",
    ("ethnicity", "bme"): "BME",
    ("long-term condition", "yes"): "DISABLED",
    ("long-term condition", "no"): "NON_DISABLED",
    ("all", "all"): "ALL",
}


class Result(NamedTuple):
    """What respondents of a group answered; events None where the result counts nobody."""

    sender: str
    codes: frozenset[str]
    base: int
    events: int | None
    score: Decimal | None


def item_of(year: int, printed: str) -> str | None:
    """Return what a number of a year asked, or None for a number of another year."""
    number = printed.casefold().removeprefix("q")
    if number == "engagement":
        return number
    if number == ADJUSTMENTS.get(year):
        return "adjustments"
    asked = [item for item, numbers in PRINTED.items() if numbers[year > 2020] == number]
    return asked[0] if asked else None


def _result(sender: str, row: Row) -> Result | None:
    if not row["Base"]:
        return None
    base, events, score = int(row["Base"]), None, None
    if row["Score"]:
        score = Decimal(row["Score"])
    elif row["Count"]:
        events = int(row["Count"])
    else:
        exact = Decimal(row["Percent"]) * base / 100
        events = int(exact.to_integral_value(ROUND_HALF_UP))
    if events is not None and events > base:
        return None
    if row["Weighted"].casefold() in ("yes", "y"):
        events = score = None
    codes = frozenset(re.findall(r"\w+", row["Organisation Codes"])) | {sender}
    return Result(sender, codes, base, events, score)


def results(
    extracts: Extracts, period: str, level: str, members: Iterable[str]
) -> dict[tuple[str, str], list[Result]]:
    """Return the results of each item and group that count at an organisation.

    An employer's is the one that it sent, or else one that names it. Where several are pooled, a
    result of several bodies counts once and stands for what one of them sent alone.
    """
    members, year = list(members), int(period[:4]) - 1
    found: dict[tuple[str, str], list[Result]] = {}
    for code in extracts.organisations:
        for row in extracts.files.get((period, code, "survey"), ()):
            item = item_of(year, row["Item"]) if row["Survey Year"] == str(year) else None
            group = GROUPS.get((row["Breakdown"].casefold(), row["Group"].casefold()))
            result = _result(code, row)
            if item and group and result:
                found.setdefault((item, group), []).append(result)
    pick = _own if level == "employer" else _pooled
    chosen = {key: pick(own, members) for key, own in found.items()}
    return {key: own for key, own in chosen.items() if own}


def _own(found: list[Result], members: list[str]) -> list[Result]:
    (code,) = members
    naming = [result for result in found if code in result.codes]
    return sorted(naming, key=lambda result: (result.sender != code, result.sender))[:1]


def _pooled(found: list[Result], members: list[str]) -> list[Result]:
    sent = [result for result in found if result.sender in members]
    counted = [result for result in sent if (result.events, result.score) != (None, None)]
    once = {result.codes: result for result in reversed(counted)}
    wider = [codes for codes in once if len(codes) > 1]
    kept = [own for codes, own in once.items() if not any(codes < other for other in wider)]
    return kept or sent[:1]
