"""What the fuzzer begins with: sound files of every reader, made by script, and small odd ones."""

import io
from collections.abc import Iterable

import openpyxl
from go2_file import assignment, go2_text, person
from inbox import board_rows, csv_text, pay_rows, staff_rows

from pipeline.decisions.decision import COLUMNS
from pipeline.read.headings import heading_list
from pipeline.receive.inbox import SOURCES
from pipeline.resources import REFERENCE

BOARD = board_rows({"A White - British": 2, "H Asian or Asian British - Indian": 1})
ODD_CELLS = (
    "1E5", "1,234", "1.234,5", "١٢٣", "１２３", "'123", "123\xa0", "12%", "(12)", "Inf", "NaN",  # noqa: RUF001
    "0x10", "1_000", "-0", "+1", "£3,600.00", "31/03/2022", "20220331", "31-Mar-2022", "0001-01-01",
    "9999-12-31", "2022-02-30", "44651", "-1", "60", "Yes", "\u202eNo", "\u200b", "=1+1", "9" * 400,
    "2022-03-31 00:00:00", "#N/A", "(blank)", "\ufeff", ".", "1.", "00/00/0000",
)  # fmt: skip
WORDS = (
    '<row r="2">', "</row>", '<c r="B2" t="s">', '<c r="C3" t="n" s="1">', "<c>", "</c>", "<v>",
    "</v>", "<f>", "</f>", "<is><t>", "</t></is>", ' t="e"', ' t="d"', ' t="b"', ' t="str"',
    ' t="inlineStr"',
    "<si><t>", "</t></si>", "<r><t>", 'xml:space="preserve"', '<mergeCell ref="A1:B2"/>',
    '<dimension ref="A1:XFD9"/>', "<!--", "-->", "<![CDATA[", "]]>", "&#65;", '<sheet name="x"/>',
    '<workbookPr date1904="1"/>', '<xf numFmtId="22"/>', '<numFmt numFmtId="164" formatCode="d"/>',
    ",", '"', "\r\n", "\t", ";", "~", "|", "[", "]", "{", "}", "=", "#",
)  # fmt: skip
"""Pieces of the files that the readers know."""
TOML = """inbox = "in"
disclosure = "d.yml"
lock_wait_seconds = 1.5
voluntary_pay_gaps = true
published_names = "dated"
"""
CHANNELS = """attempts = 2
wait_seconds = 0.5
[email]
host = "mail.example.org"
port = 587
security = "starttls"
sender = "a@example.org"
user = "u"
password_variable = "HOME"
timeout = 5
[analyst]
email = ["b@example.org"]
[employer.01T]
apprise = ["json://localhost"]
"""
NOMIS = """date,geography,geography code,Sex: All persons,Sex: Female,Sex: Male
2021,England,E92000001,20,11,9
"""
SURVEY = """NHS Staff Survey 2024||||||Q14a - In the last 12 months||
ODS code|Organisation name|Benchmarking group|Region|ICS|Weighting|% Never|% 1 to 2|Base
QHL|A body|ICBs|-|-|Unweighted|90|10|50
"""
TABLE = "WRES 1,White,12,60.0,2022-03-31,2022-04-01\nWRES 1,BME,#,<10,,\nWRES 1,Total,20,100,,\n"


def _workbook(rows: list[dict[str, str]]) -> bytes:
    book = openpyxl.Workbook()
    for line in [list(rows[0]), *[list(row.values()) for row in rows]]:
        book.active.append(line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _of_sources() -> Iterable[tuple[int, str]]:
    known = {"board": BOARD, "esr_staff": staff_rows(2), "pay": pay_rows(["15.00", "16"])}
    for number, source in enumerate(SOURCES):
        if source in known:
            yield number, csv_text(known[source])
        else:
            headings = list(heading_list(source).headings.values())
            yield number, f"{','.join(headings)}\r\n{','.join(ODD_CELLS[: len(headings)])}\r\n"


def seeds(reader: str) -> list[bytes]:
    """Return what the fuzzer of a reader begins with."""
    files = list(_of_sources())
    sheets = b'<worksheet><sheetData><row r="1">%s</row></sheetData></worksheet>'
    cell = b'<c r="A1" t="%s"><v>0</v></c><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    by_reader: dict[str, list[bytes]] = {
        "text": [bytes([n, 0]) + t.encode() for n, t in files]
        + [bytes([n, 1]) + t.encode("utf-16") for n, t in files[:3]],
        "checked": [bytes([n]) + t.split("\r\n", 1)[1].encode() for n, t in files],
        "workbook_bytes": [_workbook(BOARD)[4:]],
        "workbook_parts": [
            b"\x01" + sheets % (cell % kind) for kind in (b"s", b"n", b"d", b"b", b"e", b"str")
        ]
        + [b"\x01" + sheets % b'<c r="A1" t="inlineStr"><is><t>x</t></is></c>'],
        "go2": [go2_text(person(1), assignment(1)).encode()],
        "nomis": [NOMIS.encode()],
        "survey_workbook": [SURVEY.encode()],
        "headings": [
            bytes([n]) + "|".join(heading_list(source).headings.values()).encode()
            for n, source in enumerate(SOURCES)
        ],
        "cells": [cell.encode() for cell in ODD_CELLS],
        "settings": [TOML.encode()],
        "channels": [CHANNELS.encode()],
        "decisions": [f"{','.join(COLUMNS)}\nethnicity,klingon,A,2026-01-31,lead,\n".encode()],
        "policy": [(REFERENCE / "disclosure.yml").read_bytes()],
        "printed_table": [TABLE.encode()],
    }
    return by_reader[reader]
