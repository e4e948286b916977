"""What tests share is made once, and a test that changes it is found out."""

import pytest
from made_once import made_once


def test_who_asks_again_is_given_what_was_made(tmp_path_factory):
    made = []

    def make(folder):
        made.append(folder)
        (folder / "kept.txt").write_text("as made")
        return ["told"]

    for _ in range(2):
        with made_once(tmp_path_factory, "kept_of_two", make) as (folder, told):
            assert (folder / "kept.txt").read_text() == "as made"
            assert told == ["told"]
    assert made == [folder]


@pytest.mark.parametrize("name", ["kept.txt", "new.txt"])
def test_a_change_is_told(tmp_path_factory, name):
    def make(folder):
        (folder / "kept.txt").write_text("as made")

    with (
        pytest.raises(AssertionError, match="is only to be read"),
        made_once(tmp_path_factory, f"changed_{name}", make) as (folder, _),
    ):
        (folder / name).write_text("changed")


def test_what_a_look_changes_is_no_change(tmp_path_factory):
    def make(folder):
        (folder / "trail.jsonl").write_text("")

    with made_once(tmp_path_factory, "looked_at", make) as (folder, _):
        (folder / "trail.jsonl").write_text("somebody looked")
