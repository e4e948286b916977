"""The files of the site, without a browser."""

import re

import pytest
import told_by_hand as told

from pipeline.errors import ProductError
from pipeline.report.site import write_site


def write(folder, bodies, downloads=(), **release):
    bodies = list(bodies)
    files = write_site(told.published(folder, bodies, **release), bodies, folder, downloads)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def files(module_folders):
    return write(module_folders.mktemp("site"), told.bodies())


def test_a_body_has_a_folder_of_its_code_and_of_its_level_where_another_has_that_code(files):
    pages = ["index.html", "wres.html", "easy-read.html", "report.pdf", "large-print.pdf"]
    folders = ["AAA", "QYG-icb", "QYG-system", "BBB"]
    assert sorted(files) == sorted(
        [f"{folder}/{page}" for folder in folders for page in pages] + ["index.html"]
    )


def test_the_same_release_gives_the_same_bytes(files, tmp_path):
    assert write(tmp_path, told.bodies()) == files


def test_the_first_page_is_the_overview_of_the_widest_body_and_lists_all(files):
    first = files["index.html"].decode()
    assert "<title>Overview | NHS Testshire Integrated Care Board |" in first
    assert 'href="QYG-system/wres.html"' in first
    links = re.findall(r'href="([A-Z-]+[a-z]*/index\.html)"', first)
    assert links.count("QYG-icb/index.html") == 1
    assert {"AAA/index.html", "BBB/index.html", "QYG-system/index.html"} <= set(links)


def test_several_bodies_as_wide_as_each_other_are_listed_in_the_order_of_the_alphabet(tmp_path):
    bodies = [told.body("BBB", "employer", "Zeta CCG"), told.body("CCC", "employer", "Alpha CCG")]
    first = write(tmp_path, bodies)["index.html"].decode()
    assert "<h1>Workforce equality report</h1>" in first
    assert first.index("Alpha CCG") < first.index("Zeta CCG")


def test_a_sample_says_on_every_page_that_its_people_are_invented(files, tmp_path):
    words = b"All people in this report are invented."
    assert [
        name for name, page in files.items() if name.endswith("html") and words not in page
    ] == []
    real = write(tmp_path, [told.body()], is_sample=False)
    assert [name for name, page in real.items() if b"invented" in page] == []


def test_no_page_holds_a_script_or_asks_for_anything(files):
    for name, page in files.items():
        if name.endswith(".html"):
            text = page.decode()
            assert "<script" not in text
            assert (
                re.findall(r'(?:src|srcset)=|url\((?!data:)|@import|<link rel="style', text) == []
            )
            assert "default-src 'none'" in text


def test_downloads_are_listed_on_the_first_page(tmp_path):
    first = write(tmp_path, [told.body()], [("data/figure.csv", "All figures (CSV)")])["index.html"]
    assert '<a href="data/figure.csv">All figures (CSV)</a>' in first.decode()


def test_the_papers_are_tagged_and_of_the_day_of_the_snapshot(files):
    for name in ("AAA/report.pdf", "AAA/large-print.pdf"):
        assert files[name].startswith(b"%PDF-1.7")
        for fact in (
            b"/StructTreeRoot",
            b"/Lang(en-GB)",
            b"<pdfuaid:part>1<",
            b"2022-03-31T00:00:00",
        ):
            assert fact in files[name], (name, fact)


def test_a_code_that_cannot_name_a_folder_is_refused(tmp_path):
    with pytest.raises(ProductError, match="cannot name a folder"):
        write(tmp_path, [told.body("../up")])
