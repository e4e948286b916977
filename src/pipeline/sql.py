"""What a query of the warehouse reads, as DuckDB's own parser sees it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

_NO_SELECT = "holds something else than one select"


def tables_read(queries: Sequence[str]) -> list[frozenset[str] | str]:
    """Return, for each query, the tables that it reads, or in words why it is none.

    Common table expressions are no tables. A name is that of the query: with its schema where the
    query says it. Nothing is looked up, so that the tables need not be there.
    """
    import duckdb

    with duckdb.connect() as connection:
        # One statement for all of them: each costs more than most queries do.
        parsed = connection.execute(
            "select json_serialize_sql(query) from (select unnest(cast(? as varchar[])) as query)",
            [list(queries)],
        ).fetchall()
    return [_tables(json.loads(tree)) for (tree,) in parsed]


def _tables(parsed: dict[str, Any]) -> frozenset[str] | str:
    if parsed["error"]:
        message: str = parsed["error_message"]
        return message if parsed["error_type"] == "parser" else _NO_SELECT
    if len(parsed["statements"]) != 1:
        return _NO_SELECT
    nodes = list(_nodes(parsed["statements"]))
    own = {entry["key"] for node in nodes for entry in node.get("cte_map", {}).get("map", ())}
    names = {
        ".".join(filter(None, (node["schema_name"], node["table_name"])))
        for node in nodes
        if node.get("type") == "BASE_TABLE"
    }
    return frozenset(names - own)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a parsed query."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from _nodes(part)
