"""``docs/rap.md`` answers every line of the levels of RAP, and what it points at is there."""

import re
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "rap.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")

# The lines by their words, of the NHS RAP community of practice, read in November 2026.
LINES = {
    "Baseline": ("open-source language", "version controlled", "README", "peer reviewed",
                 "published in the open"),
    "Silver": ("minimal manual intervention", "documented", "standard directory format",
               "Reusable functions", "coding standards", "back tests", "Dependency information",
               "Logs", "tidy"),
    "Gold": ("packaged", "continuous integration", "schedule", "signposted"),
}  # fmt: skip


def rows(level: str) -> list[list[str]]:
    part = TEXT.partition(f"## {level}\n")[2].partition("\n## ")[0]
    table = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1:]]


@pytest.mark.parametrize("level", LINES)
def test_every_line_of_a_level_has_an_answer_and_a_proof(level):
    found = rows(level)
    assert len(found) == len(LINES[level])
    for (line, answer, proof), words in zip(found, LINES[level], strict=True):
        assert words in line
        assert answer
        assert LINK.search(proof), line


@pytest.mark.parametrize("target", sorted(set(LINK.findall(TEXT))))
def test_what_a_proof_points_at_is_there(target):
    assert (DOCUMENT.parent / target).resolve().exists()
