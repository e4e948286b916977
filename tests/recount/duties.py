"""What law and contract ask each body to publish, and its impact assessments.

Sources: SI 2017/353, regulations 3 to 5; NHS Standard Contract; GOV.UK gender pay gap service.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from recount.days import day, less_a_day, month_before, years_after
from recount.extracts import Extracts, reference_rows
from recount.files import Row
from recount.values import MISSING, Figure, Key, rounded

STANDARDS = ("DUTIES",)

STATES = ("DUE", "DONE", "LATE", "MISSING", "NO_ADDRESS")
NOTHING = Figure(status="not_applicable", reason="NO_NUMERATOR_BASE")
IMPACT = "Impact Assessment"
AUDIT = "Provider Audit"
LISTED = {
    "EDS Report": ("CCG", "ICB", "TRUST"),
    "Pay Gap Report": ("CCG", "ICB", "TRUST"),
    "WDES Report": ("TRUST",),
    "WRES Report": ("CCG", "ICB", "TRUST"),
}
REPEATED = {"PSED Information": (1, 150), "Equality Objectives": (4, 0)}
AS_SENT = ("Accessible Information", "Modern Slavery")
PUBLISHERS = ("CCG", "ICB", "TRUST")
FIRST_DAY = date(2018, 3, 30)
PROVIDERS = "provider_publications"


class Deadline(NamedTuple):
    """A day by which a document is due, and the snapshot that it is of."""

    due: date
    snapshot: date | None
    is_suspended: bool = False


class State(NamedTuple):
    """A document: whose it is, which, and what became of it; ``due`` None: not known."""

    subject: str
    document: str
    is_due: bool | None
    states: frozenset[str]


def deadlines(kind: str) -> list[Deadline]:
    """Return the deadlines of a kind that is due of everybody on one day."""
    found = []
    for year in range(2016, 2030):
        march = date(year, 3, 31)
        if kind == "EDS Report":
            found.append(Deadline(date(year, 2, 28), None))
        elif kind == "Pay Gap Report" and year >= 2017:
            due = date(2021, 10, 5) if year == 2020 else date(year + 1, 3, 30)
            found.append(Deadline(due, march, year == 2019))
        elif kind in ("WRES Report", "WDES Report") and year >= 2019:
            due = date(year, 8, 31) if year < 2023 else date(year, 5, 31)
            found.append(Deadline(due, march))
    return found


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Iterator[tuple[Key, Figure]]:
    """Return every figure of the standard, for one organisation and snapshot."""
    senders = [code for code in members if (period, code, "duties") in extracts.files]
    found: dict[tuple[str, str], list[State]] = {}
    for code in senders:
        for duty, part, state in _body(extracts, date.fromisoformat(period), code):
            found.setdefault((duty, part), []).append(state)
    names = (*LISTED, *REPEATED, *AS_SENT)
    for duty in (*(name.lower().replace(" ", "_") for name in names), PROVIDERS):
        for part in ("all", "next"):
            counts = _counted(found.get((duty, part), []))
            for state in STATES if part == "all" else STATES[:2]:
                figure = NOTHING if counts is None else Figure(value=float(counts[state]))
                key = ("DUTIES", duty, part, "count", state, "")
                yield key, figure if senders else MISSING
    yield from _assessments(extracts, period, senders)


def _counted(states: list[State]) -> Counter[str] | None:
    """Return how many documents are in each state; one of two commissioners counts once."""
    if states and all(state.is_due is None for state in states):
        return None
    pooled: dict[tuple[str, str], list[State]] = {}
    for state in states:
        if state.is_due:
            pooled.setdefault((state.subject, state.document), []).append(state)
    counts = Counter[str]()
    for same in pooled.values():
        of_any = frozenset[str]().union(*(state.states for state in same))
        of_all = of_any.intersection(*(state.states for state in same))
        counts["DUE"] += 1
        counts["DONE"] += "DONE" in of_any
        counts["LATE"] += "LATE" in of_any and "DONE" not in of_any
        counts["MISSING"] += "MISSING" in of_all
        counts["NO_ADDRESS"] += "NO_ADDRESS" in of_all
    return counts


def _body(extracts: Extracts, on: date, code: str) -> Iterator[tuple[str, str, State]]:
    kind_of_body = _kind(code, on)
    rows = extracts.files[on.isoformat(), code, "duties"]
    own = [row for row in rows if row["Organisation Code"] == code]
    named: dict[tuple[str, str, str, date | None], list[Row]] = {}
    for kind, bodies in LISTED.items():
        if kind_of_body in bodies:
            for part, state in _listed(extracts, on, code, kind, own):
                yield kind.lower().replace(" ", "_"), part, state
    for kind in REPEATED if kind_of_body in PUBLISHERS else ():
        for part, state in _repeated(extracts, on, code, kind):
            yield kind.lower().replace(" ", "_"), part, state
    for row in own:
        due = day(row["Due Date"])
        if row["Kind"] in AS_SENT and due and kind_of_body in PUBLISHERS:
            duty = row["Kind"].lower().replace(" ", "_")
            named.setdefault((duty, *_name(row, due)), []).append(row)
    for row in rows:
        if row["Kind"] != IMPACT and (row["Organisation Code"] != code or row["Kind"] == AUDIT):
            past = [one.due for one in deadlines(row["Kind"]) if one.due <= on]
            due = day(row["Due Date"]) or max(past, default=None)
            named.setdefault((PROVIDERS, *_name(row, due)), []).append(row)
    for (duty, _, _, due), same in named.items():
        yield from _as_sent(duty, on, _merged(same), due)


def _name(row: Row, due: date | None) -> tuple[str, str, date | None]:
    """Return what tells a document from others: two rows of a file may be about one."""
    return row["Organisation Code"], row["Kind"], due


def _merged(rows: list[Row]) -> Row:
    """Return one row of a document with the first completion and any address of its rows."""
    done = min(
        (row["Completed Date"] for row in rows if row["Completed Date"]), key=day, default=""
    )
    address = max(row["Published Address"] for row in rows)
    return rows[0] | {"Completed Date": done, "Published Address": address}


def _kind(code: str, on: date) -> str | None:
    for row in reference_rows("organisation"):
        then = row["valid_from"] <= on.isoformat() <= (row["valid_to"] or "9999")
        if row["organisation_code"] == code and then:
            return row["kind"]
    return None


def _state(subject: str, name: str, due: date | None, rows: Iterable[Row], part: str) -> State:
    """Return the state of a document that is due, from the rows that are about it."""
    done = [completed for row in rows if (completed := day(row["Completed Date"]))]
    states = set()
    if done:
        states.add("DONE" if due is None or min(done) <= due else "LATE")
        if not any(row["Published Address"] and row["Completed Date"] for row in rows):
            states.add("NO_ADDRESS")
    elif part == "all":
        states.add("MISSING")
    return State(subject, name, True, frozenset(states))


def _as_sent(duty: str, on: date, row: Row, due: date | None) -> Iterator[tuple[str, str, State]]:
    if due is None or due > years_after(on, -1):
        part = "next" if due and due > on else "all"
        name = f"{row['Kind']} {due}"
        yield duty, part, _state(row["Organisation Code"], name, due, [row], part)


def _listed(
    extracts: Extracts, on: date, code: str, kind: str, own: list[Row]
) -> Iterator[tuple[str, State]]:
    all_of_it = deadlines(kind)
    past = [one for one in all_of_it if one.due <= on]
    ahead = [one for one in all_of_it if one.due > on and (one.snapshot or on) <= on]
    chosen = [("all", past[-1])] if past else []
    chosen += [("next", ahead[0])] if ahead else []
    for part, one in chosen:
        before = [other.due for other in all_of_it if other.due < one.due]
        earlier = before[-1] if before else years_after(one.due, -1)
        rows = [
            row
            for row in own
            if row["Kind"] == kind and _is_of(row, one.due, earlier, is_last=part == "all")
        ]
        then = one.snapshot or min(one.due, on)
        is_due: bool | None = not one.is_suspended and _kind(code, then) == _kind(code, on)
        if is_due and kind == "Pay Gap Report":
            people = extracts.people(then.isoformat(), [code])
            is_due = len(people) >= 250 if people is not None else True if rows else None
        state = _state(code, kind, one.due, rows, part)
        yield part, state._replace(is_due=is_due)


def _is_of(row: Row, due: date, earlier: date, *, is_last: bool) -> bool:
    named, completed = day(row["Due Date"]), day(row["Completed Date"])
    month = timedelta(days=31)
    if named:
        return earlier + month < named <= due + month
    return is_last and (completed is None or completed > earlier)


def _repeated(extracts: Extracts, on: date, code: str, kind: str) -> Iterator[tuple[str, State]]:
    years, least = REPEATED[kind]
    rows = [
        row
        for period in extracts.periods
        if period <= on.isoformat()
        for row in extracts.files.get((period, code, "duties"), [])
        if row["Kind"] == kind and row["Organisation Code"] == code
    ]
    people = extracts.people(on.isoformat(), [code])
    is_due: bool | None = True
    if least:
        is_due = len(people) >= least if people is not None else True if rows else None
    published = sorted({done for row in rows if (done := day(row["Completed Date"]))})
    following = less_a_day(years_after(published[-1], years)) if published else None
    if following and following > on:
        last = [row for row in rows if day(row["Completed Date"]) == published[-1]]
        named = [due for row in last if (due := day(row["Due Date"]))]
        due = min(named, default=published[-1])
        if len(published) > 1:
            due = less_a_day(years_after(published[-2], years))
        yield "all", _state(code, kind, due, last, "all")._replace(is_due=is_due)
        yield "next", State(code, kind, is_due, frozenset())
    elif following or _falls_in_the_year(code, on, years):
        yield "all", State(code, kind, is_due, frozenset({"MISSING"}))
    else:
        yield "next", State(code, kind, is_due, frozenset())


def _falls_in_the_year(code: str, on: date, years: int) -> bool:
    """Return whether a day that follows from the first one lies in the year to the snapshot."""
    kind = _kind(code, on)
    founded = min(
        date.fromisoformat(row["valid_from"])
        for row in reference_rows("organisation")
        if row["organisation_code"] == code and row["kind"] == kind
    )
    first = max(FIRST_DAY, less_a_day(years_after(founded, 1)))
    days = (
        years_after(first, turn * years) - timedelta(days=turn)
        for turn in range(on.year - first.year + 1)
    )
    return any(years_after(on, -1) < due <= on for due in days)


def _assessments(
    extracts: Extracts, period: str, senders: list[str]
) -> Iterator[tuple[Key, Figure]]:
    on = date.fromisoformat(period)
    start = month_before(on, 3)
    counts, considered = Counter[str](), []
    for code in senders:
        for row in extracts.files[period, code, "duties"]:
            completed, decided = day(row["Completed Date"]), day(row["Decision Date"])
            if row["Kind"] != IMPACT:
                continue
            if completed is None:
                counts["DECIDED_WITHOUT"] += bool(decided and start < decided <= on)
            elif start < completed:
                counts["COMPLETED"] += 1
                counts["DECIDED"] += bool(decided and decided <= on)
                counts["AFTER_DECISION"] += bool(decided and decided < completed)
                if row["Characteristics Considered"]:
                    considered.append(int(row["Characteristics Considered"]))
    for state in ("COMPLETED", "DECIDED", "AFTER_DECISION", "DECIDED_WITHOUT"):
        key = ("DUTIES", "impact_assessment", "all", "count", state, "")
        yield key, Figure(value=float(counts[state])) if senders else MISSING
    mean = NOTHING
    if considered:
        mean = Figure(value=rounded(Fraction(sum(considered), len(considered)), 1))
    key = ("DUTIES", "impact_assessment", "all", "score", "CHARACTERISTICS", "")
    yield key, mean if senders else MISSING
