"""What the standards ask of the staff survey, out of its organisational workbook as published.

Which answers count is that of NHS England's WRES and WDES technical guidance. The workbook holds
results of all staff of an organisation, none by ethnicity or long-term condition.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from pipeline import survey
from pipeline.codes import plain
from pipeline.faults import Fault
from pipeline.read.batches import ROW_NUMBER, Batches
from pipeline.read.headings import heading_list
from pipeline.read.rows import Row
from pipeline.read.survey_workbook import Result, workbook_results
from pipeline.read.table import Reading, nothing_read

SOURCE = "survey"
"""The source that the workbook stands for."""

# Answers that count as the event, and those that leave the base (NHS England, WRES and WDES
# technical guidance). ``None``: all but the answer Never.
_EVENTS: dict[str, frozenset[str]] = {
    "harassment_reported": frozenset(
        {
            "yes, i reported it",
            "yes, a colleague reported it",
            "both a colleague and i reported it",
        }
    ),
    "equal_opportunities": frozenset({"yes"}),
    "discrimination_staff": frozenset({"yes"}),
    "pressure_unwell": frozenset({"yes"}),
    "valued": frozenset({"satisfied", "very satisfied"}),
    "adjustments": frozenset({"yes"}),
}
_NEVER = "never"
_OUTSIDE_BASE: dict[str, frozenset[str]] = {
    "harassment_reported": frozenset({"don't know", "not applicable"}),
    "adjustments": frozenset({"no adjustment required"}),
}


class Measured(NamedTuple):
    """What the standards ask of an item: a share of a base, or a score."""

    organisation_codes: str
    benchmarking_group: str
    is_weighted: bool
    question: str
    item: str
    value: Fraction
    """Percentage, 0 to 100, or score, 0 to 10; undivided where it can be counted."""
    base: int
    events: int | None
    """Respondents; None for a score and for a weighted percentage."""


def measured(year: int, results: Iterable[Result]) -> list[Measured]:
    """Return what the standards ask of the items, by organisation, in the order of the workbook.

    Harassment by managers or colleagues together is not printed, and cannot be worked out of the
    two questions: a person may have answered Yes to both.
    """
    questions: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        if survey.item_code(year, result.question):
            questions.setdefault((result.organisation_codes, result.question), []).append(result)
    found = (_measured(year, answers) for answers in questions.values())
    return [each for each in found if each is not None]


def _measured(year: int, answers: list[Result]) -> Measured | None:
    first = answers[0]
    item = survey.item_code(year, first.question) or ""
    known = (first.organisation_codes, first.benchmarking_group, first.is_weighted)
    if survey.is_score(year, first.question):
        return Measured(
            *known, first.question, item, Fraction(str(first.percent)), first.base, None
        )
    shares = {plain(each.answer): Fraction(str(each.percent)) for each in answers}
    outside = _sum(shares, _OUTSIDE_BASE.get(item, frozenset()))
    events = _sum(shares, _EVENTS.get(item) or frozenset(shares) - {_NEVER})
    if outside >= 100:
        return None
    if first.is_weighted:
        base = _people(100 - outside, first.base)
        return Measured(*known, first.question, item, 100 * events / (100 - outside), base, None)
    counts = {answer: _people(share, first.base) for answer, share in shares.items()}
    base = first.base - sum(counts[a] for a in counts if a in _OUTSIDE_BASE.get(item, ()))
    people = sum(counts[a] for a in counts if a in (_EVENTS.get(item) or counts.keys() - {_NEVER}))
    if not base:
        return None
    return Measured(*known, first.question, item, Fraction(100 * people, base), base, people)


def _sum(shares: dict[str, Fraction], answers: frozenset[str]) -> Fraction:
    return sum((share for answer, share in shares.items() if answer in answers), Fraction(0))


def _people(percent: Fraction, base: int) -> int:
    return survey.events(float(percent), base)


def read_published(
    sheets: Mapping[str, list[Row]], organisation_code: str | None
) -> Reading | None:
    """Return the results of an organisation as rows of ``survey``, or None for another workbook.

    Its own results come before joint ones that hold its code. Rows are numbered in the order in
    which they stand in the workbook, sheet by sheet.
    """

    def is_wanted(codes: str) -> bool:
        return organisation_code is None or organisation_code in survey.organisation_set(codes)

    year, results = workbook_results(sheets, is_wanted)
    if year is None:
        return None
    found = _own_first(organisation_code, measured(year, results))
    if not found:
        return nothing_read([Fault("SURVEY_WORKBOOK_WITHOUT_SENDER")])
    headings = heading_list(SOURCE).headings
    frame = pd.DataFrame({ROW_NUMBER: pd.Series(range(1, len(found) + 1), dtype="int64")})
    rows = [_as_row(year, each) for each in found]
    for field in headings:
        frame[field] = pd.Series([row.get(field) for row in rows], dtype="str")
    filled = {field: name for field, name in headings.items() if frame[field].notna().any()}
    detail = f"the survey of {year}, {len(found)} items"
    faults = [Fault("SURVEY_WORKBOOK_READ", detail=detail)]
    return Reading(Batches.of(frame[[ROW_NUMBER, *filled]]), filled, faults, len(found))


def _own_first(code: str | None, found: list[Measured]) -> list[Measured]:
    """Return the results without the joint ones of items of which the body has its own."""
    own = {each.item for each in found if each.organisation_codes == code}
    return [each for each in found if each.organisation_codes == code or each.item not in own]


def _as_row(year: int, each: Measured) -> dict[str, str | None]:
    is_score = survey.is_score(year, each.question)
    value = format(float(each.value), ".6f").rstrip("0").rstrip(".")
    return {
        "survey_year": str(year),
        "item": each.question,
        "breakdown": "All",
        "group": "All",
        "base": str(each.base),
        "count": None if each.events is None else str(each.events),
        "percent": value if each.events is None and not is_score else None,
        "score": value if is_score else None,
        "weighted": "Yes" if each.is_weighted else "No",
        "organisation_codes": each.organisation_codes,
    }
