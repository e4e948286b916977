"""Which columns each column of a query is made from, through every query that it reads.

A column hangs on what its expression reads, and on whatever chooses or groups the rows that it
stands in: a count of people reads no column of its own, and yet hangs on who is counted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import ProductError

if TYPE_CHECKING:
    from sqlglot import exp

Leaf = tuple[str, str]
"""A column of a table that no query makes: the table with its schema, and the column."""
Leaves = frozenset[Leaf]
_NONE: Leaves = frozenset()


@dataclass(frozen=True, slots=True)
class Relation:
    """What a query, or a part of one, gives.

    Attributes:
        columns: what each of its columns hangs on, in their order; None where it is a leaf, whose
            columns are not known here.
        rows: what it hangs on which rows there are.
        name: the name of a leaf.
    """

    columns: Mapping[str, Leaves] | None
    rows: Leaves = _NONE
    name: str = ""

    def column(self, name: str) -> Leaves | None:
        """Return what a column hangs on, or None where there is no such column."""
        if self.columns is None:
            return frozenset({(self.name, name)})
        return self.columns.get(name)

    @property
    def everything(self) -> Leaves:
        """What any of its columns and its rows hang on."""
        return self.rows.union(*(self.columns or {}).values())


class Reads:
    """What the queries of a warehouse read, each worked out once.

    Args:
        queries: the SQL of each table or view by its name; any other name is a leaf.
    """

    def __init__(self, queries: Mapping[str, str]) -> None:
        self._queries = queries
        self._known: dict[str, Relation] = {}

    def relation(self, name: str) -> Relation:
        """Return what a table, view or leaf hangs on.

        Raises:
            ProductError: its query reads a column that nothing gives.
        """
        if name not in self._queries:
            return Relation(None, name=name)
        if name not in self._known:
            import sqlglot

            tree = sqlglot.parse_one(self._queries[name], dialect="duckdb")
            try:
                self._known[name] = _query(tree, {}, {}, self.relation)
            except KeyError as error:
                raise ProductError(f"{name} reads {error}, which nothing gives.") from None
        return self._known[name]


_Named = Mapping[str, Relation]
_Find = Callable[[str], Relation]


def _query(tree: "exp.Expr", common: _Named, outer: _Named, find: _Find) -> Relation:
    """Return what a select or a union gives, given the common tables and those around it.

    One that reads itself is worked out from what it begins with.
    """
    from sqlglot import exp

    with_ = tree.find(exp.With) if tree.args.get("with_") else None
    is_recursive = bool(with_ and with_.args.get("recursive"))
    for one in with_.expressions if with_ else ():
        if is_recursive and isinstance(one.this, exp.SetOperation):
            common = {**common, one.alias: _query(one.this.left, common, outer, find)}
        common = {**common, one.alias: _query(one.this, common, outer, find)}
    if isinstance(tree, exp.Subquery):
        return _query(tree.this, common, outer, find)
    if isinstance(tree, exp.SetOperation):
        left, right = (_query(side, common, outer, find) for side in (tree.left, tree.right))
        pairs = zip(_columns(left).items(), _columns(right).values(), strict=True)
        return Relation({name: one | other for (name, one), other in pairs}, left.rows | right.rows)
    return _select(tree, common, outer, find)


def _columns(relation: Relation) -> Mapping[str, Leaves]:
    return relation.columns or {}


def _select(tree: "exp.Expr", common: _Named, outer: _Named, find: _Find) -> Relation:
    from sqlglot import exp

    start = tree.args.get("from_")
    joins = tree.args.get("joins") or []
    read: dict[str, Relation] = {}
    for source in ([start.this] if start else []) + [join.this for join in joins]:
        if isinstance(source, exp.Table):
            name = ".".join(part.name for part in source.parts)
            relation = common[name] if name in common else find(name)
        elif isinstance(source, exp.Values):
            relation = Relation({column.name: _NONE for column in source.args["alias"].columns})
        else:
            relation = _query(source, common, {**outer, **read}, find)
        read[source.alias_or_name] = relation

    def leaves(part: "exp.Expr | None") -> Leaves:
        return _NONE if part is None else _expression(part, read, common, outer, find)

    choosing = [tree.args.get(name) for name in ("where", "having", "group", "qualify")]
    choosing += [join.args.get("on") for join in joins]
    rows = _NONE.union(*(leaves(part) for part in choosing), *(one.rows for one in read.values()))
    columns: dict[str, Leaves] = {}
    for one in tree.expressions:
        if one.is_star:
            columns |= _star(one, read)
        else:
            columns[one.alias_or_name] = leaves(one) | rows
    if tree.args.get("distinct"):
        rows = rows.union(*columns.values())
    return Relation(columns, rows)


def _star(star: "exp.Expr", read: _Named) -> dict[str, Leaves]:
    """Return the columns of ``*``, or of ``name.*``."""
    from sqlglot import exp

    names = [star.table] if isinstance(star, exp.Column) else list(read)
    return {name: found for one in names for name, found in _columns(read[one]).items()}


def _expression(
    part: "exp.Expr", read: _Named, common: _Named, outer: _Named, find: _Find
) -> Leaves:
    """Return what an expression hangs on, the queries inside it included."""
    from sqlglot import exp

    inner = [node for node in part.find_all(exp.Query) if node.find_ancestor(exp.Query, exp.Select)]
    own = [node for node in inner if not _within(node, inner)]
    found = _NONE.union(*(_query(node, common, {**outer, **read}, find).everything for node in own))
    for column in part.find_all(exp.Column):
        if not _within(column, own):
            found |= _column(column.table, column.name, read, outer)
    return found


def _within(node: "exp.Expr", queries: "Sequence[exp.Expr]") -> bool:
    above = node.parent
    while above is not None:
        if any(above is query for query in queries):
            return True
        above = above.parent
    return False


def _column(table: str, name: str, read: _Named, outer: _Named) -> Leaves:
    if table:
        relation = read[table] if table in read else outer[table]
        found = relation.column(name)
        if found is None:
            raise KeyError(f"{table}.{name}")
        return found
    given = [found for relation in read.values() if (found := relation.column(name)) is not None]
    if not given:
        given = [found for one in outer.values() if (found := one.column(name)) is not None]
    # A name without its table that several give is one of their common keys; an alias of the same
    # select (in group by) is what its expression reads, which is counted there.
    return _NONE.union(*given)
