"""The frames that the detectors read: lines with their bases, and what adds up to what."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.audit.numbers import BILLIONTH, Printed, counts_cases, is_valid_period, plain_label
from pipeline.audit.table import WHOLE, Line, Place
from pipeline.read.headings import plain_heading

_HUNDRED = 100 * BILLIONTH


@dataclass(frozen=True, slots=True)
class Sum:
    """Lines that add up to another one.

    Attributes:
        kind: ``groups`` of a part, ``subgroups`` of a group, ``parts`` of a part.
        total: the line that they add up to.
        children: the lines.
    """

    kind: str
    total: Line
    children: tuple[Line, ...]


class Table:
    """Every line of a file, and how the lines hang together."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.by_row = {line.row_number: line for line in lines}
        self._in_place: dict[Place, list[Line]] = {}
        for line in lines:
            members = self._in_place.setdefault(line.place, [])
            if not line.measure:
                members.append(line)
        self._totals = {
            place: next((line for line in members if line.is_total), None)
            for place, members in self._in_place.items()
        }

    @cached_property
    def sums(self) -> list[Sum]:
        """Every sum that the layout states."""
        return [*self._sums_of_groups(), *self._sums_of_parts()]

    @cached_property
    def _sums_to(self) -> dict[int, list[Sum]]:
        found: dict[int, list[Sum]] = defaultdict(list)
        for one in self.sums:
            found[one.total.row_number].append(one)
        return found

    def _sums_of_groups(self) -> list[Sum]:
        found = []
        for place, members in self._in_place.items():
            total = self._totals[place]
            top = tuple(line for line in members if not line.group_of and not line.is_total)
            if total is not None and top:
                found.append(Sum("groups", total, top))
            below: dict[str, list[Line]] = defaultdict(list)
            for line in members:
                if line.group_of:
                    below[plain_label(line.group_of)].append(line)
            named = {plain_label(line.group): line for line in members}
            found += [
                Sum("subgroups", named[name], tuple(children))
                for name, children in below.items()
                if name in named
            ]
        return found

    def _sums_of_parts(self) -> list[Sum]:
        parts: dict[Place, dict[Place, None]] = defaultdict(dict)
        for line in self.lines:
            if line.part_of and not line.measure:
                whole = Place(
                    line.place.organisation, line.place.period, line.place.table, line.part_of
                )
                parts[whole][line.place] = None
        found = []
        for whole, places in parts.items():
            for total in self._in_place.get(whole, ()):
                children = [self._same(place, total) for place in places]
                if all(children):
                    found.append(Sum("parts", total, tuple(c for c in children if c)))
        return found

    def _same(self, place: Place, line: Line) -> Line | None:
        if line.is_total:
            return self._totals.get(place)
        key = plain_label(line.group)
        return next((c for c in self._in_place[place] if plain_label(c.group) == key), None)

    def total(self, place: Place) -> int | None:
        """Return the total of a part as printed, or as its lines or its parts give it."""
        line = self._totals.get(place)
        return None if line is None else self.implied(line)

    def implied(self, line: Line, depth: int = 3) -> int | None:
        """Return the count of a line: printed, or the sum of those that add up to it."""
        if line.count is not None or line.hidden is not None or not depth:
            return line.count
        for one in self._sums_to.get(line.row_number, ()):
            counts = [self.implied(child, depth - 1) for child in one.children]
            if None not in counts:
                return sum(count for count in counts if count is not None)
        return None

    def everybody(self, line: Line) -> int | None:
        """Return the total of a line's part, or else that of its population in other tables."""
        own = self.total(line.place)
        if own is not None or line.place.part != WHOLE or self._totals.get(line.place) is None:
            return own
        others = {
            self.total(place)
            for place, members in self._in_place.items()
            if place.part == WHOLE
            and (place.organisation, place.period) == (line.place.organisation, line.place.period)
            and members
            and members[0].population == line.population
        } - {None}
        return others.pop() if len(others) == 1 else None

    def known(self, line: Line) -> int | None:
        """Return how many of a line's part have a known characteristic, where that is printed."""
        everybody = self.everybody(line)
        unknown = [
            self.implied(other)
            for other in self._in_place[line.place]
            if other.is_unknown and not other.group_of
        ]
        if everybody is None or None in unknown:
            return None
        return everybody - sum(count for count in unknown if count is not None)

    def base(self, line: Line) -> tuple[int | None, int | None]:
        """Return what a percentage is of as it says, and what else it might be of."""
        everybody, known = self.everybody(line), self.known(line)
        if line.base is not None:
            if line.base_label == "known" and line.base == everybody:
                return known, line.base
            return line.base, None
        if line.base_label == "known":
            return known, everybody
        if line.base_label not in ("", "all"):
            return self.of_population(line), None
        return everybody, None if known == everybody or self._shows_unknown(line) else known

    def _shows_unknown(self, line: Line) -> bool:
        """Return whether unknown groups beside a line have percentages: its base is everybody."""
        if line.base_label:
            return False
        return any(other.is_unknown and other.percent for other in self._in_place[line.place])

    def _is_complement(self, line: Line) -> bool:
        """Return whether a percentage is one of two that make exactly 100."""
        pair = [
            _billionths(other.percent)
            for other in self._in_place[line.place]
            if not other.is_total and other.percent is not None
        ]
        return len(pair) == 2 and sum(number or 0 for number in pair) == _HUNDRED

    def of_population(self, line: Line) -> int | None:
        """Return the count of a line's group in the population that its base is labelled with."""
        found = {
            other.count
            for other in self.lines
            if other.population == line.base_label
            and (other.place.organisation, other.place.period)
            == (line.place.organisation, line.place.period)
            and plain_label(other.group) == plain_label(line.group)
            and other.place.part in (line.place.part, WHOLE)
            and other.count is not None
        }
        return found.pop() if len(found) == 1 else None

    def comparator(self, line: Line) -> Line | None:
        """Return the line that another one is compared with."""
        if line.comparator is None:
            return None
        place, group = line.comparator
        key = plain_label(group)
        return next(other for other in self._in_place[place] if plain_label(other.group) == key)

    def window(self, line: Line, depth: int = 2) -> tuple[int, int] | None:
        """Return between which percentages a line lies, in billionths: printed, or as it follows.

        Where no percentage is printed it follows from count and base, or from the difference to
        another line.
        """
        if line.percent is not None:
            low, high = line.percent.window()
            return max(low, 0), high
        base = self.base(line)[0]
        if line.count is not None and base:
            return _HUNDRED * line.count // base, -(-_HUNDRED * line.count // base)
        other = self.comparator(line)
        if line.difference is None or other is None or not depth:
            return None
        near = self.window(other, depth - 1)
        if near is None:
            return None
        low, high = line.difference.window()
        return near[0] + low, near[1] + high

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return ``printed``, a row for each line, and ``relation``, a row for each of a sum."""
        printed = pd.DataFrame([self._row(line) for line in self.lines])
        printed = printed.astype({str(name): "Int64" for name in printed if name not in _TEXTS})
        relation = pd.DataFrame(
            [
                (number, one.kind, one.total.row_number, child.row_number)
                for number, one in enumerate(self.sums, start=1)
                for child in one.children
            ],
            columns=["relation_id", "kind", "total_row", "child_row"],
        )
        return {"printed": printed, "relation": relation}

    def _row(self, line: Line) -> dict[str, object]:
        other = self.comparator(line)
        base, other_base = self.base(line)
        window = self.window(line) or (None, None)
        near = (self.window(other) if other else None) or (None, None)
        plain = line.percent.plain() if line.percent else None
        meant = line.hidden
        return {
            "row_number": line.row_number,
            "organisation": line.place.organisation,
            "period": line.place.period,
            "population": line.population,
            "table_name": line.place.table,
            "characteristic": line.characteristic,
            "part": plain_heading(line.place.part),
            "group_name": "TOTAL" if line.is_total else plain_label(line.group),
            "measure": line.measure,
            "base_label": line.base_label,
            "difference_unit": line.difference.unit if line.difference else "",
            "is_total": int(line.is_total),
            "is_unknown": int(line.is_unknown),
            "is_complement": int(self._is_complement(line)),
            "counts_cases": int(counts_cases(line.population)),
            "is_under_total": int(self._totals.get(line.place) is not None),
            "is_period_valid": int(is_valid_period(line.place.period)),
            "is_in_order": int(line.ordered is None or line.ordered[0] <= line.ordered[1]),
            "printed_count": self.implied(line),
            "count_low": line.count if line.count is not None else meant.low if meant else 0,
            "count_high": line.count if line.count is not None else meant.high if meant else None,
            "printed_base": line.base,
            "base": base,
            "other_base": other_base,
            "population_count": self.of_population(line) if line.base_label else None,
            "percent_low": window[0],
            "percent_high": window[1],
            "percent_billionths": _billionths(line.percent),
            **_number("percent", line.percent),
            **_number("plain_percent", plain),
            **_number("ratio", line.ratio),
            **_number("difference", line.difference),
            **_number("value", line.value),
            "comparator_count": other.count if other else None,
            "comparator_base": self.base(other)[0] if other else None,
            "comparator_other_base": self.base(other)[1] if other else None,
            "comparator_low": near[0],
            "comparator_high": near[1],
            **_number("comparator_percent", other.percent if other else None),
        }


_TEXTS = frozenset(
    {
        "organisation", "period", "population", "table_name", "characteristic", "part",
        "group_name", "measure", "base_label", "difference_unit",
    }
)  # fmt: skip


def _billionths(number: Printed | None) -> int | None:
    return number.units * (BILLIONTH // number.scale) if number else None


def _number(name: str, number: Printed | None) -> dict[str, object]:
    return {
        f"{name}_units": number.units if number else None,
        f"{name}_scale": number.scale if number else None,
    }
