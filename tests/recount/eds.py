"""The Equality Delivery System.

Source: NHS England, EDS2 and EDS 2022.
"""

from collections.abc import Iterator

from recount.extracts import Extracts
from recount.files import Row
from recount.values import MISSING, Figure, Key

STANDARDS = ("EDS",)

GOALS = {"1": 5, "2": 4, "3": 6, "4": 3}
EDS2 = [f"{goal}.{n}" for goal, outcomes in GOALS.items() for n in range(1, outcomes + 1)]
DOMAINS = {"1": "ABCD", "2": "ABCD", "3": "ABC"}
GRADES = ("UNDEVELOPED", "DEVELOPING", "ACHIEVING", "EXCELLING")
FIRST_OF_EDS_2022 = "2022-03-31"
NOTHING = Figure(status="not_applicable", reason="NO_NUMERATOR_BASE")
NOT_ADDITIVE = Figure(status="not_applicable", reason="NOT_ADDITIVE")


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    """Return every figure of the standard, for one organisation and snapshot."""
    is_own = level == "employer" or (level == "icb" and organisation in members)
    files = extracts.of(period, [organisation], "eds")
    absent = None if is_own and files else MISSING if is_own else NOT_ADDITIVE
    rows = [row for sent in files for row in sent]
    for key, value in _scores(rows, period):
        figure = NOTHING if value is None else Figure(value=float(value))
        yield ("EDS", *key, ""), absent or figure


def _scores(rows: list[Row], period: str) -> Iterator[tuple[Key, int | None]]:
    yield from _eds2([row for row in rows if row["Framework"] == "EDS2"])
    if period >= FIRST_OF_EDS_2022:
        yield from _eds_2022([row for row in rows if row["Framework"] == "EDS2022"])


def _eds2(rows: list[Row]) -> Iterator[tuple[Key, int | None]]:
    evidenced = {row["Outcome"]: int(row["Characteristics Evidenced"]) for row in rows}
    # Three, six and nine characteristics each begin a grade.
    grades = {outcome: number // 3 for outcome, number in evidenced.items()}
    for outcome in EDS2:
        yield ("eds2_outcome", outcome, "score", "ALL"), grades.get(outcome)
    for grade, name in enumerate(GRADES):
        count = list(grades.values()).count(grade) if grades else None
        yield ("eds2_grades", "all", "count", name), count
    yield ("eds2_grades", "all", "count", "ALL"), len(grades) or None


def _eds_2022(rows: list[Row]) -> Iterator[tuple[Key, int | None]]:
    services: dict[str, dict[str, int]] = {}
    scores: dict[str, int] = {}
    for row in (row for row in rows if row["Score"] in set("0123")):
        if row["Outcome"].startswith("1"):
            services.setdefault(row["Service"], {})[row["Outcome"]] = int(row["Score"])
        else:
            scores[row["Outcome"]] = int(row["Score"])
    scores |= _middle(services)
    totals: list[int | None] = []
    for domain, letters in DOMAINS.items():
        found = [scores.get(f"{domain}{letter}") for letter in letters]
        for letter, score in zip(letters, found, strict=True):
            yield ("eds2022_outcome", f"{domain}{letter}", "score", "ALL"), score
        told = [score for score in found if score is not None]
        totals.append(sum(told) if len(told) == len(found) else None)
        yield ("eds2022_domain", domain, "score", "ALL"), totals[-1]
        yield ("eds2022_domain", domain, "count", "ALL"), len(told)
    if len(services) == 1:
        yield ("eds2022_domain", "one_service", "score", "ALL"), totals[0]
    known = [total for total in totals if total is not None]
    total = sum(known) if len(known) == len(totals) else None
    yield ("eds2022_total", "all", "score", "ALL"), total
    yield ("eds2022_total", "all", "count", "ALL"), len(scores)
    band = None if total is None else sum(total >= least for least in (8, 22, 33))
    yield ("eds2022_band", "all", "score", "ALL" if band is None else GRADES[band]), band


def _middle(services: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return the outcomes of the middle service, where that can be told."""
    if len(services) > 1 and any(len(outcomes) < 4 for outcomes in services.values()):
        return {}
    ranked = sorted(services.items(), key=lambda named: (sum(named[1].values()), named[0]))
    return ranked[(len(ranked) - 1) // 2][1] if ranked else {}
