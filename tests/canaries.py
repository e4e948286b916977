"""Marks that stand for what identifies people, and the search for them in whatever was written.

Each mark begins with a stem that nothing else holds, and each way in which a stem may have been
written down (another encoding, a hash, a date as a number) is looked for. No mark is anybody's:
an NI number with the prefix QQ is never given, and the numbers are made up.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from searched import Layer

TEXT = "Zzqmark"
"""Every free text that is planted begins with it."""
NI_NUMBER = "QQ765432C"
STEMS = {
    "text": TEXT,
    "NI number": NI_NUMBER[:8],
    "NI number, spaced": "QQ 76 54 32 C",
    "employee number": "2987654",
    "NHS unique id": "7987654",
    "assignment number": "2887654",
    "case id": "C887654",
    "application id": "A887654",
    "member id": "M887654",
    "person id": "5987654",
    "mark in an exception": "PLANTED-IN-AN-EXCEPTION",
}
"""What the marks of each kind begin with."""
BIRTHS = (date(1957, 11, 23), date(1948, 2, 29), date(1989, 10, 17))
PEOPLE = tuple(range(8))
"""The last digits of the marked numbers that are planted."""

_EXCEL = date(1899, 12, 30)
_UNIX = date(1970, 1, 1)
_IN_NUMBER = rb"(?<![0-9A-Za-z.,])%s(?![0-9A-Za-z-]|[.,][0-9])"
"""A number that is no part of a longer one, nor of a random name."""


def number(kind: str, person: int) -> str:
    """Return the marked number of a kind that person ``person`` has."""
    return f"{STEMS[kind]}{PEOPLE[person]}"


@dataclass(frozen=True)
class Found:
    """A mark that was found: which, written how, and where."""

    mark: str
    form: str
    place: str

    def __str__(self) -> str:
        return f"{self.mark} ({self.form}) in {self.place}"


@dataclass
class Search:
    """Looks for every mark in every form, and counts what it looked through.

    Attributes:
        more: marks that a test adds, such as pseudonyms and keys, by what they are.
    """

    more: Mapping[str, bytes] = field(default_factory=dict)
    files: int = 0
    bytes_searched: int = 0
    containers: dict[str, int] = field(default_factory=dict)
    _known: dict[bytes, list[tuple[str, str]]] = field(default_factory=dict)

    def find(self, looked_through: Iterable[Layer]) -> list[Found]:
        """Return every mark of every layer."""
        found: list[Found] = []
        for layer in looked_through:
            if layer.container:
                self.containers[layer.container] = self.containers.get(layer.container, 0) + 1
            else:
                self.files += 1
            self.bytes_searched += len(layer.content)
            # Much is written twice: into the folder of the release and where everybody reads it.
            digest = hashlib.sha256(layer.content).digest()
            if digest not in self._known:
                self._known[digest] = [(one.mark, one.form) for one in self._in(layer)]
            found += [Found(*one, layer.place) for one in self._known[digest]]
        return found

    @cached_property
    def exact(self) -> list[tuple[str, str, bytes]]:
        """Each mark, the form, and the bytes that are looked for as they stand."""
        wanted = [
            (kind, form, needle)
            for kind, stem in STEMS.items()
            for form, needle in forms(stem).items()
        ]
        wanted += [(f"{kind} hashed", form, needle) for kind, form, needle in _hashes()]
        wanted += [("birth date", form, text) for day in BIRTHS for form, text in _dates(day)]
        wanted += [(kind, "as it is", needle) for kind, needle in self.more.items()]
        return list(
            {needle: (kind, form, needle) for kind, form, needle in reversed(wanted)}.values()
        )

    @cached_property
    def folded(self) -> list[tuple[str, bytes]]:
        """The stems in small letters, for content of which every letter is made small."""
        return [
            (kind, needle.lower())
            for kind, stem in STEMS.items()
            for needle in (stem.encode(), stem.encode("utf-16-le"), stem.encode("utf-16-be"))
        ]

    @cached_property
    def _as_numbers(self) -> list[tuple[str, bytes, re.Pattern[bytes]]]:
        wanted = []
        for day in BIRTHS:
            for what, days in (("Excel serial", day - _EXCEL), ("days since 1970", day - _UNIX)):
                text = str(days.days).encode()
                wanted.append((what, text, re.compile(_IN_NUMBER % re.escape(text))))
        return wanted

    def _in(self, layer: Layer) -> Iterable[Found]:
        content = layer.content
        for mark, form, needle in self.exact:
            if needle in content:
                yield Found(mark, form, layer.place)
        small = content.lower()
        for mark, needle in self.folded:
            if needle in small:
                yield Found(mark, "whatever the case", layer.place)
        for form, digits, pattern in self._as_numbers:
            if digits in content and pattern.search(content):
                yield Found("birth date", form, layer.place)

    def facts(self) -> dict[str, int]:
        """Return what was looked through, for the record."""
        unpacked = sum(self.containers.values())
        return {
            "files searched": self.files,
            "bytes searched": self.bytes_searched,
            "contents unpacked": unpacked,
            "ways of writing looked for": len(self.exact)
            + len(self.folded)
            + len(self._as_numbers),
        }


def forms(stem: str) -> dict[str, bytes]:
    """Return the ways in which text with a stem in it may stand in a file."""
    raw, wide = stem.encode(), stem.encode("utf-16-le")
    found = {
        "utf-8": raw,
        "utf-16, small end": wide,
        "utf-16, big end": stem.encode("utf-16-be"),
        "utf-32": stem.encode("utf-32-le"),
        "hexadecimal": raw.hex().encode(),
        "hexadecimal, capitals": raw.hex().upper().encode(),
        "hexadecimal of utf-16": wide.hex().encode(),
        "backwards": raw[::-1],
        "percent-encoded": b"".join(b"%%%02X" % byte for byte in raw),
        "percent-encoded spaces": raw.replace(b" ", b"%20"),
        "plus for spaces": raw.replace(b" ", b"+"),
        "base32": base64.b32encode(raw[: len(raw) // 5 * 5]),
    }
    for offset in range(3):
        found[f"base64 from {offset}"] = _in_base64(raw, offset)
        found[f"base64 of utf-16 from {offset}"] = _in_base64(wide, offset)
    if stem.isdigit():
        # Whatever the last digit, seven of eight stand in these groups.
        found["with thousands"] = f"{stem[:2]},{stem[2:5]},{stem[5:]}".encode()
        found["in groups"] = f"{stem[:2]} {stem[2:5]} {stem[5:]}".encode()
    return found


def _in_base64(content: bytes, offset: int) -> bytes:
    """Return the part of the base64 of a longer text that content ``offset`` bytes in decides."""
    encoded = base64.b64encode(b"\0" * offset + content)
    whole = (offset + len(content)) // 3 * 4
    return encoded[(0, 2, 3)[offset] : whole]


def _hashes() -> Iterable[tuple[str, str, bytes]]:
    """Yield the plain hashes of whole numbers: who guesses the number would know it again."""
    numbered = [k for k, stem in STEMS.items() if stem.isdigit() or stem[1:].isdigit()]
    whole = [(kind, number(kind, person)) for kind in numbered for person in PEOPLE[:2]]
    whole += [("NI number", NI_NUMBER), *(("birth date", day.isoformat()) for day in BIRTHS)]
    for kind, text in whole:
        for name in ("md5", "sha1", "sha256"):
            digest = hashlib.new(name, text.encode(), usedforsecurity=False).digest()
            yield kind, name, digest[:8]
            yield kind, f"{name} in hexadecimal", digest.hex()[:16].encode()
            yield kind, f"{name} in base64", base64.b64encode(digest)[:16]


def _dates(day: date) -> Iterable[tuple[str, bytes]]:
    ways = (
        "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d",
        "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%B %d, %Y", "%d-%B-%Y", "%d/%m/%y",
    )  # fmt: skip
    for way in ways:
        text = day.strftime(way)
        yield way, text.encode()
        if way in ("%Y-%m-%d", "%d/%m/%Y"):
            yield f"{way} in utf-16", text.encode("utf-16-le")
            for offset in range(3):
                yield f"{way} in base64", _in_base64(text.encode(), offset)
            yield f"{way} in hexadecimal", text.encode().hex().encode()
    yield "as Python prints it", f"({day.year}, {day.month}, {day.day}".encode()
