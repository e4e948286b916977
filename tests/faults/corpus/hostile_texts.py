"""Hostile text files, by name: what each is sent as, its bytes, and what it must be answered with.

Every cell that is no code of a list holds ``CANARY`` somewhere, which no message may repeat.
"""
# ruff: noqa: E501, RUF001 - a line for each file of the corpus

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from go2_file import assignment, go2_text, person
from inbox import application_rows, board_rows, csv_text, staff_row, staff_rows, survey_row

CANARY = "QZX7CANARY"
LANDED = "(landed)"
"""Stands for a file of which at least one row is landed."""


class Hostile(NamedTuple):
    """A file that nobody should send.

    Attributes:
        source: the source that it claims to be.
        suffix: how its name ends.
        content: its bytes.
        answer: a code that must be among its faults, or ``LANDED``.
    """

    source: str
    suffix: str
    content: bytes
    answer: str


BOARD = board_rows({"A White - British": 3, "H Asian or Asian British - Indian": 2})
for _number, _row in enumerate(BOARD):
    _row["Member Id"] = f"{CANARY}{_number}"
GOOD = csv_text(BOARD)
HEADER, ROWS = GOOD.split("\r\n", 1)
STAFF = staff_rows(30)

DISGUISED_NUMBERS = (
    "1E5", "1,234", "1.234,5", "1 000", "١٢٣", "１２３", "'1", "½", "12%", "(1)", "Inf", "-inf",
    "NaN", "0x1", "1_0", "--1", "1-", "£1", "1.0.0", "+-1", "\u22121", "٠.٥", "1e-1", "1/2", "TRUE",
)  # fmt: skip
"""No plain decimal number, though a spreadsheet or a language of programs takes it for one."""
DATES_OF_NO_CALENDAR = (
    "0000-00-00", "0001-01-00", "2022-02-30", "10000-01-01", "31/02/2022", "32/01/2022", "44651",
    "-1", "1900-02-29", "29-Feb-1900", "2022-13-01", "٢٠٢٢-٠١-٠١", "2022\u201101\u201101", "tomorrow",
)  # fmt: skip
DATES_OF_OTHER_AGES = (
    "0001-01-01",
    "0099-12-31",
    "1582-10-10",
    "1899-12-31",
    "2999-01-01",
    "9999-12-31",
)
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x")',
)
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202d\u202e\u2066\u2069\u200e\u200f"


def _board(rows: Sequence[dict[str, str]]) -> bytes:
    return csv_text(rows).encode()


def _in_each(rows: list[dict[str, str]], heading: str, values: Sequence[str]) -> bytes:
    """Return as many rows as values, each with one of them in the column."""
    return _board([rows[n % len(rows)] | {heading: value} for n, value in enumerate(values)])


def _zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("../../etc/passwd", CANARY)
    return content.getvalue()


def _encodings() -> Iterator[tuple[str, bytes, str]]:
    accents = csv_text([row | {"Member Id": "Zoë"} for row in BOARD])
    yield "zero bytes", GOOD.encode().replace(b"M", b"\x00"), "FILE_NOT_TEXT"
    yield "zero bytes alone", bytes(100_000), "FILE_NOT_TEXT"
    yield "commands to a terminal", GOOD.encode() + b"\x1b[2J\x1b]0;x\x07,,,,,\r\n", "FILE_NOT_TEXT"
    yield "utf-16 without a mark", GOOD.encode("utf-16-le"), "FILE_NOT_TEXT"
    yield "utf-16 of the other order without a mark", GOOD.encode("utf-16-be"), "FILE_NOT_TEXT"
    yield "utf-16 with half a letter", GOOD.encode("utf-16") + b"\x00\xd8a\x00", "FILE_NOT_TEXT"
    yield "utf-16 cut in a letter", GOOD.encode("utf-16")[:-1], "FILE_TRUNCATED"
    yield "utf-32", GOOD.encode("utf-32"), "FILE_NOT_TEXT"
    yield (
        "utf-8 and windows-1252",
        accents.encode() + "Zoë,Yes,Yes,,,\r\n".encode("cp1252"),
        "ENCODING_GUESSED",
    )
    yield (
        "overlong utf-8",
        GOOD.encode() + b"\xc0\xaf\xe0\x80\xaf,Yes,Yes,,,\r\n",
        "ENCODING_GUESSED",
    )
    yield (
        "half a letter in utf-8",
        GOOD.encode() + b"\xed\xa0\x80,Yes,Yes,,,\r\n",
        "ENCODING_GUESSED",
    )
    yield (
        "bytes of no encoding",
        GOOD.encode() + b"\x81\x8d\xff\xfe,Yes,Yes,,,\r\n",
        "FILE_NOT_TEXT",
    )
    yield "three byte order marks", b"\xef\xbb\xbf" * 3 + GOOD.encode(), LANDED
    yield "old ends of lines", GOOD.replace("\r\n", "\r").encode(), LANDED
    yield "odd ends of lines", GOOD.replace("\r\n", "\u2028\x85\r\n").encode(), LANDED
    yield "the end mark of old systems", GOOD.encode() + b"\x1a\x1a", LANDED


