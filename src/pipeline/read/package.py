"""The archive that a workbook is: what of it may be unpacked, and the parts that are read, alone.

The reader of workbooks gets a new archive of the very parts that were looked at here. So nothing
depends on how two readers understand an archive whose list names a part twice, whose parts overlap,
or which is a workbook of two kinds at once.
"""

import io
import re
import zipfile

from pipeline.faults import Fault

MOST_UNPACKED = 256 * 1024**2
"""Bytes that a workbook may unpack to."""
MOST_RATIO = 200
"""How many times its size a workbook may unpack to once it is larger than ``SMALL_UNPACKED``."""
SMALL_UNPACKED = 64 * 1024**2
MOST_PARTS = 5_000
"""Parts of an archive: a workbook has a dozen, and a few for each sheet."""

WORKBOOK = "xl/workbook.xml"
SHARED_STRINGS = "xl/sharedStrings.xml"

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx under a password
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_LISTED = b"PK\x01\x02"
_READ = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/[\w/. -]+\.(?:xml|rels)")
_ENCODING = re.compile(rb"""\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class UnpackingError(ValueError):
    """A workbook that cannot be unpacked; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault, which tells nothing of the content."""
        super().__init__("the workbook cannot be unpacked")
        self.fault = fault


def is_workbook(content: bytes) -> bool:
    """Return whether the bytes begin as those of a workbook, whatever the file is called."""
    return content.startswith((_ZIP, _EMPTY_ZIP, _OLD_WORKBOOK))


def unpacked(content: bytes) -> bytes:
    """Return an archive of the XML parts of a workbook alone, each whole, none compressed.

    Raises:
        UnpackingError: it is damaged, cut, under a password, of another kind, far too large, or a
            part of it is no plain XML.

    """
    if content.startswith(_OLD_WORKBOOK):
        raise UnpackingError(Fault("FILE_PROTECTED"))
    if content.count(_LISTED) > MOST_PARTS:
        raise UnpackingError(Fault("FILE_TOO_LARGE"))
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        # The list of its parts stands at the end.
        raise UnpackingError(Fault("FILE_TRUNCATED")) from None
    except Exception:  # noqa: BLE001 - a list that is damaged fails in many ways
        raise UnpackingError(Fault("FILE_UNREADABLE")) from None
    with archive:
        fault = _list_fault(archive.infolist(), len(content))
        if fault is not None:
            raise UnpackingError(fault)
        try:
            return _packed_again(archive)
        except Exception:  # noqa: BLE001 - zlib, struct and others: damaged bytes fail in many ways
            raise UnpackingError(Fault("FILE_UNREADABLE")) from None


def _list_fault(entries: list[zipfile.ZipInfo], size: int) -> Fault | None:
    """Return what is wrong with an archive, found before anything of it is unpacked."""
    whole = sum(entry.file_size for entry in entries)
    expands = whole > SMALL_UNPACKED and whole > MOST_RATIO * size
    if whole > MOST_UNPACKED or expands:
        return Fault("FILE_TOO_LARGE")
    if any(entry.flag_bits & 1 for entry in entries):
        return Fault("FILE_PROTECTED")
    names = [entry.filename for entry in entries]
    is_clear = len({name.lower() for name in names}) == len(names)
    return None if is_clear and WORKBOOK in names else Fault("FILE_UNREADABLE")


def _packed_again(archive: zipfile.ZipFile) -> bytes:
    """Return a new archive of the parts that are read; every part has its size and checksum."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as chosen:
        for entry in archive.infolist():
            if _READ.fullmatch(entry.filename) and ".." not in entry.filename:
                part = archive.read(entry)
                _refuse_other_than_plain_xml(part)
                chosen.writestr(zipfile.ZipInfo(entry.filename), part)
            else:
                _look_through(archive, entry)
    return content.getvalue()


def _look_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read a part that nobody needs, so that a damaged archive is known as one."""
    with archive.open(entry) as part:
        while part.read(1 << 20):
            pass


def _refuse_other_than_plain_xml(part: bytes) -> None:
    """Refuse what could be an XML bomb: no workbook declares a document type.

    Raises:
        ValueError: where one is declared, or where the bytes are no UTF-8 and could hide one.

    """
    encoding = _ENCODING.match(part.removeprefix(_BYTE_ORDER_MARK))
    if encoding and encoding[1].lower() not in _ENCODINGS:
        raise ValueError("a workbook part is not in UTF-8")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\x00" in part:
        raise ValueError("a workbook part declares a document type")
