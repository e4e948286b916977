"""The registry: one YAML file an indicator, ``warehouse/indicators/<standard>_<indicator>.yml``.

The figures, the published registry, the checks and the documentation read it; a table of counts in
``warehouse/measures`` may serve several indicators.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.errors import ProductError
from pipeline.receive.inbox import SOURCES
from pipeline.resources import INDICATORS, WAREHOUSE


@dataclass(frozen=True, slots=True)
class Method:
    """What a method of ``assess`` gives.

    Attributes:
        measures: the measures that it may be the method of.
        decimals: the decimals of its values; None where the registry chooses them.
        is_partition: whether the rows of an indicator and part are groups that add up to their
            common denominator.
        shows_counts: whether the counts behind the value stand in the figure.
    """

    measures: frozenset[str]
    decimals: int | None
    is_partition: bool = False
    shows_counts: bool = True


def _method(*measures: str, decimals: int | None, **more: bool) -> Method:
    return Method(frozenset(measures), decimals, **more)


METHODS = {
    "share": _method("share", decimals=1, is_partition=True),
    "quarter_share": _method("share", decimals=1, is_partition=True),
    "proportion": _method("share", "rate", decimals=1),
    "rate": _method("rate", decimals=1),
    "headcount": _method("headcount", "count", decimals=0),
    "relative_likelihood": _method("relative_likelihood", decimals=2),
    "disparity_ratio": _method("ratio", decimals=2),
    "mantel_haenszel": _method("ratio", decimals=2),
    "part_against_whole": _method("difference_pp", decimals=1),
    "independent_difference": _method("difference_pp", decimals=1),
    "population_difference": _method("difference_pp", decimals=1),
    "representation_index": _method("ratio", decimals=2),
    "gap_percent": _method("gap_percent", decimals=1),
    "amount": _method("score", "count", decimals=None, shows_counts=False),
    "mean_score": _method("score", decimals=None),
    "change": _method("score", decimals=2, shows_counts=False),
}
_ABOVE = {"favourable", "adverse", "neutral"}
_FAVOURABLE = {"higher", "lower", "parity", "none"}
_FILE_KEYS = {
    "table": str, "standard": str, "indicator": str, "title": str, "source": str,
    "definition": str, "why_it_matters": str, "numerator": str, "denominator": str,
    "comparison": str, "favourable": str, "needs": list, "valid_from": date, "groups": dict,
    "measures": dict, "change_log": list,
}  # fmt: skip
_OPTIONAL_KEYS = {"valid_to": date, "breaks": list}
_SHAPES = {
    str: "a text", list: "a list", dict: "names with what they stand for", date: "an ISO date",
}  # fmt: skip
_MEASURE_KEYS = {"method", "decimals", "above_parity", "neutral_groups", "claimed_parts"}


@dataclass(frozen=True, slots=True)
class Measure:
    """How one measure of an indicator is worked out.

    Attributes:
        name: the value of the column ``measure``.
        method: the name of one of ``METHODS``.
        decimals: the decimals of its values.
        above_parity: what a value above parity means: favourable, adverse or neutral.
        neutral_groups: groups of which no direction is claimed.
        claimed_parts: the parts of which a direction is claimed; all where empty.
    """

    name: str
    method: str
    decimals: int
    above_parity: str
    neutral_groups: frozenset[str]
    claimed_parts: frozenset[str]

    def high_is(self, part: str, group_code: str) -> str:
        """Return what a value above parity means for this part and group."""
        silent = group_code in self.neutral_groups
        silent = silent or bool(self.claimed_parts and part not in self.claimed_parts)
        return "neutral" if silent else self.above_parity


@dataclass(frozen=True, slots=True)
class Break:
    """A break in a series: figures before ``since`` and from then on are not compared."""

    since: date
    change: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One file of ``warehouse/indicators``.

    Attributes:
        table: the table of counts that holds its rows.
        standard: the standard that it belongs to.
        indicator: its number, or the characteristic.
        title: what it shows.
        source: who defined it.
        definition: how it is defined.
        why_it_matters: why it is published.
        numerator: who is counted.
        denominator: of whom.
        comparison: what is compared with what, and in which direction.
        favourable: which value is better: higher, lower, parity or none.
        needs: the sources that it is made from, the main one first.
        valid_from: the first snapshot for which it is defined.
        valid_to: the last one, or None while it holds.
        breaks: the breaks in its series.
        groups: its groups with their labels.
        measures: how each of its measures is worked out.
    """

    table: str
    standard: str
    indicator: str
    title: str
    source: str
    definition: str
    why_it_matters: str
    numerator: str
    denominator: str
    comparison: str
    favourable: str
    needs: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    breaks: tuple[Break, ...]
    groups: dict[str, str]
    measures: dict[str, Measure]


