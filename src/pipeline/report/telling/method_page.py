"""The page of how the figures were made: definitions, intervals, protection, breaks, checks."""

from collections.abc import Iterator

from pipeline.report.document import Page, Section, Table, Words
from pipeline.report.telling import names
from pipeline.report.telling.coverage import coverage
from pipeline.report.telling.subject import Subject

_STANDARDS = tuple(names.STANDARDS)


def method(subject: Subject) -> Page:
    """Return the page."""
    return Page(
        name="method",
        title="How it was made",
        lead="What each figure means, what its interval says, and how people are protected.",
        sections=(
            _reading(subject),
            _protection(subject),
            _breaks(subject),
            _checks(subject),
            coverage(subject),
            _definitions(subject),
            _sources(subject),
        ),
    )


def _reading(subject: Subject) -> Section:
    told: list[Words] = []
    if subject.library.published.is_sample:
        told.append(("This is a sample. The people in it are invented.",))
    intervals = subject.library.about.get("intervals")
    if intervals:
        told.append((f"Intervals: {intervals}",))
    told += [
        ("Adverse and favourable are said of a difference only where p is below 0.05 and the "
         "interval leaves parity out. Near parity: the whole interval lies between 0.80 and 1.25, "
         "or within 5 percentage points. Otherwise the figures cannot tell.",),
        ("A change in a year is claimed only where a test supports it: of ratios z is the "
         "logarithm of one over the other, divided by the root of the sum of their squared "
         "standard errors. Of all changes tested in one snapshot and standard the procedure of "
         "Benjamini and Hochberg keeps those that stand at 5%.",),
        ("Organisations are set against limits of 99.8%, and are never ranked.",),
    ]  # fmt: skip
    return Section("reading", "How to read the figures", tuple(told))


def _protection(subject: Subject) -> Section:
    about = subject.library.about
    told: list[Words] = [
        (f"The disclosure policy is {about.get('disclosure_policy', 'not named')}. Numbers of "
         f"fewer than {about.get('threshold', 'a few')} people are small; small numbers, and "
         "others from which a small one would follow, are hidden. Why a given number is hidden is "
         "not told, since that would narrow it down.",),
        ("Where a percentage alone may be published its counts are left out. Where counts are "
         "rounded, the figure says so.",),
    ]  # fmt: skip
    return Section("protection", "How people are protected", tuple(told))


def _breaks(subject: Subject) -> Section:
    told = sorted(
        (since, standard, indicator, change)
        for (standard, indicator), breaks in subject.library.breaks.items()
        for since, change in breaks
    )
    table = Table(
        "Days since which an indicator is counted otherwise",
        ("Indicator", "Since", "What changed"),
        tuple(
            ((f"{standard} {indicator}",), (names.day(since),), (change,))
            for since, standard, indicator, change in told
        ),
    )
    return Section("breaks", "Breaks in the series", tables=(table,) if told else ())


def _checks(subject: Subject) -> Section:
    passed, checks = subject.library.checks
    told: list[Words] = []
    if checks:
        told.append((f"{passed} of {checks} checks of the release passed.",))
    alerts = [
        row
        for code in (subject.code, *subject.employers())
        for row in subject.library.notices.get(code, [])
        if row["period_end"] == subject.day
    ]
    table = Table(
        f"Notices on what was sent, {names.day(subject.day)}",
        ("Organisation", "Notice"),
        tuple(((row["organisation_name"],), (row["message"],)) for row in alerts),
    )
    return Section("checks", "Checks", tuple(told), tables=(table,) if alerts else ())


def _definitions(subject: Subject) -> Section:
    return Section("definitions", "Definitions", tables=tuple(_tables(subject)))


def _tables(subject: Subject) -> Iterator[Table]:
    """Yield the definitions of the indicators that the organisation has figures of."""
    used = {(one.standard, one.indicator) for one in subject.own.all}
    for standard in _STANDARDS:
        found = {
            indicator: row
            for (of, indicator, _), row in sorted(subject.library.registry.items())
            if of == standard and (of, indicator) in used
        }
        if found:
            yield Table(
                names.STANDARDS[standard],
                ("Indicator", "Title", "Definition", "Source"),
                tuple(
                    (
                        (indicator.replace("_", " "),), (str(row["title"]),),
                        (str(row["definition"]),), (str(row["source"]),),
                    )
                    for indicator, row in found.items()
                ),
            )  # fmt: skip


def _sources(subject: Subject) -> Section:
    about = subject.library.about
    told: list[Words] = [(f"{about['population']}",)] if about.get("population") else []
    told.append((f"Release {subject.library.published.release_id}.",))
    if about.get("code_version"):
        told.append((f"Version of the product: {about['code_version']}.",))
    return Section("sources", "Sources", tuple(told))
