"""Copies of the private database while somebody writes: always at the end of a transaction."""

import subprocess
import sys
import threading
import time

import pytest

from pipeline.backup.private_copy import copies_on_request, private_copy
from pipeline.errors import DiskError, LockedError
from pipeline.identity import load_keys
from pipeline.lock import single_writer
from pipeline.settings import Home
from pipeline.store import open_private, transaction

WRITER = """
import pathlib, sys, time
from pipeline.backup.private_copy import copies_on_request
from pipeline.identity import load_keys
from pipeline.lock import single_writer
from pipeline.settings import Home
from pipeline.store import open_private, transaction

home = Home(pathlib.Path(sys.argv[1]))
with single_writer(home):
    keys = load_keys(home)
    with open_private(home, keys) as connection, copies_on_request(home, keys, connection):
        connection.execute("create table one (number integer primary key, text varchar)")
        connection.execute("create table two (number integer primary key, text varchar)")
        for number in range(1, 1_000_000):
            with transaction(connection):
                for table in ("one", "two"):
                    connection.execute(
                        f"insert into {table} select {number} * 1000 + range, repeat('x', 200) "
                        "from range(200)"
                    )
            if number % 7 == 0:
                with transaction(connection):
                    for table in ("one", "two"):
                        connection.execute(f"delete from {table} where number % 3 = 0")
            print(number, flush=True)
"""


def counts(folder, keys):
    with open_private(Home(folder), keys, read_only=True) as connection:
        return [
            connection.execute(f"select count(*), sum(number), max(number) from {table}").fetchone()
            for table in ("one", "two")
        ]


def test_copies_of_a_database_that_is_written_to_are_of_whole_transactions(tmp_path):
    home = Home(tmp_path / "home")
    keys = load_keys(home)
    command = [sys.executable, "-c", WRITER, str(home.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "1\n"
        reader = threading.Thread(target=process.stdout.read, daemon=True)
        reader.start()
        newest = []
        for _ in range(8):
            with private_copy(home, wait_seconds=60) as folder:
                assert process.poll() is None, "the writer goes on"
                one, two = counts(folder, keys)
            assert one == two
            newest.append(one[2])
        assert newest == sorted(newest)
        assert newest[-1] > newest[0]
        process.kill()
        reader.join()
    # It left a log, and the copy of what a killed process left holds the log too.
    assert home.private_database.with_name("private.duckdb.wal").exists()
    with private_copy(home, wait_seconds=0) as folder:
        one, two = counts(folder, keys)
    assert one == two
    assert one[2] >= newest[-1]
    assert list(home.temporary.iterdir()) == []


def test_a_writer_that_hands_out_no_copies_is_waited_for_and_no_longer(tmp_path):
    home = Home(tmp_path)
    with open_private(home, load_keys(home)):
        pass
    held, ended = threading.Event(), threading.Event()

    def hold():
        with single_writer(home):
            held.set()
            ended.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(30)
    began = time.monotonic()
    with pytest.raises(LockedError, match="--wait gives it longer"), private_copy(home, 0.5):
        pass
    assert time.monotonic() - began < 20
    ended.set()
    thread.join()
    with private_copy(home, 0) as folder:
        assert [path.name for path in folder.iterdir()] == ["private.duckdb"]


def test_a_run_that_cannot_write_the_copy_says_so_and_goes_on(tmp_path, monkeypatch):
    home = Home(tmp_path)
    keys = load_keys(home)

    def full(*_):
        raise OSError(28, "No space left on device")

    with single_writer(home), open_private(home, keys) as connection:
        monkeypatch.setattr("pipeline.backup.private_copy._make_copy", full)
        with (
            copies_on_request(home, keys, connection),
            pytest.raises(DiskError, match="could not write a copy"),
            private_copy(home, 60),
        ):
            pass
        with transaction(connection):
            connection.execute("create table one as select 1 as number")
