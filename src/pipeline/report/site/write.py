"""The site: a folder of pages for each body, and the page of the widest one at its root."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.files import make_folder, write_whole
from pipeline.report.document import Body, Page
from pipeline.report.site.html import render
from pipeline.report.site.paper import Printer
from pipeline.report.site.places import (
    EASY_READ,
    LARGE_PRINT,
    REPORT,
    Folders,
    Place,
    by_level,
)
from pipeline.report.site.wording import DIRECTIONS, LEVELS, full_name, label
from pipeline.report.source import Published

_INDEX = "index"
_PAPERS = ((REPORT, "Report to print (PDF)"), (LARGE_PRINT, "Report in large print (PDF)"))
Downloads = Sequence[tuple[str, str]]


@dataclass(slots=True)
class _Root:
    """The body whose overview is the first page of the site, as far as bodies have come."""

    body: Body | None = None
    place: Place | None = None
    is_alone: bool = True

    def meet(self, body: Body, place: Place) -> None:
        """Keep a body where it is wider than the ones before it."""
        levels = list(LEVELS)
        kept = len(levels) if self.body is None else levels.index(self.body.level)
        rank = levels.index(body.level)
        if rank < kept:
            self.body, self.place, self.is_alone = body, place, True
        elif rank == kept:
            self.is_alone = False


def write_site(
    published: Published, bodies: Iterable[Body], folder: Path, downloads: Downloads = ()
) -> list[Path]:
    """Write the site of a release; one body is held in memory at a time, and the widest.

    Args:
        published: the release that the bodies tell of.
        bodies: the organisations, each code and level once.
        folder: where to write; made where it is not there.
        downloads: addresses below ``folder`` and what they are called, listed on the first page.

    Returns:
        The files that were written, in the order of writing.

    Raises:
        ProductError: the code of an organisation could not be the name of a folder.
    """
    common = _common(published)
    folders, root, printer = Folders(published), _Root(), Printer(published)
    written: list[Path] = []
    places: list[Place] = []
    with ThreadPoolExecutor(max_workers=1) as press:
        # The typesetter leaves the interpreter free: a body is printed while the next is told.
        printing: Future[list[Path]] | None = None
        for body in bodies:
            place = folders.place(body)
            places.append(place)
            root.meet(body, place)
            written += _write_all(folder / place.folder, _pages(body, common))
            written += printing.result() if printing else []
            printing = press.submit(_write_all, folder / place.folder, _papers(body, printer))
        written += printing.result() if printing else []
    first = folder / f"{_INDEX}.html"
    make_folder(folder)
    write_whole(first, _first(root, common, places, downloads).encode())
    return [*written, first]


def _common(published: Published) -> dict[str, Any]:
    return {
        "release_id": published.release_id,
        "is_sample": published.is_sample,
        "sources": (f"Intervals: {published.about('intervals')}", published.about("population")),
        "easy_read": EASY_READ,
        "papers": _PAPERS,
        "places": (),
        "downloads": (),
    }


def _write_all(folder: Path, files: Iterable[tuple[str, bytes]]) -> list[Path]:
    make_folder(folder)
    written = []
    for name, content in files:
        write_whole(folder / name, content)
        written.append(folder / name)
    return written


def _papers(body: Body, printer: Printer) -> Iterator[tuple[str, bytes]]:
    yield REPORT, printer.pdf(body)
    yield LARGE_PRINT, printer.pdf(body, is_large=True)


def _pages(body: Body, common: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each page of a body."""
    for page in body.pages:
        trail = _trail(body) if page.name != _INDEX else _trail(body)[:1]
        yield f"{page.name}.html", _page(body, page, common, trail).encode()
    if body.easy_read:
        title = f"Easy read | {full_name(body)}"
        told = _about(body) | {"home": "../index.html", "trail": _trail(body)}
        yield (
            f"{EASY_READ}.html",
            render("easy_read.html", **common, **told, title=title, prefix="").encode(),
        )


def _page(body: Body, page: Page, common: dict[str, Any], trail: Sequence[tuple[str, str]]) -> str:
    told = _about(body) | _about_page(page) | {"home": "../index.html", "trail": trail}
    return render("page.html", **common, **told, title=_title(body, page), prefix="")


def _first(
    root: _Root, common: dict[str, Any], places: Sequence[Place], downloads: Downloads
) -> str:
    """Return the first page: the overview of the widest body where it is the only one as wide."""
    told = common | {"home": "index.html", "places": by_level(places), "downloads": downloads}
    overview = _overview(root)
    if root.body is None or root.place is None or overview is None:
        return render("organisations_only.html", **told, title="All organisations")
    told |= _about(root.body) | _about_page(overview)
    title, prefix = _title(root.body, overview), f"{root.place.folder}/"
    return render("page.html", **told, trail=(), title=title, prefix=prefix)


def _overview(root: _Root) -> Page | None:
    if root.body is None or not root.is_alone:
        return None
    return next((page for page in root.body.pages if page.name == _INDEX), None)


def _about(body: Body) -> dict[str, Any]:
    return {"body": body, "name": full_name(body)}


def _about_page(page: Page) -> dict[str, Any]:
    headlines = [one for section in page.sections for one in section.headlines]
    used = {one.direction for one in headlines}
    return {"page": page, "used": [DIRECTIONS[name][0] for name in DIRECTIONS if name in used]}


def _title(body: Body, page: Page) -> str:
    return f"{label(page, body)} | {full_name(body)}"


def _trail(body: Body) -> tuple[tuple[str, str], ...]:
    return (("All organisations", "../index.html"), (full_name(body), f"{_INDEX}.html"))
