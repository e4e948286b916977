"""The detectors run over a table, and what each finds in words."""

from collections.abc import Callable

from pipeline.audit.findings import Finding, detectors
from pipeline.audit.numbers import BILLIONTH, rounded, shown
from pipeline.audit.resolved import Table
from pipeline.audit.table import Line
from pipeline.resources import WAREHOUSE


def detect(table: Table) -> list[Finding]:
    """Return what the queries of ``warehouse/audit`` find in a table, in no order."""
    import duckdb

    found = []
    with duckdb.connect() as connection:
        for name, frame in table.frames().items():
            connection.register(name, frame)
        for query in dict.fromkeys(one.query for one in detectors().values() if one.query):
            rows = connection.execute(detector_query(query)).fetchall()
            found += [_finding(table, *row) for row in rows]
    return found


def detector_query(name: str) -> str:
    """Return the query of one detector, over ``printed`` and ``relation``."""
    return (WAREHOUSE / "audit" / f"{name}.sql").read_text(encoding="utf-8")


def _finding(
    table: Table, code: str, row_number: int, other_row: int | None, found: int | None
) -> Finding:
    line = table.by_row[row_number]
    other = table.by_row[other_row] if other_row is not None else None
    printed, expected = _WORDS[code](table, line, other, found)
    return finding(code, line, printed, expected)


def finding(code: str, line: Line, printed: str, expected: str) -> Finding:
    """Return a finding at a line."""
    place = line.place
    return Finding(
        code, line.row_number, place.organisation, place.period, place.table, place.part,
        line.group, printed, expected,
    )  # fmt: skip


_Words = tuple[str, str]


def _percent(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    base, other_base = table.base(line)
    count = table.implied(line)
    assert line.percent is not None and base is not None and count is not None
    right = rounded(100 * count, base, line.percent.scale)
    words = f"{count} of {base} is {right}"
    if other_base and other_base != base:
        words += f" (of {other_base} it is {rounded(100 * count, other_base, line.percent.scale)})"
    return line.texts["percent"], words


def _total(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    return f"{line.count}", f"the parts that are printed make {found}"


def _above_base(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    return f"{table.implied(line)}", f"the base is {table.base(line)[0]}, and it can be no more"


def _above_100(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    return line.texts["percent"], "it can be 100 at most"


def _shares(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    assert found is not None
    return f"{shown(found, BILLIONTH).rstrip('0').rstrip('.')} in all", "they have to make 100"


def _combined(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    assert found is not None
    low, high = table.window(line) or (0, 0)
    side = "at least" if found > high else "at most"
    return _as_printed(line, (low + high) // 2), f"by its parts it is {side} {_tenths(found)}"


def _pooled(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    assert found is not None and line.percent is not None
    return line.texts["percent"], f"weighted by the bases of its parts it is about {_tenths(found)}"


def _tenths(billionths: int) -> str:
    return rounded(billionths, BILLIONTH, 10)


def _as_printed(line: Line, billionths: int) -> str:
    return line.texts["percent"] if line.percent else f"{_tenths(billionths)} (as it follows)"


def _same_total(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    assert other is not None and found is not None
    count = table.total(line.place) or 0
    return f"{count}", (
        f"{found} in row {other.row_number}, {other.place.table}: {abs(count - found)} apart"
    )


def _same_cell(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    assert other is not None
    fields = ("count", "percent", "base", "value")
    differing = [f for f in fields if getattr(line, f) and getattr(other, f)]
    differing = [f for f in differing if getattr(line, f) != getattr(other, f)] or ["count"]
    mine = ", ".join(f"{f} {line.texts.get(f, table.implied(line))}" for f in differing)
    its = ", ".join(f"{f} {other.texts.get(f, table.implied(other))}" for f in differing)
    words = f"{its} in row {other.row_number}, {other.place.table}"
    if line.count is not None and other.count is not None:
        words += f": {abs(line.count - other.count)} apart"
    return mine, words


def _ratio(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    other = table.comparator(line)
    assert other is not None and line.ratio is not None
    counts = (line.count, table.base(line)[0], other.count, table.base(other)[0])
    own, own_base, near, near_base = counts
    if own is None or near is None or not own_base or not near_base:
        return line.texts["ratio"], "the printed percentages do not give it"
    if not near:
        return line.texts["ratio"], f"the comparator is 0 of {near_base}: there is no ratio"
    right = rounded(own * near_base, own_base * near, line.ratio.scale)
    return line.texts["ratio"], f"({own} / {own_base}) / ({near} / {near_base}) is {right}"


def _difference(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    other = table.comparator(line)
    assert other is not None and line.difference is not None
    own_base, near_base = table.base(line)[0], table.base(other)[0]
    if line.count is None or other.count is None or not own_base or not near_base:
        return line.texts["difference"], "the printed percentages do not give it"
    gap = 100 * (line.count * near_base - other.count * own_base)
    right = rounded(gap, own_base * near_base, line.difference.scale)
    fine = rounded(gap, own_base * near_base, 100)
    words = f"{line.count}/{own_base} less {other.count}/{near_base} is {right} pp ({fine})"
    if other.count:
        relative = 100 * (line.count * near_base - other.count * own_base)
        words += f", a relative change of {rounded(relative, other.count * own_base, 1)}%"
    return line.texts["difference"], words


def _base_count(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    key = {
        o.population or "workforce"
        for o in table.lines
        if o.count == line.base and o.group == line.group and o.place.period == line.place.period
    }
    also = f"; {line.base} is the count of: {', '.join(sorted(key))}" if key else ""
    return f"{line.base} {line.texts['base_label']}", f"they are {found}{also}"


def _wording(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    return line.texts["difference"], "percentage points"


def _period(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    first = int(line.place.period[:4])
    return line.place.period, f"{first}/{(first + 1) % 100:02d}, or another first year"


def _dates(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    return f"{line.texts['from']}, then {line.texts['to']}", "the first must not be the later one"


def _mean_median(table: Table, line: Line, other: Line | None, found: int | None) -> _Words:
    assert other is not None
    return f"{line.texts['value']} twice", f"look at row {other.row_number} too"


_WORDS: dict[str, Callable[[Table, Line, Line | None, int | None], _Words]] = {
    "TOTAL": _total,
    "PERCENT": _percent,
    "BASE_LABEL": _percent,
    "BASE_UNLABELLED": _percent,
    "TRAILING_ZERO": _percent,
    "BASE_COUNT": _base_count,
    "COUNT_ABOVE_BASE": _above_base,
    "SHARE_ABOVE_100": _above_100,
    "SHARES": _shares,
    "COMBINED": _combined,
    "MEANS": _pooled,
    "POOLED": _pooled,
    "SAME_TOTAL": _same_total,
    "SAME_CELL": _same_cell,
    "RATIO": _ratio,
    "DIFFERENCE": _difference,
    "BASES_DIFFER": _difference,
    "WORDING": _wording,
    "PERIOD": _period,
    "DATES": _dates,
    "MEAN_MEDIAN": _mean_median,
}
