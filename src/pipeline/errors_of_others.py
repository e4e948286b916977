"""What went wrong in the libraries and the machine below, where no part of the product said so.

DuckDB's own errors are known by their names and words: it is not imported for every command.
"""

from collections.abc import Iterator

_DAMAGED = (
    "Corrupt database file",
    "Computed AES tag differs",
    "Could not read enough bytes from file",
)
"""What DuckDB says of a block that is not the one that was written, or is not there."""

_NO_ROOM = ("bad_alloc", "Allocation failure", "ailed to allocate", "ut of Memory", "out of memory")
"""What DuckDB says of memory in an error of another kind, such as of a commit that failed."""


def is_for_want_of_memory(error: BaseException) -> bool:
    """Return whether memory lacked, here or where another error hid it."""
    return any(
        isinstance(one, MemoryError)
        or type(one).__name__ == "OutOfMemoryException"
        or _says(one, _NO_ROOM)
        for one in _with_hidden(error)
    )


def is_of_damage(error: BaseException) -> bool:
    """Return whether a database was read of which a part is not what was written."""
    return any(_says(one, _DAMAGED) for one in _with_hidden(error))


def _says(error: BaseException, words: tuple[str, ...]) -> bool:
    """Return whether an error is DuckDB's and says one of some words."""
    is_own = type(error).__module__ in ("duckdb", "_duckdb")
    return is_own and any(said in str(error) for said in words)


def _with_hidden(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those that it hides."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
