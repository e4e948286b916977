"""All that a reader knows of the counts of a release, as one system of equations.

Each relation is a row that adds up to nought over whole numbers of nought or more: a remainder, or
the people who are counted twice, is a column of its own. So the true counts are one world that
fits all rows, and any other differs from it by a move over which every row adds up to nought.
"""

from collections.abc import Sequence, Set
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.protect.cells import Cells
from pipeline.protect.relations import Relations

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


class Sparse(NamedTuple):
    """A sparse matrix: line ``i`` has the entries from ``start[i]`` up to ``start[i + 1]``."""

    start: "Ints"
    line: "Ints"
    value: "Ints"

    def entries(self, lines: "Ints") -> tuple["Ints", "Ints", "Ints"]:
        """Return the entries of some lines: where each is among ``lines``, its index, its value."""
        import numpy as np

        first, lengths = self.start[lines], self.start[lines + 1] - self.start[lines]
        which = np.repeat(np.arange(len(lines)), lengths)
        begins = np.repeat(first - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        place = begins + np.arange(len(which))
        return which, self.line[place], self.value[place]

    def indices(self, lines: "Ints") -> "Ints":
        """Return the indices of the entries of some lines."""
        return self.entries(lines)[1]


class System(NamedTuple):
    """The equations, and the world that is true.

    Attributes:
        truth: the true number of each column: of the cells first, then of the remainders.
        rows: the columns of each row.
        columns: the rows of each column.
        secret: for each column whether it is a remainder that is protected like a count.
        twice: for each remainder that is people counted twice the column of all who are so.
    """

    truth: "Ints"
    rows: Sparse
    columns: Sparse
    secret: "npt.NDArray[np.bool_]"
    twice: dict[int, int]


def system(cells: Cells, related: Relations, left_out: Set[int] = frozenset()) -> System:
    """Return the system of the relations between the cells.

    Args:
        cells: every cell with its true count.
        related: the relations between them.
        left_out: cells that stand in no row, since they tell nothing of others.
    """
    import numpy as np

    truth, secret = list(cells.counts), [False] * len(cells.counts)
    rows: list[Sequence[int]] = []
    values: list[Sequence[int]] = []
    own: dict[int, int] = {}
    twice: dict[int, int] = {}
    ends = pairwise(related.starts)
    for place, (total, (start, end)) in enumerate(zip(related.totals, ends, strict=True)):
        row, value = [total, *related.children[start:end]], [1] + [-1] * (end - start)
        if left_out and not left_out.isdisjoint(row):
            continue
        remainder = related.remainders[place]
        if remainder is not None:
            is_pooled = related.are_pooled[place]
            own[place] = len(truth)
            row.append(len(truth))
            value.append(1 if is_pooled else -1)
            truth.append(abs(remainder))
            secret.append(not is_pooled or related.shared[place] > 0)
        rows.append(row)
        values.append(value)
        limit = related.limits[place]
        if limit in own:
            twice[own[place]] = own[limit]
            rows.append((own[limit], own[place], len(truth)))
            values.append((1, -1, -1))
            truth.append(truth[own[limit]] - truth[own[place]])
            secret.append(False)
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.array([column for row in rows for column in row], dtype=np.int64)
    weights = np.array([one for row in values for one in row], dtype=np.int64)
    by_row = Sparse(starts.astype(np.int64), columns, weights)
    return System(
        np.array(truth, dtype=np.int64),
        by_row,
        _turned(by_row, len(truth)),
        np.array(secret, dtype=bool),
        twice,
    )


def _turned(matrix: Sparse, width: int) -> Sparse:
    import numpy as np

    lines = np.repeat(np.arange(len(matrix.start) - 1), np.diff(matrix.start))
    order = np.argsort(matrix.line, kind="stable")
    counts = np.bincount(matrix.line, minlength=width)
    start = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return Sparse(start, lines[order], matrix.value[order])


def parts(system: System, is_free: "npt.NDArray[np.bool_]") -> list["Ints"]:
    """Return the free columns that hang together over rows, each part in order."""
    import numpy as np

    start, index, _ = system.rows
    row = np.repeat(np.arange(len(start) - 1), np.diff(start))
    there = is_free[index]
    row, index = row[there], index[there]
    label = np.arange(len(system.truth))
    while True:
        of_row = np.full(len(start) - 1, len(label))
        np.minimum.at(of_row, row, label[index])
        new = label.copy()
        np.minimum.at(new, index, of_row[row])
        if (new == label).all():
            break
        label = new[new]
    free = np.flatnonzero(is_free)
    order = free[np.argsort(label[free], kind="stable")]
    ends = np.flatnonzero(np.diff(label[order])) + 1
    return np.split(order, ends)


def within(system: System, columns: "Ints") -> tuple[System, "Ints"]:
    """Return the rows in which some columns stand as a system by itself.

    Args:
        system: the equations.
        columns: the columns, in order.

    Returns:
        the system, and the number that each of its columns has in the whole, in order.
    """
    import numpy as np

    rows = np.unique(system.columns.indices(columns))
    which, index, value = system.rows.entries(rows)
    kept = np.union1d(columns, index)
    lengths = np.bincount(which, minlength=len(rows))
    start = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    by_row = Sparse(start, np.searchsorted(kept, index), value)
    own = {column: place for place, column in enumerate(kept.tolist())}
    return System(
        system.truth[kept],
        by_row,
        _turned(by_row, len(kept)),
        system.secret[kept],
        {
            own[column]: own[everybody]
            for column in own.keys() & system.twice.keys()
            if (everybody := system.twice[column]) in own
        },
    ), kept
