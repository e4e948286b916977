"""The search for marks finds them in every kind of file, and in nothing that has none."""

import base64
import bz2
import gzip
import hashlib
import io
import json
import lzma
import sqlite3
import zipfile
from datetime import date
from email.message import EmailMessage
from urllib.parse import quote

import duckdb
import openpyxl
import pytest
import typst
from canaries import BIRTHS, NI_NUMBER, STEMS, TEXT, Search, number
from odfdo import Document, Paragraph
from searched import Layer, layers, layers_below

from pipeline.identity import Keys
from pipeline.settings import Home
from pipeline.store import open_private

MARK = f"{TEXT} Surname"
CLEAN = "Nobody's name stands here, nor 20000001, 2022-03-31 or 31/03/2022."


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in members.items():
            archive.writestr(name, inner)
    return content.getvalue()


def zip_in_zip(text: str) -> bytes:
    return zipped(outer=zipped(inner=text.encode()))


def workbook(text: str) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append([text])
    book.save(content)
    return content.getvalue()


def name_of_a_sheet(text: str) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.title = text[:30].replace("/", "-")
    book.save(content)
    return content.getvalue()


def open_document(text: str) -> bytes:
    document, content = Document("text"), io.BytesIO()
    document.body.append(Paragraph(text))
    document.save(content)
    return content.getvalue()


def pdf(text: str) -> bytes:
    page = f'#set text(font: "Libertinus Serif")\n#upper("page")\n\n{text}'
    return typst.compile(page.encode())


def parquet(text: str) -> bytes:
    return _written(text, "copy (select ? as name from range(500)) to '{path}' (format parquet)")


def _written(text: str, query: str) -> bytes:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "written"
        connection.execute(query.format(path=path), [text])
        return path.read_bytes()


