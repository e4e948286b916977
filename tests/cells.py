"""Counts by name, protected by the product as it protects a release.

A name is ``population/part/characteristic/group``; each count stands in a figure of its own, with
a value, an interval and a direction that must not outlive it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from pipeline.assess.columns import COUNTS, PEOPLE
from pipeline.disclosure import Policy, load_policy
from pipeline.protect.cells import Owner
from pipeline.protect.figures import protect
from pipeline.resources import REFERENCE

PERIOD = date(2022, 3, 31)
ICB = "QYG"
_ABOUT = {
    "standard": "WRES", "indicator": "2", "part": "all", "group_code": "WHITE",
    "comparator_code": "BME", "measure": "rate", "shows_counts": True,
}  # fmt: skip


def policy() -> Policy:
    """Return the policy that the product ships, with detail of however few people."""
    shipped = load_policy(REFERENCE / "disclosure.yml")
    return replace(
        shipped,
        minimum_base=0,
        most_groups=99,
        whole_blocks=False,
        zeros_below_employer="shown",
    )


def owner(code: str) -> Owner:
    return Owner(PERIOD, "icb" if code == ICB else "employer", code)


def figure(code: str = "01T", value: float | None = 1.0, **people: tuple[str, int]) -> dict:
    """Return a figure with a value; ``people`` gives name and number of each of its counts."""
    row = dict.fromkeys((*COUNTS, *PEOPLE)) | owner(code)._asdict() | _ABOUT
    for count, (name, number) in people.items():
        row |= {count: number, f"{count}_people": name}
    numbers = {"value": value, "ci_low": value, "ci_high": value, "p_value": value}
    return row | numbers | {"status": "ok", "reason": None, "direction": "cannot_tell"}


def frame(rows: Iterable[Mapping]) -> pd.DataFrame:
    """Return figures as ``assess`` types them."""
    frame = pd.DataFrame(rows)
    return frame.astype(dict.fromkeys(COUNTS, "Int64") | dict.fromkeys(PEOPLE, "object"))


def figures(tables: Mapping[str, Mapping[str, int]]) -> pd.DataFrame:
    """Return one figure for each count; ``tables`` holds counts by name for each organisation."""
    return frame(
        figure(code, numerator=(name, number))
        for code, counts in tables.items()
        for name, number in counts.items()
    )


def members(tables: Mapping[str, object]) -> dict[Owner, list[list[Owner]]]:
    """Return who is pooled in the ICB: every other organisation of ``tables``, the one way."""
    return {owner(ICB): [[owner(code) for code in tables if code != ICB]]} if ICB in tables else {}


def decided(tables: Mapping[str, Mapping[str, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the figures of ``tables`` with what was decided, and as published."""
    return protect(figures(tables), members(tables), policy())


def shown(tables: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int | None]]:
    """Return the counts of ``tables`` as they may be published, None where hidden."""
    _, published = decided(tables)
    result: dict[str, dict[str, int | None]] = {code: {} for code in tables}
    for row in published.to_dict("records"):
        number = None if pd.isna(row["numerator"]) else int(row["numerator"])
        result[row["organisation_code"]][row["numerator_people"]] = number
    return result


def hidden(counts: Mapping[str, int]) -> set[str]:
    """Return the names of the counts of one employer that are hidden."""
    return {name for name, number in shown({"01T": counts})["01T"].items() if number is None}
