"""Text extracts: the encoding, the separator and the rows of a .csv or .txt file."""

import codecs
import csv
import io
import re
from collections.abc import Callable
from itertools import islice

from pipeline.faults import Fault
from pipeline.read.rows import Row
from pipeline.read.sheet_extent import MOST_ROWS

HEADER_SEARCH_ROWS = 50
"""The header stands within this many rows: ESR reports begin with titles and parameters."""

DELIMITERS = (",", ";", "\t")
_HEAD = 1 << 20
"""Characters among which the header is looked for: a line may be as long as the file."""

_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0e-\x1f]")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(content: bytes) -> tuple[str | None, list[Fault]]:
    """Return the text of a file, or None with the fault that tells why it has none.

    UTF-16 is taken where a byte order mark says so, then UTF-8; anything else is read as
    Windows-1252, which is what spreadsheets write, and warned about.
    """
    faults: list[Fault] = []
    try:
        if content.startswith(_UTF16_MARKS):
            text = content.decode("utf-16")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Only the reason is used: the exception itself carries the whole content.
        if error.reason in ("unexpected end of data", "truncated data"):
            return None, [Fault("FILE_TRUNCATED", detail="it ends within a character")]
        text = "" if content.startswith(_UTF16_MARKS) else _windows_text(content)
        faults = [Fault("ENCODING_GUESSED")]
        if not text:
            return None, [Fault("FILE_NOT_TEXT")]
    text = text.rstrip("\x1a")  # the end mark of old systems
    if _CONTROL_CHARACTERS.search(text):
        return None, [Fault("FILE_NOT_TEXT")]
    if not text.strip():
        return None, [Fault("FILE_EMPTY")]
    if max(text.count("\n"), text.count("\r")) > MOST_ROWS:
        return None, [Fault("FILE_TOO_LARGE", detail=f"more than {MOST_ROWS:,} rows")]
    return text, faults


def _windows_text(content: bytes) -> str:
    """Return the text in Windows-1252, or "" where a byte has no meaning in it."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return ""


def parse(text: str, delimiter: str, limit: int | None = None) -> tuple[list[Row], list[Fault]]:
    """Return the rows of ``text`` (the first ``limit``), numbered as a spreadsheet numbers them.

    A row whose quotation marks cannot be read has no cells. A quotation mark that is never closed
    swallows the rest of the file: the rows before it are returned with a fault. So are those before
    a cell that is longer than any cell of a spreadsheet.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    while limit is None or len(rows) < limit:
        number = len(rows) + 1
        try:
            rows.append(Row(number, next(reader)))
        except StopIteration:
            break
        except csv.Error as error:
            if "end of data" in str(error):
                detail = "a quotation mark is opened in this row and never closed"
                return rows, [Fault("FILE_TRUNCATED", row_number=number, detail=detail)]
            if "field limit" in str(error):
                detail = f"more than {csv.field_size_limit():,} characters"
                return rows, [Fault("CELL_TOO_LONG", row_number=number, detail=detail)]
            rows.append(Row(number, None))
    return rows, []


def choose_delimiter(text: str, score: Callable[[list[Row]], int]) -> str:
    """Return the separator with which the first rows hold the best header.

    Args:
        text: the whole file.
        score: how many expected headings the best of some rows holds.

    """
    # Lines, not records: a quotation mark that is never closed must not cost the header.
    begins = io.StringIO(text[:_HEAD], newline="")
    head = "".join(islice(begins, HEADER_SEARCH_ROWS))
    return max(DELIMITERS, key=lambda mark: score(parse(head, mark, HEADER_SEARCH_ROWS)[0]))


def ends_in_mid_line(text: str) -> bool:
    """Return whether the last line has no line end, as in a file that was cut short."""
    return not text.endswith(("\n", "\r"))
