"""The rows of a file in batches: in memory while they are few, else sealed on the disk.

Whatever the size of a file, no more of it is in memory than a batch, and what a run holds of small
files. What is put on the disk has no name there, is encrypted under a key that ends with the
process, and is gone when the process ends, however it ends.
"""

import pickle
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import IO, Any, NamedTuple

import numpy as np
import pandas as pd

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


class Spool:
    """Where a run keeps what it has read until it has landed."""

    def __init__(self, folder: Path | None = None, held_rows: int = HELD_ROWS) -> None:
        """Keep the first ``held_rows`` in memory and the others in ``folder``."""
        self._folder, self._room = folder, held_rows
        self._key = secrets.token_bytes(32)
        self._file: IO[bytes] | None = None
        self._end = 0
        self._lock = Lock()  # Prefect reads files in several threads

    def keep(self, frame: pd.DataFrame, *, is_alone: bool) -> Callable[[str], pd.Series]:
        """Keep a batch and return what gives its columns back by their names.

        Args:
            frame: the batch: a column of whole numbers, or of text with shared values.
            is_alone: whether it is the whole file; of a larger one nothing stays in memory.
        """
        with self._lock:
            if is_alone and len(frame) <= self._room:
                self._room -= len(frame)
                return frame.__getitem__
            places = {str(name): self._written(frame[name]) for name in frame}
        return lambda name: self._read(places[name])

    def _written(self, column: "pd.Series[Any]") -> _Place:
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - as long as this
        content = pickle.dumps(_packed(column))
        place = _Place(self._end, 0)
        sealed = seal(self._key, content, str(place.start))
        self._file.seek(place.start)
        self._file.write(sealed)
        self._end += len(sealed)
        return place._replace(length=len(sealed))

    def _read(self, place: _Place) -> "pd.Series[Any]":
        if self._file is None:
            raise ValueError("nothing was written")
        with self._lock:
            self._file.seek(place.start)
            sealed = self._file.read(place.length)
        content = unseal(self._key, sealed, str(place.start))
        numbers, values = pickle.loads(content)  # noqa: S301 - our own, sealed
        return pd.Series(numbers) if values is None else shared(numbers, values)


def _packed(column: "pd.Series[Any]") -> "tuple[np.ndarray[Any, Any], list[str] | None]":
    """Return whole numbers as they are, and text as its different values and where they stand."""
    if column.dtype.kind == "i":
        return column.to_numpy(), None
    codes, values = pd.factorize(column)
    return codes.astype("int32"), values.to_list()


def shared(codes: "np.ndarray[Any, Any]", values: Sequence[str]) -> "pd.Series[Any]":
    """Return the column in which ``values[code]`` stands for each code, nothing for -1.

    Equal cells are one object, so that comparing them and telling them apart costs little.
    """
    objects = np.empty(len(values) + 1, dtype=object)
    objects[:-1] = values
    objects[-1] = None
    return pd.Series(pd.array(objects[codes], dtype="str"))


class Batches:
    """The rows of one file as they were read, in their order.

    Attributes:
        fields: the columns of text, beside ``row_number``.
    """

    def __init__(self, fields: Sequence[str], spool: Spool | None = None) -> None:
        """Begin without rows."""
        self.fields = tuple(fields)
        self._spool = spool or Spool()
        self._first: pd.DataFrame | None = None
        self._kept: list[Callable[[str], pd.Series[Any]]] = []
        self._rows = 0

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "Batches":
        """Return the rows of a whole frame as one batch."""
        batches = cls([str(name) for name in frame if name != ROW_NUMBER])
        batches.add(frame)
        return batches

    def __len__(self) -> int:
        return self._rows

    def __reduce__(self) -> tuple[Any, ...]:
        return Batches._again, (self.fields, list(self))

    @staticmethod
    def _again(fields: Sequence[str], frames: Sequence[pd.DataFrame]) -> "Batches":
        batches = Batches(fields)
        for frame in frames:
            batches.add(frame)
        batches.close()
        return batches

    def add(self, frame: pd.DataFrame) -> None:
        """Add a batch."""
        if not len(frame):
            return
        self._rows += len(frame)
        if self._rows == len(frame):
            self._first = frame
            return
        self.close(is_alone=False)
        self._kept.append(self._spool.keep(frame, is_alone=False))

    def close(self, *, is_alone: bool = True) -> None:
        """Hand what is in memory over to the spool: a file of one batch may stay there."""
        if self._first is not None:
            self._kept.append(self._spool.keep(self._first, is_alone=is_alone))
            self._first = None

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return self.columns([ROW_NUMBER, *self.fields])

    def columns(self, names: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield the batches with some of their columns alone."""
        if self._first is not None:
            yield self._first[list(names)]
        for column in self._kept:
            yield pd.DataFrame({name: column(name) for name in names}, copy=False)

    def whole(self) -> pd.DataFrame:
        """Return all rows as one frame."""
        frames = list(self)
        if len(frames) == 1:
            return frames[0]
        return pd.concat([self._empty(), *frames] if not frames else frames, ignore_index=True)

    def _empty(self) -> pd.DataFrame:
        nothing = shared(np.array([], dtype="int32"), [])
        numbers = pd.Series([], dtype="int64")
        return pd.DataFrame({ROW_NUMBER: numbers} | dict.fromkeys(self.fields, nothing))
