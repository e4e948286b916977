"""Everything that stands in a file, however it is packed: what a search for marks looks through.

A layer is some content with the place where it stands: the bytes of the file itself, and what is
in it once a member of an archive is unpacked, a stream of a PDF inflated and its glyphs read as
text, a table of a database or a Parquet file printed, a part of a message or an address of data
decoded. Layers are found by what the content begins with, never by the name of the file.
"""

import base64
import binascii
import bz2
import gzip
import io
import lzma
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import duckdb

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_DATA_ADDRESS = re.compile(rb"base64,([A-Za-z0-9+/=\s]{24,})")
_MAPPED = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")
_SHOWN = re.compile(rb"\[((?:[^\]\\]|\\.)*)\]\s*TJ|(<[0-9A-Fa-f]+>|\((?:[^)\\]|\\.)*\))\s*Tj")
_DUCKDB = (8, b"DUCK")
"""Where a database of DuckDB says that it is one; an encrypted one does too."""


@dataclass(frozen=True)
class Layer:
    """Content and where it stands, such as ``book.xlsx/xl/sharedStrings.xml``."""

    place: str
    content: bytes
    container: str = ""
    """What it was unpacked from: zip, gzip, pdf, ...; empty for a file as it stands."""


def layers(place: str, content: bytes, container: str = "") -> Iterator[Layer]:
    """Yield a file's content and everything that is packed in it."""
    yield Layer(place, content, container)
    for name, inner, kind in _unpacked(content):
        yield from layers(f"{place}/{name}", inner, kind)


def layers_below(folder: Path) -> Iterator[Layer]:
    """Yield the layers of every file below a folder, links not followed, and every name.

    What is in a file is unpacked once: of another one with the same bytes there are these alone.
    """
    names, known = [], set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        names.append(name)
        if path.is_symlink():
            names.append(str(path.readlink()))
        elif path.is_file():
            content = path.read_bytes()
            if content in known:
                yield Layer(name, content)
                continue
            known.add(content)
            yield from layers(name, content)
            yield from _of_sqlite(name, path)
    yield Layer("names of files", "\n".join(names).encode())


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes, str]]:
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _of_zip(content)
    elif content.startswith(b"\x1f\x8b"):
        yield "gunzipped", gzip.decompress(content), "gzip"
    elif content.startswith(b"BZh"):
        yield "unpacked", bz2.decompress(content), "bzip2"
    elif content.startswith(b"\xfd7zXZ\x00"):
        yield "unpacked", lzma.decompress(content), "xz"
    elif content.startswith(b"%PDF"):
        yield from _of_pdf(content)
    elif content.startswith(b"PAR1"):
        yield from _of_parquet(content)
    elif content[_DUCKDB[0] : _DUCKDB[0] + 4] == _DUCKDB[1]:
        yield from _of_duckdb(content)
    elif re.match(rb"(?:[A-Za-z-]+: .*\r?\n)+", content) and b"MIME-Version:" in content:
        yield from _of_message(content)
    if b"base64," in content:
        yield from _of_addresses(content)


def _of_zip(content: bytes) -> Iterator[tuple[str, bytes, str]]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            yield member.filename, archive.read(member), "zip"
            if told := member.comment + member.extra:
                yield f"{member.filename}, comment", told, "zip"


def _of_addresses(content: bytes) -> Iterator[tuple[str, bytes, str]]:
    for number, found in enumerate(_DATA_ADDRESS.finditer(content)):
        try:
            yield f"data {number}", base64.b64decode(found[1], validate=False), "address of data"
        except binascii.Error:
            continue


def _of_message(content: bytes) -> Iterator[tuple[str, bytes, str]]:
    message = message_from_bytes(content)
    told = [str(make_header(decode_header(value))) for value in message.values()]
    yield "headings", "\n".join(told).encode(), "message"
    for number, part in enumerate(message.walk()):
        if not part.is_multipart() and (inner := part.get_payload(decode=True)):
            yield f"part {number}", inner, "message"


# PDF: streams inflated, and the glyphs of each font read back by its own table.


def _of_pdf(content: bytes) -> Iterator[tuple[str, bytes, str]]:
    streams = []
    for number, found in enumerate(_STREAM.finditer(content)):
        try:
            inflated = zlib.decompressobj().decompress(found[1])
        except zlib.error:
            continue
        streams.append(inflated)
        yield f"stream {number}", inflated, "pdf"
    for number, table in enumerate(filter(None, map(_glyphs, streams))):
        text = "\n".join(_text(stream, table) for stream in streams if b"BT" in stream)
        # A hyphen may be read back as one that shows at the end of a line alone.
        yield f"text by font {number}", text.replace("\xad", "-").encode(), "text of pdf"


