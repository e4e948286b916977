"""The published table ``revision``: what reads otherwise than in the release before, and why.

It is made from the published figures of the two releases, their manifests, and who is pooled in
whom. Whoever has the two published files can tell as much, and those are what the attack reads.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.assess.columns import COUNTS, FIGURE, KEY
from pipeline.assess.frames import dates_of_days, plain
from pipeline.publish.reasons import Owner, Reasons
from pipeline.store import one_thread, open_published

if TYPE_CHECKING:
    import duckdb

NOT_LISTED = "not_listed"
_OWNER = ("period_end", "level", "organisation_code")
_INDICATOR = ("standard", "indicator")
_OF_ONE_FIGURE = ("indicator", "part", "measure", "group_code", "comparator_code")
REVISION = (
    *KEY, "organisation_name", "previous_release_id", "change", "reason", "explanation",
)  # fmt: skip

Needs = Mapping[tuple[str, str], tuple[str, ...]]
"""The sources of each indicator, by standard and indicator."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The release before: its name, its published database, and why the new one is another."""

    release_id: str
    database: Path
    reasons: Reasons


def members(connection: "duckdb.DuckDBPyConnection") -> dict[Owner, list[str]]:
    """Return the employers of each organisation at each snapshot."""
    found: dict[Owner, list[str]] = {}
    for *owner, employer in connection.execute(
        f"select {', '.join(_OWNER)}, employer_code from core.membership order by all"
    ).fetchall():
        found.setdefault(Owner(*owner), []).append(employer)
    return found


def revision_table(
    figure: pd.DataFrame, previous: Previous | None, needs: Needs, threshold: int
) -> pd.DataFrame:
    """Return what reads otherwise than in the release before, and why.

    One row a figure that appeared, was withdrawn or changed. Not listed one by one are figures of
    a known indicator that are hidden in one of the two releases, and those of which a count changed
    by fewer than ``threshold``: that would point at who came, went or was put right. For them
    there is one row for each snapshot, organisation and standard, ``not_listed``; it is there
    wherever an extract behind the standard changed, whether figures changed by that or not.

    Args:
        figure: the figures of the new release, as they are published.
        previous: the release before; None where there is none.
        needs: the sources of each indicator.
        threshold: a change of a count by fewer people is not told.
    """
    if previous is None:
        return pd.DataFrame(columns=list(REVISION))
    compared, owners = _compared(figure, previous.database, threshold)
    listed = compared[compared["is_listed"]].drop(columns="is_listed")
    silent = compared[~compared["is_listed"]]
    pooled = _not_listed(silent, owners, previous.reasons, needs)
    told = pd.concat([_explained(listed, previous.reasons, needs), pooled], ignore_index=True)
    told = told.assign(previous_release_id=previous.release_id)[list(REVISION)]
    return told.sort_values(list(KEY), ignore_index=True, na_position="first")


def _compared(
    figure: pd.DataFrame, database: Path, threshold: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the figures that differ, and the indicators of each organisation that both tell."""
    same = " and ".join(f"now.{name} is not distinct from before.{name}" for name in KEY)
    told = [name for name in FIGURE if name not in (*KEY, "release_id", "organisation_name")]
    changed = " or ".join(f"now.{name} is distinct from before.{name}" for name in told)
    few = " or ".join(
        f"abs(now.{name} - before.{name}) between 1 and {threshold - 1:d}" for name in COUNTS
    )
    chosen = ", ".join(
        f"coalesce(now.{name}, before.{name}) as {name}" for name in (*KEY, "organisation_name")
    )
    group = ", ".join((*_OWNER, *_INDICATOR))
    with open_published(database) as connection, one_thread(connection):
        connection.register("now", figure)
        connection.execute(
            f"create temp table told_twice as select distinct {group} from now "
            f"intersect select distinct {group} from figure"
        )
        compared = connection.execute(
            f"with compared as (select {chosen}, "
            "case when before.status is null then 'appeared' "
            "when now.status is null then 'withdrawn' else 'changed' end as change, "
            "coalesce('suppressed' in (now.status, before.status), false) as is_hidden, "
            f"coalesce({few}, false) as is_few "
            f"from now full join figure as before on {same} where {changed}) "
            "select compared.* exclude (is_hidden, is_few), "
            "not (is_few or (is_hidden and told_twice.standard is not null)) as is_listed "
            f"from compared left join told_twice using ({group})"
        ).df()
        names = ", ".join((*_OWNER, "organisation_name"))
        owners = connection.execute(
            f"select distinct {names}, standard, indicator from now "
            f"semi join told_twice using ({group})"
        ).df()
    return dates_of_days(compared), dates_of_days(owners)


def _explained(rows: pd.DataFrame, reasons: Reasons, needs: Needs) -> pd.DataFrame:
    """Return rows of figures with the reason of each: the same for all of one indicator."""
    group = [*_OWNER, *_INDICATOR]
    found = [
        (*one, *reasons.why(Owner(*one[:3]), one[3], needs.get((one[3], one[4]), ())))
        for one in _distinct(rows, group)
    ]
    why = pd.DataFrame(found, columns=[*group, "reason", "explanation"])
    return rows.merge(why, on=group, how="left")


def _not_listed(
    silent: pd.DataFrame, both: pd.DataFrame, reasons: Reasons, needs: Needs
) -> pd.DataFrame:
    """Return a row for each organisation and standard of which not every change is listed."""
    group = [*_OWNER, "standard"]
    names = [*group, "organisation_name"]
    sources: dict[str, set[str]] = {}
    for (standard, _), of_one in needs.items():
        sources.setdefault(standard, set()).update(of_one)
    found = {one[:4]: one[4] for one in _distinct(silent, names)}
    for *one, indicator, name in _distinct(both, [*group, "indicator", "organisation_name"]):
        owner, standard = Owner(*one[:3]), one[3]
        if reasons.bears_on(owner, standard, needs.get((standard, indicator), ())):
            found[*owner, standard] = name
    rows = [
        (*one, name, NOT_LISTED, *reasons.why(Owner(*one[:3]), one[3], sources.get(one[3], ())))
        for one, name in found.items()
    ]
    frame = pd.DataFrame(rows, columns=[*names, "change", "reason", "explanation"])
    return frame.assign(**dict.fromkeys(_OF_ONE_FIGURE))


def _distinct(rows: pd.DataFrame, names: Iterable[str]) -> list[tuple[Any, ...]]:
    chosen = rows[list(names)].drop_duplicates()
    return list(zip(*(plain(chosen[name]) for name in chosen), strict=True))
