"""Everything that a reader knows of the counts of one state of the published figures.

Counts that are told are constants, whichever release told them. The other ones are columns that
sums, pooled counts, values and rates are conditions on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.attack.conditions import MOST_PEOPLE, Conditions
from pipeline.attack.counts import HIDDEN, Numbering, Rows
from pipeline.attack.movements import rows_of_movements
from pipeline.attack.pay import rows_of_pay
from pipeline.attack.pooling import Pool, pools, rows_of_pools
from pipeline.attack.published import members_of, senders_of
from pipeline.attack.rates import rows_of_rates
from pipeline.attack.relations import (
    NO_END,
    Block,
    Columns,
    Row,
    block,
    chosen_rows,
    columns,
    joined,
    rows_of_parts,
    rows_of_sums,
    same_staff,
)
from pipeline.attack.states import State
from pipeline.attack.sums import Count
from pipeline.attack.values import conditions_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from pipeline.disclosure import Policy

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a reader knows of one state, over one column for each count.

    Attributes:
        state: the counts.
        columns: their columns: first those of ``state.told``, in that order.
        low, high: between what each is told to be.
        hangings: how they hang together.
        values: what values, rates and bands tell of those that are hidden.
        pools: every way in which an organisation pools others.
        truth: what each truly is; None where nobody says.
        faults: columns of which what is told cannot be true.
        unclear: columns of counts behind a value that is no linear condition.
    """

    state: State
    columns: Columns
    low: "Ints"
    high: "Ints"
    hangings: Block
    values: Block
    pools: tuple[Pool, ...]
    truth: "Ints | None"
    faults: "Ints"
    unclear: "Ints"

    @property
    def told(self) -> "Ints":
        """What each column is told to be to the last one, ``HIDDEN`` where that is nothing."""
        import numpy as np

        return np.where(self.low == self.high, self.low, HIDDEN)

    @property
    def is_out(self) -> "Flags":
        """Whether an earlier release told each count in a figure."""
        import numpy as np

        return np.isin(self.state.told.numbers, self.state.out)

    def named(self, numbering: Numbering, column: int) -> Count:
        """Return whose count of whom a column is."""
        if column < self.columns.in_figures:
            return numbering.counts(self.state.told.numbers[[column]])[0]
        return numbering.count(*self.columns.whose(column))

    def conditions(self, freed: "Ints | None" = None) -> Conditions:
        """Return all that is known as conditions for the engine.

        Args:
            freed: columns that are taken not to be told, nor to stand behind any value.
        """
        import numpy as np

        low, high, values = self.low, self.high, self.values
        if freed is not None:
            low, high = low.copy(), high.copy()
            low[freed], high[freed] = 0, MOST_PEOPLE
            starts = np.cumsum(values.lengths) - values.lengths
            touched = np.isin(values.columns, freed)
            if len(starts):
                values = chosen_rows(values, ~np.bitwise_or.reduceat(touched, starts))
        rows = joined([self.hangings, values])
        starts = np.concatenate(([0], np.cumsum(rows.lengths)))
        return Conditions(
            low=low.tolist(),
            high=high.tolist(),
            starts=starts.tolist(),
            columns=rows.columns.tolist(),
            weights=rows.weights.tolist(),
            row_low=[None if end == -NO_END else end for end in rows.low.tolist()],
            row_high=[None if end == NO_END else end for end in rows.high.tolist()],
        )


