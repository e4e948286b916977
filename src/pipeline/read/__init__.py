"""Received bytes to all-text batches with every fault of the file; a bad file never raises."""

import io
from collections.abc import Iterable, Iterator
from itertools import chain

from pipeline.faults import Fault
from pipeline.read import go2, survey_published
from pipeline.read.batches import ROW_NUMBER, Spool
from pipeline.read.headings import HeadingList, find_header, header_score, heading_list, not_found
from pipeline.read.package import UnpackingError, is_workbook
from pipeline.read.rows import Row, listed
from pipeline.read.sheet_extent import TooLargeError
from pipeline.read.table import Reading, Table, nothing_read
from pipeline.read.text import (
    HEADER_SEARCH_ROWS,
    RECORDS,
    Chunk,
    Content,
    Records,
    Text,
    choose_delimiter,
    look_through,
    rows_of,
)
from pipeline.read.workbook import ErrorCellsError, Workbook
from pipeline.receive.inbox import Place

__all__ = ["ROW_NUMBER", "Reading", "read"]


def read(
    content: bytes | Content,
    file_name: str,
    source: str,
    place: Place | None = None,
    spool: Spool | None = None,
) -> Reading:
    """Return what a received file holds.

    A text is read in batches of rows, whatever its size; a workbook is read whole.

    Args:
        content: the bytes of the file, or what opens them: text (.csv, .txt), a workbook (.xlsx)
            or records of the ESR outbound interface (.dat, .txt).
        file_name: its name; a workbook is told by its bytes, and one that is not by its name.
        source: one of ``receive.inbox.SOURCES``.
        place: the snapshot and organisation that the file is of, by which files that hold more
            than that are read; without it they are read whole.
        spool: where batches are kept until the file has landed, and how much a text may hold;
            one of its own where None.

    Raises:
        ProductError: for a source that the product does not know; never for what is in the file.

    """
    expected = heading_list(source)
    opened = _opener(content) if isinstance(content, bytes) else content
    with opened() as file:
        begins = file.read(8)
        if is_workbook(begins):
            return _read_workbook(begins + file.read(), expected, source, place)
    if not begins:
        return nothing_read([Fault("FILE_EMPTY")])
    if file_name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        return nothing_read([Fault("FILE_UNREADABLE")])
    spool = spool or Spool()
    text, faults = look_through(opened, spool.limits)
    if text is None:
        return nothing_read(faults)
    head = text.head()
    if source == go2.SOURCE and go2.is_go2(head):
        with text.opened() as lines:
            return go2.read_go2(lines, place.period_end if place else None).after(faults)
    return _read_text(text, head, expected, spool).after(faults)


def _opener(content: bytes) -> Content:
    return lambda: io.BytesIO(content)


def _read_text(text: Text, head: Iterable[str], expected: HeadingList, spool: Spool) -> Reading:
    delimiter = choose_delimiter(head, lambda rows: header_score(rows, expected))
    most = spool.limits.cells
    if text.separators[delimiter] > most:
        return nothing_read([Fault("FILE_TOO_LARGE", detail=f"more than {most:,} cells")])
    with text.opened() as lines:
        records = Records(lines, delimiter)
        first = records.take(HEADER_SEARCH_ROWS)
        rows = rows_of(first)
        header = find_header(rows, expected)
        if header is None:
            for _ in records.chunks():  # what is broken further down is told as well
                pass
            return nothing_read([*records.broken, not_found(expected)])
        below = chain(_below(first, header), records.chunks(min(RECORDS, spool.batch_rows)))
        table = Table(header, expected, spool).with_rows(rows, below)
    cut_short = text.ends_in_mid_line and not records.broken
    return table.reading(cut_short=cut_short).after(records.broken)


def _below(chunk: Chunk, header: Row) -> Iterator[Chunk]:
    """Yield the records of a chunk below the header, if there are any."""
    records = chunk.records[header.number + 1 - chunk.first :]
    if records:
        yield Chunk(header.number + 1, records)


def _read_workbook(
    content: bytes, expected: HeadingList, source: str, place: Place | None
) -> Reading:
    try:
        return _read_sheets(Workbook(content), expected, source, place)
    except UnpackingError as error:
        return nothing_read([error.fault])
    except ErrorCellsError as error:
        return nothing_read([Fault("FORMULA_ERROR", detail=f"cells {listed(error.places)}")])
    except TooLargeError:
        return nothing_read([Fault("FILE_TOO_LARGE")])
    except ValueError:
        return nothing_read([Fault("FILE_UNREADABLE")])


def _read_sheets(
    workbook: Workbook, expected: HeadingList, source: str, place: Place | None
) -> Reading:
    """Return the first sheet with a header, or the workbook of the staff survey as published."""
    sheets: dict[str, list[Row]] = {}
    for name in workbook.names:
        rows = sheets[name] = workbook.rows(name)
        header = find_header(rows, expected)
        if header is not None:
            below = Chunk(1, [row.cells for row in rows])
            table = Table(header, expected, Spool()).with_rows(rows, _below(below, header))
            return table.reading().after(_sheet_choice(len(sheets), len(workbook.names)))
    if source == survey_published.SOURCE:
        code = place.organisation_code if place else None
        published = survey_published.read_published(sheets, code)
        if published is not None:
            return published
    return nothing_read([not_found(expected, f" on any of {len(workbook.names)} sheets")])


def _sheet_choice(chosen: int, sheets: int) -> list[Fault]:
    """Return the warning that one of several sheets is read, by place: its name may be anything."""
    detail = f"sheet {chosen} of the {sheets} that are not hidden"
    return [Fault("SHEET_CHOSEN", detail=detail)] if sheets > 1 else []
