"""The employer's own alerts: a workbook to read and a list for machines, with the numbers.

They lie beside the feedback on the files, ``feedback/<period end>/<organisation>/alerts.xlsx`` and
``alerts.jsonl``, and are a pure function of the alerts: equal alerts have equal bytes.
"""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.accessible import Cell, Column, Sheet, workbook
from pipeline.files import write_whole
from pipeline.quality.pooling import ON_POOLED

_WORKBOOK, _LIST = "alerts.xlsx", "alerts.jsonl"
_ORDER = ["is_minor", "code", "characteristic", "part", "message"]
_LINE = (
    "code", "severity", "characteristic", "part", "message", "detail", "to_do", "value", "target",
    "records_to_target", "tested", "quarters_running",
)  # fmt: skip
_COLUMNS = {
    "severity": Column("How urgent", 12),
    "message": Column("What is wrong", 60),
    "detail": Column("The numbers", 60),
    "to_do": Column("What to do, and who", 50),
    "quarters_running": Column("Quarters running", 10),
    "code": Column("Code", 30),
}
_WHO_MAY_SEE_THIS = (
    "For the organisation itself and the analyst: the numbers are true counts of people and are "
    "not published."
)

Row = dict[Any, Any]


def write_alerts(feedback: Path, found: pd.DataFrame) -> list[Path]:
    """Write the alerts of each organisation and snapshot, readable by the owner alone.

    What pooled figures tell is no one employer's own: an alert on one goes into a file only where
    the published figures tell it, and else stands in ``equality alerts`` for the analyst alone.
    What an earlier run wrote of an organisation that has none now is taken away.

    Args:
        feedback: the folder of all feedback.
        found: the alerts with their numbers, ``alerts.PRIVATE_ALERT``.

    Returns:
        The folders that have alerts.
    """
    told = found[found["is_public"] | ~found["code"].isin(ON_POOLED)]
    ordered = told.assign(is_minor=told["severity"].ne("critical")).sort_values(
        _ORDER, na_position="first", kind="stable"
    )
    folders = []
    for (day, code), own in ordered.groupby(["period_end", "organisation_code"], sort=True):
        folder, rows = feedback / str(day) / str(code), own.to_dict("records")
        write_whole(folder / _WORKBOOK, _workbook(rows))
        write_whole(folder / _LIST, "".join(f"{_as_json(row)}\n" for row in rows).encode())
        folders.append(folder)
    for path in sorted(feedback.glob("*/*/alerts.*")):
        if path.name in (_WORKBOOK, _LIST) and path.parent not in folders:
            path.unlink()
    return folders


def _as_json(row: Row) -> str:
    return json.dumps({name: _plain(row[name]) for name in _LINE}, ensure_ascii=False)


def _plain(value: Any) -> Any:
    return None if pd.isna(value) else value


def _workbook(rows: list[Row]) -> bytes:
    first = rows[0]
    title = f"Alerts of {first['organisation_name']} at {first['period_end']}"
    facts: list[list[Cell]] = [
        ["Organisation", f"{first['organisation_name']} ({first['organisation_code']})"],
        ["Snapshot", str(first["period_end"])],
        ["Alerts", len(rows)],
        ["The sheet Alerts", "each with its numbers, what to do and who; the urgent ones first"],
    ]
    listed = [
        [int(row[name]) if name == "quarters_running" else str(row[name]) for name in _COLUMNS]
        for row in rows
    ]
    return workbook(
        title,
        _WHO_MAY_SEE_THIS,
        [
            Sheet(
                "Summary",
                title,
                _WHO_MAY_SEE_THIS,
                [Column("About the alerts", 26), Column("Answer", 90)],
                facts,
            ),
            Sheet("Alerts", title, _WHO_MAY_SEE_THIS, list(_COLUMNS.values()), listed),
        ],
    )
