"""A report as its readers meet it, before it is a page: words, numbers, tables, charts.

Every number that comes from a published figure says which figure and which of its columns it is, so
that a page can be held against the database number by number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a published figure.

    Attributes:
        text: as it is read, such as ``2.31``.
        figure: the place of the figure in ``figure``, sorted by its key.
        column: its column, such as ``value`` or ``ci_low``.
    """

    text: str
    figure: int
    column: str = "value"


Words = Sequence[str | Number]
"""A sentence, or a cell of a table: words and numbers in turn."""


def plain(words: Words) -> str:
    """Return words as text."""
    return "".join(one if isinstance(one, str) else one.text for one in words)


@dataclass(frozen=True, slots=True)
class Table:
    """A table. The first cell of a row is its heading.

    Attributes:
        caption: what it shows: of whom, when.
        columns: the headings.
        rows: the cells of each row.
        numeric: which columns hold numbers, by place.
        notes: what a reader has to know, such as what a mark stands for.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    numeric: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with the table of what it shows.

    Attributes:
        title: what it shows.
        svg: the drawing, ready to stand in a page; its own title and description are in it.
        message: what it says, in a sentence: the alternative to seeing it.
        table: the numbers in it.
    """

    title: str
    svg: str
    message: Words
    table: Table


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure as it is told.

    Attributes:
        title: what it is, such as ``Appointment from shortlisting``.
        value: the number, or ``Not shown``.
        sentences: what it says and no more.
        facts: period, base, interval and source, each with its name.
        hidden: why it is not shown and what would bring it back; empty where it is shown.
        absence: what that is called: hidden, not sent or not defined.
        direction: favourable, adverse, near_parity, cannot_tell or neutral; empty where hidden.
        change: how it compares with the year before; empty where nothing can be said.
    """

    title: str
    value: Words
    sentences: tuple[Words, ...]
    facts: tuple[tuple[str, Words], ...]
    hidden: str = ""
    absence: str = "Hidden"
    direction: str = ""
    change: Words = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page, in the order: paragraphs, headlines, charts, tables.

    Attributes:
        anchor: its name in an address, in lower case with hyphens.
        title: its heading.
    """

    anchor: str
    title: str
    paragraphs: tuple[Words, ...] = ()
    headlines: tuple[Headline, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        name: its name without an ending, such as ``wres``; the first of a body is ``index``.
        title: its heading.
        lead: what it is about, in a sentence or two.
        sections: its parts.
    """

    name: str
    title: str
    lead: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation with everything that is told of it.

    Attributes:
        code: its code.
        name: its name at the newest snapshot.
        level: employer, icb or system.
        period_end: the newest snapshot of which anything is told.
        pages: its pages.
        easy_read: short sentences, one thought each, for the easy-read page.
    """

    code: str
    name: str
    level: str
    period_end: date
    pages: tuple[Page, ...]
    easy_read: tuple[Words, ...]
