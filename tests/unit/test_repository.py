"""What the repository holds: the folders that a reader looks for, and nothing of a person."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP = ("pyproject.toml", "flows", "src/pipeline", "schemas", "warehouse", "tests", "README.md")

# The form of a National Insurance number, with the prefixes that are given out: HMRC, NIM39110.
NI_NUMBER = re.compile(
    rb"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]\b"
)
KEY_FILE = re.compile(r"\.(key|pem|duckdb|sealed)$|(^|/)(settings|channels)\.toml$")
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def files() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("name", TOP)
def test_the_folders_of_the_product_are_there(name):
    assert (ROOT / name).exists()


def test_no_file_is_a_key_a_database_or_somebodys_settings(files):
    names = [path.relative_to(ROOT).as_posix() for path in files]
    assert [name for name in names if KEY_FILE.search(name)] == []


def test_no_file_holds_what_has_the_form_of_a_national_insurance_number(files):
    assert NI_NUMBER.search(b"of AB123456C, say")
    assert [path.name for path in files if NI_NUMBER.search(path.read_bytes())] == [
        Path(__file__).name
    ]


def test_no_file_is_large_enough_to_be_an_extract(files):
    assert [path.name for path in files if path.stat().st_size > 4 * MEGABYTE] == []
