"""Random draws of whole columns, the same on every machine and every version of NumPy.

Everything comes from ``RandomState.random_sample``, whose sequence NumPy promises to keep; shares
are integers, as in ``pipeline.sample.draws``.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
Marks = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Texts = NDArray[np.object_]


def texts(values: Sequence[str]) -> Texts:
    """Return a column of text."""
    return np.array(values, dtype=object)


class ColumnDraws:
    """One stream of draws; the streams of two names are independent of each other."""

    def __init__(self, seed: int, *name: str) -> None:
        digest = hashlib.sha256("/".join((str(seed), *name)).encode()).digest()
        self._random = np.random.RandomState(np.frombuffer(digest, dtype="<u4"))

    def below(self, limit: int | Numbers, count: int) -> Numbers:
        """Return ``count`` whole numbers from 0 to below ``limit``, one for all or one for each."""
        return (self._random.random_sample(count) * limit).astype(np.int64)

    def happens(self, per_mille: int | Numbers, count: int) -> Marks:
        """Return ``count`` marks, of which ``per_mille`` in 1,000 are true."""
        return self.below(1000, count) < per_mille

    def weighted(self, shares: Mapping[str, int], count: int) -> Texts:
        """Return ``count`` of the keys of ``shares``, each with its weight."""
        return texts(list(shares))[self.places(list(shares.values()), count)]

    def places(self, weights: Sequence[int], count: int) -> Numbers:
        """Return ``count`` places in a list, each with its weight."""
        edges = np.cumsum(weights)
        return np.searchsorted(edges, self.below(int(edges[-1]), count), side="right")

    def days(self, first: date | Days, last: date | Days, count: int) -> Days:
        """Return ``count`` days between two days, or between two columns of days."""
        start, end = (np.asarray(day, dtype="datetime64[D]") for day in (first, last))
        span = np.maximum((end - start).astype(np.int64), 0) + 1
        found: Days = start + self.below(span, count).astype("timedelta64[D]")
        return found

    def chosen(self, of: int, count: int) -> Numbers:
        """Return the places, in rising order, of ``count`` among ``of``, each at most once."""
        return np.sort(np.argsort(self._random.random_sample(of), kind="stable")[:count])
