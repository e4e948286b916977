"""The layout of a return, from ``warehouse/reference/filings/``: a line a row, by year as data.

``template_block.csv`` names the tables of a return in their order, ``template_column.csv`` their
columns and ``template_row.csv`` their rows, each with the snapshots for which it holds. The layouts
are modelled on the national collection templates of the WRES and the WDES: unconfirmed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from pipeline.filings.formulas import AUTOS
from pipeline.resources import REFERENCE, read_rows

FOLDER = REFERENCE / "filings"
_TITLE_ROWS = 3
Line = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: its sheet, and its row and column counted from 0."""

    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """Its address within its sheet."""
        address: str = xl_rowcol_to_cell(self.row, self.column)
        return address

    def seen_from(self, sheet: str) -> str:
        """Return its address as a formula of ``sheet`` names it."""
        if sheet == self.sheet:
            return self.address
        return f"{quote_sheetname(self.sheet)}!{self.address}"


@dataclass(frozen=True, slots=True)
class Slot:
    """What belongs in one cell of a return.

    Attributes:
        place: where it stands.
        label: what its row is called.
        kind: ``count``, ``value``, ``auto``, ``memo``, ``yes_no`` or ``examples``.
        is_prior: whether it is of the 31 March before.
        key: standard, indicator, part, measure and group of the figure that it shows, or that an
            auto cell has to agree with; no indicator where there is none.
        less_part: the part whose number is taken off.
        field: which number of the figure: numerator, denominator or value.
        auto: what an auto cell works out; blank otherwise.
        arguments: the cells that an auto cell is worked out from.
        decimals: to how many decimals it is rounded; None where it is not.
        formula: the formula of an auto cell; blank otherwise.
        needs: the sources behind it.
    """

    place: Place
    label: str
    kind: str
    is_prior: bool
    key: tuple[str, str, str, str, str]
    less_part: str
    field: str
    auto: str
    arguments: tuple[Place, ...]
    decimals: int | None
    formula: str
    needs: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a return: where its title stands, its headings, and the labels of its rows."""

    sheet: str
    title: str
    top: int
    headings: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """The layout of a standard's return for one snapshot.

    Attributes:
        standard: WRES or WDES.
        since: from which day on its newest row holds.
        tables: its tables, in the order of the return.
        slots: its cells.
    """

    standard: str
    since: str
    tables: tuple[Table, ...]
    slots: tuple[Slot, ...]

    @property
    def told(self) -> Iterator[Slot]:
        """Its cells that the figures of the snapshot itself tell."""
        return (slot for slot in self.slots if slot.kind != "auto" and not slot.is_prior)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of its sheets in order."""
        return tuple(dict.fromkeys(table.sheet for table in self.tables))


@cache
def filing_rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table of ``warehouse/reference/filings/``, all values as text."""
    return tuple(read_rows(FOLDER / f"{name}.csv"))


def holds(row: Line, day: date) -> bool:
    """Return whether a row with ``valid_from`` and ``valid_to`` (the last day) holds on a day."""
    return row["valid_from"] <= day.isoformat() <= (row["valid_to"] or "9999-12-31")


def template(standard: str, snapshot: date) -> Template:
    """Return the layout of a standard for a snapshot."""
    rows = tuple(
        number
        for number, row in enumerate(filing_rows("template_row"))
        if row["standard"] == standard and holds(row, snapshot)
    )
    return _laid_out(standard, rows)


@cache
def _laid_out(standard: str, numbers: tuple[int, ...]) -> Template:
    """Return the layout of these rows; every year that has the same rows shares it."""
    rows = [filing_rows("template_row")[number] for number in numbers]
    columns = [row for row in filing_rows("template_column") if row["standard"] == standard]
    tables: list[Table] = []
    places: dict[tuple[str, str, str], Place] = {}
    lines: list[tuple[Place, Line, Line]] = []
    next_row: dict[str, int] = {}
    for block in filing_rows("template_block"):
        if block["standard"] != standard:
            continue
        name, sheet = block["block"], block["sheet"]
        own_rows = [row for row in rows if row["block"] == name]
        own_columns = [column for column in columns if column["block"] == name]
        top = next_row.get(sheet, _TITLE_ROWS)
        next_row[sheet] = top + len(own_rows) + 3
        tables.append(
            Table(
                sheet,
                block["title"],
                top,
                ("Row", *(column["heading"] for column in own_columns)),
                tuple(row["label"] for row in own_rows),
            )
        )
        for down, row in enumerate(own_rows, start=top + 2):
            for across, column in enumerate(own_columns, start=1):
                if column["column"] in (row["columns"].split() or [column["column"]]):
                    place = Place(sheet, down, across)
                    places[name, row["row"], column["column"]] = place
                    lines.append((place, row, column))
    return Template(
        standard,
        max(row["valid_from"] for row in rows),
        tuple(tables),
        tuple(_slots(lines, places)),
    )


def _slots(
    lines: list[tuple[Place, Line, Line]], places: Mapping[tuple[str, str, str], Place]
) -> Iterator[Slot]:
    for place, row, column in lines:
        # A column that is worked out from its neighbours is so in every row but a memo's.
        worked_out = column if column["auto"] else row
        is_auto = bool(worked_out["auto"]) and row["kind"] != "memo"
        auto = worked_out["auto"] if is_auto else ""
        names = worked_out["arguments"].split() if is_auto else []
        arguments = tuple(places[_named(name, row, column)] for name in names)
        decimals = int(worked_out["decimals"]) if worked_out["decimals"] else None
        group = row["group_code"] or column["group_code"]
        cells = [argument.seen_from(place.sheet) for argument in arguments]
        listed = _listed(arguments, cells)
        yield Slot(
            place=place,
            label=row["label"],
            kind="auto" if is_auto else row["kind"],
            is_prior=column["year"] == "prior",
            key=(row["standard"], row["indicator"], row["part"], row["measure"], group),
            less_part=row["less_part"],
            field=_field(row, column),
            auto=auto,
            arguments=arguments,
            decimals=decimals,
            formula=AUTOS[auto].formula(cells, listed, decimals) if auto else "",
            needs=row["needs"],
        )


def _listed(places: Sequence[Place], cells: Sequence[str]) -> str:
    """Return cells as a function takes them: a row or column without a gap as a range."""
    if len(places) > 1 and len({place.sheet for place in places}) == 1:
        steps = {
            (after.row - before.row, after.column - before.column)
            for before, after in pairwise(places)
        }
        if steps in ({(1, 0)}, {(0, 1)}):
            return f"{cells[0]}:{places[-1].address}"
    return ",".join(cells)


def _field(row: Line, column: Line) -> str:
    """Return which number of its figure a cell has; nothing where no figure tells it."""
    if column["auto"] and row["count"] != "numerator":
        return ""
    return column["count"] or row["count"]


def _named(argument: str, row: Line, column: Line) -> tuple[str, str, str]:
    """Return which cell ``block:row.COLUMN`` means; what is left out is as in the cell itself."""
    block, colon, rest = argument.rpartition(":")
    name, _, of_column = rest.partition(".")
    return (
        block if colon else row["block"],
        name or row["row"],
        of_column or column["column"],
    )
