"""Two passes over what was read: types and codes first, rules after. Every fault at once.

Rows are judged in batches, whatever the size of a file, and those of small files together. What no
batch alone can tell is judged at the end: of the rows that share a key those rows, and of the whole
file what was noted of each batch.
"""

import importlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from types import ModuleType

import numpy as np
import pandas as pd

from pipeline.checked import Checked, rows_at_fault, without
from pipeline.codes import (
    BLANK_KEY,
    CHARACTERISTIC_OF_FIELD,
    UNLISTED_KEY,
    characteristic_key,
)
from pipeline.faults import Fault
from pipeline.read import ROW_NUMBER, Reading
from pipeline.read.batches import BATCH_ROWS, Batches
from pipeline.read.headings import heading_list
from pipeline.schema_faults import Rows, found
from pipeline.together import rows_that_share
from pipeline.typed import at_once, completed, typed_columns
from pipeline.whole_file import file_faults
from schemas import checks

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
Submitted = tuple[Reading, date, str | None]
"""What was read of a file, its snapshot, and the organisation that sent it where that is known."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is noted of some rows of a file by themselves; it can be sent to another process.

    Attributes:
        found: the faults of the rows.
        unfit: numbers of the rows whose texts have a fault.
        filled: the fields in which anything stands.
        warned: numbers of the rows with a warning, by field and code.
    """

    found: set[Fault]
    unfit: set[int]
    filled: set[str]
    warned: dict[tuple[str, str], list[Numbers]]


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


def check_batch(
    text: pd.DataFrame,
    headings: dict[str, str],
    source: str,
    period_end: date,
    organisation_code: str | None = None,
) -> list[Fault]:
    """Return the faults of some rows of a file that each row has by itself, in their order.

    What rows have only beside others of their file (equal rows, two primary assignments, a column
    that is blank throughout, too many unknown pay scales) ``check`` tells of a whole file.

    Args:
        text: rows as ``Reading.rows`` gives them.
        headings: the heading as received of each of their fields.
        source: a source of ``pipeline.receive.inbox.SOURCES``.
        period_end: the snapshot.
        organisation_code: the organisation that sent the file, where that is known.

    Raises:
        ProductError: where a check itself fails.
    """
    file = _judged_batch(text, headings, source, (period_end, organisation_code))
    return sorted([*file.found, *file.warnings(set(headings))], key=_by_place)


def judge_batch(
    text: pd.DataFrame,
    headings: dict[str, str],
    source: str,
    period_end: date,
    organisation_code: str | None = None,
) -> Judged:
    """Return what is noted of some rows of a file, wherever they are judged, for ``check_judged``.

    Args:
        text: rows as ``Reading.rows`` gives them, without those that could not be read.
        headings: the heading as received of each of their fields.
        source: a source of ``pipeline.receive.inbox.SOURCES``.
        period_end: the snapshot.
        organisation_code: the organisation that sent the file, where that is known.

    Raises:
        ProductError: where a check itself fails.
    """
    file = _judged_batch(text, headings, source, (period_end, organisation_code))
    return Judged(file.found, file.unfit, file.filled, dict(file.warned))


def check_judged(
    reading: Reading,
    source: str,
    period_end: date,
    organisation_code: str | None,
    judged: Iterable[Judged],
) -> Checked:
    """Return what ``check`` returns of a file whose rows have been judged by ``judge_batch``.

    Args:
        reading: what ``pipeline.read.read`` gave for the file.
        source: a source of ``pipeline.receive.inbox.SOURCES``.
        period_end: the snapshot.
        organisation_code: the organisation that sent the file, where that is known.
        judged: what was noted of each part of its rows, in any order.

    Raises:
        ProductError: where a check itself fails.
    """
    schema = importlib.import_module(f"schemas.{source}")
    file = _File(reading, period_end, organisation_code)
    for part in judged:
        file.add(part)
    return _concluded([file], source, schema)[0]


def _judged_batch(
    text: pd.DataFrame, headings: dict[str, str], source: str, of: tuple[date, str | None]
) -> "_File":
    schema = importlib.import_module(f"schemas.{source}")
    file = _File(Reading(Batches.of(text), headings, [], len(text)), *of)
    _judge_rows([_Batch(file, text)], schema)
    return file


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
    for batches in _alike_batches(opened, is_whole=hasattr(schema, "IS_JUDGED_WHOLE")):
        _judge_rows(batches, schema)
    return _concluded(opened, source, schema)


