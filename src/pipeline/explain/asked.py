"""Which figures are asked about, found among the published ones by their key."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.registry import Indicator, load_registry

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]

_WHOLE = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about; of a field that is None every value.

    Without a part it is part ``all``, where there is one.
    """

    standard: str
    indicator: str
    organisation_code: str
    period_end: date
    part: str | None = None
    group_code: str | None = None
    measure: str | None = None
    level: str | None = None

    def words(self) -> str:
        """Return it in one line, for the trail."""
        named = (self.level, self.part, self.measure, self.group_code)
        place = f"{self.standard} {self.indicator} {self.organisation_code} {self.period_end}"
        return " ".join([place, *(one for one in named if one)])


@dataclass(frozen=True, slots=True)
class Found:
    """The published figures that are asked about, by key, and what else there is of them.

    Attributes:
        entry: their indicator.
        figures: their rows of ``figure``.
        other_parts: the parts that nobody asked about.
    """

    entry: Indicator
    figures: tuple[Row, ...]
    other_parts: tuple[str, ...]


def find(connection: "duckdb.DuckDBPyConnection", asked: Asked) -> Found:
    """Return the published figures that are asked about.

    Args:
        connection: a published database.
        asked: which; letters of standard, indicator and organisation in any case.

    Raises:
        UsageError: there is no such standard, indicator, organisation, snapshot or figure; the
            text says what there is.
    """
    entry = _entry(asked.standard, asked.indicator)
    code = asked.organisation_code.upper()
    _need(
        connection,
        "organisation_code",
        code,
        f"There is no figure of organisation {asked.organisation_code}. There are figures of",
        {},
    )
    known: Row = {"organisation_code": code}
    day = asked.period_end
    text = f"There is no figure of {code} at {day}. There are figures of it at"
    _need(connection, "period_end", day, text, known)
    known |= {
        "period_end": day,
        "standard": entry.standard,
        "indicator": entry.indicator,
    }
    what = f"{entry.standard} {entry.indicator} of {code} at {day}"
    if not _values(connection, "part", known):
        raise UsageError(
            f"There is no figure of {what}: the indicator is defined from {entry.valid_from} "
            f"{f'to {entry.valid_to}' if entry.valid_to else 'on'}."
        )
    for name in ("level", "part", "measure", "group_code"):
        value = getattr(asked, name)
        if value is not None:
            word = name.removesuffix("_code")
            text = f"There is no {word} {value} in {what}. There is"
            _need(connection, name, value, text, known)
            known[name] = value
    parts = _values(connection, "part", known)
    if asked.part is None and _WHOLE in parts:
        known["part"] = _WHOLE
    figures = _rows(connection, known)
    told = {row["part"] for row in figures}
    return Found(entry, tuple(figures), tuple(part for part in parts if part not in told))


def _entry(standard: str, indicator: str) -> Indicator:
    registry = load_registry()
    of_standard = [one for one in registry if one.standard == standard.upper()]
    if not of_standard:
        names = _listed(dict.fromkeys(one.standard for one in registry))
        raise UsageError(f"There is no standard {standard}. There are {names}.")
    for one in of_standard:
        if one.indicator.lower() == indicator.lower():
            return one
    names = _listed(one.indicator for one in of_standard)
    raise UsageError(f"{standard.upper()} has no indicator {indicator}. It has {names}.")


def _need(
    connection: "duckdb.DuckDBPyConnection", name: str, value: object, text: str, known: Row
) -> None:
    """Make sure that there is a figure with a value in a column."""
    values = _values(connection, name, known)
    if value not in values:
        raise UsageError(f"{text} {_listed(map(str, values))}.")


def _values(connection: "duckdb.DuckDBPyConnection", name: str, known: Row) -> list[Any]:
    rows = connection.execute(
        f"select distinct {name} from figure {_where(known)} order by all", list(known.values())
    ).fetchall()
    return [value for (value,) in rows]


def _rows(connection: "duckdb.DuckDBPyConnection", known: Row) -> list[Row]:
    cursor = connection.execute(
        f"select * from figure {_where(known)} order by level, part, measure, group_code, "
        "comparator_code",
        list(known.values()),
    )
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def _where(known: Row) -> str:
    return f"where {' and '.join(f'{name} = ?' for name in known)}" if known else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
