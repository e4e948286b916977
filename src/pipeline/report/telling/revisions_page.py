"""The page of what reads otherwise than in the release before, figure by figure."""

from collections import Counter

from pipeline.publish.revisions import NOT_LISTED
from pipeline.report.document import Page, Section, Table, Words
from pipeline.report.telling import names
from pipeline.report.telling.figures import cell
from pipeline.report.telling.subject import Row, Subject

MOST_ROWS = 300
"""Rows of the table; a page is to stay small, and the database holds them all."""

_KINDS = {"appeared": "New", "withdrawn": "Withdrawn", "changed": "Changed"}
_WHY = ("explanation", "reason")


def changes(subject: Subject) -> Page:
    """Return the page."""
    revised = subject.library.revised.get((subject.code, subject.level), [])
    return Page(
        name="changes",
        title="What changed since the last release",
        lead="Every figure that reads otherwise than in the release before, and why.",
        sections=(_section(subject, revised),),
    )


def _section(subject: Subject, revised: list[Row]) -> Section:
    if not revised:
        return Section("figures", "Figures", (_nothing(subject),))
    listed = [row for row in revised if row["change"] != NOT_LISTED]
    silent = [row for row in revised if row["change"] == NOT_LISTED]
    before = revised[0].get("previous_release_id")
    told: list[Words] = [
        (f"Figures that read otherwise than in the release {before} and are listed: "
         f"{len(listed):,d}. A figure that is hidden in one of the two releases is not listed, nor "
         "is one that few people changed.",),
    ]  # fmt: skip
    if len(listed) > MOST_ROWS:
        told.append((f"The first {MOST_ROWS} follow; the table revision of the published database "
                     "holds them all.",))  # fmt: skip
    tables = [_not_listed(subject, silent)] if silent else []
    if listed:
        tables += [_by_standard(subject, listed), _by_figure(subject, listed[:MOST_ROWS])]
    return Section("figures", "Figures", tuple(told), tables=tuple(tables))


def _nothing(subject: Subject) -> Words:
    if not subject.library.published.manifest.get("earlier_releases"):
        return ("This is the first release, so that there is none to compare it with.",)
    return ("No figure of this organisation reads otherwise than in the release before.",)


def _by_standard(subject: Subject, revised: list[Row]) -> Table:
    found = Counter((row["standard"], row["change"], _why(row)) for row in revised)
    return Table(
        f"Figures that changed, by standard, {subject.name}",
        ("Standard", "What happened", "Why", "Figures"),
        tuple(
            (
                (names.STANDARDS.get(standard, str(standard)),),
                (str(_KINDS.get(change, change)),), (why,),
                (f"{figures:,d}",),
            )
            for (standard, change, why), figures in sorted(found.items())
        ),
        frozenset({3}),
    )  # fmt: skip


def _not_listed(subject: Subject, silent: list[Row]) -> Table:
    return Table(
        f"Standards of which figures may read otherwise that are not listed, {subject.name}",
        ("Standard", "Snapshot", "Why"),
        tuple(
            (
                (names.STANDARDS.get(row["standard"], str(row["standard"])),),
                (names.day(row["period_end"]),), (_why(row),),
            )
            for row in silent
        ),
    )  # fmt: skip


def _by_figure(subject: Subject, revised: list[Row]) -> Table:
    return Table(
        f"Each figure, {subject.name}",
        ("Figure", "Snapshot", "Part", "Group", "What happened", "Why", "It reads now"),
        tuple(_row(subject, row) for row in revised),
        frozenset({6}),
    )


def _row(subject: Subject, row: Row) -> tuple[Words, ...]:
    standard, indicator = str(row["standard"]), str(row["indicator"])
    title = subject.entry(standard, indicator, row["measure"]).get("title") or indicator
    key = (
        row["period_end"], row["standard"], row["indicator"], row["part"], row["measure"],
        row["group_code"], row["comparator_code"] or "",
    )  # fmt: skip
    named = subject.library.groups.get((standard, indicator, str(row["measure"])), {})
    groups = [named.get(one, one) for one in (row["group_code"], row["comparator_code"]) if one]
    return (
        (f"{standard} {indicator}: {title}",),
        (names.day(row["period_end"]),),
        (names.part(row["part"]),),
        (" against ".join(groups),),
        (str(_KINDS.get(row["change"], row["change"])),),
        (_why(row),),
        cell(subject.own.find(key)),
    )


def _why(row: Row) -> str:
    return next((str(row[name]) for name in _WHY if row.get(name)), "not recorded")
