"""Tables typed for an audit: from text, and from the published figures of a release."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from pipeline.audit.findings import Finding
from pipeline.audit.run import audit

HIDDEN = "*"


def write_table(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    """Write lines of a printed table; a column that a line does not name is blank in it."""
    rows = list(rows)
    headings = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def findings_in(folder: Path, rows: Iterable[Mapping[str, object]]) -> list[Finding]:
    """Return what an audit finds in lines."""
    return audit(write_table(folder / "table.csv", rows))


def codes(findings: Iterable[Finding]) -> list[tuple[int, str]]:
    """Return row and code of each finding."""
    return [(finding.row, finding.code) for finding in findings]


_SHARES = """
    select period_end, organisation_code, standard, indicator, part, group_code, numerator,
        denominator, value
    from figure
    where measure = 'share' and organisation_code = $code and period_end = $period
        and level = $level and (
            (standard = 'PSED' and part = 'all')
            or (standard = 'WRES' and indicator = '1')
        )
    order by all
"""
_HEADCOUNT = """
    select max(numerator) from figure
    where standard = 'PSED' and measure = 'headcount' and organisation_code = $code
        and period_end = $period and level = $level
"""
_RATIOS = """
    select standard, indicator, part, group_code, comparator_code, numerator, denominator,
        comparator_numerator, comparator_denominator, value
    from figure
    where measure = 'relative_likelihood' and status = 'ok' and organisation_code = $code
        and period_end = $period and level = $level
    order by all
"""


def published_tables(
    published: Path, code: str, period: str, level: str
) -> list[dict[str, object]]:
    """Return the published workforce tables and ratios of one body as somebody would type them."""
    key = {"code": code, "period": period, "level": level}
    with duckdb.connect(str(published), read_only=True) as connection:
        shares = connection.execute(_SHARES, key).fetchall()
        ratios = connection.execute(_RATIOS, key).fetchall()
        (headcount,) = connection.execute(_HEADCOUNT, key).fetchone() or (None,)
    rows: list[dict[str, object]] = []
    totals: dict[tuple[str, str, str], object] = {}
    for _, _, standard, indicator, part, group, numerator, denominator, value in shares:
        place = (standard, indicator, part)
        totals.setdefault(place, denominator)
        rows.append(
            _place(code, period, *place)
            | {
                "Group": group,
                "Count": HIDDEN if numerator is None else numerator,
                "Percent": "" if value is None else f"{value:.1f}%",
            }
        )
    for place, total in totals.items():
        shown = headcount if place[2] == "all" else total
        count = HIDDEN if shown is None else shown
        rows.append(_place(code, period, *place) | {"Group": "Total", "Count": count})
    for standard, indicator, part, group, comparator, a, n, b, m, value in ratios:
        table = {"Organisation": code, "Date": period, "Table": f"{standard} {indicator} {part}"}
        rows.append(
            table
            | {"Group": group, "Count": a, "Base": n, "Ratio": f"{value:.2f}"}
            | {"Comparator Group": comparator, "Population": f"events of {standard} {indicator}"}
        )
        other = {"Group": comparator, "Count": b, "Base": m}
        rows.append(table | other | {"Population": f"events of {standard} {indicator}"})
    return rows


def _place(code: str, period: str, standard: str, indicator: str, part: str) -> dict[str, object]:
    above = ""
    if part != "all":
        above = "all" if part.endswith(":all") else f"{part.split(':', maxsplit=1)[0]}:all"
    return {
        "Organisation": code,
        "Date": period,
        "Table": f"{standard} {indicator}",
        "Characteristic": "ethnicity" if standard == "WRES" else indicator,
        "Part": part,
        "Part Of": above,
    }
