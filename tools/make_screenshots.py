"""Makes docs/screenshots/ from the report of a home: ``python tools/make_screenshots.py HOME``.

Needs Debian's Chromium. The report of the newest release is written into a temporary folder.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from pipeline.report.site import write_site
from pipeline.report.source import read_release
from pipeline.report.telling import bodies
from pipeline.settings import Home

SHOTS = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
LARGEST = 150_000  # bytes, of a picture in the repository
PAGES = (
    # name, page, width, height, what has to be in view
    ("overview", "index.html", 1280, 800, "h1"),
    ("overview-320", "index.html", 320, 720, "#key-figures, main h2"),
    ("chart", "{widest}/wres.html", 1000, 640, "figure.chart"),
)


def main(home: Path) -> None:
    """Write the pictures.

    Raises:
        SystemExit: a picture is too large to keep.
    """
    published = read_release(Home(home))
    SHOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_site(published, bodies(published), Path(folder))
        widest = sorted(path.name for path in Path(folder).glob("*-system")) or ["."]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, page, width, height, in_view in PAGES:
            path = Path(folder) / page.format(widest=widest[0])
            _shoot(browser, path, SHOTS / f"{name}.png", (width, height), in_view)
        browser.close()


def _shoot(
    browser: Browser, page_path: Path, picture: Path, window: tuple[int, int], in_view: str
) -> None:
    page = browser.new_page(viewport={"width": window[0], "height": window[1]})
    page.goto(page_path.as_uri())
    if in_view != "h1":
        page.locator(in_view).first.evaluate("one => one.scrollIntoView()")
    page.screenshot(path=picture)
    page.close()
    if picture.stat().st_size > LARGEST:
        raise SystemExit(f"{picture} has {picture.stat().st_size} bytes; at most {LARGEST}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