def _glyphs(stream: bytes) -> dict[int, str]:
    """Return what each glyph of a font stands for, where the stream says so."""
    table: dict[int, str] = {}
    for kind, body in _MAPPED.findall(stream):
        codes = [bytes.fromhex(code.decode()) for code in _HEX.findall(body)]
        step = 2 if kind == b"char" else 3
        for first, *rest in zip(*[iter(codes)] * step, strict=False):
            start, text = int.from_bytes(first), rest[-1].decode("utf-16-be", "replace")
            last = int.from_bytes(rest[0]) if step == 3 else start
            for offset in range(last - start + 1):
                table[start + offset] = text[:-1] + chr(ord(text[-1]) + offset)
    return table


def _text(stream: bytes, table: dict[int, str]) -> str:
    """Return what a stream shows, read by the glyphs of one font; other fonts' give nonsense."""
    lines = []
    for pieces, one in _SHOWN.findall(stream):
        glyphs = b"".join(_glyph_codes(pieces or one))
        pairs = zip(glyphs[::2], glyphs[1::2], strict=False)
        lines.append("".join(table.get(high * 256 + low, "?") for high, low in pairs))
    return "".join(lines) + "\n" + "\n".join(lines)


def _glyph_codes(pieces: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"<([0-9A-Fa-f]+)>|\(((?:[^)\\]|\\.)*)\)", pieces):
        yield bytes.fromhex(found[1].decode()) if found[1] else _plain_string(found[2])


def _plain_string(text: bytes) -> bytes:
    names = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def meant(found: re.Match[bytes]) -> bytes:
        told = found[1]
        return bytes([int(told, 8) & 255]) if told.isdigit() else names.get(told, told)

    return re.sub(rb"\\([0-7]{1,3}|.)", meant, text, flags=re.DOTALL)


# Databases and Parquet files: every table printed as text.


def _of_parquet(content: bytes) -> Iterator[tuple[str, bytes, str]]:
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file, duckdb.connect() as connection:
        file.write(content)
        file.flush()
        rows = connection.execute("select * from read_parquet(?)", [file.name]).fetchall()
        yield "rows", _printed(rows), "parquet"


def _of_duckdb(content: bytes) -> Iterator[tuple[str, bytes, str]]:
    """Yield the tables, views and comments of a database that can be opened without a key."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "opened.duckdb"
        path.write_bytes(content)
        try:
            connection = duckdb.connect(str(path), read_only=True)
        except duckdb.Error:
            return
        with connection:
            about = connection.execute(
                "select sql, comment from duckdb_tables() union all "
                "select sql, comment from duckdb_views() where not internal union all "
                "select column_name, comment from duckdb_columns() where not internal"
            )
            yield "definitions", _printed(about.fetchall()), "duckdb"
            tables = connection.execute(
                "select schema_name, table_name from duckdb_tables()"
            ).fetchall()
            for schema, table in tables:
                rows = connection.execute(f'select * from "{schema}"."{table}"').fetchall()
                yield f"{schema}.{table}", _printed(rows), "duckdb"


def _of_sqlite(name: str, path: Path) -> Iterator[Layer]:
    """Yield the tables of an SQLite database, with what is in its write-ahead log."""
    with path.open("rb") as file:
        if not file.read(16).startswith(b"SQLite format 3"):
            return
    with tempfile.TemporaryDirectory() as folder:
        for beside in path.parent.glob(f"{path.name}*"):
            shutil.copy(beside, folder)
        with closing(sqlite3.connect(Path(folder) / path.name)) as connection:
            connection.text_factory = bytes
            tables = connection.execute("select name from sqlite_master where type = 'table'")
            for (table,) in tables.fetchall():
                rows = connection.execute(f'select * from "{table.decode()}"').fetchall()
                for number, cells in enumerate(rows):
                    place = f"{name}/{table.decode()}/{number}"
                    told = [one if isinstance(one, bytes) else str(one).encode() for one in cells]
                    yield Layer(place, b"\n".join(told), "sqlite")
                    for inner, content, kind in (each for one in told for each in _unpacked(one)):
                        yield from layers(f"{place}/{inner}", content, kind)


def _printed(rows: Iterable[tuple[object, ...]]) -> bytes:
    return "\n".join("\t".join(map(_cell, row)) for row in rows).encode()


def _cell(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
