import os
import stat
import subprocess
import sys

import duckdb
import pytest

from pipeline import store
from pipeline.errors import DiskError, ExitCode, LockedError, ProductError, UsageError
from pipeline.identity import Keys, load_keys
from pipeline.settings import Home
from pipeline.store import create_published, open_anew, open_private, open_published

KEYS = Keys(pseudonym=b"p" * 32, store=b"s" * 32)
OTHER = Keys(pseudonym=b"p" * 32, store=b"t" * 32)
PLANTED = "ZZ-PLANTED-VALUE"


@pytest.fixture
def home(tmp_path):
    kept = Home(tmp_path / "home")
    with open_private(kept, KEYS) as connection:
        connection.execute("create table planted as select ? as text", [PLANTED])
    return kept


def _rows(home, keys=KEYS, **options):
    with open_private(home, keys, **options) as connection:
        return connection.execute("from planted").fetchall()


def test_what_is_stored_comes_back_under_its_key_alone(home):
    assert _rows(home) == _rows(home, read_only=True) == [(PLANTED,)]
    with pytest.raises(UsageError, match="cannot be opened with the store key") as error:
        _rows(home, OTHER)
    for key in (KEYS, OTHER):
        assert key.database_key() not in str(error.value)
    assert error.value.__suppress_context__, "DuckDB's own error would be printed with the key"


def test_nothing_stands_in_the_files_in_clear(home):
    for path in home.root.rglob("*"):
        assert path.is_dir() or PLANTED.encode() not in path.read_bytes()
    with pytest.raises(duckdb.Error):
        duckdb.connect(str(home.private_database), read_only=True)


def test_the_files_are_the_owners_alone_whatever_the_umask(tmp_path):
    umask = os.umask(0)
    try:
        with open_private(Home(tmp_path / "home"), KEYS):
            pass
    finally:
        os.umask(umask)
    home = Home(tmp_path / "home")
    assert stat.S_IMODE(home.root.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.private_database.stat().st_mode) == 0o600


def test_a_home_of_before_keeps_its_blocks_until_it_is_written_anew(tmp_path, monkeypatch):
    home = Home(tmp_path / "home")
    with monkeypatch.context() as before:
        before.setattr(store, "_BLOCK", 262_144)
        with open_private(home, KEYS) as connection:
            connection.execute("create table planted as select ? as text", [PLANTED])
    assert (_rows(home), _block_size(home)) == ([(PLANTED,)], 262_144)
    with open_anew(home, KEYS) as connection:
        connection.execute("copy from database private to anew")
    assert (_rows(home), _block_size(home)) == ([(PLANTED,)], 65_536)


def _block_size(home):
    with open_private(home, KEYS, read_only=True) as connection:
        sizes = connection.execute(
            "select block_size from pragma_database_size() where database_name = 'private'"
        )
        return sizes.fetchone()[0]


def test_spilled_rows_are_encrypted_and_lie_in_the_home(home):
    with open_private(home, KEYS) as connection:
        settings = dict(
            connection.execute(
                "select name, value from duckdb_settings() where name in "
                "('temp_directory', 'temp_file_encryption', 'autoload_known_extensions', "
                "'autoinstall_known_extensions', 'allow_community_extensions')"
            ).fetchall()
        )
    assert settings.pop("temp_directory") == str(home.temporary)
    assert settings.pop("temp_file_encryption") == "true"
    assert set(settings.values()) == {"false"}, "no extension is looked for at run time"


def _spill(home, *, encrypted):
    """Sort more than fits into memory and return what the files that it took then held."""
    with open_private(home, KEYS) as connection:
        connection.execute(f"set temp_file_encryption = {encrypted}")
        connection.execute("set threads = 1")
        connection.execute("set memory_limit = '40MB'")
        sorting = connection.execute(
            "select sha256(cast(n as varchar)) || ? || sha256(cast(n + 1 as varchar)) as text, "
            "sha256(cast(7 * n as varchar)) as place from range(400000) numbers(n) order by place",
            [PLANTED],
        )
        sorting.fetchone()
        spilled = list(home.temporary.iterdir())
        modes = {stat.S_IMODE(path.stat().st_mode) for path in spilled}
        return b"".join(path.read_bytes() for path in spilled), modes


def test_what_a_query_spills_is_encrypted_and_its_owners_alone(home):
    umask = os.umask(0)
    try:
        in_clear, _ = _spill(home, encrypted=False)
        spilled, modes = _spill(home, encrypted=True)
    finally:
        os.umask(umask)
    assert in_clear.count(PLANTED.encode()) > 1000, "without encryption it can be read"
    assert len(spilled) > 1_000_000
    assert PLANTED.encode() not in spilled
    assert modes == {0o600}


