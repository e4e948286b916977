"""The trail: entries that follow one another, and what is found where somebody changed them."""

import errno
import json
import os
import pwd
import subprocess
import sys
import time

import pytest

from pipeline.settings import Home
from pipeline.trail import NO_ENTRY, TORN, entries, faults_of, head, newest_first, note


@pytest.fixture
def home(tmp_path):
    kept = Home(tmp_path / "home")
    for action in ("run started", "figures --unprotected", "run ended", "backup"):
        note(kept, action, {"where": "standard = 'WRES'", "number": 1, "list": ["é"]})
    return kept


def lines(home):
    return home.trail.read_bytes().splitlines(keepends=True)


def test_an_entry_says_who_did_what_when_with_which_code_and_what_stood_before_it(home):
    found = entries(home)
    assert [entry.sequence for entry in found] == [1, 2, 3, 4]
    assert [entry.action for entry in found][1:3] == ["figures --unprotected", "run ended"]
    assert {entry.who for entry in found} == {pwd.getpwuid(os.getuid()).pw_name}
    assert found[0].detail == {"where": "standard = 'WRES'", "number": 1, "list": ["é"]}
    assert [entry.previous for entry in found] == [NO_ENTRY, *(entry.hash for entry in found[:3])]
    assert head(home) == found[3].hash
    assert list(newest_first(home)) == found[::-1]
    assert home.trail.stat().st_mode & 0o777 == 0o600
    assert faults_of(home) == []


def test_an_environment_does_not_say_who_it_was(home, monkeypatch):
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setenv("USER", "somebody-else")
    note(home, "backup", {})
    assert "somebody-else" not in home.trail.read_text()


def test_a_home_without_a_trail_has_no_entries_and_no_faults(tmp_path):
    home = Home(tmp_path)
    assert (entries(home), faults_of(home), head(home)) == ([], [], NO_ENTRY)


def test_entries_are_found_from_the_end_whatever_their_length(tmp_path):
    home = Home(tmp_path)
    for number, length in enumerate((1, 70_000, 10, 200_000, 3), start=1):
        note(home, f"action {number}", {"text": "x" * length})
    found = list(newest_first(home))
    assert [entry.action for entry in found] == [f"action {number}" for number in (5, 4, 3, 2, 1)]
    assert faults_of(home) == []


def _edited(rows):
    return [rows[0], rows[1].replace(b"WRES", b"WDES"), *rows[2:]]


def _rehashed(rows):
    """An edit by somebody who knows how the hash is made."""
    import hashlib

    content = json.loads(rows[1])
    del content["hash"]
    content["detail"]["number"] = 2
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    content["hash"] = hashlib.sha256(text.encode()).hexdigest()
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return [rows[0], text.encode() + b"\n", *rows[2:]]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_edited, ["Line 2 of the trail was changed after it was written"]),
        (_rehashed, ["Line 3 of the trail does not follow the line before it"]),
        (lambda rows: [rows[0], *rows[2:]], ["Line 2 of the trail does not follow"]),
        (lambda rows: rows[1:], ["Line 1 of the trail does not follow"]),
        (
            lambda rows: [rows[0], rows[2], rows[1], rows[3]],
            [f"Line {number} of the trail does not follow" for number in (2, 3, 4)],
        ),
        (lambda rows: [*rows, rows[3]], ["Line 5 of the trail does not follow"]),
        (lambda rows: [rows[0], b"\n", *rows[1:]], ["Line 2 of the trail is no entry"]),
        (lambda rows: [rows[0], b"\x00" * 9 + b"\n", *rows[2:]], ["Line 2 of the trail is no"]),
        (lambda rows: [rows[0], b"[" * 99_999 + b"\n", *rows[2:]], ["Line 2 of the trail is no"]),
        (lambda rows: [rows[0].replace(b',"seq', b', "seq'), *rows[1:]], ["Line 1 of the trail"]),
    ],
    ids=["edited", "rehashed", "removed", "first", "moved", "twice", "blank", "zeros", "deep",
         "respaced"],
)  # fmt: skip
def test_a_line_that_was_changed_removed_or_moved_is_told(home, change, told):
    home.trail.write_bytes(b"".join(change(lines(home))))
    found = faults_of(home)
    assert len(found) == len(told), found
    for sentence, begin in zip(found, told, strict=True):
        assert sentence.startswith(begin)


