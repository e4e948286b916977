"""Which hidden cells can be worked out: the smallest and largest whole number that each may be.

Every count of one organisation and period is a whole number; totals, percentages with their
rounding and bases are linear conditions on them, and mixed-integer programming (HiGHS) finds the
ends of each hidden cell. A cell is protected where it may be anything that the rule hides: all
of what its mark says, or, where the mark says nothing, at least five values.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from pipeline.attack.conditions import Term
from pipeline.audit.detect import finding
from pipeline.audit.findings import Finding
from pipeline.audit.numbers import Hidden
from pipeline.audit.resolved import Sum, Table
from pipeline.audit.table import BLANK, WHOLE, Line
from pipeline.audit.whole_numbers import System

RULE = range(1, 10)
"""Counts that reports hide: the threshold of ten of the published cases."""
FEWEST_VALUES = 5
"""A hidden cell of which no rule is said may keep fewer than 1 to 9, as where few people are left
to share out among many cells; with fewer values than these it is as good as told."""


class Interval(NamedTuple):
    """Between what a reader knows a count to be that is not printed.

    Attributes:
        line: the line.
        low, high: the exact ends.
        is_protected: whether it may be anything that the rule hides.
        is_linked: whether that follows only if the blank records of the tables are the same people.
        rest: in words what the hidden groups of its part add up to, where it is not protected.
    """

    line: Line
    low: int
    high: int
    is_protected: bool
    is_linked: bool
    rest: str


def hidden_cells(table: Table, known_faults: Collection[Finding]) -> Iterator[Finding]:
    """Yield what can be worked out of the hidden cells, and tables that no whole numbers fit.

    Args:
        table: the lines.
        known_faults: what the other detectors found: a number that is wrong proves nothing.
    """
    for one in intervals(table, known_faults):
        if isinstance(one, Finding):
            yield one
        elif not one.is_protected:
            line, low, high = one.line, one.low, one.high
            mark = line.texts.get("count", "no count")
            if line.percent is not None:
                mark += f" ({line.texts['percent']})"
            words = f"it is {low}" if low == high else f"it is {low} to {high}"
            code = "HIDDEN_LINKED" if one.is_linked else "HIDDEN"
            yield finding(code, line, mark, words + one.rest)


def intervals(table: Table, known_faults: Collection[Finding]) -> Iterator[Interval | Finding]:
    """Yield the interval of each count that is not printed, and tables that no numbers fit.

    Args:
        table: the lines.
        known_faults: what the other detectors found: a number that is wrong proves nothing.
    """
    groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in table.lines:
        if not line.measure:
            groups[line.place.organisation, line.place.period].append(line)
    for lines in groups.values():
        yield from _of_one(_Counts(table, lines, known_faults))


class _Counts:
    """The counts of one organisation and period as a system."""

    def __init__(self, table: Table, lines: list[Line], faults: Collection[Finding]) -> None:
        self.table, self.lines, self.faults = table, lines, faults
        self.rows = {line.row_number for line in lines}
        self.wrong = {(one.row, one.code) for one in faults}

    def has(self, line: Line, *codes: str) -> bool:
        """Return whether one of some findings is at a line."""
        return any((line.row_number, code) in self.wrong for code in codes)

    def system(
        self, lines: Collection[Line], *, is_linked: bool, is_blank_shared: bool = False
    ) -> tuple[System, dict[int, int]]:
        """Return the conditions on some lines, and the column of each row."""
        system = System()
        columns = {
            line.row_number: self._column(system, line, is_linked=is_linked) for line in lines
        }
        for one in self.table.sums:
            rows = {one.total.row_number, *(child.row_number for child in one.children)}
            if rows <= columns.keys() and not self.has(one.total, "TOTAL"):
                system.row(_adds_up(one, columns), 0, 0)
        for line in lines:
            self._percentage(system, columns, line)
        if is_linked:
            self._link(system, columns, lines)
        if is_blank_shared:
            _share_blanks(system, columns, lines)
        return system, columns

    def _column(self, system: System, line: Line, *, is_linked: bool) -> int:
        count = line.count
        if count is None and is_linked and line.is_total and line.hidden is None:
            count = self.table.everybody(line)
        if count is not None:
            return system.column(count, count)
        meant = line.hidden or Hidden()
        return system.column(meant.low, meant.high)

    def _percentage(self, system: System, columns: dict[int, int], line: Line) -> None:
        if line.percent is None or self.has(
            line, "PERCENT", "BASE_LABEL", "BASE_UNLABELLED", "TRAILING_ZERO", "BASE_COUNT"
        ):
            return
        base = self._base(system, columns, line)
        if base is None:
            return
        own, weight, units = columns[line.row_number], 200 * line.percent.scale, line.percent.units
        if own == base:
            return
        least, most = 2 * units - 1, 2 * units + 1
        if system.low[base] == system.high[base]:
            of = system.low[base]
            system.narrow(own, -(-least * of // weight), (most * of - 1) // weight)
        else:
            system.row([(own, weight), (base, -least)], 0, None)
            system.row([(own, weight), (base, -most)], None, -1)

    def _base(self, system: System, columns: dict[int, int], line: Line) -> int | None:
        """Return the column of what a percentage is of."""
        if line.base is not None:
            return system.column(line.base, line.base)
        if line.base_label == "known":
            known = self.table.known(line)
            return None if known is None else system.column(known, known)
        if line.base_label not in ("", "all"):
            return None
        totals = [o for o in self.lines if o.place == line.place and o.is_total]
        return columns.get(totals[0].row_number) if totals else None

    def _link(self, system: System, columns: dict[int, int], lines: Collection[Line]) -> None:
        """Everybody of one population is the same number in every table that agrees on it."""
        first: dict[str, Line] = {}
        for line in lines:
            if line.is_total and line.place.part == WHOLE and not self.has(line, "SAME_TOTAL"):
                other = first.setdefault(line.population, line)
                if other is not line:
                    terms = [(columns[line.row_number], 1), (columns[other.row_number], -1)]
                    system.row(terms, 0, 0)


def _adds_up(one: Sum, columns: dict[int, int]) -> list[Term]:
    terms = [(columns[child.row_number], 1) for child in one.children]
    return [*terms, (columns[one.total.row_number], -1)]


def _share_blanks(system: System, columns: dict[int, int], lines: Collection[Line]) -> None:
    blanks = [
        line for line in lines if line.group == BLANK and line.place.part == WHOLE and line.hidden
    ]
    for line in blanks[1:]:
        if line.population == blanks[0].population:
            terms = [(columns[line.row_number], 1), (columns[blanks[0].row_number], -1)]
            system.row(terms, 0, 0)


def _of_one(counts: _Counts) -> Iterator[Interval | Finding]:
    linked, columns = counts.system(counts.lines, is_linked=True)
    if linked.is_possible():
        told = list(_told(linked, columns, counts, counts.lines))
        yield from told
        yield from _with_shared_blanks(counts, told)
        return
    tables = dict.fromkeys(line.place.table for line in counts.lines)
    for name in tables:
        lines = [line for line in counts.lines if line.place.table == name]
        alone, columns = counts.system(lines, is_linked=False)
        if alone.is_possible():
            yield from _told(alone, columns, counts, lines)
        elif not any(one.row in columns for one in counts.faults):
            yield finding("NO_COUNTS", lines[0], "all of the table", "no whole numbers fit it")


def _with_shared_blanks(counts: _Counts, told: Collection[Interval]) -> Iterator[Interval]:
    if sum(line.group == BLANK and line.hidden is not None for line in counts.lines) < 2:
        return
    shared, columns = counts.system(counts.lines, is_linked=True, is_blank_shared=True)
    if shared.is_possible():
        before = {(one.line.row_number, one.low, one.high) for one in told}
        for one in _told(shared, columns, counts, counts.lines):
            is_new = (one.line.row_number, one.low, one.high) not in before
            if one.low == one.high and is_new:
                yield one._replace(is_linked=True)


def _told(
    system: System, columns: dict[int, int], counts: _Counts, lines: Collection[Line]
) -> Iterator[Interval]:
    """Yield the interval of each count that is not printed and that can be told in time."""
    for line in lines:
        if line.count is not None or line.is_total:
            continue
        ends = system.ends(columns[line.row_number])
        if ends is not None:
            is_protected = _is_protected(line, *ends)
            rest = "" if is_protected else _remainder(counts, line)
            yield Interval(line, *ends, is_protected, False, rest)


def _is_protected(line: Line, low: int, high: int) -> bool:
    """Return whether a hidden count may be anything that the rule hides.

    A count that was never printed is told only where it is one that a rule would hide.
    """
    if line.hidden is None:
        return not (RULE[0] <= low and high <= RULE[-1])
    if line.hidden.high is not None:
        return low <= max(line.hidden.low, 1) and high >= line.hidden.high
    return high - low + 1 >= FEWEST_VALUES


def _remainder(counts: _Counts, line: Line) -> str:
    """Return in words what the hidden groups of a part add up to, where there are several."""
    for one in counts.table.sums:
        if one.kind == "groups" and line in one.children:
            unseen = [child for child in one.children if child.count is None]
            total = counts.table.everybody(line)
            if len(unseen) > 1 and total is not None:
                left = total - sum(child.count or 0 for child in one.children)
                return f" (the {len(unseen)} groups without a count are {left} together)"
    return ""
