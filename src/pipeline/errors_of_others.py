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


def is_for_want_of_memory(error: BaseException) -> bool:
    """Return whether memory lacked, here or where another error hid it."""
    return any(
        isinstance(one, MemoryError) or type(one).__name__ == "OutOfMemoryException"
        for one in _with_hidden(error)
    )


def is_of_damage(error: BaseException) -> bool:
    """Return whether a database was read of which a part is not what was written."""
    return any(
        type(one).__module__ in ("duckdb", "_duckdb") and any(said in str(one) for said in _DAMAGED)
        for one in _with_hidden(error)
    )


def _with_hidden(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those that it hides."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
