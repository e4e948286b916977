"""Worlds of everything that hangs together, in which many columns are more and many are fewer."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.attack.programme import Outcome, Programme
from pipeline.attack.system import System, labels

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

_TOGETHER = 2000
"""Up to how many columns that do not hang together are asked in one programme."""
_TRIES = 5
_PATIENCE = 6
"""How much longer a programme may take that answers thousands of questions."""
_TOLERANCE = 1e-6


class Batch:
    """The worlds of some columns that no condition ties to any other column.

    Attributes:
        columns: the columns, in order.
        here: their numbers in the known world.
        labels: a number for each that those share that hang together.
    """

    def __init__(self, system: System, world: "Ints", columns: "Ints", seconds: float) -> None:
        """Set up the worlds; ``seconds`` is the time of one programme."""
        import numpy as np

        part = system.of_rows(system.rows_of(columns))
        self.columns, self.here = columns, world[columns]
        self._part = replace(
            part,
            low=system.low[columns],
            high=system.high[columns],
            columns=np.searchsorted(columns, part.columns),
        )
        self.labels = labels(len(columns), self._part.rows, self._part.columns, len(part.row_low))
        self._programme = Programme(self._part, seconds=_PATIENCE * seconds)
        self._all = np.arange(len(columns))

    def world(
        self, up: "Flags", down: "Flags", least: "Ints", most: "Ints", held: "Flags"
    ) -> "Ints | None":
        """Return a possible world, looked at exactly; None where no other one was found.

        Args:
            up: which columns are to be more, up to ``most``.
            down: which are to be fewer, down to ``least``.
            least: how far down is far enough.
            most: how far up is far enough.
            held: which stay as they are.
        """
        import numpy as np

        low = np.where(down, np.minimum(self.here, least), self._part.low)
        high = np.where(up, np.maximum(self.here, most), self._part.high)
        low[held] = high[held] = self.here[held]
        self._programme.cost(self._all, np.where(up, -1, np.where(down, 1, 0)))
        self._programme.forget()
        for _ in range(_TRIES):
            self._programme.bound(self._all, low, high)
            if self._programme.solve() is not Outcome.SOLVED:
                return None
            values = self._programme.values
            found = np.rint(values).astype(np.int64)
            broken = np.abs(values - found) > _TOLERANCE
            if not broken.any():
                break
            # Columns that end between whole numbers stay as they are, which is possible.
            low[broken] = high[broken] = self.here[broken]
        else:
            is_broken = np.isin(self.labels, self.labels[broken])
            found[is_broken] = self.here[is_broken]
        is_other = not np.array_equal(found, self.here)
        return found if is_other and self._part.fits(found) else None


def batches(system: System, world: "Ints", asked: "Ints", seconds: float) -> "Iterator[Batch]":
    """Yield the batches that hold some columns with all that hangs together with them."""
    import numpy as np

    of = labels(len(world), system.rows, system.columns, len(system.row_low))
    members = np.argsort(of, kind="stable")
    starts = np.searchsorted(of[members], np.arange(len(world) + 1))
    waiting: list[Ints] = []
    for label in np.unique(of[asked]).tolist():
        waiting.append(members[starts[label] : starts[label + 1]])
        if sum(map(len, waiting)) >= _TOGETHER:
            yield Batch(system, world, np.sort(np.concatenate(waiting)), seconds)
            waiting = []
    if waiting:
        yield Batch(system, world, np.sort(np.concatenate(waiting)), seconds)
