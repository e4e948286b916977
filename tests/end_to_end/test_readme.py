"""What the README shows is what a new user gets."""

import re
from pathlib import Path

import duckdb
import pytest

README = Path(__file__).resolve().parents[2] / "README.md"


def block(language: str, holding: str) -> str:
    """Return the one fenced block of a language that holds a text."""
    found = re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (text,) = [text for text in found if holding in text]
    return text


def without_places(text: str) -> str:
    """Leave out what differs from machine to machine: folders, and the hash of the code."""
    text = re.sub(r"\S*/(?=keys|feedback|published|decisions)", "", text)
    return re.sub(r"(\d{4}-\d\d-\d\d)-[0-9a-f]{12}", r"\1", text).strip()


def test_the_demo_prints_what_the_readme_shows(demo):
    assert without_places(demo.output) == without_places(block("text", "Received"))


def test_the_query_works_pasted_into_a_client(demo):
    published = demo.home / "published" / "equality.duckdb"
    with duckdb.connect(str(published), read_only=True) as connection:
        rows = connection.execute(block("sql", "relative_likelihood")).fetchall()
    assert [row[0].isoformat() for row in rows] == [
        "2021-03-31",
        "2021-06-30",
        "2021-09-30",
        "2021-12-31",
        "2022-03-31",
    ]
    assert {row[1] for row in rows} == {"NHS Cheshire and Merseyside Integrated Care Board"}


@pytest.mark.parametrize("name", ["wres", "workforce_profile", "census_comparison", "trend"])
def test_the_views_of_the_readme_hold_rows(demo, name):
    published = demo.home / "published" / "equality.duckdb"
    assert f"`{name}`" in README.read_text(encoding="utf-8")
    with duckdb.connect(str(published), read_only=True) as connection:
        assert connection.execute(f"select count(*) > 0 from {name}").fetchone() == (True,)


def test_the_two_commands_are_those_of_the_makefile():
    makefile = README.with_name("Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in block("sh", "make demo")
        assert f"\n{target}: " in makefile
