"""A table as it was printed, typed in one long layout: a file in, its lines out.

``docs/audit.md`` describes the layout; its headings are ``schemas/headers/printed_table.csv``.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from pipeline.audit import numbers
from pipeline.audit.numbers import Hidden, NotANumberError, Printed, plain_label
from pipeline.errors import UsageError
from pipeline.faults import Severity
from pipeline.read import Reading, read
from pipeline.read.headings import plain_heading
from pipeline.read.rows import listed

LAYOUT = "printed_table"
FILING = "pay_gap_filing"
WHOLE = "all"
BLANK = "(blank)"
_SHOWN_FAULTS = 5
_SHOWN_TEXT = 40

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """One part of one printed table: what its groups add up within."""

    organisation: str
    period: str
    table: str
    part: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a printed table.

    Attributes:
        row_number: the row of the file.
        place: the part of the table that it stands in; ``all`` is the whole.
        group: its label.
        population: who is counted; blank is the workforce.
        characteristic: what the groups are groups of, where it is said.
        part_of: the part that this one is a part of, with the others that say so.
        group_of: the group that this one is a part of, with the others that say so.
        is_total: whether it is the total of its place.
        count: the count, None where hidden or not printed.
        hidden: what a hidden count may be; None where the count is printed or just not there.
        percent, base, ratio, difference, value: as printed; None where hidden or not printed.
        base_label: plain words of what the percentage is of: ``all``, ``known`` or a population.
        comparator: organisation, period, table, part and group that ratio and difference are to.
        measure: ``mean``, ``median`` or another name of ``value``.
        ordered: two dates that must be in this order.
        texts: the cells as printed, by field.
    """

    row_number: int
    place: Place
    group: str
    population: str
    characteristic: str
    part_of: str
    group_of: str
    is_total: bool
    count: int | None
    hidden: Hidden | None
    percent: Printed | None
    base: int | None
    base_label: str
    ratio: Printed | None
    difference: Printed | None
    value: Printed | None
    comparator: tuple[Place, str] | None
    measure: str
    ordered: tuple[date, date] | None
    texts: dict[str, str]

    @property
    def is_unknown(self) -> bool:
        """Whether it counts people whose characteristic is not known."""
        return numbers.is_unknown(self.group)


