"""Text extracts: the encoding, the separator and the records of a .csv or .txt file.

A file is looked through once and then read record by record, so that no more of it is in memory
than a batch of rows, whatever its size.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, NamedTuple

from pipeline.faults import Fault
from pipeline.read.rows import Row
from pipeline.receive.limits import Limits

HEADER_SEARCH_ROWS = 50
"""The header stands within this many rows: ESR reports begin with titles and parameters."""

DELIMITERS = (",", ";", "\t")
RECORDS = 4096
"""Records that are read at a time: few enough to stay in the processor's own memory."""
_HEAD = 1 << 20
"""Characters among which the header is looked for: a line may be as long as the file."""
_PIECE = 1 << 20
"""Bytes that are looked at a time."""

_CONTROL_CHARACTERS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0B, 0x0C, 0x0D})
_END_MARK = "\x1a"  # of old systems
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Content = Callable[[], BinaryIO]
"""What opens the bytes of a file from their beginning, each time anew."""


@dataclass
class Text:
    """A text that has been looked through.

    Attributes:
        content: opens its bytes.
        encoding: the encoding that all of it has.
        faults: the warning that its encoding is guessed, where it is.
        separators: how often each of ``DELIMITERS`` stands in it.
        ends_in_mid_line: whether its last line has no line end, as in a file that was cut short.
    """

    content: Content
    encoding: str
    faults: list[Fault] = field(default_factory=list)
    separators: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DELIMITERS, 0))
    ends_in_mid_line: bool = False
    lines: int = 0
    is_marked: bool = False
    """Whether the end mark of old systems stands at its end."""
    is_blank: bool = True
    is_binary: bool = False

    @contextmanager
    def opened(self) -> Iterator[Iterable[str]]:
        """Open its lines, each with its line end and without the end mark."""
        with io.TextIOWrapper(self.content(), encoding=self.encoding, newline="") as text:
            yield (line.rstrip(_END_MARK) for line in text) if self.is_marked else text

    def head(self) -> list[str]:
        """Return the first lines, within which the header stands."""
        with io.TextIOWrapper(self.content(), encoding=self.encoding, newline="") as text:
            begins = io.StringIO(text.read(_HEAD).rstrip(_END_MARK), newline="")
        return list(islice(begins, HEADER_SEARCH_ROWS))

    def whole(self) -> str:
        """Return all of it."""
        with self.opened() as lines:
            return "".join(lines)


def look_through(content: Content, limits: Limits) -> tuple[Text | None, list[Fault]]:
    """Return a file as text, or None with the fault that tells why it is none.

    UTF-16 is taken where a byte order mark says so, then UTF-8; anything else is read as
    Windows-1252, which is what spreadsheets write, and warned about.
    """
    with content() as file:
        is_utf16 = file.read(2).startswith(_UTF16_MARKS)
    text = Text(content, "utf-16" if is_utf16 else "utf-8-sig")
    try:
        _count(text)
    except UnicodeDecodeError as error:
        # Only the reason is used: the exception itself carries content.
        if error.reason in ("unexpected end of data", "truncated data"):
            return None, [Fault("FILE_TRUNCATED", detail="it ends within a character")]
        text = Text(content, "cp1252", [Fault("ENCODING_GUESSED")], is_binary=is_utf16)
        try:
            _count(text)
        except UnicodeDecodeError:
            text.is_binary = True
    fault = _reason_against(text, limits)
    return (None, [fault]) if fault else (text, text.faults)


def _reason_against(text: Text, limits: Limits) -> Fault | None:
    if text.is_binary:
        return Fault("FILE_NOT_TEXT")
    if text.is_blank:
        return Fault("FILE_EMPTY")
    if text.lines > limits.rows:
        return Fault("FILE_TOO_LARGE", detail=f"more than {limits.rows:,} rows")
    return None


def _count(text: Text) -> None:
    """Look through a text piece by piece and note what stands in it.

    Raises:
        UnicodeDecodeError: where it does not have its encoding.
    """
    feeds = returns = 0
    for piece in _pieces(text):
        body = piece.rstrip(_END_MARK)
        if body:
            # A byte of a control character is part of no other one in UTF-8.
            raw = body.encode()
            is_control = len(raw.translate(None, _CONTROL_CHARACTERS)) < len(raw)
            text.is_binary = text.is_binary or is_control or text.is_marked
            text.is_blank = text.is_blank and not body.strip()
            text.ends_in_mid_line = not body.endswith(("\n", "\r"))
            feeds, returns = feeds + body.count("\n"), returns + body.count("\r")
            for mark in DELIMITERS:
                text.separators[mark] += body.count(mark)
        text.is_marked = text.is_marked or len(body) < len(piece)
    text.lines = max(feeds, returns)


def _pieces(text: Text) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(text.encoding)()
    with text.content() as file:
        while piece := file.read(_PIECE):
            yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


class Chunk(NamedTuple):
    """Some records of a file, one after the other: the number of the first, and their cells.

    The cells of a record are None where quotation marks stand so that they cannot be told apart.
    """

    first: int
    records: list[list[str] | None]


class Records:
    """The records of a text, numbered as a spreadsheet numbers them.

    A quotation mark that is never closed swallows the rest of the file: the records before it are
    given, and ``broken`` holds the fault. So it is with a cell that is longer than any cell of a
    spreadsheet.
    """

    def __init__(self, lines: Iterable[str], delimiter: str) -> None:
        """Begin at the first line."""
        self._reader = csv.reader(lines, delimiter=delimiter, strict=True)
        self._next = 1
        self._ended = False
        self.broken: list[Fault] = []

    def take(self, most: int) -> Chunk:
        """Return the next records; none where the file has no more."""
        chunk = Chunk(self._next, [])
        records = chunk.records
        while len(records) < most and not self._ended:
            try:
                before = len(records)
                records.extend(islice(self._reader, most - before))
                self._ended = len(records) < most
            except csv.Error as error:
                self._take_note(error, chunk)
        self._next += len(records)
        return chunk

    def _take_note(self, error: csv.Error, chunk: Chunk) -> None:
        number = chunk.first + len(chunk.records)
        if "end of data" in str(error):
            detail = "a quotation mark is opened in this row and never closed"
            self.broken.append(Fault("FILE_TRUNCATED", row_number=number, detail=detail))
        elif "field limit" in str(error):
            detail = f"more than {csv.field_size_limit():,} characters"
            self.broken.append(Fault("CELL_TOO_LONG", row_number=number, detail=detail))
        else:
            chunk.records.append(None)
            return
        self._ended = True

    def chunks(self, most: int = RECORDS) -> Iterator[Chunk]:
        """Yield the records that are left, ``most`` at a time."""
        while (chunk := self.take(most)).records:
            yield chunk


def rows_of(chunk: Chunk) -> list[Row]:
    """Return the records of a chunk as rows."""
    return [Row(number, cells) for number, cells in enumerate(chunk.records, chunk.first)]


def choose_delimiter(head: Iterable[str], score: Callable[[list[Row]], int]) -> str:
    """Return the separator with which the first rows hold the best header.

    Args:
        head: the first lines. Lines, not records: a quotation mark that is never closed must not
            cost the header.
        score: how many expected headings the best of some rows holds.

    """
    lines = list(head)
    return max(
        DELIMITERS, key=lambda mark: score(rows_of(Records(lines, mark).take(HEADER_SEARCH_ROWS)))
    )
