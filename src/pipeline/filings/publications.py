"""What each body has to publish, by when, and what is still missing.

Sources: the Equality Act 2010 (Specific Duties and Public Authorities) Regulations 2017 (SI
2017/353) and the NHS Standard Contract, as ``duty_rule.csv`` and ``duty_deadline.csv`` hold them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pipeline.filings.figures import Body, Filed
from pipeline.filings.template import filing_rows
from pipeline.resources import reference

if TYPE_CHECKING:
    import duckdb

HEADINGS = {
    "organisation_code": 14,
    "organisation_name": 44,
    "publication": 26,
    "legal_basis": 58,
    "as_at": 12,
    "deadline": 10,
    "due_date": 12,
    "published_on": 12,
    "state": 26,
    "what_is_missing": 90,
}
"""The columns of the list, with their widths in a workbook."""

LAST, NEXT = "last", "next"
IN_TIME, LATE, MISSING = "Published in time", "Published late", "Missing"
TO_COME, EARLY = "To come", "Published already"
NOT_DUE, NOT_KNOWN, NO_DEADLINE = "Not due", "Not known", "No deadline named"
_OF_EMPLOYEES = "PSED_INFORMATION"

_BODIES = """
select organisation.organisation_code, organisation.organisation_name, organisation.kind,
    organisation.period_end, coalesce(coverage.is_sent, false)
from core.organisation as organisation
left join core.coverage as coverage
    on organisation.period_end = coverage.period_end
    and organisation.organisation_code = coverage.organisation_code
    and coverage.level = 'employer' and coverage.source = 'duties'
order by organisation.organisation_code, organisation.period_end
"""
_STATES = """
select period_end, organisation_code, duty, part, due_date, completed_date, is_published, is_due
from core.duty_listed
union all
select period_end, organisation_code, duty, part, due_date, completed_date, is_published, is_due
from core.duty_repeated
union all
select period_end, organisation_code, duty, part, due_date, completed_date, is_published, true
from core.duty_as_sent
where subject_code = organisation_code and duty <> 'provider_publications'
order by all
"""


class _State(NamedTuple):
    part: str
    due: date | None
    completed: date | None
    has_address: bool
    is_due: bool | None


class _Asked(NamedTuple):
    """A body at the newest snapshot for which it told of its documents, or at the newest of all."""

    code: str
    name: str
    kind: str
    as_at: date
    is_sent: bool


def publications(connection: "duckdb.DuckDBPyConnection", filed: Filed) -> list[dict[str, str]]:
    """Return a row for each body, publication and deadline: the last that passed and the next."""
    states: dict[tuple[date, str, str], list[_State]] = defaultdict(list)
    for day, code, duty, *facts in connection.execute(_STATES).fetchall():
        states[day, code, duty].append(_State(*facts))
    labels: dict[str, str] = {}
    for row in reference("duty_kind"):
        labels.setdefault(row["code"], row["label"])
    rows = []
    for body in _asked(connection.execute(_BODIES).fetchall()):
        rules = [
            rule
            for rule in reference("duty_rule")
            if rule["body_kind"] == body.kind and rule["valid_from"] <= body.as_at.isoformat()
        ]
        for rule in rules:
            found = states[body.as_at, body.code, rule["duty"]]
            for state in sorted(found, key=lambda one: (one.part, one.due or date.min)):
                content = _content(filed, body, rule) if state.is_due else []
                rows.append(_row(body, rule, labels[rule["kind"]], _told(body, state), content))
            if not found:
                told = ("", "", "", *_without_state(body, rule))
                rows.append(_row(body, rule, labels[rule["kind"]], told, []))
    return rows


def _asked(rows: Iterable[tuple[str, str, str, date, bool]]) -> Iterator[_Asked]:
    """Yield the bodies that are there at the newest snapshot."""
    known: dict[str, list[_Asked]] = defaultdict(list)
    for row in rows:
        known[row[0]].append(_Asked(*row))
    newest = max((bodies[-1].as_at for bodies in known.values()), default=None)
    for bodies in known.values():
        last = bodies[-1]
        if last.as_at == newest:
            sent = [one for one in bodies if one.is_sent and one.kind == last.kind]
            yield sent[-1] if sent else last


def _without_state(body: _Asked, rule: Mapping[str, str]) -> tuple[str, str]:
    if rule["rule"] == "as_sent":
        return NO_DEADLINE, "If the body owes it, name it in the duties file with its due date."
    return NOT_DUE, ""


def _told(body: _Asked, state: _State) -> tuple[str, str, str, str, str]:
    """Return deadline, due date, day of publication, state and what is missing of one deadline."""
    name, missing = _state(body, state)
    deadline = LAST if state.part == "all" else NEXT
    return deadline, _day(state.due), _day(state.completed), name, missing


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _state(body: _Asked, state: _State) -> tuple[str, str]:
    if state.is_due is None:
        return NOT_KNOWN, "The number of employees at its snapshot: send esr_staff of that day."
    if not state.is_due:
        return NOT_DUE, ""
    return _published(state) if state.completed else _unpublished(body, state)


def _published(state: _State) -> tuple[str, str]:
    missing = "" if state.has_address else "The address where it is published."
    if state.part != "all":
        return EARLY, missing
    is_late = bool(state.due and state.completed and state.completed > state.due)
    return LATE if is_late else IN_TIME, missing


def _unpublished(body: _Asked, state: _State) -> tuple[str, str]:
    if not body.is_sent:
        return NOT_KNOWN, "The duties file, which tells what is published."
    if state.part != "all":
        return TO_COME, ""
    return MISSING, "The document, and its address in the duties file."


def _content(filed: Filed, body: _Asked, rule: Mapping[str, str]) -> list[str]:
    """Return what the figures of the newest 31 March lack of the nine characteristics."""
    if rule["kind"] != _OF_EMPLOYEES:
        return []
    days = [one.snapshot for one in filed.bodies
            if (one.code, one.level) == (body.code, "employer") and one.snapshot <= body.as_at
            ]  # fmt: skip
    if not days:
        return []
    figures = filed.of(Body(body.code, body.name, body.kind, "employer", max(days)))
    lacking = []
    for row in filing_rows("psed_content"):
        unknown = figures.get(("PSED", row["indicator"], "all", "share", "UNKNOWN"))
        headcount = figures.get(("PSED", row["indicator"], "all", "headcount", "ALL"))
        if not row["indicator"]:
            lacking.append(f"{row['characteristic']} ({row['note']})")
        elif headcount is None or headcount.value is None:
            lacking.append(f"{row['characteristic']} (no figures)")
        elif unknown is not None and unknown.numerator == unknown.denominator:
            lacking.append(f"{row['characteristic']} (known of nobody)")
    return [f"Not among the figures: {', '.join(lacking)}."] if lacking else []


def _row(
    body: _Asked,
    rule: Mapping[str, str],
    label: str,
    told: tuple[str, ...],
    content: list[str],
) -> dict[str, str]:
    *of_deadline, missing = told
    sentences = " ".join(part for part in (missing, *content) if part)
    cells = (body.code, body.name, label, rule["legal_basis"], body.as_at.isoformat(),
             *of_deadline, sentences)  # fmt: skip
    return dict(zip(HEADINGS, cells, strict=True))