def test_lines_cut_off_at_the_end_are_told_to_whoever_kept_the_head(home):
    kept = head(home)
    home.trail.write_bytes(b"".join(lines(home)[:-1]))
    assert faults_of(home) == []
    (told,) = faults_of(home, kept)
    assert kept in told
    home.trail.unlink()
    assert len(faults_of(home, kept)) == 1


def test_a_head_that_was_kept_holds_while_lines_are_added(home):
    kept = head(home)
    note(home, "backup", {})
    assert faults_of(home, f" {kept.upper()}\n") == []


@pytest.mark.parametrize("left", [1, 40, -1])
def test_a_torn_line_is_kept_aside_and_told_and_no_entry_is_lost(home, left):
    before = entries(home)
    whole = lines(home)
    torn = whole[-1][:left]
    home.trail.write_bytes(b"".join(whole) + torn)
    (told,) = faults_of(home)
    assert told.startswith("Line 5 of trail.jsonl is torn")
    assert entries(home) == before
    note(home, "run started", {})
    assert faults_of(home) == []
    found = entries(home)
    assert found[:4] == before
    assert [entry.action for entry in found[4:]] == [TORN, "run started"]
    assert found[4].detail["bytes"] == len(torn)
    aside = home.root / str(found[4].detail["kept_in"])
    assert (aside.name, aside.read_bytes()) == ("trail.torn-5", torn)
    assert aside.stat().st_mode & 0o777 == 0o600


def test_a_first_line_may_be_torn_too(tmp_path):
    home = Home(tmp_path)
    home.trail.write_bytes(b'{"action":')
    note(home, "run started", {})
    assert [entry.action for entry in entries(home)] == [TORN, "run started"]
    assert faults_of(home) == []


def test_a_disk_that_takes_a_part_of_a_line_leaves_the_trail_as_it_was(home, monkeypatch):
    before = home.trail.read_bytes()
    write, calls = os.write, []

    def full(file, content):
        calls.append(len(content))
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(file, content[:20])

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(os, "write", full)
        note(home, "run started", {})
    assert len(calls) == 2
    assert home.trail.read_bytes() == before
    note(home, "run started", {})
    assert faults_of(home) == []


NOTING = """
import pathlib, sys
from pipeline.settings import Home
from pipeline.trail import note

for number in range(int(sys.argv[2])):
    note(Home(pathlib.Path(sys.argv[1])), "looked", {"number": number, "text": "x" * 5_000})
    print(number, flush=True)
"""


def noting(home, times):
    command = [sys.executable, "-c", NOTING, str(home.root), str(times)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_several_processes_note_at_once_and_every_entry_follows_another(tmp_path):
    home = Home(tmp_path)
    processes = [noting(home, 15) for _ in range(3)]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    found = entries(home)
    assert [entry.sequence for entry in found] == list(range(1, 46))
    assert sorted(entry.detail["number"] for entry in found) == sorted(list(range(15)) * 3)
    assert faults_of(home) == []


def test_whatever_moment_a_writer_is_killed_at_what_it_had_noted_stays(tmp_path):
    home = Home(tmp_path)
    for round_ in range(6):
        before = len(entries(home))
        with noting(home, 10_000) as process:
            process.stdout.readline()
            time.sleep(0.01 * round_)
            process.kill()
            said = process.stdout.read().split()
        note(home, "looked", {"number": -1})
        assert faults_of(home) == []
        noted = [entry.detail.get("number") for entry in entries(home)[before:]]
        # What the writer was told is on disk is there; the one after it may be too.
        assert [number for number in noted if number != -1][: len(said) + 1] == list(
            range(len(said) + 1)
        )
