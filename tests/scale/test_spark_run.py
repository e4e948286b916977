"""A whole run on Spark releases what a run on DuckDB does, and leaves nothing behind."""

import json

import pytest
from inbox import staff_rows, write_inbox
from two_engines import LOCAL

from pipeline.cli import main

pytestmark = pytest.mark.slow
PERIOD = "2022-03-31"
OPTIONS = "".join(f'"{name}" = "{value}"\n' for name, value in LOCAL.options.items())
SETTINGS = f'[spark]\nmaster = "{LOCAL.master}"\n[spark.options]\n{OPTIONS}'


def released(home, *options):
    home.mkdir()
    (home / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    for code, first in (("01T", 1), ("01V", 61)):
        write_inbox(home / "inbox", PERIOD, code, "esr_staff", staff_rows(60, first))
    assert main(["run", "--home", str(home), *options]) == 0
    (folder,) = [path for path in (home / "releases").iterdir() if path.is_dir()]
    return folder


def test_the_release_is_the_same_and_its_manifest_says_who_built_it(session, tmp_path, capfd):
    ours = released(tmp_path / "duckdb")
    theirs = released(tmp_path / "spark", "--engine", "spark")
    assert theirs.name == ours.name
    assert (theirs / "figure.csv").read_bytes() == (ours / "figure.csv").read_bytes()
    told, said = (json.loads((one / "manifest.json").read_bytes()) for one in (ours, theirs))
    assert (told.pop("engine"), said.pop("engine")) == ("duckdb", "spark")
    assert said == told
    assert list((tmp_path / "spark" / "tmp").iterdir()) == []
    # Another engine is nothing new: the figures would be the same.
    capfd.readouterr()
    assert main(["run", "--home", str(tmp_path / "spark"), "--engine", "duckdb"]) == 0
    assert "Nothing new" in capfd.readouterr().out
