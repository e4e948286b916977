"""Headings as received and the fields that they stand for."""

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from pipeline.errors import ProductError
from pipeline.faults import Fault, shown
from pipeline.read.rows import Row, clean, listed
from pipeline.read.text import HEADER_SEARCH_ROWS
from pipeline.resources import HEADERS, read_rows

_PUNCTUATION = re.compile(r"[\W_]+")
_LONGEST_HEADING = 60
_MOST_NAMED = 5
_MOST_COMPARED = 200
"""Headings among which the likely match of a missing one is looked for."""


def plain_heading(heading: str) -> str:
    """Return a heading without case, spaces and punctuation."""
    return _PUNCTUATION.sub("", heading).lower()


def field_name(heading: str) -> str:
    """Return the field of a canonical heading: ``Date Of Birth`` is ``date_of_birth``."""
    return "_".join(heading.lower().split())


@dataclass(frozen=True)
class HeadingList:
    """The headings of one source, from ``schemas/headers/<source>.csv``.

    Attributes:
        headings: canonical heading of each field, in the order of the list.
        required: the fields without which a file is rejected.
        alternatives: fields of which only some must be there; which, the schema says (``ONE_OF``).
        field_of: field of each plain heading, synonyms included.

    """

    headings: dict[str, str]
    required: tuple[str, ...]
    alternatives: tuple[str, ...]
    field_of: dict[str, str]

    def is_canonical(self, heading: str) -> bool:
        """Return whether a heading is a canonical one but for case, spaces and punctuation."""
        plain = plain_heading(heading)
        field = self.field_of.get(plain)
        return field is not None and plain_heading(self.headings[field]) == plain


@cache
def heading_list(source: str) -> HeadingList:
    """Return the headings of ``source``.

    Raises:
        ProductError: where the product has no list for it.

    """
    path = HEADERS / f"{source}.csv"
    if not path.is_file():
        raise ProductError(f"There is no list of headings for the source {source}.")
    headings: dict[str, str] = {}
    needed: dict[str, dict[str, None]] = {"yes": {}, "one of": {}, "no": {}}
    field_of: dict[str, str] = {}
    for line in read_rows(path):
        field = field_name(line["heading"])
        headings.setdefault(field, line["heading"])
        field_of[plain_heading(line["received"])] = field
        needed[line["required"]][field] = None
    return HeadingList(headings, tuple(needed["yes"]), tuple(needed["one of"]), field_of)


def fields(source: str) -> tuple[str, ...]:
    """Return the canonical fields of ``source`` in their order."""
    return tuple(heading_list(source).headings)


@dataclass(frozen=True)
class Columns:
    """Where each field stands in a header row, and what was wrong with the headings."""

    position: dict[str, int]
    headings: dict[str, str]
    faults: list[Fault]


def _best_row(rows: list[Row], expected: HeadingList) -> tuple[int, Row | None]:
    """Return the first row with the most headings that are looked for, and how many it holds."""
    sought = (*expected.required, *expected.alternatives)
    best: tuple[int, Row | None] = (0, None)
    for row in rows[:HEADER_SEARCH_ROWS]:
        short = (cell for cell in row.cells or [] if len(cell) <= _LONGEST_HEADING)
        found = {expected.field_of.get(plain_heading(cell)) for cell in short}
        score = sum(field in found for field in sought)
        if score > best[0]:
            best = (score, row)
        if score == len(sought):
            break
    return best


def header_score(rows: list[Row], expected: HeadingList) -> int:
    """Return how many of the headings that are looked for the best of the first rows holds."""
    return _best_row(rows, expected)[0]


def find_header(rows: list[Row], expected: HeadingList) -> Row | None:
    """Return the first of the best candidates for a header row, or None where there is none.

    A third of the required headings (two at least) makes a header: what lacks is then named one
    by one. A row with fewer is a title or a report parameter.
    """
    score, row = _best_row(rows, expected)
    return row if score >= max(2, len(expected.required) // 3) else None


def not_found(expected: HeadingList, places: str = "") -> Fault:
    """Return the fault of a file without a header, with what was looked for."""
    sought = (*expected.required, *expected.alternatives)
    wanted = ", ".join(expected.headings[field] for field in sought)
    return Fault("HEADER_NOT_FOUND", detail=f"looked for {wanted}{places}")


def match(header: Row, expected: HeadingList) -> Columns:
    """Return the columns of a header row; every fault of its headings at once."""
    received = [shown((clean(cell) or "")[:_LONGEST_HEADING]) for cell in header.cells or []]
    candidates: dict[str, list[int]] = defaultdict(list)
    for index, heading in enumerate(received):
        field = expected.field_of.get(plain_heading(heading))
        if field:
            candidates[field].append(index)
    position: dict[str, int] = {}
    used: set[int] = set()
    faults: list[Fault] = []
    for field, indexes in candidates.items():
        # A canonical heading beats its synonyms; the same one twice cannot be decided.
        canonical = [index for index in indexes if expected.is_canonical(received[index])]
        best = canonical or indexes
        position[field] = best[0]
        used.update(best)
        if len(best) > 1:
            names = listed(f"'{received[index]}'" for index in best)
            detail = f"{names} all stand for {expected.headings[field]}"
            faults.append(Fault("HEADING_REPEATED", header.number, received[best[0]], detail))
    headings = {field: received[index] for field, index in position.items()}
    spare = [index for index, name in enumerate(received) if name and index not in used]
    faults += _missing(expected, position, [received[index] for index in spare]) + _ignored(spare)
    faults += _synonyms(expected, headings, header.number)
    ordered = {field: position[field] for field in expected.headings if field in position}
    return Columns(ordered, {field: headings[field] for field in ordered}, faults)


def column_letters(index: int) -> str:
    """Return what a spreadsheet calls the column at ``index`` (0 is A)."""
    letters = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _missing(expected: HeadingList, position: dict[str, int], spare: list[str]) -> list[Fault]:
    """Return one fault for each required column that is missing, with the likely match."""
    faults = []
    by_plain = {plain_heading(name): name for name in spare[:_MOST_COMPARED]}
    for field in expected.required:
        if field in position:
            continue
        heading = expected.headings[field]
        close = difflib.get_close_matches(plain_heading(heading), by_plain, n=1)
        detail = f"did you mean the column '{by_plain[close[0]]}'?" if close else ""
        faults.append(Fault("HEADING_MISSING", column=heading, detail=detail))
    return faults


def _ignored(spare: list[int]) -> list[Fault]:
    """Return the warning that columns are not read, by their letters: a heading may be a name."""
    if not spare:
        return []
    detail = f"{len(spare)} in all: {listed(map(column_letters, spare), _MOST_NAMED)}"
    return [Fault("COLUMNS_IGNORED", detail=detail)]


def _synonyms(expected: HeadingList, headings: dict[str, str], row_number: int) -> list[Fault]:
    pairs = [
        f"'{heading}' as {expected.headings[field]}"
        for field, heading in headings.items()
        if not expected.is_canonical(heading)
    ]
    if not pairs:
        return []
    return [Fault("HEADINGS_MATCHED", row_number, detail=listed(pairs, len(pairs)))]
