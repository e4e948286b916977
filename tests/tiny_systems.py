"""Tiny systems, of which every world and every choice can be counted out.

A count is a set of kinds of people, and a world says how many there are of each kind, so that what
adds up to what follows from how the counts are made.
"""

from dataclasses import dataclass, field
from random import Random

from cells import ICB, owner

from pipeline.protect.cells import Owner

Cell = tuple[Owner, str]
EVERYBODY = "workforce/all//ALL"
FEW = 10
"""Counts from one to below this are small."""


@dataclass
class Tiny:
    """A system that can be counted out.

    Attributes:
        kinds: the kinds of people.
        people: how many there are of each kind.
        counts: for each count how often it counts each kind.
        totals: how many people there are of some kinds together, as the headcounts tell.
        most: of how many people a world is at most where no headcount tells it.
        members: who is pooled.
        rests: people between two counts, who are not counted.
        twice: people of a group who work for two employers.
        wholes: the counts that are the sum of the groups of one characteristic, with those.
    """

    kinds: list[str]
    people: list[int]
    counts: dict[Cell, list[int]] = field(default_factory=dict)
    totals: list[list[int]] = field(default_factory=list)
    most: int = 30
    members: dict[Owner, list[list[Owner]]] = field(default_factory=dict)
    rests: list[list[int]] = field(default_factory=list)
    twice: list[list[int]] = field(default_factory=list)
    wholes: dict[Cell, list[Cell]] = field(default_factory=dict)

    def count(self, cell: Cell, *kinds: str, minus: str = "") -> None:
        """Count these kinds of people, and those of one kind less."""
        self.counts[cell] = [(kind in kinds) - (kind == minus) for kind in self.kinds]

    def whole(self, cell: Cell, *kinds: str) -> None:
        """Count everybody of a population and part, whom its groups add up to."""
        self.count(cell, *kinds)
        self.wholes[cell] = []

    def group(self, whole: Cell, cell: Cell, *kinds: str, minus: str = "") -> None:
        """Count one of the groups that add up to a whole."""
        self.count(cell, *kinds, minus=minus)
        self.wholes[whole].append(cell)

    def number(self, terms: list[int]) -> int:
        """Return how many people that are."""
        return sum(factor * own for factor, own in zip(terms, self.people, strict=True))

    def by_owner(self) -> dict[Owner, dict[str, int]]:
        """Return the counts by name for each organisation."""
        found: dict[Owner, dict[str, int]] = {}
        for (own, name), terms in self.counts.items():
            found.setdefault(own, {})[name] = self.number(terms)
        return found

    def is_kept(self, cell: Cell) -> bool:
        """Return whether a count is shown in any case: a headcount of ten or more."""
        return cell[1] == EVERYBODY and self.number(self.counts[cell]) >= FEW


_FEW_OR_MORE = (0, 0, 1, 1, 2, 3, 5, 8, 9, 10, 11, 12)
_MOSTLY_MORE = (0, 3, 10, 10, 11, 12, 14)
"""Where nobody but those who are counted twice may be few."""


def tiny_system(seed: int) -> Tiny:
    """Return the tiny system of a seed, always the same."""
    random = Random(seed)
    while True:
        tiny = FAMILIES[seed % len(FAMILIES)](random)
        cells = [cell for cell in tiny.counts if cell[1] == EVERYBODY]
        if all(tiny.is_kept(cell) for cell in cells):
            return tiny


def one_table(random: Random) -> Tiny:
    """Groups of one employer, with the finer categories of one of them, and the known."""
    kinds = ["WHITE", "D", "H", "UNKNOWN"]
    tiny = Tiny(kinds, _people(random, kinds, 30))
    own = owner("01T")
    tiny.count((own, EVERYBODY), *kinds)
    ethnicity = {"WHITE": ["WHITE"], "BME": ["D", "H"], "UNKNOWN": ["UNKNOWN"]}
    for group, of in (ethnicity | {"KNOWN": ["WHITE", "D", "H"]}).items():
        tiny.count((own, f"workforce/all/ethnicity/{group}"), *of)
    for category in "DH":
        tiny.count((own, f"workforce/all/ethnicity:BME/{category}"), category)
    tiny.totals = [tiny.counts[own, EVERYBODY]]
    tiny.wholes = {
        (own, EVERYBODY): [(own, f"workforce/all/ethnicity/{group}") for group in ethnicity],
        (own, "workforce/all/ethnicity/BME"): [
            (own, f"workforce/all/ethnicity:BME/{category}") for category in "DH"
        ],
    }
    return tiny


