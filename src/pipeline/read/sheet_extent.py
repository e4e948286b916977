"""How much a sheet holds, found before the reader of workbooks sets memory aside for it.

The reader sets aside a place for every cell up to the last one, however far away that is, and a
copy of a text for each cell that names it. Cells are looked for in the form in which spreadsheet
programs write them; where a sheet holds any other form, all of its XML is read.
"""

import re
from collections.abc import Callable
from itertools import pairwise
from xml.parsers import expat

from pipeline.receive.limits import MOST_CELLS

MOST_TEXT = 256 * 1024**2
"""Bytes of the texts of all cells of a sheet together."""

_CELL = re.compile(rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"([^<>]*)>')
_CELL_BEGINS = b"<c "
_OTHER_CELL = re.compile(rb"<c[\t\r\n/>]|<[^\s<>/:!?]+:c[\s/>]")
_STRING_END = re.compile(rb"</(?:[^\s<>/:!?]+:)?si")
_PLACE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_BEFORE_TIME = re.compile(rb"<(?:[^\s<>/:!?]+:)?v[^<>]*>\s*-(?:[0-9]{11}|[0-9.]*[eE]\+?[0-9]{2})")
"""A number that the reader of workbooks cannot take for a day: it says so on the terminal."""
_COMMENT = b"<!"  # and what is said to be plain characters, in which anything may be hidden


class TooLargeError(ValueError):
    """A sheet that holds more than any extract."""


def refuse_too_large(sheet: bytes, strings: bytes) -> None:
    """Refuse a sheet that holds more than any extract.

    Args:
        sheet: the part of the workbook that holds it.
        strings: the part that holds the texts to which its cells point; empty where there is none.

    Raises:
        TooLargeError: it reaches too far, or its texts together are too long.
        ValueError: a cell says that it stands nowhere, or the XML is damaged.

    """
    if _BEFORE_TIME.search(sheet):
        raise ValueError("a cell holds a day before all calendars")
    cells = _cells(sheet)
    if cells * _longest(strings) > MOST_TEXT and _text(sheet, strings) > MOST_TEXT:
        raise TooLargeError("the texts of the sheet are too long")


def column(letters: str) -> int:
    """Return the column that ``letters`` name, counted from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _cells(sheet: bytes) -> int:
    """Return how many cells of a sheet hold anything."""
    if _COMMENT in sheet or _OTHER_CELL.search(sheet):
        return _cells_of_any_form(sheet)
    if sheet.count(_CELL_BEGINS) > MOST_CELLS:
        raise TooLargeError("the sheet has too many cells")
    found = filled = last_row = 0
    names = set()
    for cell in _CELL.finditer(sheet):
        found += 1
        letters, row, rest = cell.groups()
        if not rest.endswith(b"/"):
            filled += 1
            names.add(letters)
            last_row = max(last_row, int(row))
    if found != sheet.count(_CELL_BEGINS):
        return _cells_of_any_form(sheet)
    _refuse_far(last_row, max((column(name.decode()) for name in names), default=-1))
    return filled


def _refuse_far(last_row: int, last_column: int) -> None:
    if last_row * (last_column + 1) > MOST_CELLS:
        raise TooLargeError("the sheet reaches too far")


def _cells_of_any_form(sheet: bytes) -> int:
    found = row = next_column = 0

    def begins(name: str, attributes: dict[str, str]) -> None:
        nonlocal found, row, next_column
        tag = name.rpartition(":")[2]
        if tag == "row":
            row, next_column = int(attributes.get("r", row + 1)), 0
        elif tag == "c":
            found += 1
            if found > MOST_CELLS:
                raise TooLargeError("the sheet has too many cells")
            if "r" in attributes:
                place = _PLACE.fullmatch(attributes["r"])
                if not place:
                    raise ValueError("a cell stands nowhere")
                row, next_column = int(place[2]), column(place[1])
            next_column += 1
            _refuse_far(row, next_column - 1)

    _parse(sheet, begins)
    return found


def _longest(strings: bytes) -> int:
    """Return how many bytes the longest of the shared texts has at most."""
    if _COMMENT in strings:
        return max(_lengths(strings), default=0)
    ends = [0, *(found.start() for found in _STRING_END.finditer(strings)), len(strings)]
    return max(after - before for before, after in pairwise(ends))


def _lengths(strings: bytes) -> list[int]:
    lengths: list[int] = []

    def begins(name: str, _: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(characters: str) -> None:
        if lengths:
            lengths[-1] += len(characters.encode())

    if strings:
        _parse(strings, begins, text)
    return lengths


def _text(sheet: bytes, strings: bytes) -> int:
    """Return how many bytes the shared texts of all cells together have."""
    lengths = _lengths(strings)
    total, is_shared, digits = 0, False, ""

    def begins(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_shared, digits
        tag = name.rpartition(":")[2]
        if tag == "c":
            is_shared = attributes.get("t") == "s"
        digits = ""

    def text(characters: str) -> None:
        nonlocal digits
        if is_shared:
            digits += characters

    def ends(name: str) -> None:
        nonlocal total
        if is_shared and name.rpartition(":")[2] == "v":
            number = int(digits)
            total += lengths[number] if number < len(lengths) else 0

    _parse(sheet, begins, text, ends)
    return total


def _parse(
    content: bytes,
    begins: Callable[[str, dict[str, str]], None],
    text: Callable[[str], None] | None = None,
    ends: Callable[[str], None] | None = None,
) -> None:
    """Read XML of which a document type was refused before.

    Raises:
        ValueError: it is damaged.

    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = begins
    parser.CharacterDataHandler = text
    parser.EndElementHandler = ends
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise ValueError("a part of the workbook is damaged") from None
