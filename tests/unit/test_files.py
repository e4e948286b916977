import errno
import os
import stat
import subprocess
import sys

import pytest

from pipeline.errors import DiskError, ExitCode, UsageError
from pipeline.files import make_folder, words_for_disk_errors, write_whole


def _mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_its_owners_alone_whatever_the_umask(tmp_path):
    umask = os.umask(0)
    try:
        write_whole(tmp_path / "a" / "b" / "file", b"content")
    finally:
        os.umask(umask)
    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"content"
    assert _mode(tmp_path / "a" / "b" / "file") == 0o600
    assert _mode(tmp_path / "a") == _mode(tmp_path / "a" / "b") == 0o700


def test_a_process_keeps_what_it_makes_private_and_leaves_no_image_of_its_memory(tmp_path):
    script = (
        "import os, resource\nfrom pipeline.files import keep_private\nkeep_private()\n"
        "print(oct(os.umask(0)), resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, umask=0
    )
    assert ended.stdout == "0o77 0\n"


def test_a_folder_that_is_there_keeps_its_mode(tmp_path):
    (tmp_path / "shared").mkdir(mode=0o755)
    (tmp_path / "shared").chmod(0o755)
    assert _mode(make_folder(tmp_path / "shared")) == 0o755
    assert _mode(make_folder(tmp_path / "published", mode=0o755)) == 0o755


def test_writing_that_fails_leaves_the_file_before_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_whole(path, b"before")

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"after")
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_run_left_is_in_nobodys_way(tmp_path, monkeypatch):
    left = tmp_path / ".file.unfinished"
    left.write_bytes(b"a part")
    left.chmod(0o400)
    flags = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda *args: (flags.append(args[1]), real(*args))[1])
    write_whole(tmp_path / "file", b"whole", mode=0o400)
    assert (tmp_path / "file").read_bytes() == b"whole"
    assert _mode(tmp_path / "file") == 0o400
    assert not left.exists()
    assert flags[0] & os.O_EXCL, "a read-only leftover cannot be opened by its owner, only removed"


@pytest.mark.parametrize(
    ("code", "kind", "exit_code", "words"),
    [
        (errno.ENOSPC, DiskError, 74, "is full. Free some space"),
        (errno.EDQUOT, DiskError, 74, "is full. Free some space"),
        (errno.EFBIG, DiskError, 74, "is full. Free some space"),
        (errno.EIO, DiskError, 74, "fails to read or write"),
        (errno.EROFS, UsageError, 2, "its disk is read-only"),
        (errno.EACCES, UsageError, 2, "this account has no right to"),
        (errno.EPERM, UsageError, 2, "this account has no right to"),
        (errno.ENOTDIR, UsageError, 2, "is not a folder"),
        (errno.EISDIR, UsageError, 2, "is a folder, and a file is needed there"),
    ],
)
def test_a_disk_error_is_told_in_words(tmp_path, code, kind, exit_code, words):
    with pytest.raises(kind, match=words) as error, words_for_disk_errors(tmp_path):
        raise OSError(code, os.strerror(code))
    assert error.value.exit_code == ExitCode(exit_code)
    assert str(tmp_path) in str(error.value)


def test_the_file_that_is_concerned_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"private\.duckdb"), words_for_disk_errors(tmp_path):
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "private.duckdb"))


def test_other_errors_pass_as_they_are(tmp_path):
    with pytest.raises(FileNotFoundError), words_for_disk_errors(tmp_path):
        (tmp_path / "nothing").read_bytes()
