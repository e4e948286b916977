"""What must be protected in one state of the figures: questions, and what is told outright."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from pipeline.attack.conditions import MOST_PEOPLE, Term
from pipeline.attack.counts import HIDDEN, Numbering, names_of, owners_of, place
from pipeline.attack.knowledge import Knowledge
from pipeline.attack.people import COARSE
from pipeline.attack.pooling import counted_once
from pipeline.attack.sums import EVERYBODY, Count, Name
from pipeline.attack.zeros import WHOLE, zeros_hidden, zeros_of_silent

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from pipeline.disclosure import Policy

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

PAY = frozenset({"pay", "full_pay", "bonus"})
_FINE = {coarse: fine for fine, coarse in COARSE.items()}


class Subject(NamedTuple):
    """A number of people that must be protected.

    Attributes:
        kind: what it is: interval, remainder or counted_twice.
        column: the column of the count that it is named by.
        terms: its columns, with their weights.
        least: as how few it must be able to appear.
        most: as how many it must be able to appear.
        is_withheld: whether nothing of its block is published, so that it need only have as many
            values as the rule leaves at least.
    """

    kind: str
    column: int
    terms: tuple[Term, ...]
    least: int
    most: int
    is_withheld: bool = False


class Telling(NamedTuple):
    """A number of people that is told outright, and may not be.

    Attributes:
        kind: what it is.
        column: the column of the count that it is named by.
        number: how many.
    """

    kind: str
    column: int
    number: int


class Questions(NamedTuple):
    """What must be protected.

    Attributes:
        hidden: the columns of the hidden counts.
        ones: those of hidden counts of 1, each of which its member knows; none where the truth is
            not known.
        subjects: these and other numbers, a question each.
        told: what is told outright.
        hides_zero: of each column in a figure whether a zero may not be told.
        block: of each column in a figure a number for its block, -1 for everybody.
        is_withheld: whether nothing of its block is published.
    """

    hidden: "Ints"
    ones: "Ints"
    subjects: list[Subject]
    told: list[Telling]
    hides_zero: "Flags"
    block: "Ints"
    is_withheld: "Flags"

    @property
    def columns(self) -> list[int]:
        """The columns that the hidden counts and the other numbers are named by."""
        return sorted({*self.hidden.tolist(), *(subject.column for subject in self.subjects)})

    def among(self, columns: Mapping[Count, int], counts: Collection[Count]) -> "Questions":
        """Return the questions that are named by some counts.

        Args:
            columns: the column of each count.
            counts: the counts.
        """
        import numpy as np

        chosen = {columns[count] for count in counts if count in columns}
        return self._replace(
            hidden=np.intersect1d(self.hidden, sorted(chosen)).astype(np.int64),
            subjects=[
                subject
                for subject in self.subjects
                if subject.column in chosen or subject.is_withheld
            ],
        )


def questions(known: Knowledge, numbering: Numbering, policy: "Policy") -> Questions:
    """Return what must be protected in one state."""
    import numpy as np

    numbers = known.state.told.numbers
    names = list(numbering.names)
    exempt = np.array([_is_exempt(name, policy) for name in names], dtype=bool)
    of_name = names_of(numbers)
    hides_zero = zeros_hidden(known, numbering, policy)
    is_secret = np.zeros(known.columns.size, dtype=bool)
    is_secret[: len(numbers)] = ~exempt[of_name]
    asked = place(numbers, known.state.asked)
    # What a pay gap that the law makes public tells of its headcounts is public too, and no other
    # gap tells anything of them.
    of_pay = np.zeros(known.columns.size, dtype=bool)
    of_pay[: len(numbers)] = np.array([name[0] in PAY for name in names], dtype=bool)[of_name]
    hidden = asked[is_secret[asked] & ~of_pay[asked]]
    is_out = np.zeros(known.columns.size, dtype=bool)
    is_out[place(numbers, known.state.out)] = len(known.state.out) > 0
    most = policy.threshold - 1
    block = _blocks(known, names)
    withheld = _is_withheld(known, block, _populations(known, names), is_out)
    asked_zero = hides_zero | zeros_of_silent(known, numbering, policy)
    subjects = list(_hidden(known, hidden, withheld, asked_zero, policy))
    told = [
        Telling("interval", column, number)
        for column, number in _told_small(known, policy, is_secret & ~is_out, hides_zero)
    ]
    for subject, number in (*_remainders(known, most), *_twice(known, names, most)):
        columns = [column for column, _ in subject.terms]
        if is_out[columns].all() or not is_secret[subject.column]:
            continue
        if all(column < len(block) and withheld[column] for column in columns):
            continue
        if (of_pay[columns] & (known.told[columns] == HIDDEN)).all():
            continue
        if all(known.low[column] == known.high[column] for column in columns):
            told.append(Telling(subject.kind, subject.column, number))
        else:
            subjects.append(subject)
    ones = hidden[:0] if known.truth is None else hidden[known.truth[hidden] == 1]
    return Questions(hidden, ones, subjects, told, hides_zero, block, withheld)


def _hidden(
    known: Knowledge, hidden: "Ints", is_withheld: "Flags", asked_zero: "Flags", policy: "Policy"
) -> Iterator[Subject]:
    """Yield each hidden count that must be protected.

    Where the truth is known these are the counts that are few, and of those of nobody the ones that
    may not be told, or may only be told outright. A count that is not few tells of no small group,
    and is hidden for the sake of others.
    """
    import numpy as np

    least, most = 1, policy.threshold - 1
    asked = hidden
    if known.truth is not None:
        true = known.truth[hidden]
        is_few = (true > 0) & (true < policy.threshold)
        is_few |= (true == 0) & asked_zero[hidden]
        asked = hidden[np.flatnonzero(is_few)]
    for column, withheld in zip(asked.tolist(), is_withheld[asked].tolist(), strict=True):
        yield Subject("interval", column, ((column, 1),), least, most, withheld)


def _is_withheld(known: Knowledge, block: "Ints", population: "Ints", is_out: "Flags") -> "Flags":
    """Return whether nothing of the block of each column in a figure is published.

    The band of a declaration rate is no count of a block. Everybody of an organisation is in no
    block: they are withheld where nothing of their whole population is published. Everybody of a
    part is withheld where all of it is.
    """
    import numpy as np

    is_told = (known.low != known.high) & (known.high < MOST_PEOPLE)
    is_told |= (known.told != HIDDEN) & ~is_out
    of_block, of_population = (
        (np.bincount(which, weights=is_told[: len(which)]) > 0)[which]
        for which in (np.unique(groups, return_inverse=True)[1] for groups in (block, population))
    )
    return np.where(block < 0, ~of_population, ~of_block)


def _is_exempt(name: Name, policy: "Policy") -> bool:
    """Return whether a count may be told however small it is."""
    population, _, characteristic, group = name
    if population == "board" and policy.board_public_office:
        return characteristic.partition(":")[0] == "ethnicity" and group != "UNKNOWN"
    return group == "UNKNOWN" and not policy.unknown_sensitive


def _told_small(
    known: Knowledge, policy: "Policy", is_secret: "Flags", hides_zero: "Flags"
) -> Iterator[tuple[int, int]]:
    """Yield each column that tells few people, and their number."""
    import numpy as np

    told = known.told
    is_small = (told > 0) & (told < policy.threshold)
    is_small[: len(hides_zero)] |= (told[: len(hides_zero)] == 0) & hides_zero
    for column in np.flatnonzero(is_small & is_secret).tolist():
        if column < known.columns.in_figures:
            yield column, int(told[column])


def _remainders(known: Knowledge, most: int) -> Iterator[tuple[Subject, int]]:
    """Yield each remainder of a whole that is few people, and how many they are."""
    import numpy as np

    for owner, pattern in known.columns.patterns.items():
        whole, part = known.columns.of[owner][pattern.parts]
        rest = _number(known, [(whole, 1), (part, -1)])
        for at in np.flatnonzero((rest > 0) & (rest <= most)).tolist():
            terms = ((int(whole[at]), 1), (int(part[at]), -1))
            yield Subject("remainder", int(part[at]), terms, 1, most), int(rest[at])


def _twice(known: Knowledge, names: list[Name], most: int) -> Iterator[tuple[Subject, int]]:
    """Yield each few of a group who are counted in several members of a pool, and how many."""
    import numpy as np

    of_people = np.array([counted_once(name) and name[2:] != EVERYBODY for name in names])
    is_known = np.array([name[3] == "KNOWN" for name in names])
    for pool in known.pools:
        chosen = pool.of(of_people[pool.names] & ~is_known[pool.names] & pool.is_complete)
        if not len(chosen.names):
            continue
        everybody, weights = pool.twice()
        several = most
        if pool.headcount >= 0 and (known.told[everybody] != HIDDEN).all():
            several = min(most, int((known.told[everybody] * np.array(weights)).sum()))
        number = -_number(known, [(chosen.pooled, 1)])
        is_open = number > 0
        for row in chosen.members:
            value = _number(known, [(np.maximum(row, 0), 1)])
            is_open |= (row >= 0) & (value == HIDDEN)
            number += np.where(row >= 0, value, 0)
        for at in np.flatnonzero(~is_open & (number > 0) & (number <= most)).tolist():
            members = chosen.members[:, at]
            terms = (
                (int(chosen.pooled[at]), -1),
                *((column, 1) for column in members[members >= 0].tolist()),
            )
            subject = Subject("counted_twice", int(chosen.pooled[at]), terms, 1, several)
            yield subject, int(number[at])


def _number(known: Knowledge, terms: "list[tuple[Ints, int]]") -> "Ints":
    """Return the truth of numbers where it is known, else what is told; ``HIDDEN`` for neither."""
    import numpy as np

    values = [(known.told if known.truth is None else known.truth)[columns] for columns, _ in terms]
    is_known = np.all([value != HIDDEN for value in values], axis=0)
    sums = np.sum(
        [value * weight for value, (_, weight) in zip(values, terms, strict=True)], axis=0
    )
    return np.where(is_known, sums, HIDDEN)


def _blocks(known: Knowledge, names: list[Name]) -> "Ints":
    """Return a number for the block of each column in a figure.

    Everybody of a part is a block of its own; everybody of an organisation is in none, -1.
    """
    import numpy as np

    numbers: dict[tuple[str, str, str], int] = {}
    of_name = np.array(
        [
            -1
            if not name[2] and name[1] in WHOLE
            else numbers.setdefault((name[0], name[1], characteristic(name[2])), len(numbers))
            for name in names
        ]
    )
    block = of_name[names_of(known.state.told.numbers)]
    owner = owners_of(known.state.told.numbers)
    return np.where(block < 0, -1, owner * (len(numbers) + 1) + block)


def _populations(known: Knowledge, names: list[Name]) -> "Ints":
    """Return a number for the population of each column in a figure, whosever it is."""
    import numpy as np

    numbers: dict[str, int] = {}
    of_name = np.array([numbers.setdefault(name[0], len(numbers)) for name in names])
    counts = known.state.told.numbers
    found: Ints = owners_of(counts) * (len(numbers) + 1) + of_name[names_of(counts)]
    return found


def characteristic(named: str) -> str:
    """Return the characteristic of details and of coarse groups too."""
    name = named.partition(":")[0]
    return _FINE.get(name, name)