def knowledge(state: State, numbering: Numbering, policy: "Policy") -> Knowledge:
    """Return what a reader knows of one state of the figures."""
    import numpy as np

    known = columns(state.told.numbers, numbering, state.late)
    added = np.full(known.size - known.in_figures, HIDDEN)
    least = np.concatenate([state.told.least, added])
    most = np.concatenate([state.told.most, added])
    low, high = np.maximum(least, 0), np.where(most == HIDDEN, MOST_PEOPLE, most)
    told = np.where(low == high, low, HIDDEN)
    truth = None if state.truth is None else _with_totals(state.truth, known)
    found = tuple(pools(known, numbering, members_of(state.release), state.silent))
    pooled = rows_of_pools(found, numbering, told, guess=truth is not None)
    late = pools(known, numbering, state.late, state.silent)
    of_late = rows_of_pools(late, numbering, told, guess=truth is not None)
    hanging = joined(
        [
            *(rows_of_sums(known, owner) for owner in known.patterns),
            *(rows_of_parts(known, owner) for owner in known.patterns),
            same_staff(known, numbering, senders_of(state.release)),
            *(_true_guesses(rows, truth) for rows in pooled),
            # Who was counted before and stands in the late extract too may be in another group.
            *(_true_guesses(rows._replace(is_guess=True), truth) for rows in of_late),
            _true_guesses(
                block(list(rows_of_movements(known, numbering, told)))._replace(is_guess=True),
                truth,
            ),
        ]
    )
    figures = state.release["figure"]
    by_values = conditions_of(figures, state.rows, known.of, told)
    values = joined(
        [
            by_values.block,
            # Beside rounded counts rates are worked out from those.
            block([] if policy.rounding else list(_rates(state, known, numbering))),
            block(list(rows_of_pay(figures, state.rows, known.of, numbering, policy))),
        ]
    )
    faults = [np.searchsorted(state.told.numbers, state.told.faults)]
    if truth is not None:
        faults.append(np.flatnonzero((truth < low) | (truth > high)))
    hanging, values = (_open(rows, low, high, truth, faults) for rows in (hanging, values))
    unclear = np.array(by_values.unclear, dtype=np.int64)
    return Knowledge(
        state=state,
        columns=known,
        low=low,
        high=high,
        hangings=hanging,
        values=values,
        pools=found,
        truth=truth,
        faults=np.unique(np.concatenate(faults)),
        unclear=_open_columns(state.rows, known, told, unclear),
    )


def _true_guesses(rows: Block, truth: "Ints | None") -> Block:
    """Return the rows; of a reader's guesses those that are true."""
    if truth is None or not rows.is_guess:
        return rows
    sums = _sums(rows, truth)
    return chosen_rows(rows, (rows.low <= sums) & (sums <= rows.high))


def _rates(state: State, known: Columns, numbering: Numbering) -> Iterator[Row[int]]:
    """Yield what rates and alerts tell, of those counts that are there."""
    for terms, low, high in rows_of_rates(state.release):
        held = []
        for (owner, characteristic, group), weight in terms:
            at = numbering.owners.get(owner)
            name = numbering.names.get(("workforce", "all", characteristic, group))
            column = -1 if at is None or name is None else int(known.of[at, name])
            held.append((column, weight))
        if all(column >= 0 for column, _ in held):
            yield Row(tuple(held), low, high)


def _with_totals(truth: "Ints", known: Columns) -> "Ints":
    """Return the true number of each column, of totals that no figure shows too."""
    import numpy as np

    every = np.concatenate([truth, np.zeros(known.size - known.in_figures, dtype=np.int64)])
    for owner, pattern in known.patterns.items():
        if len(pattern.added):
            own = known.of[owner][pattern.sums]
            starts = np.cumsum(pattern.lengths) - pattern.lengths
            totals = own[starts]
            # No total that no figure shows is an addend, so that those of any sum are there.
            sums = np.add.reduceat(every[own], starts) - every[totals]
            is_added = totals >= known.in_figures
            every[totals[is_added]] = sums[is_added]
    return every


def _sums(rows: Block, world: "Ints") -> "Ints":
    """Return the sum of each row in a world."""
    import numpy as np

    if not len(rows.lengths):
        return rows.low
    starts = np.cumsum(rows.lengths) - rows.lengths
    return np.add.reduceat(world[rows.columns] * rows.weights, starts)


def _open(
    rows: Block, low: "Ints", high: "Ints", truth: "Ints | None", faults: "list[Ints]"
) -> Block:
    """Return the rows that tell something of a column that is not told, each of them once.

    The first column of every row that cannot be true is added to ``faults``.
    """
    import numpy as np

    if not len(rows.lengths):
        return rows
    starts = np.cumsum(rows.lengths) - rows.lengths
    is_open = np.bitwise_or.reduceat((low != high)[rows.columns], starts)
    sums = _sums(rows, low if truth is None else truth)
    is_wrong = (sums < rows.low) | (sums > rows.high)
    is_wrong &= ~is_open | (truth is not None)
    faults.append(rows.columns[starts[is_wrong]])
    return chosen_rows(rows, is_open)


def _open_columns(rows: Rows, known: Columns, told: "Ints", places: "Ints") -> "Ints":
    """Return the columns that are not told, of the counts behind some figures."""
    import numpy as np

    names = rows.name[:, places]
    owners = np.broadcast_to(rows.owner[places], names.shape)
    found = known.of[owners[names >= 0], names[names >= 0]]
    return np.unique(found[told[found] == HIDDEN])
