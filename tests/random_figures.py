"""The figures and the published tables of a random system."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd
from random_counts import coarse_groups, parts_of
from random_people import COARSE, GROUPS, MARCH, Shape

from pipeline.assess.columns import COUNTS, PEOPLE
from pipeline.assess.rounding import round_half_away
from pipeline.protect.cells import Owner

Key = tuple[str, str, str, str, str, str | None]
"""Standard, indicator, part, measure, group and the group compared with."""


def figures(shape: Shape, owner: Owner, counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Yield the figures of one organisation at one snapshot."""
    everybody = "workforce/all//ALL"
    parts = [part for own in parts_of(shape, owner).values() for part in own]
    for name in (name for name in GROUPS if name in shape.characteristics):
        base = f"workforce/all/{name}"
        yield _row(owner, ("PSED", name, "all", "headcount", "ALL", None), counts, everybody)
        for group in GROUPS[name]:
            key = ("PSED", name, "all", "share", group, None)
            yield _row(owner, key, counts, f"{base}/{group}", everybody)
        for part, of, group in _of_parts(name, parts, owner):
            key = ("PSED", name, "coarse" if part == "all" else part, "share", group, None)
            of_part = f"workforce/{part}//ALL"
            yield _row(owner, key, counts, f"workforce/{part}/{of}/{group}", of_part)
        for counted in counts:
            if counted.startswith(f"{base}:") and f"{base}:UNKNOWN" not in counted:
                key = ("PSED", name, "detail", "share", counted.rpartition("/")[2], None)
                yield _row(owner, key, counts, counted, everybody)
        for group in ("KNOWN", "UNKNOWN"):
            key = ("DECLARATION", name, "all", "share", group, None)
            yield _row(owner, key, counts, f"{base}/{group}", everybody)
        for kind in GROUPS[name]["UNKNOWN"]:
            key = ("DECLARATION", name, "unknown_kind", "share", kind, None)
            yield _row(owner, key, counts, f"{base}:UNKNOWN/{kind}", f"{base}/UNKNOWN")
    for standard, name, own, other in (
        ("WRES", "ethnicity", "WHITE", "BME"),
        ("WDES", "disability", "NON_DISABLED", "DISABLED"),
    ):
        if f"shortlisted/all/{name}/{own}" in counts:
            rates = {
                group: (f"appointed/all/{name}/{group}", f"shortlisted/all/{name}/{group}")
                for group in GROUPS[name]
            }
            for group, pair in rates.items():
                yield _row(owner, (standard, "2", "all", "rate", group, None), counts, *pair)
            key = (standard, "2", "all", "relative_likelihood", own, other)
            yield _row(owner, key, counts, *rates[own], *rates[other])


def _of_parts(name: str, parts: list[str], owner: Owner) -> Iterator[tuple[str, str, str]]:
    is_march = owner.period_end.month == MARCH
    for part in ("all", *parts) if name in COARSE and is_march else parts:
        for of, group in coarse_groups(name):
            yield part, of, group


def _row(owner: Owner, key: Key, counts: Mapping[str, int], *names: str) -> dict[str, Any]:
    standard, indicator, part, measure, group, comparator = key
    numbers = [counts[name] for name in names]
    value = _value(measure, numbers)
    return {
        **owner._asdict(), "standard": standard, "indicator": indicator, "part": part,
        "measure": measure, "group_code": group, "comparator_code": comparator,
        **dict.fromkeys(COUNTS), **dict(zip(COUNTS, numbers, strict=False)),
        **dict.fromkeys(PEOPLE), **dict(zip(PEOPLE, names, strict=False)),
        "reason": None if value is not None else "NO_NUMERATOR_BASE", "since": None,
        "organisation_name": f"NHS {owner.organisation_code}", "value": value, "ci_low": None,
        "ci_high": None, "p_value": None, "status": "not_applicable" if value is None else "ok",
        "direction": None if value is None else "neutral", "shows_counts": True,
    }  # fmt: skip


def _value(measure: str, numbers: list[int]) -> float | None:
    if measure == "headcount":
        return float(numbers[0])
    rates = [
        Fraction(one, base) if base else None
        for one, base in zip(numbers[::2], numbers[1::2], strict=True)
    ]
    if None in rates or (len(rates) > 1 and not rates[1]):
        return None
    if measure == "relative_likelihood":
        return round_half_away(rates[0] / rates[1], 2)  # type: ignore[operator]
    return round_half_away(100 * rates[0], 1)  # type: ignore[operator]


def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return figures as ``assess`` types them, without repeating one that another made."""
    frame = pd.DataFrame(rows)
    texts = ("level", "organisation_code", "standard", "indicator", "part", "measure",
             "group_code", "comparator_code", "reason", "organisation_name", "status",
             "direction", *PEOPLE)  # fmt: skip
    numbers = ("value", "ci_low", "ci_high", "p_value")
    return frame.astype(
        dict.fromkeys(COUNTS, "Int64")
        | dict.fromkeys(texts, "str")
        | dict.fromkeys(numbers, "float64")
        | {"shows_counts": "bool"}
    )
