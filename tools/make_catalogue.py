"""Writes ``docs/catalogue.md``: every indicator, published table and fault code.

Run it after a change to the registry, the published tables or the list of faults:
``.venv/bin/python tools/make_catalogue.py``. A test says when it was forgotten.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pipeline.models import load_models
from pipeline.registry import Indicator, load_registry
from pipeline.resources import ROOT, read_rows
from schemas.published import STANDARDS, TABLES
from schemas.published_views import VIEW_COLUMNS

CATALOGUE = ROOT / "docs" / "catalogue.md"


def catalogue() -> str:
    """Return the text of the catalogue."""
    lines = [
        "# Catalogue",
        "",
        "Made by `tools/make_catalogue.py` from `warehouse/indicators/`, `schemas/published.py`,",
        "`schemas/published_views.py`, `warehouse/marts/` and `schemas/faults.csv`: change those,",
        "and make it again.",
        "",
        *_indicators(),
        *_tables(),
        *_views(),
        *_faults(),
    ]
    return "\n".join(lines) + "\n"


def _indicators() -> Iterator[str]:
    yield "## Indicators"
    in_order = sorted(load_registry(), key=lambda entry: STANDARDS.index(entry.standard))
    for standard, entries in groupby(in_order, key=lambda entry: entry.standard):
        yield from ("", f"### {standard}")
        for entry in entries:
            yield from ("", f"#### {standard} {entry.indicator}: {entry.title}", "")
            yield from (entry.definition, "", entry.why_it_matters, "")
            yield from _facts(entry)


def _facts(entry: Indicator) -> Iterator[str]:
    yield f"- counted: {entry.numerator}; of: {entry.denominator}"
    yield f"- compared: {entry.comparison}; better: {entry.favourable}"
    for measure in entry.measures.values():
        yield f"- measure `{measure.name}` by `{measure.method}`, decimals: {measure.decimals}"
    yield f"- groups: {', '.join(f'`{code}` {label}' for code, label in entry.groups.items())}"
    until = f" to {entry.valid_to}" if entry.valid_to else ""
    yield f"- needs {', '.join(entry.needs)}; defined from {entry.valid_from}{until}"
    for one in entry.breaks:
        yield f"- break in series on {one.since}: {one.change}"
    yield f"- source: {entry.source}"


def _tables() -> Iterator[str]:
    yield from ("", "## Published tables")
    for name, schema in TABLES.items():
        yield from ("", f"### `{name}`", "", schema.description, "")
        yield from ("| column | type | meaning |", "|---|---|---|")
        for column, spec in schema.columns.items():
            yield f"| `{column}` | {spec.metadata['sql_type']} | {spec.description} |"


def _views() -> Iterator[str]:
    yield from ("", "## Published views")
    models = load_models(("marts",), given=frozenset(TABLES))
    for model in sorted(models, key=lambda model: model.name):
        view = model.name.removeprefix("marts.")
        yield from ("", f"### `{view}`", "", model.comment, "")
        yield from ("| column | meaning |", "|---|---|")
        yield from (f"| `{column}` | {text} |" for column, text in VIEW_COLUMNS[view].items())


def _faults() -> Iterator[str]:
    yield from ("", "## Faults of received files", "")
    yield from ("| code | severity | what is wrong | how to mend it |", "|---|---|---|---|")
    for row in read_rows(ROOT / "schemas" / "faults.csv"):
        yield f"| `{row['code']}` | {row['severity']} | {row['meaning']} | {row['mend']} |"


def main(path: Path = CATALOGUE) -> None:
    """Write the catalogue."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(catalogue(), encoding="utf-8")


if __name__ == "__main__":
    main()
