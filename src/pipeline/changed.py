"""The build of what changed: of each model the rows of the snapshots that may read otherwise now.

The query of a model is the same as in a whole build. It runs in a catalogue of views, one for each
table, that show the snapshots which it needs and no others. Where it gives other rows than stand
there, they take their place, and what reads them is built too. So an added quarter costs what a
quarter costs, and an extract that comes again what depends on it.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipeline.built import Source, note
from pipeline.engines.duckdb import words_for
from pipeline.models import STAGES, Model, Span
from pipeline.periods import year_before
from pipeline.store import quoted, transaction

if TYPE_CHECKING:
    import duckdb

    Days = frozenset[date]

_VIEWS = "memory"
"""The catalogue of the views; the connection itself is in memory, with the file attached."""
_SHOWN, _WORKED_OUT = "snapshots_shown", "snapshots_worked_out"
"""The variables that say which snapshots the views show, and of which rows are worked out."""
_NEW = "temp.rows_of_now"


class NotByPartsError(Exception):
    """What holds for every snapshot reads otherwise, so that all must be built anew."""


def build_changed(
    connection: "duckdb.DuckDBPyConnection", models: Sequence[Model], before: Source, now: Source
) -> bool:
    """Build what changed, all of it or nothing; return whether that could be.

    Args:
        connection: the private database.
        models: in an order in which each comes after what it reads.
        before: what the last build read, by the same rules.
        now: what there is to be read.

    Raises:
        ProductError: a query fails; names the file and the line.
        duckdb.OutOfMemoryException: one takes more memory than there is for it.
    """
    if not _all_stand(connection, models):
        return False
    every = frozenset(before.snapshots.keys() | now.snapshots.keys())
    changed = _Changed(connection, models, before.changed(now), every)
    try:
        with transaction(connection):
            changed.make()
            note(connection, now)
    except NotByPartsError:
        return False
    finally:
        changed.close()
    return True


def _all_stand(connection: "duckdb.DuckDBPyConnection", models: Sequence[Model]) -> bool:
    found = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() union all "
        "select schema_name, view_name from duckdb_views() "
        "where database_name = current_database()"
    ).fetchall()
    return {model.name for model in models} <= {f"{schema}.{name}" for schema, name in found}


class _Changed:
    """The models that are built, and of which snapshots their rows may differ from before."""

    def __init__(
        self,
        connection: "duckdb.DuckDBPyConnection",
        models: Sequence[Model],
        changed: "Days",
        every: "Days",
    ) -> None:
        """Set up the views; no transaction may be open, since it would be one of two files.

        Args:
            connection: the private database, in which every model was built before.
            models: in an order in which each comes after what it reads.
            changed: the snapshots of which other rows have landed.
            every: these, and all others.
        """
        self._connection, self._models, self._every = connection, models, every
        self._days: dict[str, Days] = {}
        self._changed = changed
        (self._private,) = connection.execute("select current_database()").fetchone() or ("",)
        self._by_snapshot = {
            f"{schema}.{table}"
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_columns() where column_name = "
                "'period_end' and database_name = current_database()"
            ).fetchall()
        }
        self._make_views()

    def _make_views(self) -> None:
        self._set(_SHOWN, self._every)
        for name in sorted({name for model in self._models for name in model.reads}):
            schema = name.partition(".")[0]
            where = ""
            if name in self._by_snapshot:
                where = f"where {_is_in(_SHOWN)}"
            elif schema == "landing":
                loads = f"select load_id from {self._private}.ledger.load where "
                where = f"where load_id in ({loads}{_is_in(_SHOWN)})"
            self._connection.execute(f"create schema if not exists {_VIEWS}.{schema}")
            self._connection.execute(
                f"create or replace view {_VIEWS}.{name} as "
                f"select * from {self._private}.{name} {where}"
            )

    def close(self) -> None:
        """Take away the views; whatever has failed, the tables are seen again."""
        self._connection.execute(f"use {self._private}")
        self._connection.execute(f"drop table if exists {_NEW}")
        for schema in {name.partition(".")[0] for model in self._models for name in model.reads}:
            self._connection.execute(f"drop schema if exists {_VIEWS}.{schema} cascade")

    def make(self) -> None:
        """Build what may read otherwise, in the transaction of the caller.

        Raises:
            NotByPartsError: a model without snapshots reads otherwise.
            ProductError, duckdb.OutOfMemoryException: a query fails.
        """
        for model in self._models:
            touched = frozenset[date]().union(*(self._of(name) for name in model.reads))
            with words_for(model):
                self._days[model.name] = self._built(model, touched) if touched else touched

    def _of(self, name: str) -> "Days":
        """Return the snapshots of which the rows of a table may differ."""
        schema = name.partition(".")[0]
        if schema in STAGES:
            return self._days[name]
        return frozenset() if schema == "reference" else self._changed

    def _built(self, model: Model, touched: "Days") -> "Days":
        """Build a model of which these snapshots may differ; return of which it does."""
        if model.kind == "view":
            return touched
        days, shown = self._needed(model, touched)
        self._set(_SHOWN, shown)
        self._set(_WORKED_OUT, days)
        is_by_snapshot = model.name in self._by_snapshot
        where = f"where {_is_in(_WORKED_OUT)}" if is_by_snapshot else ""
        self._see_views(
            f"create or replace temp table {_NEW} as select * from (\n{model.sql}\n) as own {where}"
        )
        if not is_by_snapshot:
            self._hold_as_it_was(model)
            return frozenset()
        differing = self._differing(model, where)
        self._put(model, differing)
        return differing

    def _needed(self, model: Model, touched: "Days") -> tuple["Days", "Days"]:
        """Return of which snapshots rows are worked out, and which must be seen for that."""
        if model.span is Span.ALL or model.name not in self._by_snapshot:
            return self._every, self._every
        if model.span is Span.OWN:
            return touched, touched
        years = [(year_before(day), day) for day in self._every]
        days = frozenset(end for begin, end in years if any(begin <= one <= end for one in touched))
        shown = (one for one in self._every if any(year_before(day) <= one <= day for day in days))
        return days, frozenset(shown)

    def _hold_as_it_was(self, model: Model) -> None:
        now, before = f"from {_NEW}", f"from {model.name}"
        other = self._connection.execute(
            f"({now} except all {before}) union all ({before} except all {now}) limit 1"
        ).fetchone()
        if other is not None:
            raise NotByPartsError

    def _differing(self, model: Model, where: str) -> "Days":
        """Return the snapshots of which other rows were worked out than stand there."""
        now, before = (
            f"select period_end, count(*), sum(hash(own)::hugeint) from {name} as own "
            f"{where} group by all"
            for name in (_NEW, model.name)
        )
        found = self._connection.execute(
            f"select distinct period_end from (({now} except {before}) union all "
            f"({before} except {now}))"
        ).fetchall()
        return frozenset(day for (day,) in found)

    def _put(self, model: Model, days: "Days") -> None:
        """Put the new rows of some snapshots in the place of those that stand there."""
        if not days:
            return
        self._set(_WORKED_OUT, days)
        where = _is_in(_WORKED_OUT)
        self._connection.execute(f"delete from {model.name} where {where}")
        self._connection.execute(f"insert into {model.name} by name from {_NEW} where {where}")

    def _set(self, variable: str, days: "Days") -> None:
        listed = ", ".join(f"date {quoted(day.isoformat())}" for day in sorted(days))
        self._connection.execute(f"set variable {variable} = cast([{listed}] as date[])")

    def _see_views(self, statement: str) -> None:
        """Run a statement that sees the views in the place of the tables."""
        self._connection.execute(f"use {_VIEWS}")
        self._connection.execute(statement)
        self._connection.execute(f"use {self._private}")


def _is_in(variable: str) -> str:
    # The two ends let DuckDB pass over what lies beside them.
    days = f"getvariable('{variable}')"
    return (
        f"period_end between list_min({days}) and list_max({days}) "
        f"and list_contains({days}, period_end)"
    )
