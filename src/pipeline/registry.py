"""The registry of indicators: one YAML file for each table of counts in ``warehouse/measures``."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.errors import ProductError
from pipeline.receive.inbox import SOURCES
from pipeline.resources import INDICATORS, WAREHOUSE

METHODS = {
    "share": "share",
    "rate": "rate",
    "headcount": "headcount",
    "relative_likelihood": "relative_likelihood",
    "part_against_whole": "difference_pp",
    "independent_difference": "difference_pp",
    "population_difference": "difference_pp",
    "representation_index": "ratio",
}
_ABOVE = {"favourable", "adverse", "neutral"}
_FILE_KEYS = {
    "table": str, "standard": str, "title": str, "sources": list, "definition": str,
    "why_it_matters": str, "indicators": dict, "groups": dict, "measures": dict,
    "change_log": list,
}  # fmt: skip
_SHAPES = {str: "a text", list: "a list", dict: "names with what they stand for"}
_MEASURE_KEYS = {"method", "above_parity", "neutral_groups", "claimed_parts"}


@dataclass(frozen=True, slots=True)
class Measure:
    """How one measure of an indicator is worked out.

    Attributes:
        name: the value of the column ``measure``.
        method: the method of ``assess.rates``.
        above_parity: what a value above parity means: favourable, adverse or neutral.
        neutral_groups: groups of which no direction is claimed.
        claimed_parts: the parts of which a direction is claimed; all where empty.
    """

    name: str
    method: str
    above_parity: str
    neutral_groups: frozenset[str]
    claimed_parts: frozenset[str]

    def high_is(self, part: str, group_code: str) -> str:
        """Return what a value above parity means for this part and group."""
        silent = group_code in self.neutral_groups
        silent = silent or bool(self.claimed_parts and part not in self.claimed_parts)
        return "neutral" if silent else self.above_parity


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """One file of ``warehouse/indicators``: the indicators that share a table of counts."""

    table: str
    standard: str
    title: str
    sources: tuple[str, ...]
    definition: str
    why_it_matters: str
    indicators: dict[str, str]
    groups: dict[str, str]
    measures: dict[str, Measure]


@cache
def load_registry(folder: Path = INDICATORS) -> tuple[IndicatorSet, ...]:
    """Return every set of indicators, by file name.

    Raises:
        ProductError: a file is wrong; all faults of all files at once.
    """
    import yaml

    sets, faults = [], []
    for path in sorted(folder.glob("*.yml")):
        try:
            entry = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            faults.append(f"{path.name}: {' '.join(str(error).split())}")
            continue
        found = _faults(entry) if isinstance(entry, dict) else ["holds no keys"]
        faults += [f"{path.name}: {fault}" for fault in found]
        if not found:
            sets.append(_indicator_set(entry))
    known = {entry.table for entry in sets}
    if not faults:
        faults += [
            f"measures/{path.name}: no indicator file names it"
            for path in sorted((WAREHOUSE / "measures").glob("*.sql"))
            if folder == INDICATORS and f"measures.{path.stem}" not in known
        ]
    if faults:
        raise ProductError("The indicator registry is wrong: " + "; ".join(faults) + ".")
    return tuple(sets)


def _faults(entry: dict[str, Any]) -> list[str]:
    faults = [f"key '{key}' is missing" for key in sorted(_FILE_KEYS.keys() - entry.keys())]
    faults += [f"key '{key}' is not known" for key in sorted(entry.keys() - _FILE_KEYS.keys())]
    faults += [
        f"key '{key}' must hold {_SHAPES[shape]}"
        for key, shape in _FILE_KEYS.items()
        if key in entry and not (isinstance(entry[key], shape) and entry[key])
    ]
    if faults:
        return faults
    table = entry["table"]
    if not (WAREHOUSE / f"{table.replace('.', '/')}.sql").exists():
        faults.append(f"table {table} has no file in warehouse/")
    faults += [f"source '{name}' is not known" for name in entry["sources"] if name not in SOURCES]
    groups = {str(code) for code in entry["groups"]}
    for name, measure in entry["measures"].items():
        faults += [f"measure '{name}': {fault}" for fault in _measure_faults(name, measure, groups)]
    return faults


def _measure_faults(name: str, measure: object, groups: set[str]) -> Iterator[str]:
    if not isinstance(measure, dict):
        yield "has no method"
        return
    method = measure.get("method")
    if method not in METHODS:
        yield f"method '{method}' is not known"
    elif METHODS[method] != name:
        yield f"method '{method}' gives '{METHODS[method]}'"
    if measure.get("above_parity", "neutral") not in _ABOVE:
        yield f"above_parity is none of {', '.join(sorted(_ABOVE))}"
    for key in sorted(measure.keys() - _MEASURE_KEYS):
        yield f"key '{key}' is not known"
    for group in measure.get("neutral_groups") or ():
        if str(group) not in groups:
            yield f"neutral group '{group}' is not among the groups"


def _indicator_set(entry: dict[str, Any]) -> IndicatorSet:
    return IndicatorSet(
        table=entry["table"],
        standard=entry["standard"],
        title=entry["title"],
        sources=tuple(entry["sources"]),
        definition=entry["definition"],
        why_it_matters=entry["why_it_matters"],
        indicators={str(code): title for code, title in entry["indicators"].items()},
        groups={str(code): label for code, label in entry["groups"].items()},
        measures={name: _measure(name, spec) for name, spec in entry["measures"].items()},
    )


def _measure(name: str, spec: dict[str, Any]) -> Measure:
    return Measure(
        name=name,
        method=spec["method"],
        above_parity=spec.get("above_parity", "neutral"),
        neutral_groups=frozenset(spec.get("neutral_groups", ())),
        claimed_parts=frozenset(spec.get("claimed_parts", ())),
    )
