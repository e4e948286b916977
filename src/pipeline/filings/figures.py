"""What the filings are made of: the true counts of the private database, and who the bodies are."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import UsageError
from pipeline.relevant_employees import relevant_employees
from pipeline.store import has_table

if TYPE_CHECKING:
    import duckdb

Key = tuple[str, str, str, str, str]
"""Standard, indicator, part, measure and group of a figure."""


class Figure(NamedTuple):
    """What a figure tells, unprotected."""

    numerator: int | None
    denominator: int | None
    value: float | None
    status: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Body:
    """Who files at a snapshot: a legal employer; at level ``icb`` the bodies that became an ICB."""

    code: str
    name: str
    kind: str
    level: str
    snapshot: date


@dataclass(frozen=True, slots=True)
class Filed:
    """Everything that the filings take from the private database.

    Attributes:
        bodies: every employer and every pooled ICB at each 31 March, by snapshot and code.
        figures: the figures of WRES, WDES, GPG and PSED of each of them.
        employees: relevant employees of each employer and snapshot; those of the workforce where
            no pay was received.
        examples: titles of the actions on WDES 9b that were begun or done, of each of them.
    """

    bodies: tuple[Body, ...]
    figures: Mapping[tuple[date, str, str], Mapping[Key, Figure]]
    employees: Mapping[tuple[date, str], int]
    examples: Mapping[tuple[date, str, str], tuple[str, ...]]

    def of(self, body: Body, snapshot: date | None = None) -> Mapping[Key, Figure]:
        """Return the figures of a body at its own or another snapshot, if there are any."""
        return self.figures.get((snapshot or body.snapshot, body.level, body.code), {})


_BODIES = """
select body.code, body.name, kind.kind, body.level, body.period_end
from (
    select distinct
        organisation_code as code, organisation_name as name, level,
        cast(period_end as date) as period_end
    from marts.figure
    where level in ('employer', 'icb') and month(period_end) = 3
) as body
inner join reference.organisation as kind
    on body.code = kind.organisation_code
    and (body.level = 'icb' and kind.valid_to is null
        or body.level = 'employer'
        and body.period_end between cast(kind.valid_from as date)
        and cast(coalesce(kind.valid_to, '9999-12-31') as date))
order by body.period_end, body.code, body.level
"""
_FIGURES = """
select
    cast(period_end as date), level, organisation_code, standard, indicator, part, measure,
    group_code, numerator, denominator, value, status, reason
from marts.figure
where
    month(period_end) = 3 and level in ('employer', 'icb')
    and (
        standard in ('WRES', 'WDES')
        or (standard = 'GPG' and part = 'all')
        or (
            standard = 'PSED' and part = 'all'
            and (measure = 'headcount' or group_code = 'UNKNOWN')
        )
    )
"""
_EXAMPLES = """
select membership.period_end, membership.level, membership.organisation_code, action.title
from staging.actions as action
inner join core.membership as membership
    on action.period_end = membership.period_end
    and action.organisation_code = membership.employer_code
where
    action.standard = 'WDES' and lower(action.indicator) = '9b'
    and action.status in ('IN_PROGRESS', 'COMPLETE') and action.title is not null
order by all
"""


def read_figures(connection: "duckdb.DuckDBPyConnection", release_id: str) -> Filed:
    """Return what the filings of a release are made of.

    Raises:
        UsageError: there are no figures yet, or they are those of another release.
    """
    if not has_table(connection, "marts", "figure"):
        raise UsageError("No figures have been made yet. Run: equality run")
    made = connection.execute("select distinct release_id from marts.figure").fetchall()
    if made != [(release_id,)]:
        raise UsageError(
            f"Filings hold the counts of the newest run, and release {release_id} is an older one: "
            "its true counts are kept nowhere. `equality status` names the newest."
        )
    figures: dict[tuple[date, str, str], dict[Key, Figure]] = defaultdict(dict)
    employees: dict[tuple[date, str], int] = {}
    for day, level, code, *rest in connection.execute(_FIGURES).fetchall():
        figures[day, level, code][tuple(rest[:5])] = _figure(*rest[5:])
        if rest[:4] == ["PSED", "sex", "all", "headcount"] and level == "employer" and rest[7]:
            employees[day, code] = int(rest[7])
    employees |= relevant_employees(connection)
    examples: dict[tuple[date, str, str], list[str]] = defaultdict(list)
    for day, level, code, title in connection.execute(_EXAMPLES).fetchall():
        examples[day, level, code].append(title)
    return Filed(
        bodies=tuple(Body(*row) for row in connection.execute(_BODIES).fetchall()),
        figures=dict(figures),
        employees=employees,
        examples={place: tuple(titles) for place, titles in examples.items()},
    )


def _figure(
    numerator: int | None,
    denominator: int | None,
    value: float | None,
    status: str,
    reason: str | None,
) -> Figure:
    is_number = value is not None and not math.isnan(value)
    return Figure(numerator, denominator, value if is_number else None, status, reason)
