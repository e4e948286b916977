"""Why a figure is not shown, and what would bring it back.

Only published columns are read, and what is said of a hidden figure is the same whatever its
numbers are: it depends on its level, its snapshot, and on which other figures are shown.
"""

from pipeline.report.telling import names
from pipeline.report.telling.figures import Figure
from pipeline.report.telling.subject import Subject

_FEW = (
    "Too few people are behind it, or it would help to work out a number of few people. It "
    "comes back when that is no longer so."
)
_ABSENCES = {"missing_source": "Not sent", "not_applicable": "Not defined"}
_DETAIL = "Figures of this kind are not published for this snapshot at this level."


def why_hidden(subject: Subject, figure: Figure | None) -> str:
    """Return why a figure is not shown; empty where it is."""
    if figure is None:
        return "There is no such figure for this snapshot: nothing of the kind is asked of it."
    if figure.is_shown:
        return ""
    if figure.status == "missing_source":
        return _missing(subject, figure)
    if figure.status == "not_applicable":
        return _not_defined(subject, figure)
    return " ".join(filter(None, (_reason(subject, figure), _elsewhere(subject, figure))))


def absence(figure: Figure | None) -> str:
    """Return what it is called that a figure is not shown."""
    return _ABSENCES.get(figure.status, "Hidden") if figure else "Not defined"


def _reason(subject: Subject, figure: Figure) -> str:
    if figure.reason != "DETAIL_NOT_PUBLISHED":
        return _FEW
    is_annual = (figure.period_end.month, figure.period_end.day) == (3, 31)
    if subject.is_pooled or is_annual:
        return _DETAIL
    return "The detail of an employer is published once a year, for the snapshot of 31 March."


def _elsewhere(subject: Subject, figure: Figure) -> str:
    """Return where else it is shown: for the ICB, or for an earlier snapshot."""
    for own in subject.others():
        for part in (figure.part, "illustrative"):
            pooled = own.find((*figure.key[:3], part, *figure.key[4:]))
            if pooled is not None and pooled.is_shown:
                return f"It is shown for the {names.LEVELS[pooled.level]}."
    for day in reversed(subject.own.days):
        earlier = subject.own.find((day, *figure.key[1:])) if day < figure.period_end else None
        if earlier is not None and earlier.is_shown:
            return f"It was last shown for {names.day(day)}."
    return ""


def _not_defined(subject: Subject, figure: Figure) -> str:
    told = f"It is not defined: {names.REASONS.get(figure.reason or '', 'it has no value here')}."
    if figure.reason == "NOT_ADDITIVE" and subject.is_pooled:
        return f"{told} Each employer has its own."
    return told


def _missing(subject: Subject, figure: Figure) -> str:
    asked = subject.needs(figure.standard, figure.indicator, figure.measure)
    absent, refused = [], []
    for source in asked:
        key = (figure.period_end, subject.level, subject.code, source)
        sent = subject.library.sent.get(key)
        status = subject.library.received.get((figure.period_end, subject.code, source))
        if status == "rejected":
            refused.append(names.SOURCES.get(source, source))
        elif sent is None or not sent["employers_sent"]:
            absent.append(names.SOURCES.get(source, source))
    when = names.day(figure.period_end)
    if refused:
        return (
            f"The {names.listed(refused)} file for {when} was rejected. The figure is "
            "shown once it has been mended and sent again."
        )
    if absent:
        return (
            f"The {names.listed(absent)} file for {when} did not come. The figure is "
            "shown once it has been sent."
        )
    return (
        f"What came for {when} does not hold what this figure is made from. It is shown once a "
        "source holds it."
    )
