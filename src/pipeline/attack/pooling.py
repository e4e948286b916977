"""How the counts of an ICB or a system hang together with those of the employers in it.

A pooled count of people counts each of them once. Somebody who works for two employers has one
group there and one part, each of one of the two, and stands in both of their headcounts: how many
do, is the sum of the headcounts less the pooled one. Applications, starters and leavers are
counted as often as they happen; boards and pay quarters are made anew, and not pooled.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from pipeline.attack.counts import HIDDEN, Numbering, names_of, owners_of
from pipeline.attack.relations import NO_END, Block, Columns
from pipeline.attack.sums import EVERYBODY, FAMILIES, Name, Owner

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

HEADCOUNT: Name = ("workforce", "all", *EVERYBODY)


class _Kind(IntEnum):
    """How the counts of a name are pooled."""

    NOT = 0
    ONCE = 1
    """Each person once."""
    EVENT = 2
    """Each as often as it happens."""
    CASE = 3
    """So too, but who has what group is said by every employer's records together."""
    ASKED = 4
    """As often as it happens; but a report on several employers counts once."""
    PROMOTED = 5
    """Each person once, and moves between the employers as well."""


_KINDS = {
    "workforce": _Kind.ONCE,
    "trained": _Kind.ONCE,
    "full_pay": _Kind.ONCE,
    "pay": _Kind.ONCE,
    "bonus": _Kind.ONCE,
    "appointed": _Kind.EVENT,
    "shortlisted": _Kind.EVENT,
    "starters": _Kind.EVENT,
    "leavers": _Kind.EVENT,
    "exit_interviewed": _Kind.EVENT,
    "disciplinary": _Kind.CASE,
    "capability_performance": _Kind.CASE,
    "capability_ill_health": _Kind.CASE,
    "survey_base": _Kind.ASKED,
    "promoted": _Kind.PROMOTED,
}


def _kind(name: Name) -> _Kind:
    population, part, *_ = name
    if part.startswith("quarter:"):
        return _Kind.NOT
    return _KINDS.get(population.partition(":")[0], _Kind.NOT)


def counted_once(name: Name) -> bool:
    """Return whether a pooled count of a name counts each person once."""
    return _kind(name) is _Kind.ONCE


def _is_exact(name: Name) -> bool:
    """Return whether whoever is counted in the pooled count is in one of the members' too."""
    population, part, *group = name
    return (population in ("workforce", "pay") and part == "all") or tuple(group) == EVERYBODY


class Pool(NamedTuple):
    """An organisation and one way in which it pools others.

    Attributes:
        names: the numbers of the names that it counts.
        pooled: the columns of its counts.
        members: those of the members, a row for each; -1 where one has none.
        is_complete: whether every member that counts such people has a count.
        headcounts: the columns of the headcounts of the members that have one.
        headcount: that of its own; -1 where there is none.
    """

    names: "Ints"
    pooled: "Ints"
    members: "Ints"
    is_complete: "Flags"
    headcounts: "Ints"
    headcount: int

    def of(self, chosen: "Flags") -> "Pool":
        """Return the same pool with some of the names."""
        return self._replace(
            names=self.names[chosen],
            pooled=self.pooled[chosen],
            members=self.members[:, chosen],
            is_complete=self.is_complete[chosen],
        )

    def twice(self) -> tuple[list[int], list[int]]:
        """Return columns and weights of how many people are counted twice."""
        own = self.headcounts.tolist()
        return [*own, self.headcount], [1] * len(own) + [-1]


