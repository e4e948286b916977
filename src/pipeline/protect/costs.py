"""What hiding a count costs a reader: public facts about the cell, never its number.

Source: the costs of a cell suppression problem as in Fischetti and Salazar, "Models and Algorithms
for Optimizing Cell Suppression in Tabular Data with Linear Constraints" (2000); they are set by
the policy, so that what is hidden tells nothing of the numbers.
"""

from functools import cache, lru_cache
from hashlib import blake2b

from pipeline.disclosure import Costs as CostsOfPolicy
from pipeline.disclosure import Policy
from pipeline.protect.cells import Owner
from pipeline.protect.sums import coarse_characteristics

WHOLE_PARTS = frozenset({"all", "one_year", "two_year", "voting", "executive"})
"""The parts that are a whole organisation: everybody, all cases of a time, a board's seats."""
_HASH_BYTES = 6


class Costs:
    """The costs of one policy, each from 0 to below 1: what decides among as few cells."""

    def __init__(self, policy: Policy) -> None:
        of_policy = policy.costs
        self._rank = lru_cache(maxsize=8192)(lambda level, name: _rank(of_policy, level, name))
        self._steps = _most(of_policy) * (len(of_policy.headlines) + 1) + 1
        self._key = policy.sha256.encode()[:64]

    def of(self, owner: Owner, name: str) -> float:
        """Return the cost of a cell.

        First by the costs of the policy, then by the place of the characteristic among the
        headlines. What is left is decided by a hash of the name with the policy's as its key:
        whoever has the policy can repeat it, and it hangs on no pseudonym.
        """
        text = "\n".join((*map(str, owner), name))
        digest = blake2b(text.encode(), digest_size=_HASH_BYTES, key=self._key).digest()
        tie = int.from_bytes(digest) / 256**_HASH_BYTES
        return float((self._rank(owner.level, name) + tie) / self._steps)


def _most(costs: CostsOfPolicy) -> int:
    return int(
        max(costs.levels.values()) * max(costs.parts.values()) * max(costs.categories.values())
    )


def _rank(costs: CostsOfPolicy, level: str, name: str) -> int:
    _, part, characteristic, group = name.split("/")
    plain = characteristic.partition(":")[0]
    product = (
        costs.levels[level]
        * costs.parts["whole" if part in WHOLE_PARTS else "below"]
        * costs.categories[category(characteristic, group)]
    )
    order = [*costs.headlines]
    place = order.index(plain) if plain in order else len(order)
    return int(product * (len(order) + 1) - place)


@cache
def category(characteristic: str, group: str) -> str:
    """Return what a count is of: everybody, the known, a group, several together or a detail."""
    if not characteristic:
        return "everybody"
    if group in ("KNOWN", "UNKNOWN"):
        return group.lower()
    if ":" in characteristic:
        return "detail"
    is_coarse = characteristic in coarse_characteristics() or group == "NOT_WHITE_BRITISH"
    return "coarse" if is_coarse else "group"
