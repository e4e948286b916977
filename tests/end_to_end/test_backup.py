"""A home in one file: whole, without its keys, and a home again when it is restored."""

import io
import shutil
import subprocess
import sys
import tarfile
import time

import pytest
from command import equality, files, private_rows
from inbox import BME, WHITE
from kept_homes import OTHERS, current, damage, send
from measured import record

from pipeline.identity import load_keys
from pipeline.settings import Home
from pipeline.store import open_private
from pipeline.trail import entries, faults_of

TABLES = (
    "select schema_name, table_name from duckdb_tables() "
    "where database_name = current_database() order by all"
)


@pytest.fixture(scope="module")
def kept(two_releases, module_folders):
    """The home of which a backup is made."""
    return shutil.copytree(two_releases[0], module_folders.mktemp("backed-up") / "home")


@pytest.fixture(scope="module")
def backup(kept, module_folders):
    file = module_folders.mktemp("backup") / "home.tar"
    result = equality("backup", file, "--home", kept)
    assert (result.exit_code, result.err) == (0, "")
    assert "The keys are not in it." in result.out
    return file


@pytest.fixture
def home(kept, tmp_path):
    return shutil.copytree(kept, tmp_path / "home")


def restored(backup, keys, home):
    """Restore a backup into a new home and put its keys back."""
    result = equality("restore", "--backup", backup, "--home", home)
    assert (result.exit_code, result.err) == (0, "")
    shutil.copytree(keys, home / "keys")
    return home


def private(home):
    """Every table of the private database with all its rows."""
    at = Home(home)
    with open_private(at, load_keys(at), read_only=True) as connection:
        names = connection.execute(TABLES).fetchall()
        return {
            f"{schema}.{name}": connection.execute(
                f'from "{schema}"."{name}" order by all'
            ).fetchall()
            for schema, name in names
        }


def head_of(kept):
    """The head that the backup printed."""
    (told,) = [entry for entry in entries(Home(kept)) if entry.action == "backup"]
    return told.detail["head"]


def test_a_restored_home_is_the_home_that_was(kept, backup, tmp_path):
    home = restored(backup, kept / "keys", tmp_path / "new")
    assert private(home) == private(kept)
    for part in ("snapshots", "releases", "published", "feedback", "filings", "quality"):
        assert files(home / part) == files(kept / part), part
    for path in home.rglob("*"):
        relative = path.relative_to(home)
        mode = path.stat().st_mode & 0o777
        assert mode == (kept / relative).stat().st_mode & 0o777, relative
    assert equality("run", "--home", home, "--inbox", kept / "inbox").exit_code == 0
    assert current(home) == current(kept)
    assert damage(home, "--head", head_of(kept))[0].exit_code == 0
    last = [entry.action for entry in entries(Home(home))][-3:]
    assert last == ["restore --backup", "run started", "run ended"]
    send(home, OTHERS | {WHITE: 90, BME: 45}, code="01V")
    assert equality("run", "--home", home).exit_code == 0
    assert current(home) != current(kept)


def test_a_backup_is_its_owners_alone_and_holds_no_key_and_no_received_file(kept, backup):
    assert backup.stat().st_mode & 0o777 == 0o600
    content = backup.read_bytes()
    keys = load_keys(Home(kept))
    for key in (keys.pseudonym, keys.store):
        assert key not in content
        assert key.hex().encode() not in content
    assert b"20000001" not in content, "received files, with employee numbers, are sealed"
    with tarfile.open(backup) as archive:
        names = archive.getnames()
    assert names[0] == "private.duckdb"
    assert names[-2:] == ["trail.jsonl", "backup.json"]
    assert {name.split("/")[0] for name in names} == {
        "private.duckdb", "snapshots", "releases", "feedback", "filings", "quality",
        "trail.jsonl", "backup.json",
    }  # fmt: skip


def test_the_trail_tells_of_the_backup(kept, backup):
    import hashlib

    (told,) = [entry for entry in entries(Home(kept)) if entry.action == "backup"]
    assert told.detail["file"] == "home.tar"
    assert told.detail["sha256"] == hashlib.sha256(backup.read_bytes()).hexdigest()
    assert told.detail["head"] == told.previous


