"""Who sent what, as tables."""

from datetime import date

from pipeline.report.document import Section, Table, Words
from pipeline.report.telling import names
from pipeline.report.telling.subject import Subject

_STATUS = {
    "landed": "came",
    "missing": "did not come",
    "rejected": "was rejected",
    "superseded": "came",
}


def coverage(subject: Subject) -> Section:
    """Return who sent which files for the snapshot of the pages, and for those before it."""
    table = _of_pool(subject) if subject.is_pooled else _of_employer(subject)
    return Section("coverage", "Who sent what", tables=(table,) if table.rows else ())


def _of_employer(subject: Subject) -> Table:
    days = subject.own.days
    received = subject.library.received
    sources = [
        source
        for source in names.SOURCES
        if any((day, subject.code, source) in received for day in days)
    ]
    return Table(
        f"Files of {subject.name}",
        ("File", *(names.day(day) for day in days)),
        tuple(
            (
                (names.upper(names.SOURCES[source]),),
                *((_status(received.get((day, subject.code, source))),) for day in days),
            )
            for source in sources
        ),
        notes=(
            "Files of the annual return are asked for at 31 March, and are welcome at other "
            "snapshots.",
        ),
    )


def _status(status: str | None) -> str:
    return "not asked for" if status is None else _STATUS.get(status, status)


def _of_pool(subject: Subject) -> Table:
    rows: list[tuple[Words, ...]] = []
    for source, title in names.SOURCES.items():
        sent = subject.library.sent.get((subject.day, subject.level, subject.code, source))
        if sent is not None:
            whole = f"{sent['employers_sent']} of {sent['employers']} employers"
            missing = names_without(subject, subject.day, source)
            rows.append(
                ((names.upper(title),), (whole,), ("; ".join(missing) if missing else "none",))
            )
    return Table(
        f"Files for {names.day(subject.day)}, {subject.name}",
        ("File", "Came from", "Not from"),
        tuple(rows),
    )


def names_without(subject: Subject, day: date, source: str) -> list[str]:
    """Return the names of the employers whose file did not come or was rejected, in their order."""
    return sorted(
        subject.library.own[code, "employer"].all[-1].organisation_name
        for code in subject.employers()
        if subject.library.received.get((day, code, source)) in ("missing", "rejected")
    )