def _concluded(files: "list[_File]", source: str, schema: ModuleType) -> list[Checked]:
    """Return files whose rows have been judged, with what they have only beside each other."""
    _judge_together([file for file in files if len(file.reading.rows)], schema)
    checked = [file.checked(source, _all_faults(file, schema, source)) for file in files]
    return _at_hand(checked, schema, source)


class _File:
    """A file on its way through the checks."""

    def __init__(self, reading: Reading, period_end: date, sender: str | None) -> None:
        self.reading, self.period_end, self.sender = reading, period_end, sender
        self.misread = rows_at_fault(reading.faults)
        self.found: set[Fault] = set()
        self.unfit = set(self.misread)
        """The rows whose texts have a fault: rules over several rows pass them over."""
        self.filled: set[str] = set()
        """The fields in which anything stands."""
        self.warned: dict[tuple[str, str], list[Numbers]] = defaultdict(list)
        """Numbers of the rows with a warning, by field and code."""

    def add_of_texts(self, faults: set[Fault]) -> None:
        """Add faults of texts, after which their rows are fit for no rule over several."""
        self.found |= faults
        self.unfit |= rows_at_fault(faults)

    def add(self, part: Judged) -> None:
        """Add what was noted of some of its rows elsewhere."""
        self.found |= part.found
        self.unfit |= part.unfit
        self.filled |= part.filled
        for place, numbers in part.warned.items():
            self.warned[place] += numbers

    def warnings(self, fields: set[str]) -> Iterator[Fault]:
        """Yield the warnings on characteristics in some fields."""
        headings = self.reading.headings
        for (field, code), numbers in self.warned.items():
            if field in fields:
                for number in np.concatenate(numbers).tolist():
                    yield Fault(code, number, headings[field])

    def checked(self, source: str, faults: list[Fault]) -> Checked:
        """Return what is known of the file in the end."""
        reading = self.reading
        return Checked(source, reading.rows, reading.headings, faults, reading.rows_received)


class _Batch:
    """Some rows of a file, without those that could not be read."""

    def __init__(self, file: _File, text: pd.DataFrame) -> None:
        self.file, self.text = file, without(text, file.misread)

    def rows(self, frame: pd.DataFrame) -> Rows:
        """Return a frame of these rows for the checks."""
        return Rows(frame, self.file.reading.headings)


def _alike_batches(files: Iterable[_File], *, is_whole: bool) -> Iterator[list[_Batch]]:
    """Yield the rows of files in batches, those with the same columns together."""
    waiting: dict[tuple[str, ...], list[_Batch]] = defaultdict(list)
    for file in files:
        rows = file.reading.rows
        for text in [rows.whole()] if is_whole else rows:
            batch = _Batch(file, text)
            if not len(batch.text):
                continue
            kind = waiting[rows.fields]
            if sum(len(other.text) for other in kind) + len(text) > BATCH_ROWS and kind:
                yield waiting.pop(rows.fields)
            waiting[rows.fields].append(batch)
    yield from waiting.values()


def _judge_rows(batches: list[_Batch], schema: ModuleType) -> None:
    """Note what each row of batches with the same columns has by itself."""
    texts = [batch.rows(batch.text) for batch in batches]
    for batch, faults in zip(batches, found(schema.TYPES, texts, schema, {}), strict=True):
        batch.file.add_of_texts(faults)
    typed = at_once([batch.text for batch in batches], partial(typed_columns, schema=schema))
    _warn(batches, schema)
    by_snapshot: dict[Hashable, list[tuple[_Batch, pd.DataFrame]]] = defaultdict(list)
    for batch, rows in zip(batches, typed, strict=True):
        derived, sender = schema.derived(rows), batch.file.sender
        if sender is not None:
            derived = derived.assign(**{checks.SENDER: sender})
        by_snapshot[batch.file.period_end, tuple(derived.columns)].append((batch, derived))
    for group in by_snapshot.values():
        period_end = group[0][0].file.period_end
        details = schema.details(period_end) if hasattr(schema, "details") else {}
        frames = [batch.rows(derived) for batch, derived in group]
        faults_of = found(schema.rules(period_end), frames, schema, details)
        for (batch, _), faults in zip(group, faults_of, strict=True):
            batch.file.found |= faults


