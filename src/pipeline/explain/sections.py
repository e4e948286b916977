"""An explanation in sections of sentences and tables, the same for a terminal and for a page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.alert.wording import day
from pipeline.assess.assessed import NEUTRAL
from pipeline.assess.columns import COUNTS
from pipeline.explain.explanation import Explanation
from pipeline.explain.words import DIRECTIONS, METHODS, PRIVATE

NOT_TOLD = (
    "Rows of files and true counts are not published. With --unprotected they are shown, for the "
    "analyst's own eyes."
)
OWN_EYES = "Holds true counts, for the analyst's own eyes: do not pass it on."
_KEY = ("level", "part", "measure", "group_code", "comparator_code")
_HEADINGS = {
    "level": "level", "part": "part", "measure": "measure", "group_code": "group",
    "comparator_code": "comparator", "numerator": "numerator", "denominator": "denominator",
    "comparator_numerator": "comparator numerator",
    "comparator_denominator": "comparator denominator", "value": "value", "ci_low": "from",
    "ci_high": "to", "p_value": "p", "status": "status", "organisation_code": "organisation",
    "period_end": "snapshot", "source": "source", "file_name": "file", "sha256": "SHA-256",
    "rows_received": "received", "rows_landed": "landed", "rows_quarantined": "quarantined",
}  # fmt: skip
_NUMBERS = (*COUNTS, "value", "ci_low", "ci_high", "p_value")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: what it shows, its headings, its rows of texts, and which columns are numbers."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, sentences, and tables under them."""

    title: str
    sentences: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()


def title(explanation: Explanation) -> str:
    """Return what is explained."""
    entry = explanation.entry
    return f"{entry.standard} {entry.indicator}: {entry.title}"


def subtitle(explanation: Explanation) -> str:
    """Return whose figures they are, and of when."""
    row = explanation.first
    return (
        f"{row['organisation_name']} ({row['organisation_code']}), {day(row['period_end'])}, "
        f"release {explanation.about['release_id']}"
    )


def sections(explanation: Explanation) -> Iterator[Section]:
    """Yield the explanation from what is published to what stands behind it."""
    yield _definition(explanation)
    yield _published(explanation)
    yield _method(explanation)
    yield _files(explanation)
    yield _protection(explanation)
    if explanation.truth is not None:
        yield _counts(explanation)


def _definition(explanation: Explanation) -> Section:
    entry = explanation.entry
    return Section(
        "Definition",
        (
            entry.definition,
            f"Counted: {entry.numerator}; of: {entry.denominator}.",
            f"Compared: {entry.comparison}; better: {entry.favourable}.",
            f"Defined by {entry.source}.",
        ),
    )


def _published(explanation: Explanation) -> Section:
    figures = explanation.found.figures
    told = _grouped(
        (f"no value, since {why}.", row)
        for row in figures
        if (why := explanation.reason(row)) is not None
    )
    told += _grouped(
        (f"{DIRECTIONS[row['direction']]}.", row)
        for row in figures
        if row["direction"] not in (None, NEUTRAL)
    )
    if explanation.found.other_parts:
        told.append(f"Other parts: {', '.join(explanation.found.other_parts)}.")
    grid = _grid("Published figures", (*_KEY, *_NUMBERS, "status"), figures)
    return Section("What is published", tuple(told), (grid,))


def _method(explanation: Explanation) -> Section:
    told = []
    for name in dict.fromkeys(row["measure"] for row in explanation.found.figures):
        measure = explanation.entry.measures[name]
        words = METHODS[measure.method]
        told.append(
            f"{name} by {measure.method}: {words.value}; decimals: {measure.decimals}. "
            f"{words.interval[0].upper()}{words.interval[1:]}."
        )
    return Section("How it is worked out", (*told, *explanation.rules()))


