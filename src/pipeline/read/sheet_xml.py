"""The XML of a workbook's sheets: formula errors and results that were never saved.

The reader of workbooks gives a blank for both, which would turn a broken column into unknowns.
"""

import io
import re
import zipfile
from pathlib import PurePosixPath
from xml.etree import ElementTree

from pipeline.read.rows import UNCALCULATED
from pipeline.read.sheet_extent import column as column_of

_SUSPECT = re.compile(rb"""\bt=["']e["']|<(?:\w+:)?f[\s/>]""")
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


def error_cells(content: bytes) -> dict[tuple[int, int], str]:
    """Return the cells of a sheet that hold an error or an unsaved result.

    Returns:
        The error's text or ``UNCALCULATED`` by row (1 is the first) and column (0 is the first).

    """
    if not _SUSPECT.search(content):
        return {}
    found: dict[tuple[int, int], str] = {}
    row_number = 0
    for _, row in ElementTree.iterparse(io.BytesIO(content)):  # noqa: S314 - no entities
        if _tag(row) != "row":
            continue
        row_number = int(row.get("r", row_number + 1))
        column = -1
        for cell in (element for element in row if _tag(element) == "c"):
            place = cell.get("r")
            column = column_of(place.rstrip("0123456789")) if place else column + 1
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


def place_of(row_number: int, column: int) -> str:
    """Return the reference of a cell, such as ``AB12``, of its row and its column from 0."""
    letters = ""
    rest = column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row_number}"


def _parsed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 - no entities can be declared
