"""The commands that check: printed tables, and the registry against the warehouse."""

import argparse
from pathlib import Path

from pipeline.errors import ExitCode
from pipeline.settings import load_settings


def audit(home: Path, options: argparse.Namespace) -> int:
    """List what in a printed table cannot be true, and which hidden cells can be worked out."""
    import json

    from pipeline.audit.run import audit as findings_of

    found = findings_of(options.table)
    if options.json:
        print(json.dumps([finding.as_row() for finding in found]))
        return ExitCode.RELEASED
    for finding in found:
        print(finding.sentence())
    said = {one.detector.severity: 0 for one in found}
    for one in found:
        said[one.detector.severity] += 1
    counted = ", ".join(f"{number} {severity}" for severity, number in sorted(said.items()))
    print(f"{options.table.name}: {counted or 'nothing found'}")
    return ExitCode.RELEASED


def check_registry(home: Path, options: argparse.Namespace) -> int:
    """Check the registry and the warehouse against each other; every fault at once."""
    from pipeline.decisions.decision import of_home, shipped_faults
    from pipeline.errors import ProductError
    from pipeline.models import load_models
    from pipeline.quality.alert_frames import check_frames_of
    from pipeline.quality.rules import load_rules
    from pipeline.registry import load_registry
    from schemas.published import TABLES

    registry = load_registry()
    wrong = shipped_faults()
    if wrong:
        raise ProductError("The decisions on values are wrong: " + "; ".join(wrong) + ".")
    of_home(load_settings(home).home)
    models = load_models()
    views = load_models(("marts",), given=frozenset(TABLES))
    rules = load_rules()
    frames = check_frames_of(rules, frozenset(model.name for model in models))
    print(
        f"{len(registry)} indicators, {len(models)} tables, {len(views)} views and {len(rules)} "
        f"alert rules on {frames} frames: no fault found"
    )
    return ExitCode.RELEASED
