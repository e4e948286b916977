"""The questions that ship, each with its query (``warehouse/examples.sql``)."""

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.resources import WAREHOUSE

EXAMPLES = WAREHOUSE / "examples.sql"
_START = re.compile(r"^-- (\d+)\. ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """A question in plain English, and the SQL that answers it.

    Attributes:
        number: its place, from 1.
        question: its comment, the first line and those that follow.
        sql: one select.
    """

    number: int
    question: str
    sql: str


def load_examples(path: Path = EXAMPLES) -> list[Example]:
    """Return the questions in their order."""
    _, *parts = _START.split(path.read_text(encoding="utf-8"))
    return [
        _example(int(number), text) for number, text in zip(parts[::2], parts[1::2], strict=True)
    ]


def _example(number: int, text: str) -> Example:
    first, *lines = text.strip().splitlines()
    more = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
    sql = "\n".join(line for line in lines if not line.startswith("--"))
    return Example(number, " ".join([first, *more]), sql.strip().rstrip(";"))
