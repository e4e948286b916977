"""What each organisation still owes, beside the feedback on what it sent.

``feedback/<period end>/<organisation>/outstanding.xlsx`` and ``.jsonl``; taken away once everything
is there, or the next snapshot is the newest. Both are a pure function of what is outstanding.
"""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from pipeline.accessible import Cell, Column, Sheet, workbook
from pipeline.alert.wording import day
from pipeline.files import write_whole
from pipeline.schedule.decision import Decision
from pipeline.schedule.expected import Lack, Outstanding
from pipeline.schedule.reminders import name_of

_WORKBOOK, _LIST = "outstanding.xlsx", "outstanding.jsonl"
_TO_DO = {
    Lack.NOT_RECEIVED: "Send the extract, or say that there is none.",
    Lack.REJECTED: "Mend the file as its own feedback says and send it again.",
    Lack.EMPTY: "The file has headings and no rows. Send the extract, or say that there is none.",
}
_COLUMNS = (
    Column("Extract", 24),
    Column("What is the matter", 24),
    Column("What to do", 60),
    Column("Until", 20),
)
_WHAT = "Which extracts are expected and not there yet, and until when they are waited for."


def write_outstanding(feedback: Path, decision: Decision) -> list[Path]:
    """Write what each organisation owes of the newest snapshot, and return the folders."""
    folders = []
    for code, own in groupby(decision.outstanding, lambda each: each.place.organisation_code):
        listed = list(own)
        folder = feedback / decision.period_end.isoformat() / code
        write_whole(folder / _WORKBOOK, _workbook(code, listed, decision))
        lines = "".join(_line(each, decision) for each in listed)
        write_whole(folder / _LIST, lines.encode())
        folders.append(folder)
    for path in sorted(feedback.glob("*/*/outstanding.*")):
        if path.name in (_WORKBOOK, _LIST) and path.parent not in folders:
            path.unlink()
    return folders


def _line(each: Outstanding, decision: Decision) -> str:
    told = {
        "source": each.place.source,
        "lack": each.lack.value,
        "to_do": _TO_DO[each.lack],
        "deadline": decision.deadline.isoformat(),
    }
    return json.dumps(told) + "\n"


def _workbook(code: str, own: Sequence[Outstanding], decision: Decision) -> bytes:
    name = name_of(code, decision.period_end)
    title = f"Extracts of {name} ({code}) expected at {decision.period_end}"
    rows: list[list[Cell]] = [
        [each.place.source, each.lack.value, _TO_DO[each.lack], day(decision.deadline)]
        for each in own
    ]
    return workbook(title, _WHAT, [Sheet("Outstanding", title, _WHAT, _COLUMNS, rows)])
