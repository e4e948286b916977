"""The product as a package: built, installed elsewhere, and run from there on a small inbox."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from inbox import board_rows, staff_rows, write_inbox

ROOT = Path(__file__).parents[2]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


def pip(*arguments: str) -> None:
    subprocess.run([*PIP, *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def installed(module_folders) -> Path:
    """The folder in which the wheel of the checkout is installed, without its dependencies."""
    wheels, folder = module_folders.mktemp("wheels"), module_folders.mktemp("installed")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(ROOT))
    (wheel,) = wheels.glob("icb_equality-*.whl")
    pip("install", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


def run(installed: Path, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"PYTHONPATH": str(installed)}
    return subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_wheel_brings_its_sql_schemas_and_reference_data_along(installed, tmp_path):
    for code in ("01T", "01V"):
        inbox = tmp_path / "inbox"
        write_inbox(inbox, "2022-03-31", code, "esr_staff", staff_rows(60))
        write_inbox(inbox, "2022-03-31", code, "board", board_rows({"A White - British": 12}))
    python = (sys.executable, "-P")
    place = run(
        installed, tmp_path, *python, "-c", "import pipeline, flows; print(pipeline.__file__)"
    )
    assert Path(place.stdout.strip()).is_relative_to(installed)
    checked = run(installed, tmp_path, *python, "-m", "pipeline", "check-registry")
    assert checked.returncode == 0, checked.stderr
    ran = run(
        installed, tmp_path, *python, "-m", "pipeline", "run", "--home", "home", "--inbox", "inbox"
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (tmp_path / "home" / "published" / "equality.duckdb").exists()