def pools(
    known: Columns,
    numbering: Numbering,
    members: Mapping[Owner, Sequence[Sequence[tuple[str, str]]]],
    silent: "Ints | None" = None,
) -> Iterator[Pool]:
    """Return every way in which an organisation pools others.

    Args:
        known: the columns of the counts.
        numbering: the numbers of owners and names.
        members: for each pooled organisation every way, as level and code of each of the others.
        silent: the numbers of counts that are there but were left out.
    """
    import numpy as np

    is_silent = np.zeros(known.of.shape, dtype=bool)
    if silent is not None:
        is_silent[owners_of(silent), names_of(silent)] = True
    names = list(numbering.names)
    populations: dict[str, int] = {}
    population = np.array([populations.setdefault(name[0], len(populations)) for name in names])
    # Not every employer has every directorate, nor everybody one.
    is_open = np.array(
        [part.startswith(tuple(f"{one}:" for one in FAMILIES)) for _, part, *_ in names]
    )
    headcount = numbering.names.get(HEADCOUNT)
    for owner, ways in members.items():
        if owner not in numbering.owners:
            continue
        own = known.of[numbering.owners[owner]]
        chosen = np.flatnonzero((own >= 0) & (own < known.in_figures))
        for way in ways:
            others = [(owner[0], level, code) for level, code in way]
            rows = [numbering.owners[other] for other in others if other in numbering.owners]
            if not rows:
                continue
            table = known.of[rows]
            counts = np.stack([np.isin(population, population[row >= 0]) for row in table])
            missing = is_silent[rows] | (counts & (table < 0) & ~is_open)
            heads = table[:, headcount] if headcount is not None else np.array([], dtype=np.int64)
            yield Pool(
                names=chosen,
                pooled=own[chosen],
                members=table[:, chosen],
                is_complete=~missing.any(axis=0)[chosen],
                headcounts=heads[heads >= 0],
                headcount=-1 if headcount is None else int(own[headcount]),
            )


def rows_of_pools(
    found: Iterable[Pool], numbering: Numbering, told: "Ints", *, guess: bool
) -> Iterator[Block]:
    """Return how pooled counts hang together with those of the members.

    Args:
        found: the pools.
        numbering: the numbers of owners and names.
        told: what is told of each column, ``HIDDEN`` where nothing is.
        guess: whether what is nearly always so may be taken for true, and marked.
    """
    import numpy as np

    names = list(numbering.names)
    kind_of = np.array([_kind(name) for name in names])
    exact_of = np.array([_is_exact(name) for name in names], dtype=bool)
    is_headcount = np.array([name == HEADCOUNT for name in names], dtype=bool)
    for pool in found:
        some = (pool.members >= 0).any(axis=0)
        kind, exact = kind_of[pool.names], exact_of[pool.names]
        whole = some & pool.is_complete
        once, asked = kind == _Kind.ONCE, kind == _Kind.ASKED
        yield _row(pool.of(whole & (kind == _Kind.EVENT)), low=0, high=0)
        yield _row(pool.of(whole & ((once & exact) | asked)), high=0)
        loose = whole & once & ~exact
        cases = whole & (kind == _Kind.CASE)
        if pool.headcount >= 0:
            twice = _twice(pool, told)
            yield _row(pool.of(some & once & ~is_headcount[pool.names]), low=0, twice=(twice, 1))
            yield _row(pool.of(loose), high=0, twice=(twice, -1))
        if guess:
            guessed = cases | (whole & (asked | (kind == _Kind.PROMOTED)))
            yield _row(pool.of(loose), high=0)._replace(is_guess=True)
            yield _row(pool.of(guessed), low=0, high=0)._replace(is_guess=True)
        elif pool.headcount >= 0:
            yield _row(pool.of(cases), low=0, twice=(twice, 1))
            yield _row(pool.of(cases), high=0, twice=(twice, -1))


class _Twice(NamedTuple):
    """How many people are counted twice: a number, and columns with weights to add to it."""

    number: int
    columns: list[int]
    weights: list[int]


def _twice(pool: Pool, told: "Ints") -> _Twice:
    import numpy as np

    columns, weights = pool.twice()
    numbers = told[np.array(columns)]
    if (numbers != HIDDEN).all():
        return _Twice(int((numbers * np.array(weights)).sum()), [], [])
    return _Twice(0, columns, weights)


def _row(
    pool: Pool, low: int = -NO_END, high: int = NO_END, twice: tuple[_Twice, int] | None = None
) -> Block:
    """Return for each name of a pool that the pooled count less the members' is within the ends.

    Args:
        pool: the counts.
        low: the least.
        high: the most.
        twice: how many people are counted twice, and how often they are added before.
    """
    import numpy as np

    number = len(pool.names)
    extra, times = twice or (_Twice(0, [], []), 1)
    columns = np.vstack([pool.pooled, pool.members, np.tile(extra.columns, (number, 1)).T])
    columns = columns.astype(np.int64)
    weights = np.vstack(
        [
            np.ones(number),
            -np.ones(pool.members.shape),
            times * np.tile(extra.weights, (number, 1)).T,
        ]
    ).astype(np.int64)
    is_there = columns >= 0
    shift = times * extra.number
    return Block(
        columns.T[is_there.T],
        weights.T[is_there.T],
        is_there.sum(axis=0),
        np.full(number, low if low == -NO_END else low - shift),
        np.full(number, high if high == NO_END else high - shift),
    )