def test_a_key_that_lies_elsewhere_in_the_home_stays_out(home, tmp_path):
    shutil.copy(home / "keys" / "store.key", home / "quality" / "my-store.txt")
    (home / "settings.toml").write_text('inbox = "incoming"\n', encoding="utf-8")
    (home / "inbox").rename(home / "incoming")
    assert equality("backup", tmp_path / "a.tar", "--home", home).exit_code == 0
    with tarfile.open(tmp_path / "a.tar") as archive:
        names = archive.getnames()
    assert "quality/my-store.txt" not in names
    assert not [name for name in names if name.startswith("incoming")]
    assert "settings.toml" in names


def test_without_the_keys_a_backup_is_written_and_says_what_was_not_looked_at(home, tmp_path):
    shutil.move(home / "keys", tmp_path / "keys")
    result = equality("backup", tmp_path / "a.tar", "--home", home)
    assert result.exit_code == 0
    assert "was not opened: the keys are not at hand" in result.out
    assert private(restored(tmp_path / "a.tar", tmp_path / "keys", tmp_path / "new"))


def test_no_backup_is_written_over_another_or_into_the_home(home, tmp_path):
    before = files(home)
    (tmp_path / "there.tar").write_bytes(b"another backup")
    for file in (tmp_path / "there.tar", home / "b.tar", tmp_path / "no" / "b.tar"):
        result = equality("backup", file, "--home", home)
        assert (result.exit_code, result.out) == (2, "")
    assert (tmp_path / "there.tar").read_bytes() == b"another backup"
    assert files(home) == before
    assert equality("backup", tmp_path / "b.tar", "--home", tmp_path / "new").exit_code == 2


def test_a_damaged_private_database_is_no_backup(home, tmp_path):
    path = home / "private.duckdb"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    result = equality("backup", tmp_path / "a.tar", "--home", home)
    assert result.exit_code != 0
    assert [each.name for each in tmp_path.iterdir()] == ["home"]
    assert not list((home / "tmp").glob("backup-*"))


def _flip(content):
    place = content.index(b"manifest.json") + 5_000
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


