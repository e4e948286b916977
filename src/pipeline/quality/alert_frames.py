"""The frames that the alert rules look at: ``warehouse/alerts/<frame>.sql``."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.codes import CHARACTERISTIC_OF_FIELD
from pipeline.errors import ProductError, UsageError
from pipeline.models import load_models
from pipeline.quality.chance import COUNTS, highest_standing
from pipeline.quality.rules import PARTS, AlertRule
from pipeline.read.headings import heading_list, plain_heading
from pipeline.resources import WAREHOUSE

if TYPE_CHECKING:
    import duckdb

SUBJECT = (
    "period_end", "organisation_code", "characteristic", "part", "subject", "base", "known",
    "headcount", "period_before", "records_to_target", "detail", "aim",
)  # fmt: skip
"""The columns of every frame, beside ``value`` or the counts behind a p-value."""

_SERIES = ["period_end", "organisation_code", "characteristic"]

PValues = Callable[[pd.DataFrame], list[float]]


def rule_frames(
    connection: "duckdb.DuckDBPyConnection", rules: Iterable[AlertRule], p_values: PValues
) -> dict[str, pd.DataFrame]:
    """Return what each rule looks at, by the name of its check.

    Rows under the minimum base are left out. Where a rule is one of chance, ``p_value`` is the
    p-value times the number of parts that the rule compares in its series (Bonferroni), so that an
    employer with many directorates does not alarm more often; a series is what one rule looks at
    of one employer and characteristic. ``tested`` is the number of series of the snapshot under
    all rules of chance, and ``value`` the p-value where it stands after Benjamini and Hochberg
    over the smallest of each series, else 1.

    Args:
        connection: the private database, built.
        rules: the rules that are on.
        p_values: ``chance.p_values``, or who asks another process for it.

    Raises:
        UsageError: a frame lacks a column that its rule needs; all of them at once.
    """
    rules = list(rules)
    frames = _query_frames(connection, {rule.frame for rule in rules})
    faults = [
        fault for rule in rules for fault in _frame_faults(rule, {*frames[rule.frame].columns})
    ]
    if faults:
        raise UsageError(
            "The lines of these alert rules in warehouse/reference/alert_rules.csv do not fit "
            f"their frames: {'; '.join(faults)}. Mend is_chance or frame of each line."
        )
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
    """Add p-value, number of series tested and value to the frames of the rules of chance."""
    if not frames:
        return
    needed = [*_SERIES, *COUNTS]
    tests = pd.concat({name: frame[needed] for name, frame in frames.items()}, names=["rule"])
    tests = tests.reset_index(level="rule").reset_index(drop=True)
    own = tests.groupby(["rule", *_SERIES], sort=False)
    parts = own["test"].transform("size")
    p_value = (parts * pd.Series(p_values(tests[list(COUNTS)]), index=tests.index)).clip(upper=1.0)
    smallest = tests.assign(p_value=p_value).groupby(["rule", *_SERIES])["p_value"].min()
    of_snapshot = smallest.groupby("period_end")
    highest = of_snapshot.agg(highest_standing)
    tests = tests.assign(
        p_value=p_value,
        tested=tests["period_end"].map(of_snapshot.size()),
        value=p_value.where(p_value.le(tests["period_end"].map(highest)), 1.0),
    )
    for name, frame in frames.items():
        added = tests[tests["rule"].eq(name)].reset_index(drop=True)
        frame[["p_value", "tested", "value"]] = added[["p_value", "tested", "value"]]


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
    queries = {model.path.stem: model.sql for model in models}
    columns = {name: _columns(sql) for name, sql in queries.items()}
    faults = [fault for rule in rules for fault in _frame_faults(rule, columns[rule.frame])]
    faults += [fault for rule in rules for fault in _never_faults(rule, queries[rule.frame])]
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


def _parts(sql: str) -> set[str]:
    """Return the kinds of part of which a frame has rows: none, all staff, or each of ``PARTS``."""
    import sqlglot

    query: Any = sqlglot.parse_one(sql, read="duckdb")
    (part,) = (one.unalias() for one in query.selects if one.alias_or_name == "part")
    if isinstance(part, sqlglot.exp.Column):
        return set(PARTS) - ({"", "all"} if f"{part.sql()} <> 'all'" in sql else {""})
    return {part.name if isinstance(part, sqlglot.exp.Literal) else ""}


def _never_faults(rule: AlertRule, sql: str) -> Iterator[str]:
    """Yield why a rule would look at no row, whatever is received, or at parts of every kind."""
    parts = _parts(sql)
    if rule.part and rule.part not in parts:
        yield f"alerts/{rule.frame}.sql has no part '{rule.part}', which {rule.check_id} looks at"
    if not rule.part and len(parts) > 1:
        yield f"{rule.check_id} names no part, and alerts/{rule.frame}.sql has several"
    if rule.characteristic and "cast(null as varchar) as characteristic" in sql:
        yield f"alerts/{rule.frame}.sql tells no characteristics, and {rule.check_id} looks at one"
