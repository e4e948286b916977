"""A workbook before it is a file: both of its formats are written from the same sheets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

Cell = str | int | float | date
"""What a cell holds. A text stays a text, whatever it begins with; no cell is ever blank."""

CONFIDENTIAL = "[c]"
NOT_AVAILABLE = "[x]"
NOT_APPLICABLE = "[z]"

MOST_CHARACTERS = 16_000  # half of what a cell of a spreadsheet holds: some letters count as two
_CUT = " … (cut; the database holds the whole text)"
_WIDEST = 52
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        heading: its heading, with the unit of its numbers.
        cells: its cells, one for each row.
        decimals: the decimals that its numbers are shown with.
    """

    heading: str
    cells: Sequence[Cell]
    decimals: int = 0

    @property
    def is_numeric(self) -> bool:
        """Whether it holds numbers, apart from shorthand."""
        return any(isinstance(cell, int | float) for cell in self.cells)

    @property
    def width(self) -> int:
        """Its width in characters."""
        longest_word = max(len(word) for word in self.heading.split())
        if self.is_numeric or not self.cells:
            return max(longest_word + 2, 12)
        longest = max(len(str(cell)) for cell in set(self.cells))
        return max(longest_word + 2, min(longest + 2, _WIDEST))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with one table of at least one row.

    Attributes:
        label: what its tab says, at most 31 characters.
        title: its first row.
        instructions: what the sheet holds and what is left out.
        legend: its shorthand, a line each.
        source: where the numbers come from.
        columns: the table, column by column.
        linked: whether the first column names other sheets, and leads to them.
    """

    label: str
    title: str
    instructions: str
    columns: tuple[Column, ...]
    legend: tuple[str, ...] = ()
    source: str = ""
    linked: bool = False

    @property
    def table_name(self) -> str:
        """The name of its table: letters, digits and underscores."""
        return re.sub(r"\W+", "_", self.label.lower()) + "_table"

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands above the table, in the order of gptables."""
        return (self.title, self.instructions, *self.legend, *filter(None, [self.source]))

    @property
    def height(self) -> int:
        """The number of rows of the table, its headings not counted."""
        return len(self.columns[0].cells)


@dataclass(frozen=True, slots=True)
class Cover:
    """The first sheet: text alone.

    Attributes:
        title: its first row, and the title of the document.
        introduction: paragraphs.
        about: paragraphs on how the figures were made.
    """

    title: str
    introduction: tuple[str, ...]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: its cover and its sheets in order."""

    cover: Cover
    sheets: tuple[Sheet, ...]


def text(value: str) -> str:
    """Return a text as both formats can hold it; all but a few texts are returned as they are.

    A line ends with a line feed, a character that XML cannot hold is replaced, and a text that no
    cell can hold is cut, and says so. What it begins with is never touched: it is stored as text.
    """
    value = _UNPRINTABLE.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
    if len(value) > MOST_CHARACTERS:
        value = value[: MOST_CHARACTERS - len(_CUT)] + _CUT
    return value if value.strip() else NOT_AVAILABLE
