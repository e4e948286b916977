"""Tables of figures, and what stands where there is nothing to put in one."""

from collections.abc import Iterable, Sequence

from pipeline.report.document import Table, Words
from pipeline.report.telling import names
from pipeline.report.telling.figures import Figure, cell
from pipeline.report.telling.hidden import why_hidden
from pipeline.report.telling.subject import Subject

MARKS = "[c]: hidden to protect people. [x]: there is no such number."
DIRECTIONS = {
    "adverse": "adverse",
    "favourable": "favourable",
    "near_parity": "near parity",
    "cannot_tell": "cannot tell",
}
"""What a table says of a figure; of a neutral one it says nothing."""


def group_name(subject: Subject, figure: Figure) -> str:
    """Return the name of a figure's group in the registry, or its code."""
    groups = subject.library.groups.get(figure.kind, {})
    return groups.get(figure.group_code, figure.group_code)


def group_order(subject: Subject, figure: Figure) -> int:
    """Return the place of a figure's group in the registry; those not in it come last."""
    groups = list(subject.library.groups.get(figure.kind, {}))
    return groups.index(figure.group_code) if figure.group_code in groups else len(groups)


def title_of(subject: Subject, figure: Figure) -> str:
    """Return the title of a figure's indicator, or its code."""
    entry = subject.entry(figure.standard, figure.indicator, figure.measure)
    return str(entry.get("title") or figure.indicator)


def figure_table(
    caption: str,
    headings: Sequence[str],
    figures: Iterable[tuple[Sequence[str], Figure]],
    columns: Sequence[tuple[str, str]],
    *,
    with_direction: bool = False,
) -> tuple[Table, ...]:
    """Return a table with a row for each figure; none where there is no figure.

    Args:
        caption: of whom, when.
        headings: of the cells that name a row.
        figures: the names of each row, and its figure.
        columns: the heading and the column of each number.
        with_direction: whether the last column says what may be claimed.
    """
    rows: list[tuple[Words, ...]] = []
    for labels, figure in figures:
        told = [*((label,) for label in labels), *(cell(figure, name) for _, name in columns)]
        if with_direction:
            told.append((DIRECTIONS.get(figure.direction or "", "-"),))
        rows.append(tuple(told))
    if not rows:
        return ()
    first = len(headings)
    tops = (*headings, *(heading for heading, _ in columns))
    return (
        Table(
            caption,
            (*tops, "What may be claimed") if with_direction else tops,
            tuple(rows),
            frozenset(range(first, first + len(columns))),
            (MARKS,),
        ),
    )


def nothing_shown(subject: Subject, figures: Sequence[Figure]) -> tuple[Words, ...]:
    """Return why no figure of several is shown, as a paragraph; nothing where one is."""
    if any(figure.is_shown for figure in figures):
        return ()
    if not figures:
        return (("Nothing of the kind is asked of this organisation for this snapshot.",),)
    return ((f"Nothing is shown here. {why_hidden(subject, figures[0])}",),)


def caption(subject: Subject, what: str) -> str:
    """Return the caption of a table at the day of the pages."""
    return f"{what}, {subject.name}, {names.day(subject.day)}"
