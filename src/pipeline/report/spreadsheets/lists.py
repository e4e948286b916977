"""The sheets beside the figures: alerts, coverage, revisions, definitions and the like."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pipeline.publish.revisions import NOT_LISTED
from pipeline.report.source import Published
from pipeline.report.spreadsheets import words
from pipeline.report.spreadsheets.model import (
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Cell,
    Column,
    Sheet,
    text,
)
from pipeline.report.spreadsheets.notes import LEGEND, refer

_NAMES: Mapping[str, Mapping[Any, str]] = {"level": words.LEVELS, "change": words.CHANGES}
_BODY = {
    "period_end": "Snapshot",
    "level": "Level",
    "organisation_code": "Organisation code",
    "organisation_name": "Organisation",
}
_INDICATOR = {"standard": "Standard", "indicator": "Indicator"}


def list_sheets(published: Published) -> Iterator[tuple[str, Sheet | None]]:
    """Yield what each list is called and its sheet, or None where it holds nothing."""
    tables = published.tables
    told = f"release {published.release_id}."
    yield "Alerts", _listed(
        "Alerts", "What employers are asked to mend, as far as published figures tell it",
        tables["alert"],
        {name: heading for name, heading in _BODY.items() if name != "level"}
        | {
            "code": "Alert", "severity": "Severity", "characteristic": "Characteristic",
            "message": "What is wrong", "value": "Value found (percent)",
            "target": "Value aimed at (percent)",
            "records_to_target": "Records that would reach it (number)",
            "quarters_running": "Snapshots in a row (number)",
            "acknowledged": "Somebody has taken it up",
        },
        f"Source: table alert of {told}",
        decimals={"value": 1, "target": 1}, blank=NOT_AVAILABLE,
    )  # fmt: skip
    yield "Coverage", _listed(
        "Coverage", "Which employers sent which source",
        tables["coverage"],
        _BODY
        | {
            "source": "Source", "employers": "Employers (number)",
            "employers_sent": "Employers whose source is in the figures (number)",
            "bodies": "Bodies that sent it, by their earliest codes",
        },
        f"Source: table coverage of {told}",
    )  # fmt: skip
    yield "Benchmarks", _listed(
        "Benchmarks", "Published figures of others to compare with",
        tables["benchmark"],
        _INDICATOR
        | {
            "period_end": "Snapshot", "peer_group": "Whose figure it is",
            "peer_code": "Size or filing", "organisations": "Bodies behind it (number)",
            "base": "People who answered (number)", "value": "Value (unit of the indicator)",
            "lower_quartile": "Lower quartile (unit of the indicator)",
            "upper_quartile": "Upper quartile (unit of the indicator)",
            "is_weighted": "Weighted by its owner", "source": "Who published it",
        },
        f"Source: table benchmark of {told}",
        decimals={"value": 2, "lower_quartile": 2, "upper_quartile": 2},
    )  # fmt: skip
    yield "Revisions", _listed(
        "Revisions", "How many figures changed since the last release, and how",
        _revisions(tables["revision"]),
        _BODY
        | _INDICATOR
        | {
            "previous_release_id": "Compared with release", "change": "Change",
            "explanation": "Why", "figures": "Figures (number)",
        },
        f"Source: table revision of {told} It names each figure.",
    )  # fmt: skip
    yield "Breaks in series", _listed(
        "Breaks in series", "From when on figures cannot be compared with earlier ones",
        tables["series_break"],
        _INDICATOR | {"since": "First day of the new series", "change": "What changed"},
        f"Source: table series_break of {told}",
    )  # fmt: skip
    yield "Organisations", _listed(
        "Organisations", "Organisations of the figures and their names over time",
        tables["organisation"],
        {
            "organisation_code": "Organisation code", "organisation_name": "Organisation",
            "kind": "Kind", "icb_code": "Code of its ICB", "gss_code": "ONS code",
            "valid_from": "First day", "valid_to": "Last day",
        },
        f"Source: table organisation of {told}",
    )  # fmt: skip
    yield "Definitions", _listed(
        "Definitions", "How each indicator is defined",
        tables["indicator"],
        _INDICATOR
        | {
            "title": "What it shows", "measure": "Measure", "definition": "Definition",
            "numerator": "Who is counted", "denominator": "Of whom",
            "comparison": "What is compared", "favourable": "Which value is better",
            "why_it_matters": "Why it is published", "method": "How it is worked out",
            "groups": "Groups", "decimals": "Decimals (number)", "needs": "Made from",
            "source": "Who defined it", "valid_from": "First snapshot", "valid_to": "Last snapshot",
        },
        f"Source: table indicator of {told}",
    )  # fmt: skip


def rows_held_sheet(held: Mapping[str, pd.DataFrame]) -> Sheet:
    """Return the sheet that counts what each sheet of figures holds and leaves out.

    Args:
        held: as ``Wide.held``, by the label of the sheet.
    """
    every = pd.concat([rows.assign(sheet=label) for label, rows in held.items()], ignore_index=True)
    sheet = _listed(
        "Rows held", refer("Rows held and left out, by sheet and body", ("rows",)),
        every,
        {
            "sheet": "Sheet", "level": "Level", "organisation_code": "Organisation code",
            "organisation_name": "Organisation", "rows": "Rows in the release (number)",
            "held": "Rows on the sheet (number)",
            "other_snapshots": "Left out, other snapshots (number)",
            "nothing_shown": "Left out, no number is shown (number)",
        },
        "",
    )  # fmt: skip
    if sheet is None:
        raise ValueError("A release without a figure has no workbook.")
    return sheet


def _revisions(revision: pd.DataFrame) -> pd.DataFrame:
    """Return how many figures changed for each reason; of those that are not listed no number."""
    names = [*_BODY, *_INDICATOR, "previous_release_id", "change", "explanation"]
    # Releases that were made before there were reasons have no explanation.
    counted = (
        revision.reindex(columns=[*names, "measure"])
        .groupby(names, as_index=False, sort=True, dropna=False)
        .agg(figures=("measure", "size"))
    )
    return counted.assign(figures=counted["figures"].mask(counted["change"] == NOT_LISTED))


def _listed(  # noqa: PLR0913 - the parts of a sheet
    label: str,
    title: str,
    table: pd.DataFrame,
    headings: Mapping[str, str],
    source: str,
    *,
    decimals: Mapping[str, int] | None = None,
    blank: str = NOT_APPLICABLE,
) -> Sheet | None:
    if table.empty:
        return None
    return Sheet(
        label,
        title if title.startswith(label) else f"{label}: {title}",
        f"This worksheet contains one table of {len(table):,} rows.",
        tuple(
            Column(
                heading,
                _cells(table[name], _NAMES.get(name, {}), blank),
                (decimals or {}).get(name, 0),
            )
            for name, heading in headings.items()
        ),
        LEGEND,
        source,
    )


def _cells(column: pd.Series, names: Mapping[Any, str], blank: str) -> list[Cell]:
    known: dict[Any, Cell] = {
        one: text(names.get(one, one)) if isinstance(one, str) else _plain(one)
        for one in column.dropna().unique()
    }
    return [blank if pd.isna(one) else known[one] for one in column]


def _plain(value: Any) -> Cell:
    """Return a truth as a word, and a number as the integer that it is where it is one."""
    if isinstance(value, date):
        return value
    if isinstance(value, bool | np.bool_):
        return "Yes" if value else "No"
    return int(value) if float(value).is_integer() else float(value)
