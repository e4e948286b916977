"""``docs/performance.md`` holds the numbers of the benchmarks, and no others."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "performance.md"


@pytest.fixture(scope="module")
def tool():
    path = ROOT / "tools" / "make_performance.py"
    spec = importlib.util.spec_from_file_location("performance_tool", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_what_the_tool_makes_of_what_was_measured(tool):
    assert DOCUMENT.read_text(encoding="utf-8") == tool.document(tool.results())


def test_every_plot_that_the_document_shows_is_there(tool):
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", DOCUMENT.read_text(encoding="utf-8"))
    assert shown
    for name in shown:
        assert (DOCUMENT.parent / name).read_text(encoding="utf-8").startswith("<svg")


def test_every_benchmark_says_on_what_it_ran(tool):
    for name, facts in tool.results().items():
        if name in ("steps", "notes"):
            continue
        assert facts["benchmark"] == name
        assert {"processor", "cores", "memory_gib", "python", "libraries", "day"} <= set(
            facts["machine"]
        )


def test_a_missed_target_is_called_missed(tool):
    run = {"cpu": 10.0, "wall": 12.0, "peak_mb": 100.0}
    stages = {"land": {"calls": 1, **run}, "attack": {"calls": 2, **run}}
    england = {
        "sample": "england",
        "rows": 1_000,
        "floor": run,
        "analyst": run,
        "ours": {**run, "is_whole": True, "stages": stages},
        "ratios": {
            "cpu_to_floor": 20.0,
            "cpu_to_analyst": 0.51,
            "rows_a_cpu_second_of_ingest": 149_999,
        },
    }
    text = tool.document({"england": england})
    assert "| England without protection, times the floor | at most 20 | 20.0 | met |" in text
    assert "times the pandas script | at most 0.5 | 0.51 | **missed** |" in text
    assert "| at least 150,000 | 149,999 | **missed** |" in text
    assert "| England, most memory | at most 2,500 MB | 100 MB | met |" in text


def test_a_run_that_did_not_end_meets_no_target_of_memory(tool):
    run = {"cpu": 10.0, "wall": 12.0, "peak_mb": 100.0}
    ours = {**run, "is_whole": False, "stages": {"land": {"calls": 1, **run}}}
    england = {
        "sample": "england", "rows": 1_000, "floor": run, "analyst": run, "ours": ours,
        "ratios": {"rows_a_cpu_second_of_ingest": 1},
    }  # fmt: skip
    text = tool.document({"england": england})
    assert "| England, most memory | at most 2,500 MB | 100 MB | **missed** |" in text
    assert "**The run did not come to its end**" in text
