"""The data dictionary: every column of every published table and view, for programs and people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.report.copies.lineage import Origin
from pipeline.report.copies.package import allowed
from pipeline.report.source import Published
from pipeline.store import open_published
from schemas.published import TABLES
from schemas.published_keys import UNIQUE

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class Entry:
    """One column of a published table or view, as the database itself describes it."""

    table: str
    kind: str
    table_description: str
    position: int
    column: str
    type: str
    may_be_missing: bool
    is_key: bool
    allowed_values: str
    description: str
    made_from: str


COLUMNS = tuple(Entry.__slots__)


def entries(published: Published, origins: Iterable[Origin]) -> list[Entry]:
    """Return an entry for each column, tables before views, in the order of the database."""
    made_from = _made_from(origins)
    with open_published(published.database) as connection:
        rows = connection.execute(
            "with named as (select table_name as name, 'table' as kind, comment from "
            "duckdb_tables() union all select view_name, 'view', comment from duckdb_views() "
            "where not internal) select named.name, named.kind, named.comment, column_index, "
            "column_name, lower(data_type), is_nullable, col.comment from named inner join "
            "duckdb_columns() as col on named.name = col.table_name where not col.internal"
        ).fetchall()
    order = {name: place for place, name in enumerate(TABLES)}
    rows.sort(key=lambda row: (row[1], order.get(row[0], 0), row[0], row[3]))
    return [
        Entry(
            table=name,
            kind=kind,
            table_description=told,
            position=position,
            column=column,
            type=sql_type,
            may_be_missing=nullable,
            is_key=column in UNIQUE.get(name, ()),
            allowed_values="; ".join(allowed(name, column)) if kind == "table" else "",
            description=description,
            made_from="; ".join(made_from.get((name, column), ())),
        )
        for name, kind, told, position, column, sql_type, nullable, description in rows
    ]


def _made_from(origins: Iterable[Origin]) -> dict[tuple[str, str], list[str]]:
    """Return in short what each column is made from: the extracts, tables and lists."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in origins:
        name = f"{one.source}.{one.name}" if one.kind == "column" else one.source
        found[one.table, one.column].add(f"extract {name}" if one.kind == "heading" else name)
    return {key: sorted(names) for key, names in found.items()}


def page(published: Published, known: Iterable[Entry]) -> str:
    """Return the dictionary as one HTML page that needs nothing beside it."""
    tables: dict[str, list[Entry]] = defaultdict(list)
    for entry in known:
        tables[entry.table].append(entry)
    template = _environment().get_template("dictionary.html")
    return template.render(
        release_id=published.release_id, is_sample=published.is_sample, tables=tables
    )


def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("pipeline.report.copies"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