def _files(explanation: Explanation) -> Section:
    names = ["organisation_code", "period_end", "source", "file_name", "sha256", "status"]
    if explanation.truth is not None:
        names += ["rows_received", "rows_landed", "rows_quarantined"]
    told = [f"Made from: {', '.join(explanation.entry.needs)}."]
    if explanation.truth is None:
        told.append(NOT_TOLD)
    return Section(
        "Received files", tuple(told), (_grid("Received files", names, explanation.files),)
    )


def _protection(explanation: Explanation) -> Section:
    about = explanation.about
    done = []
    for number, row in enumerate(explanation.found.figures):
        private = explanation.private(number)
        why = f" In truth: {PRIVATE[private['disclosure']]}." if private else ""
        done.append((f"{explanation.protection(row)}.{why}", row))
    told = [f"Policy {about['disclosure_policy']}, threshold {about['threshold']}."]
    told += _grouped(done, of_all="every figure above")
    if explanation.truth is not None:
        told += [f"Withheld: {one}." for one in explanation.truth.withheld]
    return Section("Protection", tuple(told))


def _counts(explanation: Explanation) -> Section:
    """Return the true figures, and the counts of each employer beside the rows of its main file."""
    truth = explanation.truth
    told = [
        OWN_EYES,
        "A count is of people, applications or cases, and a row is of what its file has a row for: "
        "somebody with two posts has two. A pooled body counts each person once.",
    ]
    if truth is None or truth.release_id != explanation.about["release_id"]:
        told.append(
            f"The true counts are of run {truth.release_id if truth else None}, which is not the "
            "published one."
        )
    main = explanation.entry.needs[0]
    landed = {
        one["organisation_code"]: one["rows_landed"]
        for one in explanation.files
        if one["source"] == main and one["status"] == "landed"
    }
    private = [one for one in truth.figures if one] if truth else []
    grids = [_grid("True figures", (*_KEY, *_NUMBERS, "status"), private)]
    for number, row in enumerate(explanation.found.figures):
        counts = [
            one | {"rows_landed": landed.get(one["organisation_code"])}
            for one in explanation.counts(number)
        ]
        if counts:
            names = ("organisation_code", "rows_landed", *COUNTS, "value", "status")
            grids.append(_grid(f"{_name(row)}, by employer, rows landed of {main}", names, counts))
    return Section("True counts", tuple(told), tuple(grids))


def _grouped(told: Iterable[tuple[str, dict[str, object]]], of_all: str | None = None) -> list[str]:
    """Return a sentence for all figures of which the same is told.

    Args:
        told: what is told of each figure.
        of_all: what they are called where the same is told of all; else they are named.
    """
    named: dict[str, list[str]] = {}
    for what, row in told:
        named.setdefault(what, []).append(_name(row))
    if of_all is not None and len(named) == 1:
        return [f"Of {of_all}: {what}" for what in named]
    return [f"{'; '.join(names)}: {what}" for what, names in named.items()]


def _name(row: dict[str, object]) -> str:
    """Return a figure's name within its indicator, organisation and snapshot."""
    against = f" against {row['comparator_code']}" if row["comparator_code"] else ""
    return f"{row['level']}, part {row['part']}, {row['measure']} of {row['group_code']}{against}"


def _grid(caption: str, names: Sequence[str], rows: Iterable[dict[str, object]]) -> Grid:
    """Return a table of some columns of rows, without those that have nothing in any row."""
    rows = list(rows)
    kept = [name for name in names if any(row[name] is not None for row in rows)]
    numbers = {
        place for place, name in enumerate(kept) if name in _NUMBERS or name.startswith("rows_")
    }
    return Grid(
        caption,
        tuple(_HEADINGS[name] for name in kept),
        tuple(tuple(_text(name, row[name]) for name in kept) for row in rows),
        frozenset(numbers),
    )


def _text(name: str, value: object) -> str:
    if name == "p_value" and value == 0:
        return "<0.001"  # it is rounded to three decimals, and never nothing
    return "" if value is None else str(value)