def _shapes() -> Iterator[tuple[str, bytes, str]]:
    wide = ",".join(f"{CANARY} {n}" for n in range(10_000))
    line = ROWS.split("\r\n")[0]
    yield "one line", (f"{CANARY}," * 100_000).encode(), "HEADER_NOT_FOUND"
    yield "one line of separators", b"," * 1_000_000, "HEADER_NOT_FOUND"
    yield "one cell", (CANARY * 30_000).encode(), "CELL_TOO_LONG"
    yield "a cell that never ends", f"{HEADER}\r\n{CANARY * 30_000},Yes".encode(), "CELL_TOO_LONG"
    yield "10,000 columns", f"{wide}\r\n{wide}\r\n".encode(), "HEADER_NOT_FOUND"
    yield "10,000 columns more", f"{HEADER},{wide}\r\n{line},{wide}\r\n".encode(), "COLUMNS_IGNORED"
    yield (
        "a wide header over many rows",
        f"{HEADER},{wide}\r\n{'x' * 3}".encode() + b"\r\n1,2" * 50_000,
        "ROW_CELL_COUNT",
    )
    yield "a header too few", f"{wide}\r\n".encode() * 60 + GOOD.encode(), "HEADER_NOT_FOUND"
    yield "headings twice", GOOD.replace("Executive", "Voting", 1).encode(), "HEADING_REPEATED"
    yield (
        "headings 1,000 times",
        ",".join(["Voting"] * 1_000).encode() + f",{HEADER}\r\n{line}\r\n".encode(),
        "HEADING_REPEATED",
    )
    yield (
        "the header on every row",
        (HEADER + "\r\n").encode() * 5_000 + ROWS.encode(),
        "HEADER_REPEATED",
    )
    yield (
        "a million blank rows",
        f"{HEADER}\r\n".encode() + b"\r\n" * 1_000_000 + ROWS.encode(),
        LANDED,
    )
    yield (
        "too many rows",
        f"{HEADER}\r\n".encode() + b"\r\n" * 1_100_000 + ROWS.encode(),
        "FILE_TOO_LARGE",
    )
    yield (
        "too many cells",
        f"{HEADER}\r\n".encode() + (b"," * 1_000 + b"\r\n") * 3_100,
        "FILE_TOO_LARGE",
    )
    yield "a quotation mark never closed", f'{HEADER}\r\n"{ROWS * 50}'.encode(), "FILE_TRUNCATED"
    yield "a long cell of quotation marks", f'{HEADER}\r\n"{ROWS * 5_000}'.encode(), "CELL_TOO_LONG"
    yield (
        "deep quotation marks",
        f"{HEADER}\r\n{chr(34) * 100_001}{CANARY}".encode(),
        "FILE_TRUNCATED",
    )
    yield (
        "quotation marks in every row",
        (f"{HEADER}\r\n" + f'"{CANARY}"b"c",Yes\r\n' * 1_000).encode(),
        "ROW_QUOTES",
    )
    yield (
        "quotation marks in the header",
        HEADER.replace("Voting", 'Vo"ting"').encode() + f"\r\n{ROWS}".encode(),
        LANDED,
    )


def _kinds() -> Iterator[tuple[str, bytes, str]]:
    yield "an archive", _zip(), "FILE_UNREADABLE"
    yield "an empty archive", b"PK\x05\x06" + bytes(18), "FILE_UNREADABLE"
    yield "an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), "FILE_PROTECTED"
    yield (
        "a page",
        f"<html><table><tr><td>Voting</td><td>{CANARY}</td></tr></table>".encode(),
        "HEADER_NOT_FOUND",
    )
    yield "a document", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)), "FILE_NOT_TEXT"
    yield "packed text", b"\x1f\x8b\x08\x00" + bytes(200), "FILE_NOT_TEXT"
    yield "a program", b"\x7fELF" + bytes(2_000), "FILE_NOT_TEXT"
    yield "one byte", b"\xff", "HEADER_NOT_FOUND"
    yield "a byte order mark", b"\xff\xfe", "FILE_EMPTY"


