"""Releases of a few figures, typed in, for the tests of what is made from a release."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from pipeline.report.source import Published

MARCH = date(2022, 3, 31)
JUNE = date(2021, 6, 30)
ABOUT = {
    "threshold": "10",
    "disclosure_policy": "default",
    "intervals": "95%.",
    "population": "Population: Office for National Statistics, Census 2021.",
    "code_version": "0.1.0",
}
_COLUMNS = (
    "release_id period_end organisation_code organisation_name level standard indicator part "
    "measure group_code comparator_code numerator denominator comparator_numerator "
    "comparator_denominator value ci_low ci_high p_value status reason disclosure direction"
)
_FIGURE = _COLUMNS.split()
_OTHERS = {
    "alert": "organisation_code organisation_name period_end code severity characteristic message "
    "value target records_to_target quarters_running acknowledged",
    "benchmark": "standard indicator period_end peer_group peer_code organisations base value "
    "lower_quartile upper_quartile is_weighted source",
    "coverage": "period_end level organisation_code organisation_name source employers "
    "employers_sent bodies",
    "declaration_rate": "period_end level organisation_code organisation_name characteristic "
    "known headcount rate band status",
    "indicator": "standard indicator title measure method decimals needs source definition "
    "why_it_matters numerator denominator comparison favourable valid_from valid_to groups",
    "organisation": "organisation_code organisation_name kind icb_code gss_code valid_from "
    "valid_to",
    "revision": "period_end organisation_code organisation_name level standard indicator part "
    "measure group_code comparator_code previous_release_id change reason explanation",
    "series_break": "standard indicator since change",
}

Row = dict[str, object]


def figure(standard: str, indicator: str, **columns: object) -> Row:
    """Return a figure of an employer at 31 March 2022 that is shown, with these columns."""
    return (
        dict.fromkeys(_FIGURE)
        | {
            "release_id": "2022-03-31-0123456789ab",
            "period_end": MARCH,
            "organisation_code": "01F",
            "organisation_name": "NHS Halton CCG",
            "level": "employer",
            "standard": standard,
            "indicator": indicator,
            "part": "all",
            "measure": "share",
            "group_code": "ALL",
            "status": "ok",
            "disclosure": "NONE",
        }
        | columns
    )


def release(
    folder: Path, figures: Iterable[Row], *, is_sample: bool = False, **tables: Iterable[Row]
) -> Published:
    """Return a release of these figures; a table that is not given is empty."""
    frames: dict[str, pd.DataFrame] = {
        name: pd.DataFrame([dict.fromkeys(columns.split()) | row for row in tables.get(name, ())],
                           columns=columns.split())
        for name, columns in _OTHERS.items()
    }  # fmt: skip
    frames["about"] = pd.DataFrame(ABOUT.items(), columns=["name", "value"])
    frames["figure"] = _typed(pd.DataFrame(list(figures), columns=_FIGURE))
    manifest: Mapping[str, object] = {"is_sample": is_sample}
    return Published("2022-03-31-0123456789ab", folder, manifest, MappingProxyType(frames))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = _FIGURE[_FIGURE.index("numerator") : _FIGURE.index("status")]
    texts = [name for name in _FIGURE if name not in (*numbers, "period_end")]
    return frame.astype(dict.fromkeys(numbers, "float64") | dict.fromkeys(texts, "str"))
