"""Debian's Chromium, started once, and the sites that it is shown."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import told_by_hand as told

from pipeline.report.site import write_site
from pipeline.report.source import read_release
from pipeline.report.telling import bodies
from pipeline.settings import Home

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@dataclass
class Seen:
    """A page in the browser, and what went wrong while it was shown."""

    page: object
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        page = self.page
        page.on("console", self.told)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("requestfailed", lambda request: self.faults.append(f"failed: {request.url}"))
        page.on("request", self.asked)

    def told(self, message) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def asked(self, request) -> None:
        """A page is one file: whatever it asks for besides is a fault."""
        is_page = request.is_navigation_request() and request.url.startswith("file:")
        if not is_page and not request.url.startswith("data:"):
            self.faults.append(f"request: {request.url}")

    def show(self, path: Path) -> None:
        self.page.goto(path.as_uri())


class Browser:
    """Opens pages; each context is a new reader."""

    def __init__(self, chromium):
        self._chromium = chromium

    @contextmanager
    def reader(self, width=1280, height=900, **settings) -> Iterator[Seen]:
        context = self._chromium.new_context(
            viewport={"width": width, "height": height}, **settings
        )
        try:
            seen = Seen(context.new_page())
            seen.watch()
            yield seen
        finally:
            context.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"{CHROMIUM} is not installed (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield Browser(chromium)
        chromium.close()


@dataclass(frozen=True)
class Site:
    folder: Path
    files: tuple[Path, ...]

    @property
    def pages(self) -> list[Path]:
        return [path for path in self.files if path.suffix == ".html"]

    @property
    def of_widest(self) -> list[Path]:
        """The first page, and every page of the system."""
        return [self.pages[-1], *(path for path in self.pages if "-system" in path.parent.name)]

    @property
    def kinds(self) -> list[Path]:
        """The first page, and every page of the first body."""
        return [
            self.pages[-1],
            *(path for path in self.pages if path.parent == self.pages[0].parent),
        ]


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Site:
    """The site of bodies told by hand, with every kind of section and hostile texts."""
    folder = tmp_path_factory.mktemp("site")
    downloads = [("AAA/report.pdf", "Something to take away")]
    files = write_site(told.published(folder), told.bodies(), folder, downloads)
    return Site(folder, tuple(files))


@pytest.fixture(scope="session")
def sample_site(demo_home, tmp_path_factory) -> Site:
    """The site of the released sample."""
    folder = tmp_path_factory.mktemp("sample-site")
    published = read_release(Home(demo_home))
    return Site(folder, tuple(write_site(published, bodies(published), folder)))