def _warn(batches: list[_Batch], schema: ModuleType) -> None:
    """Note where a characteristic leaves a person unknown, and in which fields anything stands.

    No schema is asked: what pandera calls a failure is here a value like others, of which the
    code lists say that it is blank, not listed, or of the list of 1991.
    """
    may_be_blank = _may_be_blank(schema)
    for batch in batches:
        text, file = batch.text, batch.file
        numbers = text[ROW_NUMBER].to_numpy()
        for field in file.reading.rows.fields:
            if field not in file.filled and text[field].notna().any():
                file.filled.add(field)
            name = CHARACTERISTIC_OF_FIELD.get(field)
            if name is None:
                continue
            places, values = pd.factorize(text[field])
            blank = None if field in may_be_blank else "VALUE_BLANK"
            codes = [_warning(name, characteristic_key(name, value)) for value in values] + [blank]
            for code in {code for code in codes if code is not None}:
                warned = np.array([other == code for other in codes])[places]
                if warned.any():
                    file.warned[field, code].append(numbers[warned])


def _judge_together(files: list[_File], schema: ModuleType) -> None:
    """Note what rows that share a key have beside each other."""
    for group in _sharing(files, getattr(schema, "SHARED", ())):
        texts = [Rows(frame, file.reading.headings) for file, frame in group]
        for (file, _), faults in zip(group, found(schema.TOGETHER, texts, schema, {}), strict=True):
            file.add_of_texts(faults)
    for group in _sharing(
        files, getattr(schema, "SHARED_BY_RULES", ()), getattr(schema, "LOOKED_AT", ())
    ):
        rows = [_derived_together(file, frame, schema) for file, frame in group]
        faults_of = found(schema.RULES_TOGETHER, rows, schema, {})
        for (file, _), faults in zip(group, faults_of, strict=True):
            file.found |= faults


def _sharing(
    files: list[_File], keys: Sequence[Sequence[str]], names: Sequence[str] | None = None
) -> list[list[tuple[_File, pd.DataFrame]]]:
    """Return the rows of files that share a key, those with the same columns together.

    Args:
        files: files that have rows.
        keys: the keys; no row shares one where there is none.
        names: the columns that are returned of those that a file has; all where None.
    """
    by_columns: dict[Hashable, list[tuple[_File, pd.DataFrame]]] = defaultdict(list)
    for file in files if keys else ():
        rows = file.reading.rows
        wanted = None if names is None else [name for name in rows.fields if name in names]
        frame = without(rows_that_share(rows, keys, wanted), file.misread)
        if len(frame):
            by_columns[tuple(frame.columns)].append((file, frame))
    return list(by_columns.values())


def _derived_together(file: _File, frame: pd.DataFrame, schema: ModuleType) -> Rows:
    fit = ~frame[ROW_NUMBER].isin(file.unfit)
    derived = schema.derived_together(typed_columns(frame, schema), fit)
    return Rows(derived, file.reading.headings)


def _all_faults(file: _File, schema: ModuleType, source: str) -> list[Fault]:
    """Return every fault of a file once the rules have been applied."""
    reading = file.reading
    faults = list(reading.faults)
    if len(reading.rows) > len(file.misread):
        every = [*file.found, *file.warnings(file.filled)]
        broken = {fault.column for fault in faults if fault.code.startswith("FORMULA_")}
        every = [fault for fault in every if fault.column is None or fault.column not in broken]
        faults += _empty_columns(file, source, schema)
        faults += sorted(every, key=_by_place)
    return faults + file_faults(faults, reading, source, schema)


def _at_hand(checked: list[Checked], schema: ModuleType, source: str) -> list[Checked]:
    """Return the files with the accepted rows of those that are in memory."""
    ready = dict[int, pd.DataFrame]()
    by_columns: dict[Hashable, list[int]] = defaultdict(list)
    for number, one in enumerate(checked):
        if one.rows.are_in_memory:
            by_columns[one.rows.fields].append(number)

    def final(text: pd.DataFrame) -> pd.DataFrame:
        return completed(typed_columns(text, schema), schema, source)

    for numbers in by_columns.values():
        texts = [checked[number].to_land() for number in numbers]
        rows = (frame.reset_index(drop=True) for frame in at_once(texts, final))
        ready |= dict(zip(numbers, rows, strict=True))
    return [
        replace(one, at_hand=ready[number]) if number in ready else one
        for number, one in enumerate(checked)
    ]


def _by_place(fault: Fault) -> tuple[int, str, str]:
    return (fault.row_number or 0, fault.column or "", fault.code)


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


def _empty_columns(file: _File, source: str, schema: ModuleType) -> list[Fault]:
    """Return a warning for each column blank throughout, where that is no fault of every row."""
    row_faults = set(heading_list(source).required) - set(CHARACTERISTIC_OF_FIELD)
    row_faults |= _may_be_blank(schema)
    return [
        Fault("COLUMN_EMPTY", column=heading)
        for field, heading in file.reading.headings.items()
        if field not in row_faults and field not in file.filled
    ]