def test_what_a_killed_run_has_spilled_is_removed_by_the_next(home):
    left = home.temporary / "duckdb_temp_storage_DEFAULT-0.tmp"
    left.write_bytes(b"encrypted under a key that is gone")
    kept = home.temporary / "another program's"
    kept.touch()
    _rows(home, read_only=True)
    assert left.exists(), "a reader may have it open"
    _rows(home)
    assert list(home.temporary.iterdir()) == [kept]


def test_the_log_is_its_owners_alone_while_it_is_open(home):
    umask = os.umask(0)
    try:
        with open_private(home, KEYS) as connection:
            connection.execute("create table more as select ? as text", [PLANTED])
            log = home.root / "private.duckdb.wal"
            assert stat.S_IMODE(log.stat().st_mode) == 0o600
            assert PLANTED.encode() not in log.read_bytes()
        assert os.umask(0) == 0, "the umask is what it was"
    finally:
        os.umask(umask)


def test_a_reader_changes_nothing(home):
    with (
        pytest.raises(duckdb.InvalidInputException, match="read-only"),
        open_private(home, KEYS, read_only=True) as connection,
    ):
        connection.execute("drop table planted")
    assert _rows(home) == [(PLANTED,)]


@pytest.mark.parametrize("damage", ["garbage", "cut", "empty", "not encrypted"])
def test_a_damaged_file_is_an_error_in_words(home, damage):
    path = home.private_database
    content = path.read_bytes()
    if damage == "not encrypted":
        path.unlink()
        duckdb.connect(str(path)).close()
    else:
        path.write_bytes({"garbage": bytes(9000), "cut": content[:9000], "empty": b""}[damage])
    with pytest.raises(UsageError, match="the key is another one, or the file is damaged"):
        _rows(home)


@pytest.mark.parametrize("name", ["lock", "disk full", "permission denied", "no space"])
def test_the_name_of_the_home_is_not_taken_for_the_reason(tmp_path, name):
    home = Home(tmp_path / name)
    with open_private(home, KEYS):
        pass
    refused = pytest.raises(UsageError, match="cannot be opened with the store key")
    with refused, open_private(home, OTHER):
        pass


def test_a_database_that_another_program_has_open_is_locked(home):
    script = (
        "import sys\nfrom pathlib import Path\nfrom pipeline.identity import Keys\n"
        "from pipeline.settings import Home\nfrom pipeline.store import open_private\n"
        "with open_private(Home(Path(sys.argv[1])), Keys(b'p' * 32, b's' * 32)):\n"
        "    print('open', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home.root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout.readline() == "open\n"
        with pytest.raises(LockedError, match=f"open in process {process.pid}") as error:
            _rows(home, read_only=True)
        process.stdin.close()
    assert error.value.exit_code == ExitCode.LOCKED
    assert _rows(home) == [(PLANTED,)]


@pytest.mark.parametrize("hidden", [False, True])
def test_a_disk_error_that_duckdb_met_is_told_in_words(home, hidden):
    full = (
        "TransactionContext Error: Failed to commit: Could not write file: No space left on device"
    )
    with pytest.raises(DiskError, match=r"is full\. Free some space"), open_private(home, KEYS):
        try:
            raise duckdb.TransactionException(full)
        except duckdb.Error:
            if hidden:
                raise ProductError("The warehouse file core.x failed: IO Error") from None
            raise


def test_another_error_of_duckdb_passes_as_it_is(home):
    with pytest.raises(duckdb.CatalogException), open_private(home, KEYS) as connection:
        connection.execute("from nothing")
    with pytest.raises(ProductError), open_private(home, KEYS):
        raise ProductError("No space left on device, says a text that is no error of a disk.")


def test_a_home_that_was_made_in_part_is_made_again(tmp_path):
    home = Home(tmp_path / "home")
    home.root.mkdir()
    (home.root / ".private.duckdb.unfinished").write_bytes(b"a part")
    with open_private(home, load_keys(home)) as connection:
        connection.execute("select 1")
    assert not list(home.root.glob("*.unfinished"))


def test_a_release_opens_read_only_in_the_plain_client(tmp_path):
    path = tmp_path / "equality.duckdb"
    with pytest.raises(UsageError, match="Nothing has been released yet"):
        open_published(path)
    connection = create_published(path, "v1.0.0")
    connection.execute("create table figure as select 1 as value")
    connection.close()
    with open_published(path) as published, pytest.raises(duckdb.InvalidInputException):
        published.execute("drop table figure")
    with duckdb.connect(str(path), read_only=True) as plain:
        assert plain.execute("from figure").fetchall() == [(1,)]
    path.write_bytes(b"x" * 5000)
    with pytest.raises(UsageError, match="it is damaged"):
        open_published(path)
