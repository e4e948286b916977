"""The command that makes what people read of a release."""

import argparse
from pathlib import Path

from pipeline.errors import ExitCode
from pipeline.settings import load_settings


def report(home: Path, options: argparse.Namespace) -> int:
    """Make the pages, spreadsheets, copies and filings of a release, and say where they are."""
    from pipeline.report.whole import make_report

    made = make_report(load_settings(home), options.release)
    for line in made.lines():
        print(line)
    return ExitCode.RELEASED
