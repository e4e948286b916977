"""Where every published column comes from: tables, views, and headings of the extracts.

Worked out from what runs: the queries of ``warehouse/``, the registry of indicators, the headings
in ``schemas/``. What is listed is all that a number may hang on, whoever is counted included.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.codes import CHARACTERISTIC_OF_FIELD
from pipeline.receive.inbox import SOURCES
from pipeline.registry import Indicator, load_registry
from pipeline.report.copies.reads import Leaf, Leaves, Reads
from pipeline.resources import HEADERS, ROOT, WAREHOUSE, read_rows, reference
from schemas.published import TABLES

COUNTS = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
# What a measure is worked out from where it is no count: pay, scores, days.
_AMOUNTS = ("amount", "amount_base", "comparator_amount", "comparator_amount_base")
# The columns of tables that are made of figures alone, where their names differ.
_OF_FIGURES = {
    "declaration_rate": {
        "characteristic": "indicator", "known": "numerator", "headcount": "denominator",
        "rate": "value", "band": "value",
    },
    "revision": {
        "previous_release_id": "release_id", "change": "value", "reason": "release_id",
        "explanation": "release_id",
    },
}  # fmt: skip
# The columns of a figure whose values come out of the counting, indicator by indicator.
_COUNTED = (*COUNTS, "part", "group_code")
_ESTIMATED = ("value", "ci_low", "ci_high", "p_value", "direction")
_FIGURE = {
    "release_id": "the inputs, the code, the policy and the releases before, as one hash",
    "period_end": "the folders of the inbox",
    "organisation_code": "the folders of the inbox",
    "organisation_name": "warehouse/reference/organisation.csv",
    "level": "warehouse/reference/organisation.csv",
    "status": "the counts, and warehouse/reference/disclosure.yml",
    "reason": "the counts, and warehouse/reference/disclosure.yml",
    "disclosure": "warehouse/reference/disclosure.yml",
}
_REGISTRY = "warehouse/indicators/*.yml"
_QUERIES = {"coverage": "core.pooled_body", "benchmark": "core.benchmark"}
"""The tables that are a query of the warehouse as it is; ``pipeline.publish.tables`` reads them."""
_ELSEWHERE = {
    "organisation": "warehouse/reference/organisation.csv",
    "indicator": "warehouse/indicators/*.yml",
    "series_break": "warehouse/indicators/*.yml, key breaks",
    "load": "what was received, by the ledger",
    "check_result": "warehouse/checks/checks.csv and what its queries found",
    "alert": "warehouse/alerts, warehouse/reference/alert_rules.csv, and figure",
    "about": "the release itself",
}


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """One column, and one thing that it comes from.

    Attributes:
        table: the published table or view.
        column: its column.
        standard: whose count it is, where it is one of ``figure``; empty elsewhere.
        indicator: as ``standard``.
        kind: ``heading`` of an extract, ``column`` of a published table, ``reference`` list, or
            ``other``.
        source: the extract, table or list.
        name: the heading or column; empty for a list.
    """

    table: str
    column: str
    standard: str
    indicator: str
    kind: str
    source: str
    name: str


def lineage() -> list[Origin]:
    """Return the origins of every published column, sorted."""
    warehouse, views = _warehouse(), _views()
    registry = load_registry()
    found: set[Origin] = set()
    for entry in registry:
        for count in _COUNTED:
            leaves = warehouse.relation(entry.table).column(count) or frozenset()
            kept = _of_indicator(entry, leaves)
            found |= set(_origins("figure", count, kept, entry.standard, entry.indicator))
        amounts = warehouse.relation(entry.table).columns or {}
        leaves = frozenset().union(*(amounts.get(name, frozenset()) for name in _AMOUNTS))
        kept = _of_indicator(entry, leaves)
        found |= set(_origins("figure", "value", kept, entry.standard, entry.indicator))
    for table, query in _QUERIES.items():
        relation = warehouse.relation(query)
        for column in TABLES[table].columns:
            leaves = relation.column(column) or relation.column("exact_value") or frozenset()
            found |= set(_origins(table, column, leaves))
    for view in view_names():
        for column, leaves in (views.relation(view).columns or {}).items():
            found |= {_column_of(view, column, *leaf) for leaf in leaves}
    return sorted(found | set(_told()))


@cache
def view_names() -> tuple[str, ...]:
    """Return the names of the published views."""
    return tuple(sorted(path.stem for path in (WAREHOUSE / "marts").glob("*.sql")))


def _told() -> Iterator[Origin]:
    """Yield the origins of what no query of the warehouse makes."""
    for name in TABLES["figure"].columns:
        if name in _ESTIMATED:
            yield from (_column_of("figure", name, "figure", count) for count in COUNTS)
        if name not in _COUNTED:
            yield _other("figure", name, _FIGURE.get(name, _REGISTRY))
    for table, names in _OF_FIGURES.items():
        for name in TABLES[table].columns:
            yield _column_of(table, name, "figure", names.get(name, name))
    for table, source in _ELSEWHERE.items():
        yield from (_other(table, name, source) for name in TABLES[table].columns)


def _of_indicator(entry: Indicator, leaves: Leaves) -> Leaves:
    """Return the leaves that an indicator can hang on.

    A table of counts may serve several: of the extracts only those that the indicator needs, of
    the characteristics only that whose groups it has.
    """
    characteristics = _characteristics(entry)
    return frozenset(
        (table, column)
        for table, column in leaves
        if not table.startswith("landing.")
        or (
            table.removeprefix("landing.") in entry.needs
            and (_characteristic(column) is None or _characteristic(column) in characteristics)
        )
    )


def _characteristic(column: str) -> str | None:
    """Return the characteristic that a landed column tells, if any."""
    name = column.removesuffix("_key")
    known = set(CHARACTERISTIC_OF_FIELD.values()) | {"age_band"}
    return name if name in known else CHARACTERISTIC_OF_FIELD.get(column)


def _characteristics(entry: Indicator) -> frozenset[str]:
    """Return the characteristics that an indicator is about; where none can be told, all."""
    known = frozenset({*CHARACTERISTIC_OF_FIELD.values(), "age_band"})
    if entry.indicator in known:
        return frozenset({entry.indicator})
    told = {
        row["characteristic"]
        for row in reference("characteristic_value")
        if row["group_code"] in entry.groups and row["group_code"] not in _ANYBODY
    }
    return frozenset(told) or known


_ANYBODY = {"ALL", "UNKNOWN", "KNOWN"}


def _origins(
    table: str, column: str, leaves: Iterable[Leaf], standard: str = "", indicator: str = ""
) -> Iterator[Origin]:
    headings = _headings()
    for source, name in leaves:
        schema, _, plain = source.partition(".")
        if schema == "landing":
            for heading in headings.get((plain, name), ()):
                yield Origin(table, column, standard, indicator, "heading", plain, heading)
        elif schema == "reference":
            yield Origin(table, column, standard, indicator, "reference", f"{plain}.csv", "")


def _column_of(table: str, column: str, source: str, name: str) -> Origin:
    return Origin(table, column, "", "", "column", source, name)


def _other(table: str, column: str, source: str) -> Origin:
    return Origin(table, column, "", "", "other", source, "")


def _warehouse() -> Reads:
    paths = [path for stage in ("staging", "core", "measures")
             for path in (WAREHOUSE / stage).glob("*.sql")]  # fmt: skip
    return Reads(
        {f"{path.parent.name}.{path.stem}": path.read_text(encoding="utf-8") for path in paths}
    )


def _views() -> Reads:
    folder = WAREHOUSE / "marts"
    return Reads({path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.sql")})


@cache
def _headings() -> dict[tuple[str, str], list[str]]:
    """Return the headings behind each landed column (``schemas/landed.csv``)."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in read_rows(ROOT / "schemas" / "landed.csv"):
        found.setdefault((row["source"], row["column"]), []).append(row["heading"])
    return found


def headings() -> list[tuple[str, str, str]]:
    """Return extract, heading and each heading that is read as it, sorted."""
    return sorted(
        (source, row["heading"], row["received"])
        for source in SOURCES
        for row in read_rows(HEADERS / f"{source}.csv")
    )
