"""Writes ``docs/errors.md``: an entry for each code of a fault, an alert or a check.

Run it after a change to a list of codes, to the alert rules, to the registered checks, or to the
modules that raise the codes: ``.venv/bin/python tools/make_errors.py``. A test says when it was
forgotten.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pipeline.faults import catalogue
from pipeline.feedback import EFFECTS
from pipeline.quality import checks
from pipeline.quality.checks import Check
from pipeline.quality.declaration import alert_rules
from pipeline.resources import ROOT, read_rows, reference

ERRORS = ROOT / "docs" / "errors.md"
_SOURCES = sorted(
    path
    for folder in ("src/pipeline", "schemas", "warehouse/alerts")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".sql"} and "sample" not in path.parts
)
_STOPS = {"critical": "nothing is released; the last release stays", "warning": "a warning"}
_MEND_CHECK = (
    "look at the rows that its frame names in the private database, and at the true figures with "
    "`equality figures --unprotected`; where the files received are right, it is a fault of the "
    "product"
)


def errors() -> str:
    """Return the text of the document."""
    lines = [
        "# Errors: every code, what it means and how to mend it",
        "",
        "Made by `tools/make_errors.py` from `schemas/faults.csv`, `schemas/alerts.csv`,",
        "`warehouse/reference/alert_rules.csv` and the registered checks: change those, and make",
        "it again. No message repeats what stands in a cell of a received file.",
        *_faults(),
        *_alerts(),
        *_checks(),
    ]
    return "\n".join(lines) + "\n"


def _faults() -> Iterator[str]:
    yield from ("", "## Faults of received files", "")
    yield "They stand in the feedback of a file and in `equality feedback`."
    for code, kind in sorted(catalogue().items()):
        yield from _entry(
            code,
            f"what it does: {EFFECTS[kind.severity]}",
            f"meaning: {kind.meaning}",
            f"what is expected: {kind.expected}",
            f"how to mend it: {kind.mend}",
            f"where it comes from: {_places(code)}",
        )


def _alerts() -> Iterator[str]:
    yield from ("", "## Alerts", "")
    yield "They stand in the table `alert` and in `equality alerts`; none of them stops a release."
    listed = {row["code"]: row for row in read_rows(ROOT / "schemas" / "alerts.csv")}
    rules = sorted(reference("alert_rules"), key=lambda row: row["code"])
    ruled = {code: list(rows) for code, rows in groupby(rules, key=lambda row: row["code"])}
    for code in sorted(listed.keys() | ruled.keys()):
        if code in ruled:
            yield from _entry(code, *_rule_facts(ruled[code]))
        else:
            row = listed[code]
            yield from _entry(
                code,
                f"what it does: {_STOPS.get(row['severity'], row['severity'])}",
                f"meaning: {row['meaning']}",
                f"how to mend it: {row['mend']}",
                f"where it comes from: {_places(code)}",
            )


def _rule_facts(rows: list[dict[str, str]]) -> Iterator[str]:
    """Yield what the lines of one code say; the columns are those that the rules have."""
    yield f"what it does: {' or '.join(sorted({_STOPS.get(r['severity'], '') for r in rows}))}"
    for row in rows:
        subject = f"{row['characteristic']}: " if row.get("characteristic") else ""
        yield f"meaning: {subject}{row['message']}"
        if row.get("to_do"):
            owner = f" ({row['owner']})" if row.get("owner") else ""
            yield f"how to mend it: {row['to_do']}{owner}"
        else:
            yield "how to mend it: ask the people whose record is blank to complete it in ESR"
        if row.get("reason"):
            yield f"why this threshold: {row['reason']}"
    frames = sorted({row["frame"] for row in rows if row.get("frame")})
    yield (
        "where it comes from: `warehouse/reference/alert_rules.csv`"
        + "".join(f", `warehouse/alerts/{frame}.sql`" for frame in frames)
    )


def _checks() -> Iterator[str]:
    yield from ("", "## Checks of the gate", "")
    yield "They stand in the table `check_result`. A registered check that did not run fails."
    for check in registered():
        frame = ROOT / "warehouse" / "checks" / f"{check.check_id}.sql"
        is_file = frame.exists()
        yield from _entry(
            check.check_id,
            f"what it does: {_STOPS.get(check.severity, check.severity)}",
            f"meaning: {check.description}",
            f"how to mend it: {_MEND_CHECK if is_file else 'as the alert of the same name says'}",
            f"where it comes from: suite {check.suite.value}, "
            f"`{frame.relative_to(ROOT) if is_file else 'warehouse/reference/alert_rules.csv'}`",
        )


def registered() -> list[Check]:
    """Return every registered check: those of the module of checks and those of alert rules."""
    lists = [value for value in vars(checks).values() if isinstance(value, tuple)]
    found = [each for one in lists for each in one if isinstance(each, Check)]
    return [*found, *(rule.check for rule in alert_rules())]


def _entry(code: str, *facts: str) -> Iterator[str]:
    yield from ("", f"### `{code}`", "")
    yield from (f"- {fact}" for fact in facts)


def _places(code: str) -> str:
    """Return the modules that name a code, the lists of codes apart."""
    named = re.compile(rf"""["']{re.escape(code)}["']""")
    found = [path for path in _SOURCES if named.search(path.read_text(encoding="utf-8"))]
    return ", ".join(f"`{path.relative_to(ROOT).as_posix()}`" for path in found)


def main(path: Path = ERRORS) -> None:
    """Write the document."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(errors(), encoding="utf-8")


if __name__ == "__main__":
    main()