@cache
def load_registry(folder: Path = INDICATORS) -> tuple[Indicator, ...]:
    """Return every indicator, by file name.

    Raises:
        ProductError: a file is wrong; all faults of all files at once.
    """
    import yaml

    entries, faults = [], []
    for path in sorted(folder.glob("*.yml")):
        try:
            entry = yaml.load(path.read_text(encoding="utf-8"), Loader=_loader())  # noqa: S506
        except yaml.YAMLError as error:
            faults.append(f"{path.name}: {' '.join(str(error).split())}")
            continue
        found = list(_faults(entry, path.stem)) if isinstance(entry, dict) else ["holds no keys"]
        faults += [f"{path.name}: {fault}" for fault in found]
        if not found:
            entries.append(_indicator(entry))
    if not faults and folder == INDICATORS:
        faults += _tables_without_an_indicator(entries)
    if faults:
        raise ProductError("The indicator registry is wrong: " + "; ".join(faults) + ".")
    return tuple(entries)


def _loader() -> Any:
    """Return the safe loader of YAML, the one in C where there is one: a tenth of the time."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _tables_without_an_indicator(entries: Iterable[Indicator]) -> list[str]:
    known = {entry.table for entry in entries}
    return [
        f"measures/{path.name}: no indicator file names it"
        for path in sorted((WAREHOUSE / "measures").glob("*.sql"))
        if f"measures.{path.stem}" not in known
    ]


def _faults(entry: dict[str, Any], name: str) -> Iterator[str]:
    shapes = _FILE_KEYS | _OPTIONAL_KEYS
    malformed = [f"key '{key}' is missing" for key in sorted(_FILE_KEYS.keys() - entry.keys())]
    malformed += [f"key '{key}' is not known" for key in sorted(entry.keys() - shapes.keys())]
    malformed += [
        f"key '{key}' must hold {_SHAPES[shape]}"
        for key, shape in shapes.items()
        if key in entry and not (isinstance(entry[key], shape) and entry[key])
    ]
    if malformed:
        yield from malformed
        return
    expected = f"{entry['standard']}_{entry['indicator']}".lower()
    if name != expected:
        yield f"is the file of {expected}.yml"
    if not (WAREHOUSE / f"{entry['table'].replace('.', '/')}.sql").exists():
        yield f"table {entry['table']} has no file in warehouse/"
    yield from (f"source '{need}' is not known" for need in entry["needs"] if need not in SOURCES)
    if entry["favourable"] not in _FAVOURABLE:
        yield f"favourable is none of {', '.join(sorted(_FAVOURABLE))}"
    for one in entry.get("breaks", ()):
        if not (isinstance(one, dict) and set(one) == {"since", "change"}):
            yield "a break must hold since and change"
        elif not isinstance(one["since"], date):
            yield "since of a break must hold an ISO date"
    groups = {str(code) for code in entry["groups"]}
    for measure, spec in entry["measures"].items():
        for fault in _measure_faults(measure, spec, groups):
            yield f"measure '{measure}': {fault}"


def _measure_faults(name: str, measure: object, groups: set[str]) -> Iterator[str]:
    if not isinstance(measure, dict):
        yield "has no method"
        return
    method = METHODS.get(measure.get("method", ""))
    if method is None:
        yield f"method '{measure.get('method')}' is not known"
    else:
        if name not in method.measures:
            yield f"method '{measure['method']}' gives '{' or '.join(sorted(method.measures))}'"
        if not isinstance(measure.get("decimals"), int):
            yield "decimals must hold a number"
        elif method.decimals not in (None, measure["decimals"]):
            yield f"method '{measure['method']}' gives {method.decimals} decimals"
    if measure.get("above_parity", "neutral") not in _ABOVE:
        yield f"above_parity is none of {', '.join(sorted(_ABOVE))}"
    for key in sorted(measure.keys() - _MEASURE_KEYS):
        yield f"key '{key}' is not known"
    for group in measure.get("neutral_groups") or ():
        if str(group) not in groups:
            yield f"neutral group '{group}' is not among the groups"


def _indicator(entry: dict[str, Any]) -> Indicator:
    return Indicator(
        table=entry["table"],
        standard=entry["standard"],
        indicator=entry["indicator"],
        title=entry["title"],
        source=entry["source"],
        definition=entry["definition"].strip(),
        why_it_matters=entry["why_it_matters"].strip(),
        numerator=entry["numerator"],
        denominator=entry["denominator"],
        comparison=entry["comparison"],
        favourable=entry["favourable"],
        needs=tuple(entry["needs"]),
        valid_from=entry["valid_from"],
        valid_to=entry.get("valid_to"),
        breaks=tuple(Break(one["since"], one["change"]) for one in entry.get("breaks", ())),
        groups={str(code): label for code, label in entry["groups"].items()},
        measures={name: _measure(name, spec) for name, spec in entry["measures"].items()},
    )


def _measure(name: str, spec: dict[str, Any]) -> Measure:
    return Measure(
        name=name,
        method=spec["method"],
        decimals=spec["decimals"],
        above_parity=spec.get("above_parity", "neutral"),
        neutral_groups=frozenset(str(group) for group in spec.get("neutral_groups", ())),
        claimed_parts=frozenset(spec.get("claimed_parts", ())),
    )