def _cells() -> Iterator[tuple[str, bytes, str]]:
    hidden = HEADER.replace("Voting", f"{INVISIBLE}Vo\u200bting{INVISIBLE}")
    yield "invisible characters in headings", f"{hidden}\r\n{ROWS}".encode(), LANDED
    yield (
        "commands in headings",
        f"{HEADER},\u202e{CANARY}\u2029\r\n{ROWS}".encode(),
        "ROW_CELL_COUNT",
    )
    yield (
        "invisible characters in flags",
        _in_each(BOARD, "Voting", [f"Y{mark}es" for mark in INVISIBLE]),
        "FLAG_INVALID",
    )
    yield (
        "invisible characters in codes",
        _in_each(BOARD, "Ethnic Origin", [f"A{mark} White" for mark in INVISIBLE]),
        "VALUE_UNLISTED",
    )
    yield (
        "formulas",
        _in_each(BOARD, "Voting", [f"{each}{CANARY}" for each in FORMULAS]),
        "FLAG_INVALID",
    )
    yield "formulas in codes", _in_each(BOARD, "Ethnic Origin", FORMULAS), "VALUE_UNLISTED"
    yield (
        "formulas as headings",
        f'{HEADER},=1+1,"@SUM(A1)",\'-1\r\n'.encode() + _extended(),
        "COLUMNS_IGNORED",
    )
    yield (
        "statements and quotes",
        _in_each(BOARD, "Member Id", [f"'; drop table {n};--\"" for n in range(5)]),
        LANDED,
    )


def _extended() -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[*row.values(), *FORMULAS[:3]] for row in BOARD])
    return text.getvalue().encode()


def _other_sources() -> Iterator[tuple[str, Hostile]]:
    applications = application_rows({("A White - British", True): 2})
    survey = [survey_row("Q14a", "All", "9" * digits, "1") for digits in (15, 30, 300, 400, 5_000)]
    rows = {
        "numbers in disguise": ("esr_staff", STAFF, "FTE", DISGUISED_NUMBERS, "FTE_INVALID"),
        "numbers beyond all": ("esr_staff", STAFF, "FTE", ["9" * 400, "1" + "0" * 5_000], "FTE_INVALID"),
        "dates of no calendar": ("recruitment", applications, "Shortlisted Date", DATES_OF_NO_CALENDAR, "DATE_INVALID"),
        "dates of other ages": ("recruitment", applications, "Shortlisted Date", DATES_OF_OTHER_AGES, "SHORTLISTED_DATE_OUTSIDE"),
        "births of other ages": ("esr_staff", STAFF, "Date Of Birth", DATES_OF_OTHER_AGES, "DATE_OF_BIRTH_IMPLAUSIBLE"),
        "identifiers of many kinds": ("esr_staff", STAFF, "Employee Number", [*FORMULAS, INVISIBLE + "1", "'; --", "x" * 100_000], LANDED),
        "formulas in directorates": ("esr_staff", [staff_row(n) for n in range(1, 8)], "Directorate", FORMULAS, LANDED),
    }  # fmt: skip
    for name, (source, base, heading, values, answer) in rows.items():
        yield name, Hostile(source, "csv", _in_each(base, heading, values), answer)
    yield "counts beyond all", Hostile("survey", "csv", csv_text(survey).encode(), "COUNT_INVALID")


def _outbound() -> Iterator[tuple[str, bytes, str]]:
    good = go2_text(person(1), assignment(1), person(2), assignment(2))
    yield "outbound records with strokes", good.replace("~", "|").encode(), "HEADER_NOT_FOUND"
    yield "outbound records with other ends", good.replace("\r\n", "~").encode(), "NO_ROWS"
    yield "100,000 fields in a record", go2_text("ASG" + "~x" * 100_000).encode(), "GO2_RECORD_CUT"
    yield (
        "100,000 strokes in a field",
        go2_text(person(1), assignment(1, JobName="|" * 100_000)).encode(),
        "VALUE_MISSING",
    )
    yield "100,000 records of no kind", go2_text(*["XYZ~1"] * 100_000).encode(), "GO2_RECORD_CUT"
    yield (
        "100,000 records",
        go2_text(*[person(1)] * 50_000, *[assignment(1)] * 50_000).encode(),
        LANDED,
    )
    yield "outbound dates of no calendar", go2_text(
        person(1, DateOfBirth="00000000"), assignment(1, EffectiveStartDate="99999999")
    ).encode(), "DATE_INVALID"  # fmt: skip


def texts() -> dict[str, Hostile]:
    """Return every hostile text by its name."""
    found = {
        name: Hostile("board", "csv", content, answer)
        for group in (_encodings, _shapes, _kinds, _cells)
        for name, content, answer in group()
    }
    found |= dict(_other_sources())
    found |= {name: Hostile("esr_staff", "dat", *rest) for name, *rest in _outbound()}
    return found
