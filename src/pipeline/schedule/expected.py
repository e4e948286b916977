"""Which extracts are expected of a snapshot, and which of them are not there yet."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from pipeline import organisations
from pipeline.periods import quarter_end_before
from pipeline.receive.inbox import CONTROL_TOTALS, Place
from pipeline.receive.ledger import EMPTY, LANDED, REJECTED, SUPERSEDED, Load
from pipeline.receive.sources import EmptyMeans, empty_means
from pipeline.resources import reference
from pipeline.schedule.settings import Schedule

_BECAME_ICB = ("CCG", "SUB_ICB")
"""The kinds of a code before and after its CCG became part of an ICB, which sends from then on."""


class Lack(StrEnum):
    """What is the matter with an expected extract."""

    NOT_RECEIVED = "not received"
    REJECTED = "rejected"
    EMPTY = "empty"
    """It came with headings and no rows, which in its source counts as not sent."""


@dataclass(frozen=True, slots=True, order=True)
class Outstanding:
    """An expected extract that is not part of the snapshot yet."""

    place: Place
    lack: Lack


def expected_places(
    schedule: Schedule, period_end: date, loads: Sequence[Load]
) -> tuple[Place, ...]:
    """Return what is expected of a snapshot.

    Args:
        schedule: organisations and sources, where a team names them.
        period_end: the snapshot.
        loads: everything that was received.

    Returns:
        For each organisation that is named, else for each that sent something at the newest
        snapshot before: the sources that are named, else those due at the snapshot
        (``warehouse/reference/source.csv``) that it sent when they were last due; all of those due
        where it sent nothing then. A CCG that became part of an ICB is that ICB.
    """
    sent = _sent(loads)
    before = max((end for end, _ in sent if end < period_end), default=None)
    known = {code for end, code in sent if end == before}
    found: set[Place] = set()
    for code in set(schedule.organisations) or known:
        sources = schedule.sources or _due(code, period_end, sent)
        for heir in _senders(code, period_end, before or quarter_end_before(period_end)):
            found |= {Place(period_end, heir, source) for source in sources}
    return tuple(sorted(found))


def outstanding(expected: Iterable[Place], loads: Iterable[Load]) -> tuple[Outstanding, ...]:
    """Return which expected extracts are not there, and why."""
    states: dict[Place, set[str]] = defaultdict(set)
    for load in loads:
        states[load.place].add(load.status)
    found = []
    for place in expected:
        lack = _lack(place.source, states[place])
        if lack is not None:
            found.append(Outstanding(place, lack))
    return tuple(found)


def _lack(source: str, states: set[str]) -> Lack | None:
    if LANDED in states or (EMPTY in states and empty_means(source) is EmptyMeans.NONE):
        return None
    if REJECTED in states:
        return Lack.REJECTED
    return Lack.EMPTY if EMPTY in states else Lack.NOT_RECEIVED


def _sent(loads: Iterable[Load]) -> dict[tuple[date, str], set[str]]:
    """Return the sources that each organisation sent at each snapshot, whatever became of them."""
    sent: dict[tuple[date, str], set[str]] = defaultdict(set)
    for load in loads:
        place = load.place
        if load.status != SUPERSEDED and place.source != CONTROL_TOTALS:
            sent[place.period_end, place.organisation_code].add(place.source)
    return dict(sent)


def _due(code: str, period_end: date, sent: dict[tuple[date, str], set[str]]) -> frozenset[str]:
    """Return the sources due at a snapshot that the organisation is known to send."""
    found = set()
    for source, months in _months().items():
        if period_end.month not in months:
            continue
        last = quarter_end_before(period_end)
        while last.month not in months:
            last = quarter_end_before(last)
        if source in sent.get((last, code), {source}):
            found.add(source)
    return frozenset(found)


@cache
def _months() -> dict[str, frozenset[int]]:
    """Return the months whose snapshots each source is expected at."""
    return {
        row["source"]: frozenset(map(int, filter(None, row["expected_months"].split(";"))))
        for row in reference("source")
        if row["expected_months"]
    }


def _senders(code: str, on: date, before: date) -> frozenset[str]:
    """Return who sends on a day what ``code`` sent before: itself, its ICB or its successors."""
    found = organisations.find(code, on)
    if found is None:
        heirs = {
            row["new_code"]
            for row in reference("succession")
            if row["old_code"] == code and date.fromisoformat(row["effective_date"]) <= on
        }
        return frozenset[str]().union(*(_senders(heir, on, before) for heir in heirs))
    earlier = organisations.find(code, before)
    kinds = (earlier.kind if earlier else "", found.kind)
    return frozenset({found.icb_code if kinds == _BECAME_ICB else code})
