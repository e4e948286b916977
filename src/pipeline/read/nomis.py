"""Census 2021 bulk files of Nomis: residents of each area by category.

A file ``census2021-<table>-<geography>.csv`` has the columns date, geography and geography code,
then one for each cell of the table: a total, broad categories and the detailed ones within them, so
that the sum of a row counts everybody two or three times. Source: Office for National Statistics,
Census 2021 topic summaries.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path

MISSPELT = {"utla": "ulta"}
"""How some of the archives spell a geography."""

VARIABLES = {
    "ts007": "Age",
    "ts007a": "Age",
    "ts008": "Sex",
    "ts021": "Ethnic group",
    "ts030": "Religion",
    "ts038": "Disability",
    "ts077": "Sexual orientation",
    "ts078": "Gender identity",
}
"""What the headings of a table begin with."""

PERTURBATION = 5
"""By how much ONS may move a cell (unconfirmed); totals of a row differ by it for each cell."""
PERTURBED_SHARE = 0.001

MOST_UNPACKED = 256 * 1024**2
"""Bytes that a packed file may unpack to: ten times the largest of these tables."""

_MEASURE = re.compile(r" ?; ?measures: value$", re.IGNORECASE)
_TOTALS = ("total", "all persons", "all categories", "all usual residents")
_AREA = "geography code"
_AGE = re.compile(
    r"aged (?:(?P<first>\d+) to (?P<last>\d+) years|(?P<over>\d+) years and over"
    r"|(?P<under>\d+) years and under|under (?P<below>\d+) years?|(?P<only>\d+) years?)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class BulkTable:
    """A bulk file of one variable.

    Attributes:
        total: residents of each area by its code; empty where the file has no total.
        residents: residents by area code and category, the total left out.
        within: the broad category that each category stands in directly, if any.

    """

    total: Mapping[str, int]
    residents: Mapping[str, Mapping[str, int]]
    within: Mapping[str, str | None]

    @property
    def detailed(self) -> tuple[str, ...]:
        """The categories that no other is part of: together everybody, each once."""
        broad = set(self.within.values())
        return tuple(category for category in self.within if category not in broad)

    @property
    def broad(self) -> tuple[str, ...]:
        """The categories that are part of no other: together everybody, each once."""
        return tuple(category for category, parent in self.within.items() if parent is None)

    def counts(self, *, detailed: bool = True) -> Iterator[tuple[str, str, int]]:
        """Yield area code, category and residents, of detailed or of broad categories alone."""
        wanted = self.detailed if detailed else self.broad
        for area, by_category in self.residents.items():
            for category in wanted:
                yield area, category, by_category[category]


def plain_label(heading: str) -> str:
    """Return a heading with single spaces and without the measure that some tables name."""
    return _MEASURE.sub("", " ".join(heading.split())).strip()


def bulk_file(folder: Path, table: str, geography: str = "ltla") -> Path | None:
    """Return the file of a table such as ``ts021`` in a folder, packed or not, or None."""
    spellings = [geography, *filter(None, [MISSPELT.get(geography)])]
    names = (
        f"census2021-{table}-{spelling}.csv{packed}"
        for spelling in spellings
        for packed in ("", ".gz")
    )
    return next((path for name in names if (path := folder / name).is_file()), None)


def bulk_counts(folder: Path, table: str) -> list[tuple[str, str, int]]:
    """Return the detailed counts of a table by local authority; none where there is no file.

    Raises:
        KeyError: a table that is not among ``VARIABLES``.
        ValueError: as ``read_bulk`` does.

    """
    path = bulk_file(folder, table)
    return list(read_bulk(path.read_bytes(), VARIABLES[table]).counts()) if path else []


def read_bulk(content: bytes, variable: str) -> BulkTable:
    """Return the counts of the columns that begin with a variable's name.

    Args:
        content: the bytes of a bulk file, packed with gzip or not.
        variable: what the headings begin with, such as ``Ethnic group``.

    Raises:
        ValueError: no such column, no area codes, a count that is no number, a row that is cut
            short, an archive that is damaged or unpacks to far too much, or categories that do not
            add up to the total, since broad and detailed ones could not be told apart.

    """
    rows = _rows(content)
    headings = [plain_label(heading) for heading in next(rows, [])]
    categories = _categories(headings, variable)
    area = next((i for i, name in enumerate(headings) if name.casefold() == _AREA), None)
    if area is None or not categories:
        raise ValueError(f"The file has no column '{_AREA}' or none that begins '{variable}:'.")
    total: dict[str, int] = {}
    residents: dict[str, dict[str, int]] = {}
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < len(headings):
            raise ValueError("A row of the file is cut short.")
        counts = {name: _number(row[column]) for name, column in categories.items()}
        code = row[area].strip()
        totals = [count for name, count in counts.items() if _is_total(name)]
        if totals:
            total[code] = totals[0]
        residents[code] = {name: n for name, n in counts.items() if not _is_total(name)}
    names = [name for name in categories if not _is_total(name)]
    table = BulkTable(total, residents, {name: _parent(name, names) for name in names})
    _check_total(table)
    return table


def _rows(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of a file, packed or not."""
    if content.startswith(b"\x1f\x8b"):
        content = _unpacked(content)
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    try:
        yield from reader
    except csv.Error:
        raise ValueError("The file is no CSV file.") from None


def _unpacked(content: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as file:
            unpacked = file.read(MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error):
        raise ValueError("The archive is damaged.") from None
    if len(unpacked) > MOST_UNPACKED:
        raise ValueError("The archive unpacks to far more than a table of the census.")
    return unpacked


def _categories(headings: list[str], variable: str) -> dict[str, int]:
    start = f"{plain_label(variable)}:".casefold()
    return {
        heading[len(start) :].strip(): column
        for column, heading in enumerate(headings)
        if heading.casefold().startswith(start)
    }


def _is_total(category: str) -> bool:
    return category.casefold().startswith(_TOTALS)


def _number(cell: str) -> int:
    try:
        return int(float(cell))
    except (ValueError, OverflowError):
        raise ValueError("A count of the file is not a number.") from None


def _parent(category: str, categories: list[str]) -> str | None:
    """Return the narrowest of the other categories that this one is a part of."""
    wider = [other for other in categories if other != category and _is_part_of(category, other)]
    narrowest = (one for one in wider if not any(_is_part_of(other, one) for other in wider))
    return next(narrowest, None)


def _is_part_of(category: str, other: str) -> bool:
    if category.startswith(f"{other}: "):
        return True
    ages, wider = _ages(category), _ages(other)
    if ages is None or wider is None or ages == wider:
        return False
    return wider[0] <= ages[0] and ages[1] <= wider[1]


def _ages(category: str) -> tuple[float, float] | None:
    """Return the youngest and the oldest age of a category such as ``Aged 5 to 9 years``."""
    found = _AGE.fullmatch(category)
    if not found:
        return None
    years = {name: int(text) for name, text in found.groupdict().items() if text}
    if "only" in years:
        return years["only"], years["only"]
    first = years.get("first", years.get("over", 0))
    last = years.get("last", years.get("under", years.get("below", inf)))
    return first, last - 1 if "below" in years else last


def _check_total(table: BulkTable) -> None:
    for area, total in table.total.items():
        for names in (table.detailed, table.broad):
            apart = abs(sum(table.residents[area][name] for name in names) - total)
            if apart > max(PERTURBATION * len(names), PERTURBED_SHARE * total):
                raise ValueError(
                    f"The categories of {area} do not add up to its total: broad and detailed ones "
                    "cannot be told apart."
                )