def directorates(random: Random) -> Tiny:
    """Two directorates of one employer, by two groups."""
    sides, groups = ("1", "2"), ("FEMALE", "UNKNOWN")
    kinds = [f"{side}{group}" for side in sides for group in groups]
    tiny = Tiny(kinds, _people(random, kinds, 30))
    own = owner("01T")
    for part, of in (("all", sides), *((f"directorate:{side}", (side,)) for side in sides)):
        everybody = own, f"workforce/{part}//ALL"
        tiny.whole(everybody, *(f"{side}{group}" for side in of for group in groups))
        for group in groups:
            cell = own, f"workforce/{part}/sex/{group}"
            tiny.group(everybody, cell, *(f"{side}{group}" for side in of))
    tiny.totals = [tiny.counts[own, EVERYBODY]]
    return tiny


def pooled(random: Random) -> Tiny:
    """Two employers and their ICB, by three groups."""
    return _pooled(random, ("01T", "01V"), "ethnicity", ("WHITE", "BME", "UNKNOWN"))


def pooled_by_sex(random: Random) -> Tiny:
    """Three employers and their ICB, by two groups."""
    return _pooled(random, ("01T", "01V", "01X"), "sex", ("FEMALE", "UNKNOWN"))


def counted_twice(random: Random) -> Tiny:
    """Two employers and their ICB, by two groups; one or two people work for both."""
    return _pooled(random, ("01T", "01V"), "sex", ("FEMALE", "UNKNOWN"), joint=random.randint(1, 2))


def _pooled(
    random: Random,
    codes: tuple[str, ...],
    characteristic: str,
    groups: tuple[str, ...],
    joint: int = 0,
) -> Tiny:
    kinds = [f"{code}{group}" for code in codes for group in groups]
    people = _people(random, kinds, *((48, _MOSTLY_MORE) if joint else (14 * len(codes),)))
    twice = [f"twice {group}" for group in groups] if joint else []
    # Whoever works for both is counted in each.
    held = [groups.index(random.choice(groups)) for _ in range(joint)]
    for one in held:
        people[one] += 1
        people[len(groups) + one] += 1
    people += [held.count(at) for at in range(len(groups))] if joint else []
    tiny = Tiny([*kinds, *twice], people, most=sum(people))
    pool = owner(ICB)
    tiny.members = {pool: [[owner(code) for code in codes]]}
    for code in (*codes, ICB):
        of = codes if code == ICB else (code,)
        own, everybody = owner(code), (owner(code), EVERYBODY)
        tiny.whole(everybody, *(f"{one}{group}" for one in of for group in groups))
        if code == ICB:
            tiny.counts[everybody] = [
                -1 if kind in twice else factor
                for kind, factor in zip(tiny.kinds, tiny.counts[everybody], strict=True)
            ]
        tiny.totals.append(tiny.counts[everybody])
        for group in groups:
            cell = own, f"workforce/all/{characteristic}/{group}"
            less = f"twice {group}" if code == ICB else ""
            tiny.group(everybody, cell, *(f"{one}{group}" for one in of), minus=less)
    if joint:
        # How many work for both is known of everybody, and so of no group more.
        tiny.totals[-1] = [int(kind in twice) for kind in tiny.kinds]
        tiny.twice = [[int(kind == one) for kind in tiny.kinds] for one in twice]
    return tiny


def applications(random: Random) -> Tiny:
    """Whoever was shortlisted and appointed, of two groups."""
    groups = ("WHITE", "UNKNOWN")
    kinds = [f"{group} {is_in}" for group in groups for is_in in ("in", "out")]
    tiny = Tiny(kinds, _people(random, kinds, 22), most=32)
    own = owner("01T")
    for population, of in (("shortlisted", ("in", "out")), ("appointed", ("in",))):
        everybody = own, f"{population}/all//ALL"
        tiny.whole(everybody, *(f"{group} {is_in}" for group in groups for is_in in of))
        for group in groups:
            cell = own, f"{population}/all/ethnicity/{group}"
            tiny.group(everybody, cell, *(f"{group} {is_in}" for is_in in of))
    tiny.rests = [
        [int(kind in own) for kind in kinds] for own in (kinds[1:2], kinds[3:], kinds[1::2])
    ]
    return tiny


def _people(
    random: Random, kinds: list[str], most: int, numbers: tuple[int, ...] = _FEW_OR_MORE
) -> list[int]:
    while True:
        people = [random.choice(numbers) for _ in kinds]
        if sum(people) <= most:
            return people


FAMILIES = (one_table, directorates, pooled, pooled_by_sex, counted_twice, applications)
