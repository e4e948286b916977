"""DuckDB builds the models in the private database itself."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.errors import ProductError

if TYPE_CHECKING:
    import duckdb

    from pipeline.models import Model


class DuckDB:
    """The engine of a laptop or one server, and the one that every other must equal."""

    name = "duckdb"

    def make(self, connection: "duckdb.DuckDBPyConnection", models: "Sequence[Model]") -> None:
        """Make each model's table or view."""
        for model in models:
            create(connection, model)


def create(
    connection: "duckdb.DuckDBPyConnection", model: "Model", *, is_empty: bool = False
) -> None:
    """Make the table or the view of one model.

    Args:
        connection: the private database; what the model reads is there.
        model: the model.
        is_empty: whether a table gets its columns and their types alone, for rows from elsewhere.

    Raises:
        ProductError: the query fails; names the file and the line.
        duckdb.OutOfMemoryException: it takes more memory than there is for it.
    """
    rows = "with no data" if is_empty and model.kind == "table" else ""
    with words_for(model):
        # On a line of its own: the query may end with a comment.
        connection.execute(f"create {model.kind} {model.name} as {model.sql}\n{rows}")


@contextmanager
def words_for(model: "Model") -> Iterator[None]:
    """Turn a failure of the query of a model into an error that names its file and line.

    Raises:
        ProductError: the query fails.
        duckdb.OutOfMemoryException: it takes more memory than there is for it.
        duckdb.IOException: the database cannot be read or written.
    """
    import duckdb

    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException):
        raise  # the disk, or the database file, and no fault of the query
    except duckdb.Error as error:
        raise ProductError(_failure(model, str(error))) from None


def _failure(model: "Model", text: str) -> str:
    """Return which file and line failed; DuckDB's first line names columns, never values."""
    kind = text.splitlines()[0].split(":")[0]
    line = re.search(r"LINE (\d+):", text)
    place = f"{model.path.name} line {line.group(1)}" if line else model.path.name
    detail = (
        text.splitlines()[0] if kind in {"Binder Error", "Catalog Error", "Parser Error"} else kind
    )
    return f"The warehouse file {model.name} ({place}) failed: {detail}"
