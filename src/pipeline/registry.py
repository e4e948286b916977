"""The registry of indicators: one YAML file for each table of counts in ``warehouse/measures``."""

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
    "table", "standard", "title", "sources", "definition", "why_it_matters",
    "indicators", "groups", "measures", "change_log",
}  # fmt: skip


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
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = _faults(entry)
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
    faults = [f"key '{key}' is missing" for key in sorted(_FILE_KEYS - set(entry))]
    faults += [f"key '{key}' is not known" for key in sorted(set(entry) - _FILE_KEYS)]
    if faults:
        return faults
    table = str(entry["table"])
    if not (WAREHOUSE / f"{table.replace('.', '/')}.sql").exists():
        faults.append(f"table {table} has no file in warehouse/")
    faults += [f"source '{name}' is not known" for name in entry["sources"] if name not in SOURCES]
    for name, measure in entry["measures"].items():
        method = measure.get("method")
        if method not in METHODS:
            faults.append(f"measure '{name}': method '{method}' is not known")
        elif METHODS[method] != name:
            faults.append(f"measure '{name}': method '{method}' gives '{METHODS[method]}'")
        if measure.get("above_parity", "neutral") not in _ABOVE:
            faults.append(f"measure '{name}': above_parity is none of {sorted(_ABOVE)}")
    return faults


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
