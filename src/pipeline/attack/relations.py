"""How the counts of each organisation hang together, as rows over their columns.

Every row is true of the true counts whatever the data, but those marked as a reader's guess.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from pipeline.attack.counts import Numbering, by_owner, names_of, owners_of
from pipeline.attack.patterns import Pattern, Patterns
from pipeline.attack.sums import Owner

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

Key = TypeVar("Key")

NO_END = 2**62
"""Where a row has no end."""


class Row(NamedTuple, Generic[Key]):
    """One row.

    Attributes:
        terms: what is counted, with its whole-number weight.
        low, high: the ends of the sum; ``-NO_END`` and ``NO_END`` where there is none.
    """

    terms: tuple[tuple[Key, int], ...]
    low: int
    high: int


class Block(NamedTuple):
    """Some rows: whole-number weights of columns, and the ends of their sum.

    Attributes:
        columns, weights: the entries, row after row.
        lengths: how many entries each row has.
        low, high: the ends of each row; ``-NO_END`` and ``NO_END`` where there is none.
        is_guess: whether a reader only takes them to be true: where the truth is known, those
            that are not are left out.
    """

    columns: "Ints"
    weights: "Ints"
    lengths: "Ints"
    low: "Ints"
    high: "Ints"
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the counts: those of figures first, then the totals that no figure shows.

    Attributes:
        of: the column of each owner and name, by their numbers; -1 where there is none.
        patterns: how the counts of each owner hang together.
        size: how many columns there are.
        in_figures: how many of them stand in figures.
    """

    of: "Ints"
    patterns: Mapping[int, Pattern]
    size: int
    in_figures: int

    def whose(self, column: int) -> tuple[int, int]:
        """Return the numbers of the owner and of the name of a column."""
        import numpy as np

        owner, name = np.argwhere(self.of == column)[0].tolist()
        return owner, name


def columns(numbers: "Ints", numbering: Numbering, without_sums: Collection[Owner] = ()) -> Columns:
    """Return a column for each count, and for each total that follows in two ways or more.

    Args:
        numbers: the counts.
        numbering: the numbers of owners and names.
        without_sums: owners of some of whose counts nothing is there, so that the others do not
            add up.
    """
    import numpy as np

    names = list(numbering.names)
    known: dict[bytes, Pattern] = {}
    patterns: dict[int, Pattern] = {}
    finder = Patterns(numbering)
    single = {numbering.owners[owner] for owner in without_sums}
    for owner, places in by_owner(numbers).items():
        if owner in single:
            continue
        own = names_of(numbers[places])
        key = own.tobytes()
        if key not in known:
            known[key] = finder.of([names[name] for name in own.tolist()])
        patterns[owner] = known[key]
    of = np.full((len(numbering.owners), len(numbering.names)), -1)
    of[owners_of(numbers), names_of(numbers)] = np.arange(len(numbers))
    size = len(numbers)
    for owner, pattern in patterns.items():
        of[owner, pattern.added] = np.arange(size, size + len(pattern.added))
        size += len(pattern.added)
    return Columns(of, patterns, size, len(numbers))


def block(rows: Sequence[Row[int]]) -> Block:
    """Return rows over columns as one block."""
    import numpy as np

    return Block(
        np.array([column for row in rows for column, _ in row.terms], dtype=np.int64),
        np.array([weight for row in rows for _, weight in row.terms], dtype=np.int64),
        np.array([len(row.terms) for row in rows], dtype=np.int64),
        np.array([row.low for row in rows], dtype=np.int64),
        np.array([row.high for row in rows], dtype=np.int64),
    )


def joined(blocks: Iterable[Block]) -> Block:
    """Return all rows of some blocks as one block."""
    import numpy as np

    every = [block([]), *blocks]
    return Block(
        np.concatenate([rows.columns for rows in every]),
        np.concatenate([rows.weights for rows in every]),
        np.concatenate([rows.lengths for rows in every]),
        np.concatenate([rows.low for rows in every]),
        np.concatenate([rows.high for rows in every]),
    )


def chosen_rows(rows: Block, is_chosen: "Flags") -> Block:
    """Return some of the rows of a block."""
    import numpy as np

    entries = np.repeat(is_chosen, rows.lengths)
    return Block(
        rows.columns[entries],
        rows.weights[entries],
        rows.lengths[is_chosen],
        rows.low[is_chosen],
        rows.high[is_chosen],
        rows.is_guess,
    )


def rows_of_sums(known: Columns, owner: int) -> Block:
    """Return the sums of the counts of one owner."""
    import numpy as np

    pattern = known.patterns[owner]
    weights = np.full(len(pattern.sums), -1)
    weights[np.cumsum(pattern.lengths) - pattern.lengths] = 1
    none = np.zeros(len(pattern.lengths), dtype=np.int64)
    return Block(known.of[owner][pattern.sums], weights, pattern.lengths, none, none)


def rows_of_parts(known: Columns, owner: int) -> Block:
    """Return that no part of the people of one owner is more than the whole."""
    return differences(known.of[owner][known.patterns[owner].parts], low=0)


def differences(pairs: "Ints", low: int = -NO_END, high: int = NO_END) -> Block:
    """Return one row for each pair: the first less the second is within the ends."""
    import numpy as np

    number = pairs.shape[1]
    return Block(
        pairs.T.ravel(),
        np.tile(np.array([1, -1]), number),
        np.full(number, 2),
        np.full(number, low),
        np.full(number, high),
    )


def same_staff(
    known: Columns,
    numbering: Numbering,
    senders: Mapping[Owner, Mapping[str, set[str]]],
) -> Block:
    """Return that the staff of those who sent a source are everybody, where all of them sent it."""
    import numpy as np

    names = list(numbering.names)
    of_source: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, (population, *rest) in enumerate(names):
        source = population.removeprefix("workforce:")
        whole = numbering.names.get(("workforce", rest[0], rest[1], rest[2]))
        if source != population and whole is not None:
            of_source[source].append((whole, number))
    pairs = [np.zeros((2, 0), dtype=np.int64)]
    for owner, number in numbering.owners.items():
        sent = senders.get(owner, {})
        for source, named in of_source.items():
            if sent.get("esr_staff", set()) <= sent.get(source, set()):
                found = known.of[number][np.array(named).T]
                pairs.append(found[:, (found >= 0).all(axis=0)])
    return differences(np.concatenate(pairs, axis=1), low=0, high=0)
