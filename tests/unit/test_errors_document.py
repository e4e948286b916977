"""``docs/errors.md`` has an entry for each code that the product can raise."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest

from pipeline.faults import catalogue
from pipeline.resources import read_rows, reference

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^### `(.+)`$", DOCUMENT, re.MULTILINE)
CODE = re.compile(r"[A-Z][A-Z0-9]+(_[A-Z0-9]+)*")

RAISING = (
    "schemas/*.py", "src/pipeline/*.py", "src/pipeline/read/*.py", "src/pipeline/receive/*.py",
)  # fmt: skip
"""Modules that raise faults."""
OF_FAULTS = {"Fault", "rule", "each", "within_months", "whole_number", "one_row_for_each", "_known"}
"""What is called with the code of a fault."""


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("errors_tool", ROOT / "tools/make_errors.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def constants(path):
    """Return the texts of a module that are written as codes are."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and CODE.fullmatch(text)}


def raised(path):
    """Return the codes with which a module makes faults and rules."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Call)]  # fmt: skip
    named = [
        call for call in calls
        if getattr(call.func, "id", getattr(call.func, "attr", None)) in OF_FAULTS
    ]  # fmt: skip
    return {
        argument.value
        for call in named
        for argument in call.args
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and CODE.fullmatch(argument.value)
    }


def test_the_document_is_made_from_what_ships(tool):
    assert tool.errors() == DOCUMENT, "make it again: python tools/make_errors.py"


def test_a_code_has_one_entry():
    assert len(ENTRIES) == len(set(ENTRIES))


def test_every_fault_that_is_raised_has_an_entry_and_every_entry_is_raised():
    paths = [path for pattern in RAISING for path in ROOT.glob(pattern)]
    found = {code for path in paths for code in raised(path)}
    assert len(found) > 100
    assert found <= set(ENTRIES)
    named = {text for path in paths for text in constants(path)}
    assert set(catalogue()) <= named


def test_every_alert_that_is_raised_has_an_entry():
    listed = {row["code"] for row in read_rows(ROOT / "schemas" / "alerts.csv")}
    named = set().union(*map(constants, (ROOT / "src" / "pipeline" / "quality").glob("*.py")))
    assert listed <= named
    # What else is written as a code there: the reason of a figure and a variable.
    others = {"COMPARATOR_RATE_ZERO", "GX_ANALYTICS_ENABLED"}
    codes = {text for text in named if "_" in text}
    assert codes - others - set(catalogue()) <= set(ENTRIES)
    assert {row["code"] for row in reference("alert_rules")} <= set(ENTRIES)


def test_every_check_has_an_entry(tool):
    ids = set(tool.registered())
    assert {path.stem for path in (ROOT / "warehouse" / "checks").glob("*.sql")} <= ids
    assert ids <= set(ENTRIES)


def test_every_entry_says_what_it_does_means_how_to_mend_it_and_whence():
    entries = re.split(r"^### `.+`$", DOCUMENT, flags=re.MULTILINE)[1:]
    for entry in entries:
        for fact in ("what it does", "meaning", "how to mend it", "where it comes from"):
            assert re.search(rf"^- {fact}: \S", entry, re.MULTILINE), entry
