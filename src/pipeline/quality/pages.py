"""The results of the gate as static pages: ``home/quality/index.html`` and a page a suite.

The pages of Great Expectations load styles and scripts from elsewhere and tell a result by an icon
alone; these are its results in pages of our own, which load nothing. They hold no figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import make_folder, write_whole
from pipeline.quality.gate import CheckResult

_TEMPLATES = Path(__file__).parent / "templates"
_INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class SuitePage:
    """One suite with its results, as its page shows them."""

    name: str
    results: tuple[CheckResult, ...]

    @property
    def page(self) -> str:
        """The name of its file."""
        return f"{self.name.lower()}.html"

    @property
    def passed(self) -> int:
        """How many of its checks passed."""
        return sum(result.passed for result in self.results)

    @property
    def failed(self) -> int:
        """How many of its checks failed."""
        return len(self.results) - self.passed


def write_pages(
    folder: Path, release_id: str, results: Iterable[CheckResult], reasons: Sequence[str]
) -> None:
    """Write the pages of one run into ``folder``; those of the run before it go.

    Args:
        folder: ``home/quality``; made where it is not there.
        release_id: the release that was checked.
        results: what became of every check that ran.
        reasons: why the gate stopped the release; none where it passed.
    """
    from jinja2 import Environment, FileSystemLoader

    pages = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=False)
    by_suite: dict[str, list[CheckResult]] = {}
    for result in results:
        by_suite.setdefault(result.check.suite, []).append(result)
    suites = [SuitePage(name, tuple(found)) for name, found in by_suite.items()]
    make_folder(folder)
    current = {_INDEX, *(suite.page for suite in suites)}
    for outdated in {path.name for path in folder.glob("*.html")} - current:
        (folder / outdated).unlink()
    for suite in suites:
        page = pages.get_template("suite.html").render(suite=suite, release_id=release_id)
        write_whole(folder / suite.page, page.encode())
    index = pages.get_template(_INDEX)
    written = index.render(suites=suites, release_id=release_id, reasons=reasons)
    write_whole(folder / _INDEX, written.encode())
