"""Hostile workbooks, by name: bombs, far cells, archives that lie, values that no sheet shows."""
# ruff: noqa: E501 - a line for each file of the corpus

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

from fuzz.readers import PARTS
from hostile_texts import BOARD, CANARY, LANDED, Hostile

SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def workbook(
    changes: dict[str, bytes] | None = None, extra: dict[str, bytes] | None = None
) -> bytes:
    """Return a workbook of the board with some of its parts replaced and others beside them."""
    content = io.BytesIO()
    parts = PARTS | {SHEET: sheet(), SHARED: b"<sst><si><t>x</t></si></sst>"} | (changes or {})
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**parts, **(extra or {})}.items():
            archive.writestr(name, part)
    return content.getvalue()


def _text(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(more: str = "", values: dict[str, str] | None = None, before: str = "") -> bytes:
    """Return the sheet of the board, with XML of further rows and cells in the place of some."""
    lines = [list(BOARD[0]), *[list(row.values()) for row in BOARD]]
    rows = []
    for number, line in enumerate(lines, start=1):
        places = [(f"{chr(65 + column)}{number}", text) for column, text in enumerate(line)]
        cells = [(values or {}).get(place) or _text(place, text) for place, text in places]
        rows.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f"{before}<worksheet><sheetData>{''.join(rows)}{more}</sheetData></worksheet>".encode()


def _far_cells() -> Iterator[tuple[str, bytes, str]]:
    forms = {
        "as programs write it": '<row r="9"><c r="XFD1048576"><v>1</v></c></row>',
        "in small letters": '<row r="9"><c r="xfd1048576"><v>1</v></c></row>',
        "with spaces": '<row r = "9"><c s="0" r = "XFD1048576"><v>1</v></c></row>',
        "in an entity": '<row r="9"><c r="&#88;FD1048576"><v>1</v></c></row>',
        "in apostrophes": "<row r='9'><c r='XFD1048576'><v>1</v></c></row>",
        "behind a bracket": '<row r="9"><c x=">" r="XFD1048576"><v>1</v></c></row>',
        "in a namespace": '<x:row xmlns:x="y" r="9"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
        "by the number of its row": '<row r="1048576"><c><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>',
    }
    for name, xml in forms.items():
        yield f"a far cell {name}", workbook({SHEET: sheet(xml)}), "FILE_TOO_LARGE"
    for place in ("A0", "A-1", "1A", "AAAA1", "A99999999999", "", "Ä1", "A1:B2"):
        xml = f'<row r="9"><c r="{place}"><v>1</v></c></row>'
        yield f"a cell at '{place}'", workbook({SHEET: sheet(xml)}), "FILE_UNREADABLE"


def _bombs() -> Iterator[tuple[str, bytes, str]]:
    pointing = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(9, 3_000)
    )
    long_text = b"<sst><si><t>" + b"x" * 1_000_000 + b"</t></si></sst>"
    hidden = long_text.replace(b"xx", b"<![CDATA[</si>]]>x", 1)
    yield (
        "a long text in many cells",
        workbook({SHEET: sheet(pointing), SHARED: long_text}),
        "FILE_TOO_LARGE",
    )
    yield (
        "a long text that looks short",
        workbook({SHEET: sheet(pointing), SHARED: hidden}),
        "FILE_TOO_LARGE",
    )
    yield "a hollow sheet", workbook({SHEET: sheet(" " * 70_000_000)}), "FILE_TOO_LARGE"
    yield (
        "a hollow part that nobody reads",
        workbook(extra={"xl/media/a.bin": bytes(70_000_000)}),
        "FILE_TOO_LARGE",
    )
    yield (
        "a million empty rows",
        workbook({SHEET: sheet("".join(f'<row r="{n}"/>' for n in range(7, 1_048_577)))}),
        LANDED,
    )
    yield (
        "100,000 empty cells",
        workbook(
            {
                SHEET: sheet(
                    "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(7, 100_007))
                )
            }
        ),
        LANDED,
    )
    yield "deep elements", workbook({SHEET: sheet("<f>" * 100_000 + "</f>" * 100_000)}), LANDED
    yield "archives in archives", _nested(), "FILE_UNREADABLE"
    yield "parts that overlap", _overlapping(400), "FILE_TOO_LARGE"
    yield "two parts that overlap", _overlapping(2), "FILE_UNREADABLE"
    yield (
        "very many parts",
        workbook(extra={f"xl/{n}.xml": b"" for n in range(6_000)}),
        "FILE_TOO_LARGE",
    )


