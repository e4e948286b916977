"""The disclosure policy: what may be published, as a team may change it.

The protection and the attack on it both read the policy, and nothing else of one another.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError

LEVELS = ("employer", "icb", "system")
KINDS = ("headcount", "declaration_band", "detail", "parts", "twelve_months")
"""Kinds of figures that are published in some months only: of everybody employed; the band of a
declaration rate without a number; of a whole organisation; of a part of it, such as a band or a
directorate; of the events of twelve months."""
CATEGORIES = ("everybody", "known", "unknown", "group", "coarse", "detail")
"""What a count is of: everybody, those of a known or an unknown characteristic, one of its groups,
several groups together, or a finer category of one."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What hiding a count costs a reader: public facts about the cell, never its number.

    Attributes:
        levels: by level.
        categories: by what the count is of.
        parts: by whether it counts the ``whole`` organisation or is ``below`` that.
        headlines: characteristics in the order in which they are asked for, the first the most.
    """

    levels: Mapping[str, int]
    categories: Mapping[str, int]
    parts: Mapping[str, int]
    headlines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be published.

    Attributes:
        name: of the rule set.
        threshold: counts from 1 to ``threshold - 1`` are small.
        hide_small: whether small counts are hidden.
        secondary: whether other counts are hidden where a small one would follow from them.
        rounding: to what counts are rounded; 0: they are published as they are.
        zeros_below_employer: whether a zero below employer level is ``hidden`` or ``shown``.
        unknown_sensitive: whether counts of an unknown characteristic are hidden like others.
        board_public_office: whether a seat on the board is a public office, so that the ethnicity
            of its members may be told.
        percentages_of_hidden: whether a percentage is published where its count is hidden.
        minimum_percentage_base: of how many people a percentage is of at least; 0: of any.
        fewest_values: how many values a hidden count keeps at least where its whole block, were
            it withheld, would leave no more than that.
        fewest_with_one_known: how many values a hidden count keeps for somebody who knows of one
            other hidden count that it is 1.
        time_limit_seconds: how long all questions about one board and its employers may take.
        minimum_change: a change of fewer people than this may not be told of a group.
        minimum_base: of how many people a block below employer level is at least.
        most_groups: how many groups a block below employer level has at most.
        whole_blocks: whether a block below employer level is published whole or not at all.
        minimum_side: of how many people each side of a pay gap is at least.
        statutory_employees: with how many relevant employees the law makes an employer publish
            its gender pay gap.
        hide_below: below which count quarterly detail of an employer is hidden; never less than
            the threshold.
        show_again_at: from which count on what was hidden a quarter ago is shown again.
        minimum_band_candidates: how many small counts each band of a declaration rate must hold,
            for the band to be published where the count is hidden.
        detail: for each level and kind the months of the snapshots at which it is published.
        costs: what hiding a count costs.
        sha256: the hash of the file.
        settings: the file as it was read, for the manifest.
    """

    name: str
    threshold: int
    hide_small: bool
    secondary: bool
    rounding: int
    zeros_below_employer: str
    unknown_sensitive: bool
    board_public_office: bool
    percentages_of_hidden: bool
    minimum_percentage_base: int
    fewest_values: int
    fewest_with_one_known: int
    time_limit_seconds: int
    minimum_change: int
    minimum_base: int
    most_groups: int
    whole_blocks: bool
    minimum_side: int
    statutory_employees: int
    hide_below: int
    show_again_at: int
    minimum_band_candidates: int
    detail: Mapping[str, Mapping[str, frozenset[int]]]
    costs: Costs
    sha256: str
    settings: Mapping[str, Any]

    @property
    def small_base(self) -> int:
        """Of how many people at most it may not be told that all are in one group."""
        return 2 * self.threshold

    @property
    def hides_zeros_below_employer(self) -> bool:
        """Whether a zero below employer level is hidden like a small count."""
        return self.zeros_below_employer == "hidden"

    def is_small(self, count: int) -> bool:
        """Return whether ``count`` is one that may not be told."""
        return self.hide_small and 0 < count < self.threshold

    def publishes(self, kind: str, level: str, period_end: date) -> bool:
        """Return whether a kind of figures is published of a level at a snapshot."""
        return period_end.month in self.detail[level][kind]


def load_policy(path: Path) -> Policy:
    """Return the policy in ``path``.

    Raises:
        UsageError: the file is not there, is no YAML, or its settings are wrong; all faults at
            once.
    """
    import yaml

    try:
        content = path.read_bytes()
        entry = yaml.safe_load(content)
    except OSError:
        raise UsageError(f"The disclosure policy {path} cannot be read: is it there?") from None
    except yaml.YAMLError as error:
        raise UsageError(
            f"The disclosure policy {path} cannot be read as YAML: {' '.join(str(error).split())}."
        ) from None
    return policy_of(entry, hashlib.sha256(content).hexdigest(), str(path))


def policy_of(entry: object, sha256: str, name: str) -> Policy:
    """Return the policy of settings as they stand in a file, or in the manifest of a release.

    Args:
        entry: the settings.
        sha256: the hash of the file.
        name: where they stand, for the error.

    Raises:
        UsageError: the settings are wrong; all faults at once.
    """
    faults = list(_faults(entry)) if isinstance(entry, dict) else ["it holds no settings"]
    if not isinstance(entry, dict) or faults:
        raise UsageError(f"The disclosure policy {name} is wrong: {'; '.join(faults)}.")
    return _policy(entry, sha256)


