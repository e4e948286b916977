"""What a reader sees of alerts: a point each, and one for what an organisation lacks of extracts.

An organisation that did not send six extracts has one thing to mend, and six points of it would
bury the few that are about its figures.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pipeline.alert.notices import Notice
from pipeline.alert.wording import running
from pipeline.quality.extracts import ON_EXTRACTS

_SEVERITIES = ("critical", "error", "warning", "note", "info")
_TOGETHER = {
    "SOURCE_MISSING": "not received",
    "COVERAGE_INCOMPLETE": "pooled from some of its employers only",
}
"""The alerts that are told together for all extracts of an organisation, and as what."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a list of alerts.

    Attributes:
        text: what is wrong, without a full stop.
        running: for how long, where that is not said in the text; empty where it is new.
        to_do: what to do about it; empty where nothing is said.
    """

    text: str
    running: str
    to_do: str

    def sentence(self) -> str:
        """Return it as a sentence, and what to do about it as another."""
        since = f"{self.running.capitalize()}: " if self.running else ""
        to_do = f" {self.to_do.rstrip('.')}." if self.to_do else ""
        return f"{since}{self.text}.{to_do}"


def points(notices: Iterable[Notice], say: Callable[[Notice], str]) -> list[Point]:
    """Return the points of alerts, those on figures before those on extracts.

    Args:
        notices: the alerts, in any order.
        say: gives an alert as the reader is told it.
    """
    return [_point(each, say) for each in together(sorted(notices, key=_order), _subject)]


def place(code: str) -> int:
    """Return where a kind of alert stands: figures 0, an extract 1, extracts that lack 2."""
    return 2 if code in _TOGETHER else int(code in ON_EXTRACTS)


def together(alerts: Iterable[T], key: Callable[[T], Hashable | None]) -> list[list[T]]:
    """Return alerts in groups of one key, each where its first one stands; None is of no group."""
    groups: dict[Hashable, list[T]] = {}
    for number, each in enumerate(alerts):
        own = key(each)
        groups.setdefault((number,) if own is None else (None, own), []).append(each)
    return list(groups.values())


def subject(organisation_code: str, code: str) -> Hashable | None:
    """Return what alerts have in common that are told together, or None where one stands alone."""
    return (organisation_code, code) if code in _TOGETHER else None


def words(code: str, messages: Iterable[str], remarks: Iterable[str] = ()) -> str:
    """Return what alerts of one subject say together: ``not received: eds, pay, survey``.

    Args:
        code: their code.
        messages: what each says alone; it begins with its extract.
        remarks: what is said of each in brackets; nothing where there are none.
    """
    sources = [message.partition(" ")[0] for message in messages]
    marks = list(remarks) or [""] * len(sources)
    told = sorted(
        f"{source} ({mark})" if mark else source
        for source, mark in zip(sources, marks, strict=True)
    )
    return f"{_TOGETHER[code]}: {', '.join(told)}"


def _subject(notice: Notice) -> Hashable | None:
    return subject(notice.organisation_code, notice.code)


def _order(notice: Notice) -> tuple[int, int, int, str, str, str]:
    rank = [*_SEVERITIES, notice.severity].index(notice.severity)
    return (
        place(notice.code), rank, -notice.quarters_running, notice.organisation_code, notice.code,
        notice.message,
    )  # fmt: skip


def _point(notices: Sequence[Notice], say: Callable[[Notice], str]) -> Point:
    """Return what is told together as one point; where they differ in age, each says its own."""
    first = notices[0]
    ages = [notice.quarters_running for notice in notices]
    since = running(ages[0]) if ages[0] > 1 else ""
    if _subject(first) is None:
        return Point(say(first), since, first.to_do)
    is_alike = len(set(ages)) == 1
    message = words(
        first.code,
        (notice.message for notice in notices),
        () if is_alike else map(running, ages),
    )
    return Point(say(replace(first, message=message)), since if is_alike else "", first.to_do)