def _entities() -> Iterator[tuple[str, bytes, str]]:
    for part in (SHEET, SHARED, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"):
        sound = (PARTS | {SHEET: sheet()})[part].decode()
        for name, document_type in {"laughs": LAUGHS, "a file of the machine": OUTSIDE}.items():
            content = f'<?xml version="1.0"?>{document_type}{sound.replace(">", ">&a;", 1)}'
            yield f"{name} in {part}", workbook({part: content.encode()}), "FILE_UNREADABLE"
    other = f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}' + sheet().decode()
    yield "laughs in another encoding", workbook({SHEET: other.encode("utf-16")}), "FILE_UNREADABLE"
    declared = '<?xml version="1.0" encoding="IBM037"?>' + sheet().decode()
    yield "another encoding declared", workbook({SHEET: declared.encode()}), "FILE_UNREADABLE"


def _archives() -> Iterator[tuple[str, bytes, str]]:
    good = workbook()
    climbing = {
        "../../etc/passwd": b"x",
        "/etc/passwd": b"x",
        "..\\..\\x": b"x",
        "C:\\x": b"x",
        "xl/../../x.xml": b"x",
    }
    start = good.rindex(b"PK\x01\x02")
    yield "parts that climb out", workbook(extra=climbing), LANDED
    yield "a part in two cases", workbook(extra={"xl/WORKBOOK.xml": b"<x/>"}), "FILE_UNREADABLE"
    yield "a part twice", _twice(), "FILE_UNREADABLE"
    yield (
        "a size that lies",
        good[: start + 24] + b"\x09\0\0\0" + good[start + 28 :],
        "FILE_UNREADABLE",
    )
    yield (
        "a size that lies upwards",
        good[: start + 24] + b"\xff\xff\xff\x7f" + good[start + 28 :],
        "FILE_TOO_LARGE",
    )
    yield (
        "an unknown way of packing",
        good[: start + 10] + b"\x63\0" + good[start + 12 :],
        "FILE_UNREADABLE",
    )
    yield (
        "a list of another version",
        good[: start + 6] + b"\xff\xff" + good[start + 8 :],
        "FILE_UNREADABLE",
    )
    yield "a list that is cut", good[:start], "FILE_TRUNCATED"
    yield (
        "a part under a password",
        good[: start + 8] + b"\x01\0" + good[start + 10 :],
        "FILE_PROTECTED",
    )
    yield "a workbook of two kinds", _two_kinds(), "FILE_UNREADABLE"
    yield (
        "a link to a part outside",
        workbook(
            {
                "xl/_rels/workbook.xml.rels": PARTS["xl/_rels/workbook.xml.rels"].replace(
                    b"worksheets/sheet1.xml", b"../../../../etc/passwd"
                )
            }
        ),
        "FILE_UNREADABLE",
    )
    yield "text before the archive", b"PK\x03\x04" + CANARY.encode() * 10 + good, LANDED
    yield "text after the archive", good + CANARY.encode() * 10, LANDED


