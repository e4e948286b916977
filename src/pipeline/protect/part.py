"""The rules of the columns that hang together, by themselves.

What is asked of a few columns so looks at no others, however many a release has.
"""

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pipeline.protect.rules import Rules
from pipeline.protect.system import within

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.protect.system import Ints


class Part(NamedTuple):
    """Columns that hang together, with those beside them that are known, numbered anew.

    Attributes:
        rules: what holds of each of them.
        columns: which of them hang together and are not known, in order.
        kept: their numbers in the whole system, in order.
    """

    rules: Rules
    columns: "Ints"
    kept: "Ints"

    def numbers(self, columns: "Iterable[int]") -> list[int]:
        """Return the numbers of some columns in the whole system."""
        import numpy as np

        return [int(one) for one in self.kept[np.array(list(columns), dtype=np.int64)]]


def part(rules: Rules, columns: "Ints", alike_of: "Mapping[int, Sequence[int]]") -> Part:
    """Return some columns as a part by themselves.

    Args:
        rules: what holds of each column of the system.
        columns: the columns that hang together over rows, in order; no other free one stands in
            a row with them.
        alike_of: what ``places_of_alike`` returns.
    """
    own, kept = within(rules.system, columns)
    place = {column: at for at, column in enumerate(kept.tolist())}
    free = set(columns.tolist())
    # In the order in which they stand in the whole, which so decides a tie as it does there.
    listed = sorted({at for one in free for at in alike_of.get(one, ())})
    alike = [tuple(place[one] for one in rules.alike[at] if one in free) for at in listed]
    by_column = (
        "primary", "unknown", "sensitive", "fixed", "prices", "told_zero", "of_silent", "enough",
        "block", "is_base",
    )  # fmt: skip
    of_kept = rules._replace(
        system=own,
        alike=alike,
        **{name: getattr(rules, name)[kept] for name in by_column},
    )
    return Part(of_kept, (~of_kept.fixed).nonzero()[0], kept)


def places_of_alike(alike: "Sequence[Iterable[int]]") -> "Mapping[int, Sequence[int]]":
    """Return for each cell its places among groups of which not all may be told to be none."""
    found: dict[int, list[int]] = defaultdict(list)
    for place, empty in enumerate(alike):
        for cell in empty:
            found[cell].append(place)
    return found
