"""Want of memory and damaged databases are told in words, whatever meets them."""

import duckdb
import pytest

from pipeline.cli import main


def _command_that_ends_in(monkeypatch, error):
    def fail(home, options):
        try:
            raise error
        except type(error):
            raise ValueError("a value that must not be told") from None

    monkeypatch.setattr("pipeline.commands.status", fail)


@pytest.mark.parametrize("error", [MemoryError(), duckdb.OutOfMemoryException("no more")])
def test_want_of_memory_is_told(monkeypatch, capsys, tmp_path, error):
    _command_that_ends_in(monkeypatch, error)
    assert main(["status", "--home", str(tmp_path)]) == 70
    assert capsys.readouterr().err == (
        "equality: there is not enough memory. The last release is untouched. Give the machine, "
        "or this account, more of it and run again: what has landed stays.\n"
    )


def test_a_database_with_a_damaged_block_is_told(monkeypatch, capsys, tmp_path):
    path = tmp_path / "some.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table numbers as select range as number from range(300000)")
    content = bytearray(path.read_bytes())
    for place in range(13_000, len(content), 262_144):
        content[place] ^= 0xFF
    path.write_bytes(content)

    def read(home, options):
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("select sum(number) from numbers").fetchall()

    monkeypatch.setattr("pipeline.commands.status", read)
    assert main(["status", "--home", str(tmp_path)]) == 74
    assert capsys.readouterr().err == (
        f"equality: a database of {tmp_path} is damaged: a part of it is not what was written. "
        "Run: equality verify. It says which file, and what to do.\n"
    )
