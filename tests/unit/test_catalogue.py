"""The catalogue in ``docs/`` says what the registry, the schemas and the list of faults say."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_catalogue_is_made_from_what_ships():
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "tools/make_catalogue.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    written = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    assert written == tool.catalogue(), "make it again: python tools/make_catalogue.py"
