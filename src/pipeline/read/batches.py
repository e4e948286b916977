"""The rows of a file in batches: in memory while they are few, else sealed on the disk.

Whatever the size of a file, no more of it is in memory than a batch, and what a run holds of small
files. What is put on the disk has no name there, is encrypted under a key that ends with the
process, and is gone when the process ends, however it ends.
"""

import pickle
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import IO, Any, NamedTuple

import numpy as np
import pandas as pd

from pipeline.receive.limits import Limits
from pipeline.receive.snapshots import seal, unseal

ROW_NUMBER = "row_number"
BATCH_ROWS = 50_000
"""Rows of a file that are worked on at a time."""
HELD_ROWS = 250_000
"""Rows of small files that a run keeps in memory between reading and landing."""


class _Place(NamedTuple):
    """Where a column of a batch stands on the disk."""

    start: int
    length: int


Column = tuple["np.ndarray[Any, Any]", Sequence[str | None]]
"""A column of text: for each row the place of its cell among the different cells, -1 for none."""


class Coded:
    """A column of text while its cells come in."""

    def __init__(self) -> None:
        """Begin without cells."""
        self._places: dict[str | None, int] = {None: -1}
        self._codes: list[np.ndarray[Any, Any]] = []

    def add(self, codes: "np.ndarray[Any, Any]", cells: Sequence[str | None]) -> None:
        """Add ``cells[code]`` for each code."""
        places = self._places
        # There is one more name than cells: blank ones have none.
        found = [places.setdefault(cell, len(places) - 1) for cell in cells]
        self._codes.append(np.array(found, dtype="int32")[codes])

    def taken(self) -> Column:
        """Return the column, and begin anew."""
        codes = np.concatenate(self._codes)
        del self._places[None]
        values = list(self._places)
        self._places, self._codes = {None: -1}, []
        return codes, values


def coded(column: "pd.Series[str]") -> Column:
    """Return a column of text as its different cells and where they stand."""
    codes, values = pd.factorize(column)
    return codes.astype("int32"), values.to_list()


def shared(column: Column) -> "pd.Series[str]":
    """Return a column of text in which equal cells are one object: telling them apart is cheap."""
    codes, values = column
    objects = np.empty(len(values) + 1, dtype=object)
    objects[:-1] = values
    objects[-1] = None
    return pd.Series(pd.array(objects[codes], dtype="str"))


class Spool:
    """Where a run keeps what it has read until it has landed.

    Attributes:
        limits: how much a text may hold.
        batch_rows: how many rows make a batch.
    """

    def __init__(
        self,
        folder: Path | None = None,
        limits: Limits | None = None,
        batch_rows: int = BATCH_ROWS,
        held_rows: int = HELD_ROWS,
    ) -> None:
        """Keep the first ``held_rows`` rows in memory and the others in ``folder``."""
        self.limits, self.batch_rows = limits or Limits(), batch_rows
        self._folder, self._room = folder, held_rows
        self._key = secrets.token_bytes(32)
        self._file: IO[bytes] | None = None
        self._end = 0
        self._lock = Lock()  # Prefect reads files in several threads

    def holds(self, rows: int) -> bool:
        """Return whether that many rows may stay in memory, and count them if they may."""
        with self._lock:
            has_room = rows <= self._room
            self._room -= rows if has_room else 0
        return has_room

    def put(self, column: "Column | np.ndarray[Any, Any]") -> _Place:
        """Put a column on the disk and return its place."""
        with self._lock:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - kept open
            start = self._end
            sealed = seal(self._key, pickle.dumps(column), str(start))
            self._file.seek(start)
            self._file.write(sealed)
            self._end += len(sealed)
        return _Place(start, len(sealed))

    def column(self, place: _Place) -> "pd.Series[Any]":
        """Return a column that was put on the disk."""
        with self._lock:
            if self._file is None:
                raise ValueError("nothing was put here")
            self._file.seek(place.start)
            sealed = self._file.read(place.length)
        content = unseal(self._key, sealed, str(place.start))
        column = pickle.loads(content)  # noqa: S301 - our own, sealed
        return shared(column) if isinstance(column, tuple) else pd.Series(column)


class Batches:
    """The rows of one file as they were read, in their order.

    Attributes:
        fields: the columns of text, beside ``row_number``.
    """

    def __init__(self, fields: Sequence[str], spool: Spool | None = None) -> None:
        """Begin without rows."""
        self.fields = tuple(fields)
        self._spool = spool or Spool()
        self._frames: list[pd.DataFrame] = []
        self._places: list[dict[str, _Place]] = []
        self._rows = 0

    @classmethod
    def of(cls, *frames: pd.DataFrame) -> "Batches":
        """Return the rows of whole frames, which stay in memory."""
        batches = cls([str(name) for name in frames[0] if name != ROW_NUMBER])
        batches._frames = list(frames)
        batches._rows = sum(map(len, frames))
        return batches

    def __len__(self) -> int:
        return self._rows

    def __reduce__(self) -> tuple[Any, ...]:
        return Batches.of, tuple(self) or (self.whole(),)

    def add(self, numbers: "np.ndarray[Any, Any]", columns: Mapping[str, Column]) -> None:
        """Add a batch; a file of one batch stays in memory while there is room."""
        is_first, self._rows = not self._rows, self._rows + len(numbers)
        if is_first and self._spool.holds(len(numbers)):
            cells = {field: shared(column) for field, column in columns.items()}
            self._frames = [pd.DataFrame({ROW_NUMBER: numbers, **cells}, copy=False)]
            return
        put = self._spool.put
        places = {field: put(column) for field, column in columns.items()}
        self._places.append({ROW_NUMBER: put(numbers), **places})

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return self.columns([ROW_NUMBER, *self.fields])

    def columns(self, names: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield the batches with some of their columns alone."""
        for frame in self._frames:
            yield frame[list(names)]
        column = self._spool.column
        for places in self._places:
            yield pd.DataFrame({name: column(places[name]) for name in names}, copy=False)

    def whole(self) -> pd.DataFrame:
        """Return all rows as one frame."""
        frames = list(self)
        if len(frames) == 1:
            return frames[0]
        return pd.concat(frames, ignore_index=True) if frames else self.nothing()

    @property
    def are_in_memory(self) -> bool:
        """Whether none of them is on the disk."""
        return not self._places

    def nothing(self) -> pd.DataFrame:
        """Return the columns without rows."""
        nothing = shared((np.array([], dtype="int32"), []))
        numbers = pd.Series([], dtype="int64")
        return pd.DataFrame({ROW_NUMBER: numbers} | dict.fromkeys(self.fields, nothing))
