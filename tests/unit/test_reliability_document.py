"""``docs/reliability.md`` holds the numbers of the tests, and no others."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "reliability.md"


@pytest.fixture(scope="module")
def tool():
    path = ROOT / "tools" / "make_reliability.py"
    spec = importlib.util.spec_from_file_location("reliability_tool", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_what_the_tool_makes_of_what_was_measured(tool):
    assert DOCUMENT.read_text(encoding="utf-8") == tool.document(tool.sections())


def test_no_run_that_was_killed_lost_or_doubled_a_row(tool):
    kills = {name: facts for name, facts in tool.sections().items() if name.startswith("kill_")}
    for name, facts in kills.items():
        assert (facts["rows_lost"], facts["rows_doubled"], facts["faults"]) == (0, 0, 0), name
        assert facts["points"] > 0, name


def test_sections_of_any_name_are_told(tool):
    text = tool.document(
        {
            "canaries": {"files_searched": 1234, "found": 0},
            "kill_land": {"faults": 0, "points": 7, "rows_doubled": 0, "rows_lost": 0},
            "kill_swap": {"faults": 0, "points": 11, "rows_doubled": 0, "rows_lost": 0},
        }
    )
    assert "## Canaries\n" in text
    assert "| Files searched | 1,234 |" in text
    assert "| land | 7 | 0 | 0 | 0 |\n| swap (every step of it) | 11 | 0 | 0 | 0 |" in text
    assert "| All | 18 | 0 | 0 | 0 |" in text
