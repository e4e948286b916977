"""The NHS Staff Survey's organisational workbook as published: one row an organisation a sheet.

Layout (NHS Staff Survey 2024, detailed spreadsheets, organisational results): question titles in
the first row, the headings in the row that begins with ``ODS code``, then for each question a
percentage for each answer and the base. ``-`` stands for a result of fewer than ten responses.
Trusts are weighted by occupational group, ICBs are not: only theirs can be turned into counts.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from pipeline.read.rows import Row, clean
from pipeline.values import parse_number

FIRST_HEADING = "odscode"
HEADING_ROWS = 10
"""The headings stand within this many rows."""

_YEAR = re.compile(r"\bSurvey (20\d\d)\b")
_NOT_WEIGHTED = frozenset({"", "unweighted", "none"})


class Result(NamedTuple):
    """One answer of one organisation.

    Attributes:
        organisation_codes: ODS code as printed; several with ``/`` between them are one figure.
        benchmarking_group: ICBs, Acute and Acute & Community Trusts, ...
        is_weighted: whether the organisation's results are weighted.
        sheet: name of the sheet.
        question: number as printed, such as Q14a; the name of a score.
        answer: the answer without its percent sign, or ``score``.
        percent: percentage of the base, 0 to 100, or the score.
        base: responses.

    """

    organisation_codes: str
    benchmarking_group: str
    is_weighted: bool
    sheet: str
    question: str
    answer: str
    percent: float
    base: int


def survey_year(rows: Iterable[Row]) -> int | None:
    """Return the year of the survey that the title of a sheet names."""
    for row in list(rows)[:HEADING_ROWS]:
        for cell in row.cells or []:
            if found := _YEAR.search(cell):
                return int(found[1])
    return None


def _everybody(_: str) -> bool:
    return True


def sheet_results(
    sheet: str, rows: list[Row], is_wanted: Callable[[str], bool] = _everybody
) -> Iterator[Result]:
    """Yield every answer on a sheet that is not suppressed, of the organisations wanted.

    Nothing is yielded for a sheet without the heading row, such as the notes.

    Args:
        sheet: its name.
        rows: all its rows.
        is_wanted: is given the first cell of a row, one ODS code or several.

    """
    header = next((row for row in rows[:HEADING_ROWS] if _is_header(row)), None)
    if header is None or header.cells is None:
        return
    headings = [clean(cell) or "" for cell in header.cells]
    titles = _titles([row for row in rows if row.number < header.number])
    spans = _questions(headings, titles)
    group, weighting = (_index(headings, name) for name in ("benchmarking group", "weighting"))
    for row in rows:
        codes = clean((row.cells or [""])[0]) or ""
        if row.number <= header.number or not codes or not is_wanted(codes):
            continue
        cells = [clean(cell) or "" for cell in row.cells or []]
        cells += [""] * (len(headings) - len(cells))
        known = (cells[group] if group else "", _is_weighted(cells, weighting))
        for question, answers, base_column in spans:
            base = parse_number(cells[base_column])
            for column, answer in answers:
                percent = parse_number(cells[column])
                if base is not None and percent is not None:
                    yield Result(codes, *known, sheet, question, answer, percent, int(base))


def _is_header(row: Row) -> bool:
    first = (row.cells or [""])[0]
    return "".join(first.split()).casefold() == FIRST_HEADING


def _is_weighted(cells: list[str], column: int | None) -> bool:
    return column is not None and cells[column].casefold() not in _NOT_WEIGHTED


def _index(headings: list[str], name: str) -> int | None:
    return next((i for i, text in enumerate(headings) if text.casefold() == name), None)


def _titles(above: list[Row]) -> dict[int, str]:
    """Return the question that begins in each column: of the rows above, the fullest."""
    filled = [
        {column: text for column, cell in enumerate(row.cells or []) if (text := clean(cell))}
        for row in above
    ]
    return max(filled, key=len, default={})


def _questions(
    headings: list[str], titles: dict[int, str]
) -> list[tuple[str, list[tuple[int, str]], int]]:
    """Return each question's number, its answers by column and the column of its base."""
    starts = sorted(column for column in titles if 0 < column < len(headings))
    found = []
    for first, after in pairwise([*starts, len(headings)]):
        columns = range(first, after)
        base = next((c for c in columns if headings[c].casefold().startswith("base")), None)
        if base is not None:
            number = titles[first].split(" - ")[0].strip()
            answers = [(c, _answer(headings[c])) for c in range(first, base) if headings[c]]
            found.append((number, answers, base))
    return found


def _answer(heading: str) -> str:
    return "score" if heading.endswith("score") else heading.removeprefix("%").strip()


def workbook_results(
    sheets: Mapping[str, list[Row]], is_wanted: Callable[[str], bool] = _everybody
) -> tuple[int | None, list[Result]]:
    """Return the year of the survey and the results on the sheets of a published workbook.

    The year is None where no sheet has the published shape.
    """
    year: int | None = None
    results: list[Result] = []
    for name, rows in sheets.items():
        results += sheet_results(name, rows, is_wanted)
        if year is None and any(map(_is_header, rows[:HEADING_ROWS])):
            year = survey_year(rows)
    return year, results
