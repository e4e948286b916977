"""Two passes over what was read: types and codes first, rules after. Every fault at once.

A value of a person never leaves this module: of what pandera reports only the row, the column and
the name of the check are used, and its exceptions, which quote values, are dropped.
"""

import importlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from types import MappingProxyType, ModuleType

import pandas as pd
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrorReason, SchemaErrors
from pandera.pandas import DataFrameSchema

from pipeline.checked import Checked, rows_at_fault, without
from pipeline.codes import (
    BLANK_KEY,
    CHARACTERISTIC_OF_FIELD,
    UNLISTED_KEY,
    characteristic_key,
)
from pipeline.errors import ProductError
from pipeline.faults import Fault, Severity
from pipeline.read import ROW_NUMBER, Reading
from pipeline.read.headings import heading_list
from pipeline.read.rows import listed
from pipeline.receive.sources import EmptyMeans, empty_means
from pipeline.typed import at_once, completed, typed_columns
from schemas import checks

UNMAPPED_PAY_SCALE_LIMIT = 0.005
"""Share of the rows above which pay scales that map to no band reject the file."""

_EMPTY_CODES = {
    EmptyMeans.REJECTED: "NO_ROWS",
    EmptyMeans.MISSING: "SOURCE_EMPTY",
    EmptyMeans.NONE: "NONE_HAPPENED",
}

_NAMES = {"not_nullable": "VALUE_MISSING"}
"""Codes of the checks that pandera names itself."""


Submitted = tuple[Reading, date, str | None]
"""What was read of a file, its snapshot, and the organisation that sent it where that is known."""


def check(
    reading: Reading, source: str, period_end: date, organisation_code: str | None = None
) -> Checked:
    """Return the typed rows that passed, the rows that did not, and every fault of one file.

    Args:
        reading: what ``pipeline.read.read`` gave for the file.
        source: a source of ``pipeline.receive.inbox.SOURCES``.
        period_end: the snapshot, by which ages and windows of months are judged.
        organisation_code: the organisation that sent the file; without it nothing is judged by it.

    Raises:
        ProductError: where a check itself fails.
    """
    (checked,) = check_files([(reading, period_end, organisation_code)], source)
    return checked


def check_files(files: Sequence[Submitted], source: str) -> list[Checked]:
    """Return what ``check`` returns for each of several files of one source, in their order.

    A pass of pandera costs about a millisecond a column, however few the rows are. So files with
    the same columns go through it together, and no rule looks beyond a file.

    Args:
        files: reading, snapshot and sender of each file.
        source: the source of all of them.

    Raises:
        ProductError: where a check itself fails.
    """
    schema = importlib.import_module(f"schemas.{source}")
    opened = [_File(*file) for file in files]
    with_rows = [file for file in opened if len(file.text)]
    alike = _alike(opened, lambda file: tuple(file.text.columns))
    for together in alike:
        typed = at_once([file.text for file in together], partial(typed_columns, schema=schema))
        for file, rows in zip(together, typed, strict=True):
            file.typed = rows
    for together in _alike(with_rows, lambda file: tuple(file.text.columns)):
        _add_rule_faults(schema.TYPES, together, [file.text for file in together], schema)
    for file in with_rows:
        fit = ~file.text[ROW_NUMBER].isin(rows_at_fault(file.found))
        file.derived = schema.derived(file.typed, fit)
        if file.sender is not None:
            file.derived = file.derived.assign(**{checks.SENDER: file.sender})
    for together in _alike(with_rows, lambda file: (file.period_end, tuple(file.derived.columns))):
        period_end = together[0].period_end
        rules, frames = schema.rules(period_end), [file.derived for file in together]
        details = schema.details(period_end) if hasattr(schema, "details") else {}
        _add_rule_faults(rules, together, frames, schema, details)
    for file in opened:
        file.faults = _all_faults(file, schema, source)
    for together in alike:
        final = partial(completed, schema=schema, source=source)
        accepted = at_once([_accepted(file) for file in together], final)
        for file, rows in zip(together, accepted, strict=True):
            file.accepted = rows.reset_index(drop=True)
    return [file.checked() for file in opened]


class _File:
    """A file on its way through the checks."""

    def __init__(self, reading: Reading, period_end: date, sender: str | None) -> None:
        self.reading, self.period_end, self.sender = reading, period_end, sender
        self.text = without(reading.frame, reading.faults)
        self.typed = self.derived = self.accepted = self.text
        self.found: list[Fault] = []
        self.faults: list[Fault] = []

    def checked(self) -> Checked:
        """Return what is known of the file in the end."""
        reading = self.reading
        return Checked(
            self.accepted, reading.frame, reading.headings, self.faults, reading.rows_received
        )


def _alike(files: list[_File], kind: Callable[[_File], Hashable]) -> Iterable[list[_File]]:
    """Return the files in groups of one kind."""
    groups: dict[Hashable, list[_File]] = defaultdict(list)
    for file in files:
        groups[kind(file)].append(file)
    return groups.values()


def _all_faults(file: _File, schema: ModuleType, source: str) -> list[Fault]:
    """Return every fault of a file once the rules have been applied."""
    reading, text = file.reading, file.text
    faults = list(reading.faults)
    if len(text):
        found = file.found + _characteristic_faults(text, reading, schema)
        broken = {fault.column for fault in faults if fault.code.startswith("FORMULA_")}
        found = [fault for fault in found if fault.column is None or fault.column not in broken]
        faults += _empty_columns(text, reading, source, schema)
        faults += sorted(found, key=_by_place)
    return faults + _file_faults(faults, reading, source, schema)


