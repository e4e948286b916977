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
from pipeline.quality.checks import CHECKS, Check, figure_checks
from pipeline.quality.rules import AlertRule, load_rules
from pipeline.resources import ROOT, read_rows

ERRORS = ROOT / "docs" / "errors.md"
_SOURCES = sorted(
    path
    for folder in ("src/pipeline", "schemas", "warehouse/alerts")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".sql"} and "sample" not in path.parts
)
_STOPS = {"critical": "nothing is released; the last release stays", "warning": "a warning"}
_URGENT = {"critical": "urgent; stops no release", "warning": "a warning; stops no release"}
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
        "it again. No message repeats what stands in a cell of a received file. The codes of an",
        "audit of printed tables are in `docs/audit.md`.",
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
    rules = sorted(load_rules(), key=lambda rule: rule.code)
    ruled = {code: list(lines) for code, lines in groupby(rules, key=lambda rule: rule.code)}
    for code in sorted(listed.keys() | ruled.keys()):
        if code in ruled:
            yield from _entry(code, *_rule_facts(ruled[code]))
        else:
            row = listed[code]
            yield from _entry(
                code,
                f"what it does: {_URGENT[row['severity']]}",
                f"meaning: {row['meaning']}",
                f"how to mend it: {row['mend']}",
                f"where it comes from: {_places(code)}",
            )


def _rule_facts(rules: list[AlertRule]) -> Iterator[str]:
    """Yield what the lines of one code say."""
    yield f"what it does: {' or '.join(sorted({_URGENT[rule.severity] for rule in rules}))}"
    for rule in rules:
        off = "" if rule.is_on else " (off)"
        yield f"meaning: {rule.words(rule.label, '...')}{off}"
        yield f"how to mend it: {rule.action(rule.label, '...')}"
        yield f"why this threshold: {rule.reason} (since {rule.since})"
    frames = sorted({f"`warehouse/alerts/{rule.frame}.sql`" for rule in rules})
    yield f"where it comes from: `warehouse/reference/alert_rules.csv`, {', '.join(frames)}"


def _checks() -> Iterator[str]:
    yield from ("", "## Checks of the gate", "")
    yield "They stand in the table `check_result`, a row for each suite. A registered check that"
    yield "did not run stops a release. Beside them each alert rule is a check of the suite"
    yield "`declaration`, by the name of its code."
    for check_id, suites in registered().items():
        check, frame = suites[0], CHECKS / f"{check_id}.sql"
        path = frame if frame.exists() else ROOT / "warehouse" / "audit" / frame.name
        yield from _entry(
            check_id,
            f"what it does: {_STOPS[check.severity]}",
            f"meaning: {check.description}",
            f"how to mend it: {_MEND_CHECK}",
            f"where it comes from: `{path.relative_to(ROOT).as_posix()}`, in the suites "
            f"{', '.join(each.suite for each in suites)}",
        )


def registered() -> dict[str, list[Check]]:
    """Return every registered check over figures with the suites that it stands in."""
    found: dict[str, list[Check]] = {}
    for check in figure_checks():
        found.setdefault(check.check_id, []).append(check)
    return found


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
