"""The employer's own alerts: a workbook to read and a list for machines, with the numbers.

They lie beside the feedback on the files, ``feedback/<period end>/<organisation>/alerts.xlsx`` and
``alerts.jsonl``, and are a pure function of the alerts: equal alerts have equal bytes.
"""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from pipeline.files import write_whole
from pipeline.quality.pooling import ON_POOLED

_WORKBOOK, _LIST = "alerts.xlsx", "alerts.jsonl"
_CREATED = datetime(2000, 1, 1)  # a fixed moment: equal alerts have equal bytes
_ORDER = ["is_minor", "code", "characteristic", "part", "message"]
_LINE = (
    "code", "severity", "characteristic", "part", "message", "detail", "to_do", "value", "target",
    "records_to_target", "tested", "quarters_running",
)  # fmt: skip
_HEADINGS = {
    "severity": ("How urgent", 12),
    "message": ("What is wrong", 60),
    "detail": ("The numbers", 60),
    "to_do": ("What to do, and who", 50),
    "quarters_running": ("Quarters running", 10),
    "code": ("Code", 30),
}

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
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    first = rows[0]
    title = f"Alerts of {first['organisation_name']} at {first['period_end']}"
    workbook.set_properties({"title": title, "created": _CREATED})
    bold = workbook.add_format({"bold": True})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    _summary(workbook.add_worksheet("Summary"), first, len(rows), (bold, wrapped))
    sheet = workbook.add_worksheet("Alerts")
    for column, (heading, width) in enumerate(_HEADINGS.values()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, name in enumerate(_HEADINGS):
            if name == "quarters_running":
                sheet.write_number(number, column, int(row[name]), wrapped)
            else:
                sheet.write_string(number, column, str(row[name]), wrapped)
    workbook.close()
    return content.getvalue()


def _summary(sheet: Any, first: Row, alerts: int, formats: tuple[object, object]) -> None:
    bold, wrapped = formats
    lines = {
        "Organisation": f"{first['organisation_name']} ({first['organisation_code']})",
        "Snapshot": str(first["period_end"]),
        "Alerts": str(alerts),
        "Who may see this": "The organisation itself and the analyst: the numbers are true counts "
        "of people and are not published.",
    }
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    for number, (name, text) in enumerate(lines.items()):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, text, wrapped)
