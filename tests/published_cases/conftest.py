"""One run over the counts of two public reports, for all cases that need no other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from made_once import made_once
from public_reports import write_reports
from published import Row, true_figures


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Row]]:
    """The true figures of one run over the reports."""
    with made_once(tmp_path_factory, "reports", _figures) as (_, rows):
        yield rows


def _figures(home: Path) -> list[Row]:
    write_reports(home / "inbox")
    return true_figures(home)
