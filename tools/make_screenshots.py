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
    # name, page, width, height, what is shown (nothing: the top of the page)
    ("overview", "index.html", 1280, 800, ""),
    ("overview-320", "index.html", 320, 720, ".headline:not(.headline--hidden)"),
    ("funnel", "{widest}/wres.html", 1100, 900, "section:has(> #employers) figure"),
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
        for name, page, width, height, shown in PAGES:
            path = Path(folder) / page.format(widest=widest[0])
            _shoot(browser, path, SHOTS / f"{name}.png", (width, height), shown)
        browser.close()


def _shoot(
    browser: Browser, page_path: Path, picture: Path, window: tuple[int, int], shown: str
) -> None:
    page = browser.new_page(viewport={"width": window[0], "height": window[1]})
    page.goto(page_path.as_uri())
    (page.locator(shown).first if shown else page).screenshot(path=picture)
    page.close()
    if picture.stat().st_size > LARGEST:
        raise SystemExit(f"{picture} has {picture.stat().st_size} bytes; at most {LARGEST}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