def read_file(path: Path) -> tuple[str, Reading]:
    """Return which of the two layouts a file has, and what was read.

    Raises:
        UsageError: it cannot be read, or has neither layout; all faults in one text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}. Name a .csv or .xlsx file."
        ) from None
    filing = read(content, path.name, FILING)
    if not filing.rejected:
        return FILING, filing
    reading = read(content, path.name, LAYOUT)
    wrong = [fault for fault in reading.faults if fault.severity is not Severity.WARNING]
    if wrong:
        raise UsageError(f"{path.name}: {_first(fault.message() for fault in wrong)}")
    if reading.frame.empty:
        raise UsageError(f"{path.name} has headings and no line below them. Type the table in.")
    if not {"count", "percent", "ratio", "difference", "value"} & set(reading.frame):
        raise UsageError(
            f"{path.name} has no column of numbers. Give it one of Count, Percent, Ratio, "
            "Difference or Value (docs/audit.md shows the layout)."
        )
    return LAYOUT, reading


def _first(messages: Iterator[str]) -> str:
    every = list(messages)
    rest = len(every) - _SHOWN_FAULTS
    return " ".join(every[:_SHOWN_FAULTS]) + (f" And {rest} more faults." if rest > 0 else "")


def lines(reading: Reading, name: str) -> list[Line]:
    """Return the lines of a file in the long layout.

    Raises:
        UsageError: a cell holds something else than its column says, or two lines are the same
            cell; all faults in one text.
    """
    faults: list[str] = []
    made = [_line(_texts(record), faults) for record in reading.frame.to_dict("records")]
    seen: dict[tuple[Place, str, str], int] = {}
    for line in made:
        key = (line.place, plain_label(line.group), line.measure)
        first = seen.setdefault(key, line.row_number)
        if first != line.row_number:
            faults.append(
                f"Row {line.row_number} repeats the table, part and group of row {first}: give "
                "the second place where it is printed a table name of its own."
            )
    faults += _lost_comparators(made)
    if faults:
        raise UsageError(f"{name}: {_first(iter(faults))}")
    return made


def _texts(record: Mapping[Hashable, Any]) -> dict[str, str]:
    return {str(field): str(cell) for field, cell in record.items() if not pd.isna(cell)}


def _line(cells: dict[str, str], faults: list[str]) -> Line:
    row_number = int(cells.pop("row_number"))

    def number(field: str, parse: Callable[[str], T]) -> T | None:
        text = cells.get(field)
        if text is None or (parse is not numbers.day and numbers.is_no_number(text)):
            return None
        try:
            return parse(text)
        except NotANumberError as error:
            heading = field.replace("_", " ").title()
            faults.append(f"Row {row_number}, {heading}: '{text[:_SHOWN_TEXT]}' {error}.")
            return None

    group = cells.get("group", BLANK)
    place = Place(
        cells.get("organisation", ""), cells.get("period", ""), cells.get("table", ""),
        _part(cells.get("part")),
    )  # fmt: skip
    if "table" not in cells:
        faults.append(f"Row {row_number} has no table: say which table it is a line of.")
    first, last = number("from", numbers.day), number("to", numbers.day)
    return Line(
        row_number=row_number,
        place=place,
        group=group,
        population=plain_heading(cells.get("population", "workforce")),
        characteristic=plain_heading(cells.get("characteristic", "")),
        part_of=_part(cells["part_of"]) if "part_of" in cells else "",
        group_of=cells.get("group_of", ""),
        is_total=_is_total(cells, group),
        count=number("count", numbers.count),
        hidden=_hidden(cells, row_number, faults),
        percent=number("percent", numbers.percent),
        base=number("base", numbers.count),
        base_label=_base_label(cells.get("base_label", "")),
        ratio=number("ratio", numbers.ratio),
        difference=number("difference", numbers.difference),
        value=number("value", numbers.value),
        comparator=_comparator(cells, place, group),
        measure=plain_heading(cells.get("measure", "")),
        ordered=(first, last) if first and last else None,
        texts=cells,
    )


def _part(text: str | None) -> str:
    return WHOLE if text is None or plain_heading(text) in numbers.words("whole") else text


def _is_total(cells: dict[str, str], group: str) -> bool:
    said = plain_heading(cells.get("total", ""))
    return numbers.is_total(group) if not said else said in ("yes", "y", "true", "1", "total")


def _base_label(text: str) -> str:
    plain = plain_heading(text)
    if plain.startswith("known") or plain.endswith("known"):
        return "known"
    return "all" if plain in ("allstaff", "total", "workforce", "everybody") else plain


def _hidden(cells: dict[str, str], row_number: int, faults: list[str]) -> Hidden | None:
    text, said = cells.get("count"), cells.get("hidden_means")
    mark = numbers.hidden(text) if text is not None else None
    if said is None:
        return mark
    meaning = numbers.hidden(said)
    if meaning is None or meaning.high is None:
        faults.append(f"Row {row_number}, Hidden Means: give what a hidden count is, such as 1-9.")
    return meaning if mark is not None else None


def _comparator(cells: dict[str, str], place: Place, group: str) -> tuple[Place, str] | None:
    if not any(field.startswith("comparator_") for field in cells):
        return None
    other = Place(
        place.organisation,
        cells.get("comparator_period", place.period),
        cells.get("comparator_table", place.table),
        _part(cells["comparator_part"]) if "comparator_part" in cells else place.part,
    )
    return other, cells.get("comparator_group", group)


def _lost_comparators(made: list[Line]) -> Iterator[str]:
    there = {(line.place, plain_label(line.group)) for line in made}
    for line in made:
        if line.comparator is None:
            continue
        place, group = line.comparator
        if (place, plain_label(group)) not in there:
            known = listed(sorted({g.group for g in made if g.place == place}), _SHOWN_FAULTS)
            yield (
                f"Row {line.row_number} is compared with '{group}' of table '{place.table}', part "
                f"'{place.part}', period '{place.period}', which is not in the file"
                f"{f' (there are {known})' if known else ''}."
            )