@pytest.mark.parametrize(
    "harm",
    [_flip, lambda content: content[:-20_000], lambda content: content[:1000], lambda _: b"no tar"],
    ids=["flipped", "cut", "short", "other"],
)
def test_a_damaged_backup_restores_nothing(backup, tmp_path, harm):
    file = tmp_path / "damaged.tar"
    file.write_bytes(harm(backup.read_bytes()))
    home = tmp_path / "new"
    result = equality("restore", "--backup", file, "--home", home)
    assert (result.exit_code, result.out) == (2, "")
    assert "take another backup" in result.err
    assert not [path.name for path in home.iterdir() if not path.name.startswith("run.")]


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "keys/store.key", "a/../../b"])
def test_a_file_that_would_land_elsewhere_is_no_backup(tmp_path, name):
    with tarfile.open(tmp_path / "bad.tar", "w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 3
        archive.addfile(member, io.BytesIO(b"bad"))
    result = equality("restore", "--backup", tmp_path / "bad.tar", "--home", tmp_path / "new")
    assert (result.exit_code, result.out) == (2, "")
    assert "is no backup" in result.err
    assert not (tmp_path / "outside").exists()


def test_a_link_is_no_part_of_a_backup(tmp_path):
    with tarfile.open(tmp_path / "bad.tar", "w") as archive:
        member = tarfile.TarInfo("quality")
        member.type, member.linkname = tarfile.SYMTYPE, "/"
        archive.addfile(member)
    result = equality("restore", "--backup", tmp_path / "bad.tar", "--home", tmp_path / "new")
    assert result.exit_code == 2


def test_a_home_that_holds_something_is_not_restored_into(home, backup):
    before = files(home)
    result = equality("restore", "--backup", backup, "--home", home)
    assert (result.exit_code, result.out) == (2, "")
    assert "Move the folder aside" in result.err
    after = {name: content for name, content in files(home).items() if name != "run.holder"}
    assert after == {name: content for name, content in before.items() if name != "run.holder"}


def test_keys_and_inbox_may_be_there_first(kept, backup, tmp_path):
    for part in ("keys", "inbox"):
        shutil.copytree(kept / part, tmp_path / "new" / part)
    result = equality("restore", "--backup", backup, "--home", tmp_path / "new")
    assert result.exit_code == 0
    assert "Put the keys back" not in result.out
    assert "Nothing new" in equality("run", "--home", tmp_path / "new").out


def test_a_restore_that_was_killed_while_it_moved_files_goes_on(kept, backup, tmp_path):
    home = restored(backup, kept / "keys", tmp_path / "new")
    whole = files(home)
    # As it stands when some are at their place and some are not.
    (home / ".restore.whole").mkdir()
    for name in ("private.duckdb", "snapshots", "trail.jsonl"):
        shutil.move(home / name, home / ".restore.whole" / name)
    assert equality("run", "--home", home, "--inbox", kept / "inbox").exit_code == 0
    assert files(home / "snapshots").keys() == {
        name.removeprefix("snapshots/") for name in whole if name.startswith("snapshots/")
    }
    assert damage(home)[0].exit_code == 0
    assert current(home) == current(kept)


def test_a_backup_that_was_killed_is_in_nobodys_way(home, tmp_path):
    left = home / "tmp" / "backup-0123456789abcdef"
    left.mkdir(parents=True)
    (left / "private.duckdb").write_bytes(b"a part")
    (home / "tmp" / "backup.wanted").write_text("0123456789abcdef", encoding="ascii")
    (tmp_path / ".a.tar.unfinished").write_bytes(b"a part")
    assert equality("backup", tmp_path / "a.tar", "--home", home).exit_code == 0
    assert not left.exists()
    assert not (tmp_path / ".a.tar.unfinished").exists()


@pytest.mark.slow
def test_a_backup_while_a_run_is_under_way_is_of_whole_transactions(kept, home, tmp_path):
    """Backups one after the other, while a run receives, lands, builds and releases."""
    for code in ("01T", "01V"):
        send(home, OTHERS | {WHITE: 300, BME: 120}, code=code)
    before = current(home)
    command = [sys.executable, "-m", "pipeline", "run", "--home", str(home)]
    taken = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not (home / "tmp").exists() or entries(Home(home))[-1].action != "run started":
            time.sleep(0.02)
        while process.poll() is None and len(taken) < 40:
            file = tmp_path / f"{len(taken)}.tar"
            result = equality("backup", file, "--home", home)
            assert result.exit_code == 0, result.err
            taken.append(file)
        _, errors = process.communicate()
        assert (process.returncode, errors) == (0, b"")
    after = current(home)
    assert after != before
    under_way = 0
    for file in (taken[0], taken[len(taken) // 2], taken[-1]):
        copy = restored(file, home / "keys", tmp_path / file.stem)
        assert damage(copy)[0].exit_code == 0, file
        ledger = private_rows(
            copy, "select load_id, rows_landed from ledger.load where source = 'esr_staff'"
        )
        landed = dict(
            private_rows(copy, "select load_id, count(*) from landing.esr_staff group by all")
        )
        assert {load: rows for load, rows in ledger if rows} == landed
        releases = [row[0] for row in private_rows(copy, "select release_id from ledger.release")]
        under_way += after not in releases
        # Whatever moment it is of, the run after makes the same release of it.
        ended = equality("run", "--home", copy, "--inbox", home / "inbox")
        assert ended.exit_code == 0
        assert current(copy) == after
        figures = [(each / "releases" / after / "figure.csv").read_bytes() for each in (copy, home)]
        assert figures[0] == figures[1]
        assert faults_of(Home(copy)) == []
        shutil.rmtree(copy)
    assert under_way >= 1, "backups were of the time before the release too"
    told = {entry.detail["file"] for entry in entries(Home(home)) if entry.action == "backup"}
    assert {file.name for file in taken} <= told
    record("backup", {"backups_while_a_run_was_under_way": len(taken)})
