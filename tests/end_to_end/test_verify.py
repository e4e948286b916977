"""Whatever is damaged in a home is found, all of it at once, with how to mend it."""

import json
import re
import shutil
import subprocess

import pytest
from command import equality, files
from kept_homes import current, damage, somebody_writing

from pipeline.identity import load_keys
from pipeline.settings import Home
from pipeline.store import open_private
from pipeline.trail import entries, faults_of, head


@pytest.fixture
def kept(two_releases):
    return two_releases


@pytest.fixture
def home(kept_copy):
    return kept_copy


def flip(path, place=0.5):
    """Change one byte of a file."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 0xFF
    path.chmod(0o600)
    path.write_bytes(bytes(content))


def snapshots(home):
    return sorted(home.glob("snapshots/??/*.sealed"))


def test_a_whole_home_has_nothing_to_tell_but_its_head(home):
    before = files(home)
    result = equality("verify", "--home", home)
    assert (result.exit_code, result.err) == (0, "")
    assert "3 snapshots" in result.out
    assert "2 releases" in result.out
    assert result.out.splitlines()[-2].endswith("; nothing is damaged.")
    newest = result.out.split()[-1]
    assert re.fullmatch("[0-9a-f]{64}", newest)
    assert equality("verify", "--home", home, "--head", newest).exit_code == 0
    result, found = damage(home)
    assert found == []
    assert json.loads(result.out) == [
        {"kind": "head", "where": "trail.jsonl", "said": newest, "mend": None}
    ]
    changed = {name for name, content in files(home).items() if before.get(name) != content}
    assert changed <= {"run.holder", "trail.lock"}, "a look changes nothing"


def rot_snapshot(home, _ids):
    flip(snapshots(home)[0])
    return f"snapshots/{snapshots(home)[0].parent.name}/{snapshots(home)[0].name}"


def lose_snapshot(home, _ids):
    path = snapshots(home)[1]
    path.unlink()
    return path.relative_to(home).as_posix()


def rot_receipt(home, _ids):
    path = min((home / "snapshots" / "receipts").glob("0*.receipt"))
    flip(path)
    return f"snapshots/receipts/{path.name}"


def lose_receipt(home, _ids):
    first, second, *_ = sorted((home / "snapshots" / "receipts").glob("0*.receipt"))
    first.unlink()
    return f"snapshots/receipts/{second.name}"


def cut_database(home, _ids):
    path = home / "private.duckdb"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    return "private.duckdb"


def lose_database(home, _ids):
    (home / "private.duckdb").unlink()
    return "private.duckdb"


def edit_release(home, ids):
    path = home / "releases" / ids[0] / "figure.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("01T", "01X", 1), encoding="utf-8")
    return f"releases/{ids[0]}/figure.csv"


def edit_release_database(home, ids):
    flip(home / "releases" / ids[0] / "equality.duckdb")
    return f"releases/{ids[0]}/equality.duckdb"


def edit_hashes(home, ids):
    """As somebody does who changes a file and its hash with it."""
    import hashlib

    edit_release(home, ids)
    folder = home / "releases" / ids[0]
    digest = hashlib.sha256((folder / "figure.csv").read_bytes()).hexdigest()
    sums = (folder / "SHA256SUMS").read_text(encoding="ascii")
    (folder / "SHA256SUMS").write_text(
        re.sub(r"[0-9a-f]{64}(?=  figure\.csv)", digest, sums), encoding="ascii"
    )
    return f"releases/{ids[0]}/SHA256SUMS"


def lose_hashes(home, ids):
    (home / "releases" / ids[1] / "SHA256SUMS").unlink()
    return f"releases/{ids[1]}/SHA256SUMS"


def lose_file_of_release(home, ids):
    (home / "releases" / ids[1] / "figure.csv").unlink()
    return f"releases/{ids[1]}/figure.csv"


def lose_release(home, ids):
    shutil.rmtree(home / "releases" / ids[0])
    return f"releases/{ids[0]}"


def edit_published(home, _ids):
    flip(home / "published" / "equality.duckdb")
    return "published/equality.duckdb"


def lose_published(home, _ids):
    (home / "published" / "equality.duckdb").unlink()
    return "published/equality.duckdb"


def lead_elsewhere(home, ids):
    (home / "published" / "current.txt").write_text(f"{ids[0]}\n", encoding="ascii")
    return "published"


def edit_report(home, ids):
    page = home / "published" / f"report-{ids[1]}" / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<p>More</p>", encoding="utf-8")
    return f"published/report-{ids[1]}"


def _change_trail(home, change):
    path = home / "trail.jsonl"
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    return "trail.jsonl"


def edit_trail(home, _ids):
    return _change_trail(home, lambda rows: [*rows[:2], rows[2].replace(b"0", b"1"), *rows[3:]])


def remove_line(home, _ids):
    return _change_trail(home, lambda rows: rows[:1] + rows[2:])


def move_line(home, _ids):
    return _change_trail(home, lambda rows: [rows[1], rows[0], *rows[2:]])


def cut_trail(home, _ids):
    """The private database knows an entry that is there no more."""
    return _change_trail(home, lambda rows: rows[:3])


def lose_trail(home, _ids):
    (home / "trail.jsonl").unlink()
    return "trail.jsonl"


WITH_KEYS = [
    cut_database, lose_database, rot_snapshot, cut_trail, rot_receipt, lose_receipt,
]  # fmt: skip
WITHOUT_KEYS = [
    lose_snapshot, edit_release, edit_release_database, edit_hashes, lose_hashes,
    lose_file_of_release, lose_release, edit_published, lose_published, lead_elsewhere,
    edit_report, edit_trail, remove_line, move_line, lose_trail,
]  # fmt: skip


@pytest.mark.parametrize("harm", [*WITH_KEYS, *WITHOUT_KEYS])
def test_damage_is_found_and_nothing_else_is(kept, home, harm):
    where = harm(home, kept[1:])
    result, found = damage(home)
    assert (result.exit_code, result.err) == (1, "")
    assert {each["where"] for each in found} == {where}
    assert all(each["said"].endswith(".") and each["mend"] for each in found)


@pytest.mark.slow
@pytest.mark.parametrize("harm", WITHOUT_KEYS)
def test_without_the_keys_what_needs_none_is_found_too(kept, home, harm):
    shutil.move(home / "keys", home.parent / "keys")
    where = harm(home, kept[1:])
    result, found = damage(home)
    assert result.exit_code == 1
    assert {each["where"] for each in found} == {where}
    assert not (home / "keys").exists(), "no key is made"


def test_without_the_keys_a_whole_home_is_whole_and_says_what_was_not_looked_at(home):
    shutil.rmtree(home / "keys")
    result = equality("verify", "--home", home)
    assert result.exit_code == 0
    assert "Without its keys, what is sealed" in result.out


def test_all_damage_is_told_at_once(kept, home):
    harms = [rot_snapshot, lose_snapshot, edit_release, lose_hashes, edit_published, edit_trail]
    where = {harm(home, kept[1:]) for harm in harms}
    result, found = damage(home)
    assert result.exit_code == 1
    assert {each["where"] for each in found} == where
    told = equality("verify", "--home", home)
    assert told.exit_code == 1
    assert all(place in told.out for place in where)


def test_another_store_key_is_told_once(home):
    (home / "keys" / "store.key").write_text("ab" * 32, encoding="ascii")
    result, found = damage(home)
    assert result.exit_code == 1
    assert [each["where"] for each in found] == ["private.duckdb", "snapshots"]


def test_a_rotten_snapshot_is_kept_anew_from_the_inbox(home):
    flip(snapshots(home)[-1])
    equality("run", "--home", home)
    assert damage(home)[0].exit_code == 1
    # Two of the three received files still lie in the inbox.
    for path in snapshots(home):
        path.unlink()
    assert equality("run", "--home", home).exit_code == 0
    result, found = damage(home)
    assert (result.exit_code, len(found)) == (1, 1)
    assert "The snapshot is missing (2022-03-31/01T/esr_staff)." in found[0]["said"]


def test_what_a_run_mends_it_mends(kept, home):
    for harm in (edit_published, lose_published):
        harm(home, kept[1:])
        assert equality("run", "--home", home).exit_code == 0
        assert damage(home)[0].exit_code == 0


def test_a_torn_line_mends_itself_and_is_told(home):
    with (home / "trail.jsonl").open("ab") as file:
        file.write(b'{"action":"run sta')
    result, found = damage(home)
    assert result.exit_code == 1
    assert (found[0]["where"], found[0]["mend"]) == ("trail.jsonl", "Run: equality run")
    assert equality("run", "--home", home).exit_code == 0
    whole = equality("verify", "--home", home)
    assert whole.exit_code == 0
    assert "holds a line of the trail that was cut short once" in whole.out


def test_a_home_of_before_hashes_were_kept_verifies(kept, home):
    for path in home.glob("releases/*/SHA256SUMS"):
        path.unlink()
    (home / "trail.jsonl").unlink()
    at = Home(home)
    with open_private(at, load_keys(at)) as connection:
        connection.execute("drop table ledger.release_hash")
        connection.execute("delete from ledger.about where name = 'trail_head'")
        connection.execute(
            "create table ledger.trail as select timestamp '2022-04-01 09:30:00' as noted_at, "
            "'figures --unprotected' as action, 'all' as detail"
        )
    result = equality("verify", "--home", home)
    assert (result.exit_code, result.err) == (0, "")
    assert result.out.count("was made before hashes were kept") == 2
    flip(home / "releases" / kept[1] / "equality.duckdb", 0.3)
    assert damage(home)[0].exit_code == 1
    # The next run goes on from there, and what was noted in the database stands in the trail.
    assert equality("run", "--home", home).exit_code == 0
    (before,) = [entry for entry in entries(at) if "entries" in entry.detail]
    assert before.detail["entries"] == [["2022-04-01 09:30:00", "figures --unprotected", "all"]]


def test_there_is_nothing_to_verify_in_a_new_home(tmp_path):
    result = equality("verify", "--home", tmp_path / "new")
    assert (result.exit_code, result.out) == (2, "")
    assert not (tmp_path / "new").exists()


def test_while_a_run_is_under_way_the_rest_is_looked_at(kept, home):
    with somebody_writing(home):
        result = equality("verify", "--home", home)
        assert result.exit_code == 4
        assert "private.duckdb and the published file were not looked at." in result.out
        where = edit_release(home, kept[1:])
        result, found = damage(home)
        assert (result.exit_code, [each["where"] for each in found]) == (1, [where])


# --- what the trail tells of runs ----------------------------------------------------


def test_the_trail_tells_who_ran_what_on_which_files_with_which_release(kept, home):
    found = entries(Home(home))
    assert [entry.action for entry in found] == 2 * [
        "run started", "release", "run ended", "report"
    ]  # fmt: skip
    first, release, ended, report = (entry.detail for entry in found[:4])
    assert first == {"period": "all"}
    assert release["release"] == ended["release"] == report["release"] == kept[1]
    received = {(place, digest) for place, digest, _ in ended["received"]}
    assert {place for place, _ in received} == {
        "2022-03-31/01T/esr_staff", "2022-03-31/01V/esr_staff"
    }  # fmt: skip
    assert {(place, digest) for place, digest, _ in release["inputs"]} == received
    assert {digest for _, digest in received} < {path.stem for path in snapshots(home)}
    assert ended["outcome"] == "released"
    sums = (home / "releases" / kept[1] / "SHA256SUMS").read_bytes()
    import hashlib

    assert release["sha256sums"] == hashlib.sha256(sums).hexdigest()
    check = [shutil.which("sha256sum"), "--check", "--strict", "SHA256SUMS"]
    subprocess.run(check, cwd=home / "releases" / kept[1], check=True, capture_output=True)


def test_a_run_with_nothing_new_and_one_that_fails_are_told(home):
    assert equality("run", "--home", home).exit_code == 0
    assert entries(Home(home))[-1].detail["outcome"] == "nothing new"
    (home / "keys" / "pseudonym.key").write_text("ab" * 32, encoding="ascii")
    assert equality("run", "--home", home).exit_code == 2
    failed = entries(Home(home))[-1]
    assert (failed.action, failed.detail) == (
        "run ended", {"outcome": "failed", "error": "UsageError"}
    )  # fmt: skip
    assert faults_of(Home(home)) == []


def test_a_run_that_was_killed_is_told_by_the_next(home):
    from pipeline.trail import note

    note(Home(home), "run started", {"period": "all"})  # and then nothing: it was killed
    since = entries(Home(home))[-1].noted_at
    told = equality("run", "--home", home)
    assert f"The run before this one, which began on {since}, was ended before" in told.out
    assert "The run before this one" not in equality("run", "--home", home).out


def test_the_head_moves_with_every_entry(home):
    before = head(Home(home))
    equality("figures", "--home", home, "--unprotected")
    assert head(Home(home)) != before
    assert equality("verify", "--home", home, "--head", before).exit_code == 0
    result, found = damage(home, "--head", "ab" * 32)
    assert (result.exit_code, [each["where"] for each in found]) == (1, ["trail.jsonl"])
    assert current(home) in {entry.detail.get("release") for entry in entries(Home(home))}