def _accepted(file: _File) -> pd.DataFrame:
    """Return the typed rows of a file that may be landed."""
    if any(fault.severity is Severity.FILE for fault in file.faults):
        return file.typed.iloc[:0]
    return without(file.typed, file.faults)


def _by_place(fault: Fault) -> tuple[int, str, str]:
    return (fault.row_number or 0, fault.column or "", fault.code)


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


def _add_rule_faults(
    schema: DataFrameSchema | None,
    files: list[_File],
    frames: list[pd.DataFrame],
    source: ModuleType,
    details: Mapping[str, checks.Detail] = MappingProxyType({}),
) -> None:
    """Add to each file a fault for each place where a check of the source does not hold.

    ``details`` says what was looked for, by the code of the check.
    """
    if schema is None:
        return
    numbered = [frame.assign(**{checks.FILE: number}) for number, frame in enumerate(frames)]
    whole = pd.concat(numbered, ignore_index=True)
    places = list(zip(whole[checks.FILE].tolist(), whole[ROW_NUMBER].tolist(), strict=True))
    found: list[set[Fault]] = [set() for _ in files]
    for code, column, index in _failures(schema, whole.drop(columns=ROW_NUMBER)):
        number, row_number = places[index]
        headings = files[number].reading.headings
        field = column if column in headings else source.COLUMN_OF_RULE.get(code)
        detail = details.get(code, "")
        text = (
            detail if isinstance(detail, str) else detail(whole.loc[[index]].to_dict("records")[0])
        )
        fault = Fault(code, row_number, headings.get(field), text)
        found[number].add(fault)
    for file, faults in zip(files, found, strict=True):
        file.found += faults


def _characteristic_faults(text: pd.DataFrame, reading: Reading, schema: ModuleType) -> list[Fault]:
    """Return a warning for each characteristic that leaves a person unknown for want of a value.

    No schema is asked: what pandera calls a failure is here a value like others, of which the
    code lists say that it is blank, not listed, or of the list of 1991.
    """
    numbers = text[ROW_NUMBER].tolist()
    found = []
    for field, name in CHARACTERISTIC_OF_FIELD.items():
        if field not in text.columns or text[field].isna().all():
            continue
        received = text[field].tolist()
        codes = {value: _warning(name, characteristic_key(name, value)) for value in set(received)}
        if field in _may_be_blank(schema):
            codes = {
                value: None if code == "VALUE_BLANK" else code for value, code in codes.items()
            }
        found += [
            Fault(code, row_number, reading.headings[field])
            for value, row_number in zip(received, numbers, strict=True)
            if (code := codes[value]) is not None
        ]
    return found


def _warning(characteristic: str, key: str) -> str | None:
    """Return the code of the warning that a value of this key deserves."""
    if key == BLANK_KEY:
        return "VALUE_BLANK"
    if key == UNLISTED_KEY:
        return "VALUE_UNLISTED"
    is_legacy = characteristic == "ethnicity" and len(key) == 1 and key.isdigit()
    return "ETHNIC_CODE_LEGACY" if is_legacy else None


def _may_be_blank(schema: ModuleType) -> frozenset[str]:
    """Return the fields of a source whose blanks say something and are no omission."""
    return frozenset(getattr(schema, "MAY_BE_BLANK", ()))


def _empty_columns(
    text: pd.DataFrame, reading: Reading, source: str, schema: ModuleType
) -> list[Fault]:
    """Return a warning for each column blank throughout, where that is no fault of every row."""
    row_faults = set(heading_list(source).required) - set(CHARACTERISTIC_OF_FIELD)
    row_faults |= _may_be_blank(schema)
    return [
        Fault("COLUMN_EMPTY", column=heading)
        for field, heading in reading.headings.items()
        if field not in row_faults and text[field].isna().all()
    ]


def _missing_alternatives(reading: Reading, source: str, schema: ModuleType) -> list[Fault]:
    """Return the fault of a file that has none of the sets of columns of which it needs one."""
    choices: tuple[tuple[str, ...], ...] = getattr(schema, "ONE_OF", ())
    if not choices or any(set(choice) <= set(reading.headings) for choice in choices):
        return []
    names = heading_list(source).headings
    wanted = ", or ".join(" with ".join(names[field] for field in choice) for choice in choices)
    return [Fault("HEADINGS_ONE_OF", detail=f"looked for {wanted}")]


def _file_faults(
    faults: list[Fault], reading: Reading, source: str, schema: ModuleType
) -> list[Fault]:
    """Return the faults that only the whole file has."""
    if not reading.headings:  # without a header there is nothing to count
        return []
    found = _missing_alternatives(reading, source, schema)
    if not reading.rows_received:
        return [*found, Fault(_EMPTY_CODES[empty_means(source)])]
    unmapped = [fault for fault in faults if fault.code == "PAY_SCALE_UNMAPPED"]
    if len(unmapped) > UNMAPPED_PAY_SCALE_LIMIT * reading.rows_received:
        detail = f"{len(unmapped)} of {reading.rows_received} rows: "
        detail += listed(fault.row_number for fault in unmapped)
        found.append(Fault("PAY_SCALE_UNMAPPED_MANY", column=unmapped[0].column, detail=detail))
    whole = all(fault.severity is not Severity.FILE for fault in [*faults, *found])
    if whole and len(rows_at_fault(faults)) == len(reading.frame):
        found.append(Fault("NO_ROW_ACCEPTED"))
    return found