def _values() -> Iterator[tuple[str, bytes, str]]:
    serials = (
        "-1",
        "0",
        "60",
        "61",
        "2958465",
        "2958466",
        "1E+300",
        "1E-300",
        "-1E+300",
        "NaN",
        "INF",
        "9" * 400,
    )
    for name, date1904 in {"1900": "", "1904": '<workbookPr date1904="1"/>'}.items():
        cells = "".join(
            f'<row r="{n}">{_text(f"A{n}", CANARY)}<c r="B{n}" s="1"><v>{serial}</v></c></row>'
            for n, serial in enumerate(serials, start=7)
        )
        book = PARTS["xl/workbook.xml"].replace(b"<sheets>", f"{date1904}<sheets>".encode())
        yield (
            f"days since {name}",
            workbook({SHEET: sheet(cells), "xl/workbook.xml": book}),
            "(any)",
        )
    for kind in ("n", "d", "b", "e", "s", "str", "inlineStr", "x", ""):
        for value in ("", "x", "-1", "9" * 40, "2022-13-45", "&#0;", "\u202e"):
            cell = f'<c r="B3" t="{kind}" s="1"><v>{value}</v></c>'
            yield (
                f"a cell of kind '{kind}' with '{value}'",
                workbook({SHEET: sheet(values={"B3": cell})}),
                "(any)",
            )
    long_name = PARTS["xl/workbook.xml"].replace(b'name="S"', 'name="=1+1\u202e&#10;\'"'.encode())
    yield (
        "a sheet with a name of formula characters",
        workbook({"xl/workbook.xml": long_name}),
        LANDED,
    )
    hidden = PARTS["xl/workbook.xml"].replace(b"sheetId", b'state="hidden" sheetId')
    yield "no visible sheet", workbook({"xl/workbook.xml": hidden}), "HEADER_NOT_FOUND"


def _nested() -> bytes:
    content = bytes(1_000_000)
    for _ in range(5):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{number}.zip", content)
        content = packed.getvalue()
    return content


def _twice() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in (PARTS | {SHEET: sheet()}).items():
            archive.writestr(name, part)
    other = b"xl/worksheets/sheet2.xml"
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr(other.decode(), b"<worksheet/>")
    return content.getvalue().replace(other, SHEET.encode())


def _overlapping(parts: int) -> bytes:
    """Return an archive whose list names one packed part many times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = bytes(1_000_000)
    packed = packer.compress(plain) + packer.flush()
    head = struct.pack("<HHHHHIII", 20, 0, 8, 0, 0, zlib.crc32(plain), len(packed), len(plain))
    name = b"xl/workbook.xml"
    content = b"PK\x03\x04" + head + struct.pack("<HH", len(name), 0) + name + packed
    listed = b""
    for number in range(parts):
        other = name if not number else f"xl/{number:05}.xml".encode()
        listed += b"PK\x01\x02" + struct.pack("<H", 20) + head
        listed += struct.pack("<HHHHHII", len(other), 0, 0, 0, 0, 0, 0) + other
    end = struct.pack("<HHHHIIH", 0, 0, parts, parts, len(listed), len(content), 0)
    return content + listed + b"PK\x05\x06" + end


def _two_kinds() -> bytes:
    """Return a broken workbook that is a sheet of another program too, with a row repeated."""
    row = '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    other = f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="S">{row}</table:table></office:spreadsheet></office:body></office:document-content>'
    return workbook(
        {"xl/styles.xml": b"<styleSheet>", "_rels/.rels": b"<x>"},
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": other.encode(),
        },
    )


def damaged(count: int) -> Iterator[bytes]:
    """Yield a workbook cut at many lengths, and with some bytes of it replaced."""
    good = workbook()
    chance = random.Random(5)
    for number in range(count):
        yield good[: number * len(good) // count]
        other = bytearray(good)
        for _ in range(1 + number % 8):
            other[chance.randrange(len(good))] = chance.randrange(256)
        yield bytes(other)
        listed = bytearray(good)
        listed[chance.randrange(good.rindex(b"PK\x01\x02"), len(good))] = chance.randrange(256)
        yield bytes(listed)


def workbooks() -> dict[str, Hostile]:
    """Return every hostile workbook by its name."""
    return {
        name: Hostile("board", "xlsx", content, answer)
        for group in (_far_cells, _bombs, _entities, _archives, _values)
        for name, content, answer in group()
    }
