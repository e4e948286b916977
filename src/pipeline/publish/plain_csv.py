"""CSV of a published table that no spreadsheet takes for formulas."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.store import quoted

if TYPE_CHECKING:
    import duckdb

FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"  # noqa: RUF001 - the wide signs begin a formula too
"""How a text begins that a spreadsheet may run as a formula (OWASP, CSV injection)."""
FORMULA_RULE = (
    "A text that begins with = + - @ (or their wide forms), a tab or a line break has an "
    "apostrophe before it in the CSV files, so that no spreadsheet runs it as a formula; the "
    "database and the Parquet files hold it as it is. Numbers are never changed."
)


def copy_csv(connection: "duckdb.DuckDBPyConnection", table: str, path: Path) -> None:
    """Write a table to a new file at ``path``: UTF-8, header, comma, in the order of its rows.

    What is missing is empty. A text that a spreadsheet would run begins with an apostrophe.
    """
    columns = connection.execute(
        "select column_name, data_type from duckdb_columns() where not internal "
        f"and table_name = {quoted(table)} order by column_index"
    ).fetchall()
    chosen = ", ".join(
        f"case when regexp_matches({name}, {quoted(FORMULA)}) then concat('''', {name}) "
        f"else {name} end as {name}"
        if kind == "VARCHAR"
        else name
        for name, kind in columns
    )
    connection.execute(
        f"copy (select {chosen} from {table}) to {quoted(str(path))} (format csv, header)"
    )
