"""Which headings each landed column is made from, seen again and compared with what ships."""

import importlib.util
import re

import pytest

from pipeline.receive.inbox import SOURCES
from pipeline.resources import ROOT, read_rows

SHIPPED = ROOT / "schemas" / "landed.csv"


@pytest.mark.slow
def test_the_shipped_table_is_what_is_seen():
    spec = importlib.util.spec_from_file_location("landed", ROOT / "tools" / "make_landed.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    again = "make it again: python tools/make_landed.py"
    assert SHIPPED.read_text(encoding="utf-8") == tool.landed(), again


@pytest.mark.parametrize("source", SOURCES)
def test_every_landed_column_has_a_heading(source):
    module = importlib.import_module(f"pipeline.landing.{source}")
    # One column after another, with the brackets of its type left out.
    columns = [part.split()[0] for part in re.sub(r"\(.*?\)", "", module.TABLE).split(",")]
    found = {row["column"] for row in read_rows(SHIPPED) if row["source"] == source}
    assert found == set(columns)
