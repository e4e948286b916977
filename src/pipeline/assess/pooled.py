"""The Mantel-Haenszel estimate beside each pooled relative likelihood, as rows of counts.

An employer is a stratum. Source: Mantel and Haenszel (1959), in the form for ratios of rates.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.registry import Indicator

ESTIMATE = "mantel_haenszel"
"""The method, and what is put after the part of the pooled figure: ``all:mantel_haenszel``."""

STRATA = "strata"
"""The key of the counts of each employer in a row of counts."""

POOLED = "relative_likelihood"
_FEWEST_EMPLOYERS = 2
_OF_FIGURE = ("period_end", "part", "group_code", "comparator_code")
_FOUR = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")

Row = dict[str, Any]
Owner = tuple[Any, ...]
"""Snapshot, level and code of an organisation."""


def estimate_rows(
    entry: Indicator, rows: Iterable[Row], employers: Mapping[Owner, Iterable[str]]
) -> list[Row]:
    """Return a row for each pooled relative likelihood of an indicator whose registry asks for it.

    It has the counts of the pooled figure and, as ``strata``, those of every employer that has
    some; there is none where fewer than two have.

    Args:
        entry: the indicator.
        rows: its rows of counts, those of the employers among them.
        employers: the codes of the employers pooled in each organisation.
    """
    measures = [name for name, measure in entry.measures.items() if measure.method == ESTIMATE]
    likelihoods = [row for row in rows if row["measure"] == POOLED and row["reason"] is None]
    of_employer = {
        (row["organisation_code"], *(row[name] for name in _OF_FIGURE)): row
        for row in likelihoods
        if row["level"] == "employer"
    }
    found = []
    for measure in measures:
        for row in likelihoods:
            owner = (row["period_end"], row["level"], row["organisation_code"])
            figure = tuple(row[name] for name in _OF_FIGURE)
            keys = [(code, *figure) for code in sorted(employers.get(owner, ()))]
            strata = [
                tuple(of_employer[key][n] for n in _FOUR) for key in keys if key in of_employer
            ]
            if row["level"] != "employer" and len(strata) >= _FEWEST_EMPLOYERS:
                part = f"{row['part']}:{ESTIMATE}"
                found.append({**row, "measure": measure, "part": part, STRATA: strata})
    return found