def database(text: str) -> bytes:
    """A database of which a comment holds the text, and a table in which it is compressed."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "written.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute("create table kept (name varchar)")
            connection.execute("insert into kept select ? from range(5000)", [text])
        return path.read_bytes()


def message(text: str) -> bytes:
    made = EmailMessage()
    made["Subject"] = "Data quality"
    made["MIME-Version"] = "1.0"
    made.set_content(text, cte="base64")
    return made.as_bytes()


def page_with_data(text: str) -> bytes:
    inner = base64.b64encode(gzip.compress(text.encode())).decode()
    return f'<a href="data:application/gzip;base64,{inner}">more</a>'.encode()


PACKED = {
    "text": str.encode,
    "utf-16": lambda text: text.encode("utf-16"),
    "big-endian utf-16": lambda text: text.encode("utf-16-be"),
    "capitals": lambda text: text.upper().encode(),
    "backwards": lambda text: text[::-1].encode(),
    "hexadecimal": lambda text: text.encode().hex().encode(),
    "capital hexadecimal": lambda text: text.encode().hex().upper().encode(),
    "percent-encoded": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
    "address": lambda text: quote(text).encode(),
    "JSON": lambda text: json.dumps({"name": text}).encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "bzip2": lambda text: bz2.compress(text.encode()),
    "xz": lambda text: lzma.compress(text.encode()),
    "zip in zip": zip_in_zip,
    "workbook": workbook,
    "name of a sheet": name_of_a_sheet,
    "OpenDocument": open_document,
    "PDF": pdf,
    "Parquet": parquet,
    "DuckDB": database,
    "message": message,
    "data in a page": page_with_data,
}


def marks(content: bytes) -> set[str]:
    return {one.mark for one in Search().find(layers("file", content))}


@pytest.mark.parametrize("how", PACKED)
def test_a_mark_is_found_however_it_is_packed(how):
    assert marks(PACKED[how](MARK)) == {"text"}
    assert marks(PACKED[how](CLEAN)) == set()


@pytest.mark.parametrize("offset", range(6))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_mark_is_found_wherever_it_stands_in_base64(offset, encoding):
    text = ("x" * offset + MARK + " and more").encode(encoding)
    assert marks(base64.b64encode(b"y" * offset + text)) == {"text"}


@pytest.mark.parametrize("kind", [kind for kind in STEMS if kind != "mark in an exception"])
def test_each_kind_of_mark_is_found(kind):
    assert marks(f"row: {STEMS[kind]}0;".encode()) == {kind}


NUMBERED = [kind for kind, stem in STEMS.items() if stem[1:].isdigit()]


@pytest.mark.parametrize("kind", NUMBERED)
@pytest.mark.parametrize("name", ["md5", "sha1", "sha256"])
def test_a_plain_hash_of_a_number_is_found(kind, name):
    digest = hashlib.new(name, number(kind, 1).encode())
    assert marks(b"known by " + digest.hexdigest().encode()) == {f"{kind} hashed"}
    assert marks(b"known by " + base64.b64encode(digest.digest())) == {f"{kind} hashed"}
    assert marks(b"known by " + digest.digest()) == {f"{kind} hashed"}


@pytest.mark.parametrize("day", BIRTHS)
@pytest.mark.parametrize(
    "way", ["%Y-%m-%d", "%d/%m/%Y", "%d-%b-%Y", "%Y%m%d", "%d %B %Y", "%m/%d/%Y"]
)
def test_a_birth_date_is_found_in_many_ways(day, way):
    assert marks(f"born {day.strftime(way)}.".encode()) == {"birth date"}


@pytest.mark.parametrize("day", BIRTHS)
def test_a_birth_date_is_found_as_the_number_of_its_day(day):
    serial = (day - date(1899, 12, 30)).days
    assert marks(f"<v>{serial}</v>".encode()) == {"birth date"}
    assert marks(f"<v>{serial}7</v><v>0.{serial}</v>".encode()) == set()
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append([day])
    book.save(content)
    assert marks(content.getvalue()) == {"birth date"}


@pytest.mark.parametrize("way", ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"])
def test_a_birth_date_is_found_in_a_pdf(way):
    assert marks(pdf(f"born on {BIRTHS[0].strftime(way)}, it says")) == {"birth date"}


def test_a_mark_is_found_in_a_table_and_in_the_log_of_an_open_database(tmp_path):
    path = tmp_path / "server.db"
    connection = sqlite3.connect(path)
    connection.execute("pragma journal_mode = wal")
    connection.execute("create table log (at text, said blob)")
    connection.commit()
    assert Search().find(layers_below(tmp_path)) == []
    connection.execute("insert into log values ('now', ?)", [gzip.compress(MARK.encode())])
    connection.commit()
    found = Search().find(layers_below(tmp_path))
    connection.close()
    assert {one.mark for one in found} == {"text"}


def test_a_mark_is_found_in_the_name_of_a_file_and_behind_a_link(tmp_path):
    (tmp_path / f"{TEXT}.txt").write_text(CLEAN)
    assert {one.place for one in Search().find(layers_below(tmp_path))} == {"names of files"}
    (tmp_path / f"{TEXT}.txt").unlink()
    (tmp_path / "link").symlink_to(tmp_path / f"{TEXT}.txt")
    assert {one.place for one in Search().find(layers_below(tmp_path))} == {"names of files"}


def test_what_is_encrypted_hides_a_mark_and_says_that_it_is_a_database(tmp_path):
    keys = Keys(b"p" * 32, b"s" * 32)
    home = Home(tmp_path / "home")
    with open_private(home, keys) as connection:
        connection.execute("create table kept as select ? as name from range(1000)", [MARK])
        connection.execute("checkpoint")
        assert Search().find(layers_below(tmp_path)) == []
        rows = connection.execute("select distinct name from kept").fetchall()
    assert rows == [(MARK,)]
    assert home.private_database.read_bytes()[8:12] == b"DUCK"


def test_rows_that_spill_from_memory_are_encrypted(tmp_path):
    """A sort that does not fit into memory is written to the home's temporary folder meanwhile."""
    keys = Keys(b"p" * 32, b"s" * 32)
    home = Home(tmp_path / "home")
    with open_private(home, keys) as connection:
        connection.execute("set memory_limit = '40MB'")
        connection.execute("set threads = 1")
        connection.execute(
            "create temp table many as "
            f"select '{TEXT} ' || hash(one) || hash(one + 1) || hash(one + 2) as name "
            "from range(900000) as every(one)"
        )
        spilt = [path for path in home.temporary.rglob("*") if path.is_file()]
        assert sum(path.stat().st_size for path in spilt) > 1_000_000
        assert Search().find(layers_below(home.temporary)) == []


def test_marks_of_a_test_s_own_are_found_and_everything_is_counted():
    search = Search(more={"a key": b"\x01\x02\x03\x04key"})
    content = zipped(first=b"\x01\x02\x03\x04key", second=NI_NUMBER.encode())
    found = search.find([*layers("file", content), Layer("other", b"nothing")])
    assert {(one.mark, one.place) for one in found} == {
        ("a key", "file/first"), ("NI number", "file/second"),
    }  # fmt: skip
    facts = search.facts()
    assert (facts["files searched"], facts["contents unpacked"]) == (2, 2)
    assert search.containers == {"zip": 2}
    assert str(found[0]) == f"{found[0].mark} ({found[0].form}) in {found[0].place}"
