"""One run over the counts of two public reports, for all cases that need no other."""

import pytest
from public_reports import write_reports
from published import Row, true_figures


@pytest.fixture(scope="session")
def reports(tmp_path_factory) -> list[Row]:
    """The true figures of one run over the reports."""
    home = tmp_path_factory.mktemp("published_cases") / "home"
    write_reports(home / "inbox")
    return true_figures(home)
