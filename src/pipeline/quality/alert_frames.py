"""The frames that the alert rules look at: ``warehouse/alerts/<frame>.sql``."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.build import load_models
from pipeline.codes import CHARACTERISTIC_OF_FIELD
from pipeline.errors import ProductError
from pipeline.quality.chance import COUNTS, stands
from pipeline.quality.rules import AlertRule
from pipeline.read.headings import heading_list, plain_heading
from pipeline.resources import WAREHOUSE

if TYPE_CHECKING:
    import duckdb

SUBJECT = (
    "period_end", "organisation_code", "characteristic", "part", "subject", "base", "known",
    "headcount", "period_before", "records_to_target", "detail", "aim",
)  # fmt: skip
"""The columns of every frame, beside ``value`` or the counts behind a p-value."""

PValues = Callable[[pd.DataFrame], list[float]]


def rule_frames(
    connection: "duckdb.DuckDBPyConnection", rules: Iterable[AlertRule], p_values: PValues
) -> dict[str, pd.DataFrame]:
    """Return what each rule looks at, by the name of its check.

    Rows under the minimum base are left out. Where a rule is one of chance, ``p_value`` is the
    p-value, ``tested`` the number of tests of the snapshot under all rules of chance, and ``value``
    the p-value where it stands after Benjamini and Hochberg over these, else 1.

    Args:
        connection: the private database, built.
        rules: the rules that are on.
        p_values: ``chance.p_values``, or who asks another process for it.
    """
    rules = list(rules)
    frames = _query_frames(connection, {rule.frame for rule in rules})
    chosen = {rule.check_id: _rows_of(frames[rule.frame], rule) for rule in rules}
    _add_p_values(
        {rule.check_id: chosen[rule.check_id] for rule in rules if rule.is_chance}, p_values
    )
    return chosen


def _query_frames(
    connection: "duckdb.DuckDBPyConnection", names: Iterable[str]
) -> dict[str, pd.DataFrame]:
    connection.register("heading_read", _headings_read(connection))
    try:
        return {name: connection.execute(_query(name)).df() for name in sorted(names)}
    finally:
        connection.unregister("heading_read")


def _query(name: str) -> str:
    return (WAREHOUSE / "alerts" / f"{name}.sql").read_text(encoding="utf-8")


def _headings_read(connection: "duckdb.DuckDBPyConnection") -> pd.DataFrame:
    """Return the characteristic of every heading that a fault names, null where it tells none."""
    rows = connection.execute(
        "select distinct received.source, fault.column_name from ledger.fault as fault "
        "inner join ledger.load as received on fault.load_id = received.load_id "
        "where fault.column_name is not null order by all"
    ).fetchall()
    told = [
        CHARACTERISTIC_OF_FIELD.get(heading_list(source).field_of.get(plain_heading(name), ""))
        for source, name in rows
    ]
    read = pd.DataFrame(rows, columns=["source", "column_name"], dtype="object")
    return read.assign(characteristic=pd.Series(told, index=read.index, dtype="object"))


def _rows_of(frame: pd.DataFrame, rule: AlertRule) -> pd.DataFrame:
    chosen = frame["base"].ge(rule.minimum_base)
    if rule.characteristic:
        chosen &= frame["characteristic"].eq(rule.characteristic)
    if rule.part:
        parts = frame["part"].fillna("")
        chosen &= parts.eq("all") if rule.part == "all" else parts.str.startswith(f"{rule.part}:")
    keys = [*SUBJECT[:5], "headcount"]
    return frame[chosen].sort_values(keys, ignore_index=True)


def _add_p_values(frames: Mapping[str, pd.DataFrame], p_values: PValues) -> None:
    """Add p-value, number of tests and value to the frames of the rules of chance."""
    if not frames:
        return
    counts = pd.concat([frame[["period_end", *COUNTS]] for frame in frames.values()])
    counts = counts.assign(p_value=p_values(counts[list(COUNTS)]))
    by_snapshot = counts.reset_index(drop=True).groupby("period_end")
    tested, standing = np.zeros(len(counts), dtype="int64"), np.zeros(len(counts), dtype=bool)
    for rows in by_snapshot.groups.values():
        places = rows.to_numpy(dtype="int64")
        tested[places] = len(places)
        standing[places] = stands(counts["p_value"].to_numpy()[places])
    counts = counts.assign(tested=tested, stands=standing)
    first = 0
    for frame in frames.values():
        own = counts.iloc[first : first + len(frame)].reset_index(drop=True)
        frame["p_value"], frame["tested"] = own["p_value"], own["tested"]
        frame["value"] = own["p_value"].where(own["stands"], 1.0)
        first += len(frame)


def check_frames_of(rules: Iterable[AlertRule], given: frozenset[str]) -> int:
    """Check that every frame reads tables that there are and has the columns that it needs.

    Args:
        rules: all rules, those too that are off.
        given: the tables of the warehouse.

    Returns:
        How many frames there are.

    Raises:
        ProductError: all faults of all frames at once.
    """
    models = load_models(("alerts",), given=given | {"heading_read"})
    columns = {model.path.stem: _columns(model.sql) for model in models}
    faults = [fault for rule in rules for fault in _frame_faults(rule, columns[rule.frame])]
    faults += [
        f"alerts/{name}.sql: no rule looks at it"
        for name in sorted(columns.keys() - {rule.frame for rule in rules})
    ]
    if faults:
        raise ProductError("The frames of the alerts are wrong: " + "; ".join(faults) + ".")
    return len(models)


def _columns(sql: str) -> set[str]:
    import sqlglot

    query: Any = sqlglot.parse_one(sql, read="duckdb")
    return set(query.named_selects)


def _frame_faults(rule: AlertRule, columns: set[str]) -> Iterator[str]:
    needed = {*SUBJECT, *(COUNTS if rule.is_chance else ("value",))}
    missing = sorted(needed - columns)
    if missing:
        yield f"alerts/{rule.frame}.sql has no {', '.join(missing)}, which {rule.check_id} needs"
