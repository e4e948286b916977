"""The lineage as a picture: extracts, standards, the published tables and the views, as SVG."""

from collections.abc import Iterable, Sequence
from html import escape

from pipeline.registry import load_registry
from pipeline.report.copies.lineage import Origin, view_names
from schemas.published import TABLES

_LEFT = (20, 330, 640, 950)
_WIDTH, _BOX, _STEP, _TOP = 1180, 210, 38, 70
_TITLES = ("Extracts received", "Standards", "Published tables", "Published views")
Edge = tuple[int, str, str]
"""The column of boxes that it starts from, the box there and the box in a later column."""


def picture(origins: Iterable[Origin]) -> str:
    """Return the picture as SVG; its title and description say what it shows.

    Every line is an origin: an extract feeds a standard where an indicator of it hangs on a heading
    of the extract, and a view reads a table where one of its columns does.
    """
    known = list(origins)
    standards = list(dict.fromkeys(entry.standard for entry in load_registry()))
    extracts = sorted({one.source for one in known if one.kind == "heading"})
    columns = (extracts, standards, list(TABLES), list(view_names()))
    place = {
        (column, name): _TOP + row * _STEP
        for column, names in enumerate(columns)
        for row, name in enumerate(names)
    }
    edges = sorted(_edges(known, standards))
    height = _TOP + _STEP * max(len(names) for names in columns) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" aria-labelledby="title told">',
        '<title id="title">Where the published figures come from</title>',
        f'<desc id="told">{escape(_told(edges))}</desc>',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        '<g fill="none" stroke="#768692" stroke-width="1.2">',
        *(_line(edge, columns, place) for edge in edges),
        '</g><g font-family="Arial, sans-serif" font-size="15" fill="#212b32">',
    ]
    for column, names in enumerate(columns):
        left = _LEFT[column]
        parts.append(f'<text x="{left}" y="40" font-weight="bold">{_TITLES[column]}</text>')
        for name in names:
            top = place[column, name]
            parts.append(
                f'<rect x="{left}" y="{top}" width="{_BOX}" height="28" rx="3" fill="#f0f4f5" '
                f'stroke="#005eb8"/><text x="{left + 10}" y="{top + 19}">{escape(name)}</text>'
            )
    return "\n".join([*parts, "</g>", "</svg>"]) + "\n"


def _edges(origins: Sequence[Origin], standards: Sequence[str]) -> set[Edge]:
    edges: set[Edge] = {(1, standard, "figure") for standard in standards}
    views = set(view_names())
    for one in origins:
        if one.kind == "heading" and one.standard:
            edges.add((0, one.source, one.standard))
        elif one.kind == "column" and one.table in views:
            edges.add((2, one.source, one.table))
    return edges


def _line(edge: Edge, columns: Sequence[Sequence[str]], place: dict[tuple[int, str], int]) -> str:
    column, start, end = edge
    after = next(later for later in range(column + 1, len(columns)) if end in columns[later])
    left, right = _LEFT[column] + _BOX, _LEFT[after]
    top, bottom = place[column, start] + 14, place[after, end] + 14
    middle = (left + right) // 2
    return f'<path d="M{left} {top} C{middle} {top} {middle} {bottom} {right} {bottom}"/>'


def _told(edges: Iterable[Edge]) -> str:
    """Return in words what the lines say."""
    into: dict[str, list[str]] = {}
    for column, start, end in edges:
        if column != 1:
            into.setdefault(end, []).append(start)
    lines = [f"{name} from {', '.join(sources)}" for name, sources in sorted(into.items())]
    return "; ".join(lines) + ". Every standard is in the table figure."
