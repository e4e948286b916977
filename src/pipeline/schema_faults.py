"""What pandera finds in rows of files, as faults: the code, the row and the column alone.

A value of a person never leaves this module: of what pandera reports only the row, the column and
the name of the check are used, and its exceptions, which quote values, are dropped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

import pandas as pd
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrorReason, SchemaErrors
from pandera.pandas import DataFrameSchema

from pipeline.errors import ProductError
from pipeline.faults import Fault
from pipeline.read import ROW_NUMBER
from schemas import checks

_NAMES = {"not_nullable": "VALUE_MISSING"}
"""Codes of the checks that pandera names itself."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a file that are judged with rows of others.

    Attributes:
        frame: the rows, with ``row_number``.
        headings: the headings of their file as received.
    """

    frame: pd.DataFrame
    headings: Mapping[str, str]


def found(
    schema: DataFrameSchema | None,
    together: Sequence[Rows],
    source: ModuleType,
    details: Mapping[str, checks.Detail],
) -> list[set[Fault]]:
    """Return the faults that a schema finds in the rows of each of several files.

    Args:
        schema: the rules; none where None.
        together: rows with the same columns.
        source: the module of their source in ``schemas``.
        details: what was looked for, by the code of the check.

    Raises:
        ProductError: a check could not be carried out.
    """
    faults: list[set[Fault]] = [set() for _ in together]
    if schema is None or not together:
        return faults
    numbered = [rows.frame.assign(**{checks.FILE: n}) for n, rows in enumerate(together)]
    whole = pd.concat(numbered, ignore_index=True) if len(numbered) > 1 else numbered[0]
    whole = whole.reset_index(drop=True)
    files, numbers = whole[checks.FILE].tolist(), whole[ROW_NUMBER].tolist()
    for code, column, index in _failures(schema, whole.drop(columns=ROW_NUMBER)):
        headings = together[files[index]].headings
        field = column if column in headings else source.COLUMN_OF_RULE.get(code)
        detail = details.get(code, "")
        text = (
            detail if isinstance(detail, str) else detail(whole.loc[[index]].to_dict("records")[0])
        )
        faults[files[index]].add(Fault(code, numbers[index], headings.get(field), text))
    return faults


def _failures(schema: DataFrameSchema, frame: pd.DataFrame) -> list[tuple[str, str | None, int]]:
    """Return the code, the column (None for a rule over several) and the index of each failure."""
    try:
        # A setting in the environment must not turn the checks off.
        with config_context(
            validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA
        ):
            schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases[["schema_context", "column", "check", "index"]]
        carried_out = {error.reason_code for error in errors.schema_errors} <= {
            SchemaErrorReason.DATAFRAME_CHECK,
            SchemaErrorReason.SERIES_CONTAINS_NULLS,
        }
    else:
        return []
    if not carried_out:
        raise ProductError("A check of a received file could not be carried out.")
    return [
        (_NAMES.get(code, code), column if context == "Column" else None, index)
        for context, column, code, index in cases.itertuples(index=False, name=None)
    ]
