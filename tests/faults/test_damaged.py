"""Files of a home that rot, are lost or are cut short: what is said of them, and the way back."""

import os
import re

import pytest
from command import equality
from kept import kept
from killing import PUBLISHED, copy_of, release
from measured import record
from standing import BEFORE, SOUTHPORT

pytestmark = pytest.mark.slow

AGAIN = f"{BEFORE}/{SOUTHPORT}/training"
"""What is read again, because the staff extract of its place came again."""


@pytest.fixture
def inbox(plain, tmp_path):
    return copy_of(plain.arguments[1], tmp_path / "inbox")


def _snapshot(home, inbox, place):
    """Return where the file of a place is kept in a home."""
    from hashlib import sha256

    digest = sha256((inbox / f"{place}.csv").read_bytes()).hexdigest()
    return home / "snapshots" / digest[:2] / f"{digest}.sealed"


def _spoil(path, at=0.5):
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    path.write_bytes(bytes(content))


def _shown(home):
    return (home / "published" / "current.txt").read_text(encoding="ascii").strip()


def _says_it_in_words(result, *codes):
    assert result.exit_code in codes, result.err
    assert result.err.startswith("equality: ")
    assert result.err.count("\n") == 1
    assert "Traceback" not in result.err
    assert "fault of the product" not in result.err


@pytest.mark.parametrize("damage", ["rots", "is lost", "is cut short"])
def test_a_snapshot_that_is_damaged_is_made_again_of_the_file_in_the_inbox(
    plain, home, inbox, damage
):
    path = _snapshot(home, inbox, AGAIN)
    if damage == "rots":
        _spoil(path)
    elif damage == "is lost":
        path.unlink()
    else:
        path.chmod(0o600)
        os.truncate(path, 20)
    result = equality("run", "--home", home, "--inbox", inbox)
    assert (result.exit_code, result.err) == (plain.exit_code, "")
    assert plain.after.differences(kept(home)) == []


def test_a_snapshot_that_rots_is_named_where_its_file_is_gone(plain, home, inbox):
    path = _snapshot(home, inbox, AGAIN)
    received = (inbox / f"{AGAIN}.csv").read_bytes()
    (inbox / f"{AGAIN}.csv").unlink()
    _spoil(path)
    for _ in range(2):
        result = equality("run", "--home", home, "--inbox", inbox)
        _says_it_in_words(result, 74)
        assert f"The snapshot {path} is damaged or lost. It is the file training.csv of" in (
            result.err
        )
        assert f"Put that file back into the inbox as {AGAIN}.csv" in result.err
        assert _shown(home) == release(plain.before)
    (inbox / f"{AGAIN}.csv").write_bytes(received)
    assert equality("run", "--home", home, "--inbox", inbox).exit_code == plain.exit_code
    assert plain.after.differences(kept(home)) == []


def test_a_release_that_rots_does_not_take_the_place_of_what_readers_have(plain, home, inbox):
    assert equality("run", "--home", home, "--inbox", inbox).exit_code == plain.exit_code
    seen = (home / PUBLISHED).read_bytes()
    name = release(plain.after)
    _spoil(home / "releases" / name / "equality.duckdb")
    assert equality("run", "--home", home, "--inbox", inbox).exit_code == plain.exit_code
    assert (home / PUBLISHED).read_bytes() == seen
    (home / PUBLISHED).unlink()
    result = equality("run", "--home", home, "--inbox", inbox)
    _says_it_in_words(result, 2)
    assert f"{name}/equality.duckdb is damaged: its hash is not the one in SHA256SUMS" in result.err
    assert f"Put the folder {name} back into releases/ from a backup" in result.err


@pytest.mark.parametrize("damage", ["rots", "is cut short"])
def test_an_earlier_release_that_is_damaged_stops_the_next_one(plain, home, inbox, damage):
    name = release(plain.before)
    path = home / "releases" / name / "equality.duckdb"
    if damage == "rots":
        _spoil(path)
    else:
        os.truncate(path, path.stat().st_size // 3)
    result = equality("run", "--home", home, "--inbox", inbox)
    _says_it_in_words(result, 2)
    assert f"{path} is damaged, so that nobody can say what is published already" in result.err
    assert _shown(home) == name


LENGTHS = (0.0, 0.001, 0.1, 0.5, 0.9)


@pytest.mark.parametrize("command", [("status",), ("figures", "--unprotected"), ("run",)])
def test_a_private_database_that_is_cut_short_is_told_as_one(plain, home, command):
    whole = (home / "private.duckdb").read_bytes()
    for length in LENGTHS:
        (home / "private.duckdb").write_bytes(whole[: int(len(whole) * length)])
        inbox = plain.arguments if command == ("run",) else ()
        result = equality(*command, "--home", home, *inbox)
        if length == LENGTHS[-1] and not result.err:
            continue  # DuckDB keeps empty blocks at the end, which nobody misses
        _says_it_in_words(result, 2, 74)
        if result.exit_code == 2:
            assert "private.duckdb cannot be opened with the store key of this home" in result.err
        assert re.search(r"equality (rebuild|verify)", result.err), result.err
        assert equality("figures", "--home", home).exit_code == 0, "readers need it not"
    record("private_database_cut_short", {"lengths": len(LENGTHS), "tracebacks": 0})


@pytest.mark.parametrize("name", ["private.duckdb", PUBLISHED])
def test_a_database_of_which_a_part_rots_is_never_a_fault_of_the_product(home, name):
    """Wherever a byte is another one: what is read of it is told, and the rest is not needed."""
    whole = (home / name).read_bytes()
    private = ("status", "figures --unprotected")
    told = 0
    for place in range(8):
        spoiled = bytearray(whole)
        spoiled[int(len(whole) * (place + 0.5) / 8)] ^= 0xFF
        (home / name).write_bytes(spoiled)
        for words in private if name == "private.duckdb" else ("figures",):
            result = equality(*words.split(), "--home", home, "--json")
            if result.exit_code:
                _says_it_in_words(result, 74, 2)
                told += 1
    (home / name).write_bytes(whole)
    assert equality("status", "--home", home).exit_code == 0
    record(f"{name.split('.')[0].replace('/', '_')}_rots", {"places": 8, "told_in_words": told})


def test_a_published_file_that_is_cut_short_is_put_right_by_the_next_run(plain, home, inbox):
    assert equality("run", "--home", home, "--inbox", inbox).exit_code == plain.exit_code
    whole = (home / PUBLISHED).read_bytes()
    told = 0
    for length in LENGTHS:
        (home / PUBLISHED).write_bytes(whole[: int(len(whole) * length)])
        looked = equality("figures", "--home", home, "--json")
        if looked.exit_code:
            _says_it_in_words(looked, 2, 74)
            assert "is damaged" in looked.err
            told += 1
        again = equality("run", "--home", home, "--inbox", inbox)
        assert (again.exit_code, again.err) == (plain.exit_code, "")
        assert (home / PUBLISHED).read_bytes() == whole
    assert told >= len(LENGTHS) - 1
    record("published_file_cut_short", {"lengths": len(LENGTHS), "put_right": len(LENGTHS)})