def _policy(entry: Mapping[str, Any], sha256: str) -> Policy:
    costs = entry["costs"]
    derived = {
        "name": entry["policy"],
        "detail": {
            level: {kind: frozenset(months) for kind, months in kinds.items()}
            for level, kinds in entry["detail"].items()
        },
        "costs": Costs(
            **{name: costs[name] for name in _COST_KEYS}, headlines=tuple(costs["headlines"])
        ),
        "sha256": sha256,
        "settings": entry,
    }
    plain = {name: entry[name] for name in _RULES if name != "policy"}
    return Policy(**plain, **derived)


def _is_whole(least: int) -> Callable[[object], bool]:
    def is_right(value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and value >= least

    return is_right


def _is_yes_or_no(value: object) -> bool:
    return isinstance(value, bool)


def _is_month(value: object) -> bool:
    return _is_whole(1)(value) and not _is_whole(13)(value)


_Rule = tuple[Callable[[object], bool], str]
_YES_OR_NO: _Rule = (_is_yes_or_no, "true or false")


def _whole(least: int) -> _Rule:
    return _is_whole(least), f"a whole number of {least} or more"


_RULES: dict[str, _Rule] = {
    "policy": (lambda value: isinstance(value, str) and bool(value), "a name"),
    "threshold": _whole(2),
    "hide_small": _YES_OR_NO,
    "secondary": _YES_OR_NO,
    "rounding": (lambda value: _is_whole(0)(value) and value in (0, 5, 10), "0, 5 or 10"),
    "zeros_below_employer": (lambda value: value in ("hidden", "shown"), "hidden or shown"),
    "unknown_sensitive": _YES_OR_NO,
    "board_public_office": _YES_OR_NO,
    "percentages_of_hidden": _YES_OR_NO,
    "minimum_percentage_base": _whole(0),
    "fewest_values": _whole(2),
    "fewest_with_one_known": _whole(1),
    "time_limit_seconds": _whole(1),
    "minimum_change": _whole(1),
    "minimum_base": _whole(0),
    "most_groups": _whole(2),
    "whole_blocks": _YES_OR_NO,
    "minimum_side": _whole(0),
    "statutory_employees": _whole(1),
    "hide_below": _whole(2),
    "show_again_at": _whole(2),
    "minimum_band_candidates": _whole(2),
}
_COST_KEYS = {"levels": LEVELS, "categories": CATEGORIES, "parts": ("whole", "below")}


def _faults(entry: Mapping[Any, Any]) -> Iterator[str]:
    """Yield what is wrong with the settings of a policy, each fault for itself."""
    known = {*_RULES, "detail", "costs"}
    yield from (f"{key} is missing" for key in sorted(known - entry.keys()))
    yield from (f"{key} is not known" for key in sorted(map(str, entry.keys() - known)))
    for key, (is_right, kind) in _RULES.items():
        if key in entry and not is_right(entry[key]):
            yield f"{key} must be {kind}"
    if "detail" in entry:
        yield from _detail_faults(entry["detail"])
    if "costs" in entry:
        yield from _cost_faults(entry["costs"])
    hidden, shown = entry.get("hide_below"), entry.get("show_again_at")
    if isinstance(hidden, int) and isinstance(shown, int) and shown < hidden:
        yield "show_again_at must not be less than hide_below"
    for key in ("fewest_values", "fewest_with_one_known"):
        fewest, threshold = entry.get(key), entry.get("threshold")
        if isinstance(fewest, int) and isinstance(threshold, int) and fewest > threshold:
            yield f"{key} must not be more than threshold"


def _detail_faults(detail: object) -> Iterator[str]:
    yield from _key_faults("detail", detail, LEVELS)
    for level, kinds in detail.items() if isinstance(detail, dict) else ():
        if level not in LEVELS:
            continue
        yield from _key_faults(f"detail.{level}", kinds, KINDS)
        for kind in KINDS if isinstance(kinds, dict) else ():
            months = kinds.get(kind, [])
            if not isinstance(months, list) or not all(map(_is_month, months)):
                yield f"detail.{level}.{kind} must be a list of months, each from 1 to 12"


def _cost_faults(costs: object) -> Iterator[str]:
    yield from _key_faults("costs", costs, (*_COST_KEYS, "headlines"))
    if not isinstance(costs, dict):
        return
    for name, keys in _COST_KEYS.items():
        if name not in costs:
            continue
        yield from _key_faults(f"costs.{name}", costs[name], keys)
        values = costs[name].values() if isinstance(costs[name], dict) else ()
        if not all(map(_is_whole(1), values)):
            yield f"costs.{name} must hold whole numbers of 1 or more"
    headlines = costs.get("headlines", [])
    if not isinstance(headlines, list) or not all(isinstance(one, str) for one in headlines):
        yield "costs.headlines must be a list of characteristics"


def _key_faults(name: str, value: object, keys: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{name} must hold {', '.join(keys)}"
        return
    yield from (f"{name}.{key} is missing" for key in keys if key not in value)
    yield from (f"{name}.{key} is not known" for key in sorted(map(str, value.keys() - set(keys))))
