"""The XML of a workbook's sheets: formula errors, results that were never saved, and extents.

The reader of workbooks gives a blank for both, which would turn a broken column into unknowns,
and it sets aside memory for every cell up to the last one, however far away that is.
"""

import io
import re
import zipfile
from pathlib import PurePosixPath
from xml.etree import ElementTree

from pipeline.read.rows import UNCALCULATED

MOST_CELLS = 30_000_000
"""Cells between the first and the last of a sheet: a million rows of an extract."""

_SUSPECT = re.compile(rb"""\bt=["']e["']|<(?:\w+:)?f[\s/>]""")
_PLACE = re.compile(rb"""\sr=["']([A-Z]{0,3})([0-9]+)["']""")
_NAMESPACE = re.compile(r"\{.*\}")


def sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    """Return the part of the archive that holds each sheet, in the order of the workbook."""
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in _parsed(archive.read("xl/_rels/workbook.xml.rels"))
    }
    parts = []
    for sheet in _parsed(archive.read("xl/workbook.xml")).iter():
        if _tag(sheet) == "sheet":
            identifier = next(
                value for key, value in sheet.items() if _NAMESPACE.sub("", key) == "id"
            )
            target = targets[identifier]
            relative = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            parts.append(PurePosixPath(relative).as_posix())
    return parts


def is_too_wide(content: bytes) -> bool:
    """Return whether the last cell of a sheet lies so far away that it cannot be an extract."""
    letters, rows = (
        zip(*_PLACE.findall(content), strict=True) if _PLACE.search(content) else ((), ())
    )
    last_row = max((int(row) for row in set(rows)), default=0)
    last_column = max((_column(name.decode()) for name in set(letters)), default=0)
    return last_row * (last_column + 1) > MOST_CELLS


def error_cells(content: bytes) -> dict[tuple[int, int], str]:
    """Return the cells of a sheet that hold an error or an unsaved result.

    Returns:
        The error's text or ``UNCALCULATED`` by row (1 is the first) and column (0 is the first).

    """
    if not _SUSPECT.search(content):
        return {}
    _refuse_document_type(content)
    found: dict[tuple[int, int], str] = {}
    row_number = 0
    for _, row in ElementTree.iterparse(io.BytesIO(content)):  # noqa: S314 - see above
        if _tag(row) != "row":
            continue
        row_number = int(row.get("r", row_number + 1))
        column = -1
        for cell in (element for element in row if _tag(element) == "c"):
            place = cell.get("r")
            column = _column(place.rstrip("0123456789")) if place else column + 1
            mark = _mark(cell)
            if mark:
                found[row_number, column] = mark
        row.clear()
    return found


def _mark(cell: ElementTree.Element) -> str | None:
    parts = {_tag(part): part for part in cell}
    value = parts.get("v")
    text = (value.text or "") if value is not None else None
    kind = cell.get("t")
    if kind == "e":
        return text if text and text.startswith("#") else "#VALUE!"
    if "f" in parts and not text and not (kind == "str" and text is not None):
        return UNCALCULATED  # an empty text is a result, an empty number is none
    return None


def _tag(element: ElementTree.Element) -> str:
    return _NAMESPACE.sub("", element.tag)


def _column(letters: str) -> int:
    """Return the column that ``letters`` name, counted from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def place_of(row_number: int, column: int) -> str:
    """Return the reference of a cell, such as ``AB12``, of its row and its column from 0."""
    letters = ""
    rest = column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row_number}"


def _parsed(content: bytes) -> ElementTree.Element:
    _refuse_document_type(content)
    return ElementTree.fromstring(content)  # noqa: S314 - no entities can be declared


def _refuse_document_type(content: bytes) -> None:
    """Refuse what could be an XML bomb: no workbook declares a document type.

    Raises:
        ValueError: where one is declared, or where the bytes are no UTF-8 and could hide one.

    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content[:8]:
        raise ValueError("a workbook part declares a document type")
