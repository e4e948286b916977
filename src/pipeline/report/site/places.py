"""Where the pages of each body lie in the site."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.errors import ProductError
from pipeline.report.document import Body
from pipeline.report.site.wording import LEVELS, full_name
from pipeline.report.source import Published

EASY_READ = "easy-read"
REPORT = "report.pdf"
LARGE_PRINT = "large-print.pdf"
_CODE = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A body in the list of all: its folder, and what to call it."""

    folder: str
    code: str
    name: str
    level: str


class Folders:
    """The folder of each body of a release: its code, with its level where another has that code.

    Raises:
        ProductError: a code could not be the name of a folder.
    """

    def __init__(self, published: Published) -> None:
        pairs = published.figure[["organisation_code", "level"]].drop_duplicates()
        self._bodies = Counter(pairs["organisation_code"])

    def place(self, body: Body) -> Place:
        """Return where the pages of a body lie."""
        if not _CODE.fullmatch(body.code):
            raise ProductError(f"The organisation code {body.code!r} cannot name a folder.")
        alone = self._bodies[body.code] < 2
        folder = body.code if alone else f"{body.code}-{body.level}"
        return Place(folder, body.code, full_name(body), body.level)


def by_level(places: Iterable[Place]) -> list[tuple[str, list[Place]]]:
    """Return bodies under what their level is called, the widest first, each by name."""
    rows = sorted(places, key=lambda place: (place.name, place.code))
    grouped = [
        (label, [row for row in rows if row.level == level]) for level, label in LEVELS.items()
    ]
    return [(label, group) for label, group in grouped if group]
