"""Why a release reads otherwise than the one before: what each of the two is made from.

Only the manifests of the two releases are compared, and who is pooled in whom; no figure is looked
at. So a reason tells nothing of people: a file that was sent again may hold any other content.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from pipeline.alert.wording import day, listed
from pipeline.receive.ledger import EMPTY, LANDED

NEW_QUARTER = "NEW_QUARTER"
LATE_FILE = "LATE_FILE"
RESUBMISSION = "RESUBMISSION"
FILE_WITHDRAWN = "FILE_WITHDRAWN"
PUT_RIGHT = "PUT_RIGHT"
NOT_KEPT = "NOT_KEPT"
RULE_CHANGED = "RULE_CHANGED"
POLICY_CHANGED = "POLICY_CHANGED"
DECISION_CHANGED = "DECISION_CHANGED"
FOLLOWS = "FOLLOWS"
PROTECTION = "PROTECTION"

REASONS: Mapping[str, str] = {
    NEW_QUARTER: "the snapshot is new",
    LATE_FILE: "an extract that the release before did not have",
    RESUBMISSION: "an extract that was sent again",
    FILE_WITHDRAWN: "an extract that is not used any more",
    PUT_RIGHT: "an extract that was put right after it had been received",
    NOT_KEPT: "an extract of a snapshot that is kept no longer",
    RULE_CHANGED: "another version of the product: rules, code lists or reference data",
    POLICY_CHANGED: "another disclosure policy",
    DECISION_CHANGED: "other decisions on values that no code list knows",
    FOLLOWS: "its own extracts are the same: it pools others, or is compared with another snapshot",
    PROTECTION: "nothing behind it changed: what is hidden depends on other figures and releases",
}
"""Every reason, in the order in which several of one figure are told."""

SOURCE_WORDS: Mapping[str, tuple[str, str]] = {
    "actions": ("action plan", "action plans"),
    "board": ("list of board members", "lists of board members"),
    "control_totals": ("control totals", "control totals"),
    "duties": ("list of duties", "lists of duties"),
    "eds": ("Equality Delivery System scores", "Equality Delivery System scores"),
    "employee_relations": ("extract of formal cases", "extracts of formal cases"),
    "esr_staff": ("staff extract", "staff extracts"),
    "movers": ("extract of starters and leavers", "extracts of starters and leavers"),
    "pay": ("pay extract", "pay extracts"),
    "recruitment": ("recruitment extract", "recruitment extracts"),
    "survey": ("staff survey results", "staff survey results"),
    "training": ("training extract", "training extracts"),
}
"""Each source as people call it, of one organisation and of several."""

_LOOKS_BACK = frozenset({"FLOW", "ACTIONS"})
"""Standards whose figures compare a snapshot with earlier ones."""
_OF_ALL_SOURCES = frozenset({"ACTIONS"})
"""Standards whose figures follow from those of other standards."""

_SAME_FILES = (
    "The files behind it are the same: what it shows, or hides, depends on other figures and on "
    "earlier releases."
)

Manifest = Mapping[str, Any]


class Owner(NamedTuple):
    """Whose figures: the fields of ``core.membership``."""

    period_end: date
    level: str
    organisation_code: str


class Event(NamedTuple):
    """What happened to an extract; a new snapshot as a whole has neither body nor source."""

    reason: str
    period_end: date
    organisation_code: str | None = None
    source: str | None = None


class Why(NamedTuple):
    """The reasons of a figure: their codes with a space between, and what they are in words."""

    reason: str
    explanation: str


class Reasons:
    """What changed between two releases, and whose figures it bears on."""

    def __init__(
        self, before: Manifest, now: Manifest, members: Mapping[Owner, Collection[str]]
    ) -> None:
        """Compare two manifests.

        Args:
            before: the manifest of the release before.
            now: that of the new one.
            members: the employers of each organisation at each snapshot.
        """
        self._events = _events(_files(before), _files(now), _ours(now))
        self._general = _general(before, now)
        self._members = members
        self._known: dict[tuple[Owner, str, frozenset[str]], Why] = {}

    def bears_on(self, owner: Owner, standard: str, needs: Collection[str]) -> bool:
        """Return whether an extract changed that such figures are made from."""
        return bool(self._direct(owner, standard, frozenset(needs)))

    def why(self, owner: Owner, standard: str, needs: Collection[str]) -> Why:
        """Return everything that changed and that figures of ``owner`` may follow from.

        Args:
            owner: whose figures.
            standard: the standard that they belong to.
            needs: the sources that they are made from.
        """
        key = owner, standard, frozenset(needs)
        if key not in self._known:
            self._known[key] = self._why(*key)
        return self._known[key]

    def _why(self, owner: Owner, standard: str, needs: frozenset[str]) -> Why:
        for reason in (NEW_QUARTER, NOT_KEPT):
            whole = Event(reason, owner.period_end)
            if whole in self._events:
                return _told([whole], {}, owner)
        events = self._direct(owner, standard, needs)
        if events or self._general:
            return _told(events, self._general, owner)
        events = [one for one in self._events if self._is_of(one, owner)]
        codes = {one.reason for one in events} | {FOLLOWS if events else PROTECTION}
        return Why(_in_order(codes), " ".join([*_sentences(events), _SAME_FILES]))

    def _direct(self, owner: Owner, standard: str, needs: frozenset[str]) -> list[Event]:
        """Return what happened to the extracts that such figures are made from."""
        return [
            one
            for one in self._events
            if self._is_of(one, owner)
            and (
                one.period_end == owner.period_end
                or (standard in _LOOKS_BACK and one.period_end < owner.period_end)
            )
            and (one.source in needs or one.source is None or standard in _OF_ALL_SOURCES)
        ]

    def _is_of(self, event: Event, owner: Owner) -> bool:
        """Return whether an extract is of an organisation, or of one that it pools."""
        bodies = self._members.get(owner, ()) or (owner.organisation_code,)
        return event.organisation_code is None or event.organisation_code in bodies


def _files(manifest: Manifest) -> dict[tuple[date, str, str], str]:
    """Return the hash of every file that is in use, by place."""
    return {
        (
            date.fromisoformat(entry["period_end"]),
            entry["organisation_code"],
            entry["source"],
        ): entry["sha256"]
        for entry in manifest["inputs"]
        if entry["status"] in (LANDED, EMPTY)
    }


class _Ours(NamedTuple):
    """What no sender did: files put right in the home, by place and hash, and those not kept."""

    put_right: frozenset[tuple[Any, ...]]
    not_kept: frozenset[tuple[Any, ...]]


def _ours(manifest: Manifest) -> _Ours:
    def places(name: str, fields: int) -> frozenset[tuple[Any, ...]]:
        return frozenset(
            (date.fromisoformat(entry[0]), *entry[1:fields]) for entry in manifest.get(name, ())
        )

    return _Ours(places("replaced", 4), places("not_kept", 3))


def _events(
    before: Mapping[tuple[date, str, str], str],
    now: Mapping[tuple[date, str, str], str],
    ours: _Ours,
) -> list[Event]:
    """Return what happened to the files, sorted."""
    known = {place[0] for place in before}
    new = {place[0] for place in now} - known
    found = [Event(NEW_QUARTER, period) for period in new]
    gone = {place[0] for place in ours.not_kept} & (known - {place[0] for place in now})
    found += [Event(NOT_KEPT, period) for period in gone]
    for place in before.keys() | now.keys():
        if place[0] in new | gone:
            continue
        if place not in before:
            found.append(Event(LATE_FILE, *place))
        elif place not in now:
            found.append(Event(NOT_KEPT if place in ours.not_kept else FILE_WITHDRAWN, *place))
        elif before[place] != now[place]:
            is_ours = (*place, before[place]) in ours.put_right
            found.append(Event(PUT_RIGHT if is_ours else RESUBMISSION, *place))
    order = list(REASONS)
    return sorted(found, key=lambda one: (order.index(one.reason), *map(str, one[1:])))


def _general(before: Manifest, now: Manifest) -> dict[str, str]:
    """Return what bears on every figure, in words, by its code."""
    found = {}
    if before["code_version"] != now["code_version"]:
        found[RULE_CHANGED] = (
            f"It is worked out by version {now['code_version']} of the product, before by "
            f"{before['code_version']}."
        )
    if before["policy_sha256"] != now["policy_sha256"]:
        then, new = before.get("policy", {}), now.get("policy", {})
        names = sorted(name for name in {*then, *new} if then.get(name) != new.get(name))
        settings = f" ({', '.join(names)})" if names else ""
        found[POLICY_CHANGED] = f"The disclosure policy is another one{settings}."
    if before["decisions_sha256"] != now["decisions_sha256"]:
        found[DECISION_CHANGED] = (
            "The team has decided otherwise on values that the code lists do not know."
        )
    return found


def _told(events: Iterable[Event], general: Mapping[str, str], owner: Owner) -> Why:
    """Return codes and sentences of what such figures are made from."""
    events = list(events)
    sentences = _sentences(events)
    pooled = sorted({one.organisation_code for one in events if one.organisation_code})
    pools = owner.level != "employer" and bool(pooled)
    elsewhere = any(one.period_end != owner.period_end for one in events)
    codes = {one.reason for one in events} | general.keys()
    if pools:
        sentences.append(f"{owner.organisation_code} pools {listed(pooled)}.")
    if elsewhere:
        sentences.append(f"What it says of {day(owner.period_end)} follows from that.")
    if pools or elsewhere:
        codes.add(FOLLOWS)
    return Why(
        _in_order(codes),
        " ".join([*sentences, *general.values()]),
    )


def _sentences(events: Iterable[Event]) -> list[str]:
    """Return a sentence for each kind of event on one kind of extract, whoever sent it."""
    bodies: dict[tuple[str, str | None, date], list[str]] = defaultdict(list)
    for one in events:
        bodies[one.reason, one.source, one.period_end].append(one.organisation_code or "")
    return [_sentence(*kind, senders) for kind, senders in bodies.items()]


def _in_order(codes: Collection[str]) -> str:
    return " ".join(code for code in REASONS if code in codes)


def _sentence(reason: str, source: str | None, period: date, senders: list[str]) -> str:
    if source is None:
        whole = {NOT_KEPT: "The extracts of {} are kept no longer."}
        return whole.get(reason, "{} is a new snapshot.").format(day(period))
    one, several = SOURCE_WORDS[source]
    names = listed(senders)
    if reason == RESUBMISSION:
        what = f"its {one}" if len(senders) == 1 else f"their {several}"
        return f"{names} sent {what} of {day(period)} again."
    if reason == PUT_RIGHT:
        return f"The {one} of {day(period)} from {names} was put right after it had been received."
    if reason == NOT_KEPT:
        return f"The {one} of {day(period)} from {names} is kept no longer."
    if reason == LATE_FILE:
        return f"The release before had no {one} of {day(period)} from {names}."
    return f"This release has no {one} of {day(period)} from {names} any more."
