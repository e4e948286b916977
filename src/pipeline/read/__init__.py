"""Received bytes to an all-text frame with every fault of the file; a bad file never raises."""

from collections.abc import Iterable

from pipeline.faults import Fault
from pipeline.read import go2, survey_published
from pipeline.read.headings import HeadingList, find_header, header_score, heading_list, not_found
from pipeline.read.package import UnpackingError, is_workbook
from pipeline.read.rows import Row, listed
from pipeline.read.sheet_extent import MOST_CELLS, TooLargeError
from pipeline.read.table import ROW_NUMBER, Reading, assemble, nothing_read
from pipeline.read.text import (
    choose_delimiter,
    decode,
    ends_in_mid_line,
    parse,
)
from pipeline.read.workbook import ErrorCellsError, Workbook
from pipeline.receive.inbox import Place

__all__ = ["ROW_NUMBER", "Reading", "read"]


def read(content: bytes, file_name: str, source: str, place: Place | None = None) -> Reading:
    """Return what a received file holds.

    Args:
        content: the bytes of the file: text (.csv, .txt), a workbook (.xlsx) or records of the ESR
            outbound interface (.dat, .txt).
        file_name: its name; a workbook is told by its bytes, and one that is not by its name.
        source: one of ``receive.inbox.SOURCES``.
        place: the snapshot and organisation that the file is of, by which files that hold more
            than that are read; without it they are read whole.

    Raises:
        ProductError: for a source that the product does not know; never for what is in the file.

    """
    expected = heading_list(source)
    if not content:
        return nothing_read([Fault("FILE_EMPTY")])
    if is_workbook(content):
        return _read_workbook(content, expected, source, place)
    if file_name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        return nothing_read([Fault("FILE_UNREADABLE")])
    text, faults = decode(content)
    if text is None:
        return nothing_read(faults)
    if source == go2.SOURCE and go2.is_go2(text):
        return _with_faults(go2.read_go2(text, place.period_end if place else None), faults)
    return _read_text(text, expected, faults)


def _read_text(text: str, expected: HeadingList, faults: list[Fault]) -> Reading:
    delimiter = choose_delimiter(text, lambda rows: header_score(rows, expected))
    if text.count(delimiter) > MOST_CELLS:
        return nothing_read([Fault("FILE_TOO_LARGE", detail=f"more than {MOST_CELLS:,} cells")])
    rows, broken = parse(text, delimiter)
    header = find_header(rows, expected)
    if header is None:
        return nothing_read([*faults, *broken, not_found(expected)])
    reading = assemble(rows, header, expected, cut_short=ends_in_mid_line(text) and not broken)
    return _with_faults(reading, [*faults, *broken])


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
        sheets[name] = workbook.rows(name)
        header = find_header(sheets[name], expected)
        if header is not None:
            reading = assemble(sheets[name], header, expected)
            return _with_faults(reading, _sheet_choice(len(sheets), len(workbook.names)))
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


def _with_faults(reading: Reading, first: Iterable[Fault]) -> Reading:
    faults = [*first, *reading.faults]
    return Reading(reading.frame, reading.headings, faults, reading.rows_received)
