"""What the tables between landing and figures were built from last, and what changed since."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.models import Model
from pipeline.store import has_table, quoted

if TYPE_CHECKING:
    import duckdb

_NOTE = "built_from"


class Source(NamedTuple):
    """What a build reads, as hashes.

    Attributes:
        rules: of all that holds for every snapshot: the queries, the reference tables, who runs
            them.
        snapshots: for each snapshot of its files in the ledger and of their landed rows.
    """

    rules: str
    snapshots: Mapping[date, str]

    def changed(self, other: "Source") -> frozenset[date]:
        """Return the snapshots of which the two do not read the same."""
        return frozenset(
            day
            for day in self.snapshots.keys() | other.snapshots.keys()
            if self.snapshots.get(day) != other.snapshots.get(day)
        )


def source(
    connection: "duckdb.DuckDBPyConnection", models: Iterable[Model], reference: Path, engine: str
) -> Source | None:
    """Return what a build would read now; None of a database without a ledger.

    Every landed row is looked at, so that whatever changed them is seen: an extract that came
    again, a person who is forgotten, another pseudonym key.

    Args:
        connection: the private database.
        models: what would be built.
        reference: the folder of the reference tables.
        engine: who would run the queries.
    """
    import duckdb

    if not has_table(connection, "ledger", "load"):
        return None
    models = sorted(models, key=lambda model: model.name)
    rules = hashlib.sha256(f"{engine} {duckdb.__version__}".encode())
    for text in (*(f"{model.name} {model.sql}" for model in models), *_texts(reference)):
        rules.update(hashlib.sha256(text.encode()).digest())
    landed = {name for model in models for name in model.reads if name.startswith("landing.")}
    return Source(rules.hexdigest(), _snapshots(connection, sorted(landed)))


def _texts(reference: Path) -> list[str]:
    paths = sorted(reference.glob("*.csv"))
    return [f"{path.name} {path.read_text(encoding='utf-8')}" for path in paths]


def _snapshots(
    connection: "duckdb.DuckDBPyConnection", landed: Iterable[str]
) -> Mapping[date, str]:
    # The sum of the hashes of all rows is the same whatever order they stand in.
    of_rows = " union all ".join(
        f"select load_id, {quoted(name)} as name, count(*) as rows, "
        f"sum(hash(own)::hugeint) as hashes from {name} as own group by load_id"
        for name in landed
    )
    found: dict[date, list[str]] = {}
    for day, *told in connection.execute(
        f"select received.period_end, received.load_id, hash(received), landed.name, landed.rows, "
        f"landed.hashes from ledger.load as received left join ({of_rows}) as landed "
        "using (load_id) order by all"
    ).fetchall():
        found.setdefault(day, []).append(str(told))
    return {
        day: hashlib.sha256("\n".join(told).encode()).hexdigest() for day, told in found.items()
    }


def last(connection: "duckdb.DuckDBPyConnection") -> Source | None:
    """Return what the last build read; None where nobody knows."""
    if not has_table(connection, "ledger", "about"):
        return None
    noted = connection.execute(f"select value from ledger.about where name = '{_NOTE}'").fetchone()
    if noted is None:
        return None
    told = json.loads(noted[0])
    days = {date.fromisoformat(day): told["snapshots"][day] for day in told["snapshots"]}
    return Source(told["rules"], days)


def note(connection: "duckdb.DuckDBPyConnection", read: Source) -> None:
    """Keep what a build has read, in its transaction."""
    days = {day.isoformat(): own for day, own in sorted(read.snapshots.items())}
    told = quoted(json.dumps({"rules": read.rules, "snapshots": days}))
    connection.execute(f"insert or replace into ledger.about values ('{_NOTE}', {told})")
