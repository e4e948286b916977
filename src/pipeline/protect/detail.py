"""Detail that is not published at all, because the policy says so.

Some detail is published at some snapshots and levels only; of that no count is looked at. Below
the level of an organisation (a band, a directorate) a block of few people is withheld with its
base, and one of many groups is published in its coarse groups only.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from pipeline.assess.columns import COUNTS, PEOPLE
from pipeline.disclosure import Policy
from pipeline.protect.cells import Owner
from pipeline.protect.counted import Counted, cell_name

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

WHOLE = frozenset({"all", "one_year", "two_year"})
"""The parts that are a whole organisation, at a snapshot or over its cases of some years."""
PAY = frozenset({"pay", "full_pay", "bonus"})
BOARD = "board"
_AT_SNAPSHOT = frozenset({"workforce", BOARD, *PAY})
_SURVEYS = frozenset({"survey", "survey_base"})
_NO_GROUPS = frozenset({"ALL", "KNOWN", "NOT_WHITE_BRITISH"})
"""Names that stand for several groups of a characteristic together."""
_ALWAYS = frozenset({"EDS", "ACTIONS", "DUTIES"})
"""Standards of work done, not of people; what follows from a figure goes with that."""


class Name(NamedTuple):
    """The name of a cell in its parts."""

    population: str
    part: str
    characteristic: str
    group: str


class Block(NamedTuple):
    """The cells of one organisation, population, part and characteristic, details included."""

    owner: Owner
    population: str
    part: str
    characteristic: str


Members = Mapping[Owner, list[list[Owner]]]
"""For each pooled organisation every way in which it is put together."""
Key = tuple[Owner, str, str, str]
"""The parts of a block."""


class Withheld(NamedTuple):
    """What is not published, for each row of the figures and for each of their counts.

    Attributes:
        by_date: rows that are not published at their level and snapshot, whatever they count.
        by_count: rows of blocks that are not published for a count that the policy names.
        cells: for each place among ``Counted.names`` whether its count is withheld itself: those
            of a withheld block, the unknown and the disabled of a board, and those of an employer
            that might be seen to cross the threshold.
    """

    by_date: "pd.Series[bool]"
    by_count: "pd.Series[bool]"
    cells: "npt.NDArray[np.bool_]"


@lru_cache(maxsize=16384)
def parsed(name: str) -> Name:
    """Return the parts of the name of a cell; of none the name is empty."""
    return Name(*name.split("/")) if name else Name("", "all", "", "")


def is_below(name: Name) -> bool:
    """Return whether a count is of a part of an organisation, such as a band or a directorate."""
    return name.part not in WHOLE and name.population not in _SURVEYS


def withheld(
    figures: pd.DataFrame,
    counts: Counted,
    members: Members,
    policy: Policy,
    blocks: Collection[Block] = (),
) -> Withheld:
    """Return which of the figures and counts are withheld.

    Args:
        figures: the figures, unprotected.
        counts: the counts in them.
        members: for each pooled organisation every way in which it is put together.
        policy: what is published when, and of how many people.
        blocks: more blocks that must not be published, since a reader would work them out.
    """
    import numpy as np

    many, few = _blocks(counts, policy)
    few.update(blocks)
    asked_for = {block.characteristic for block in blocks}
    of_many, of_few, of_board = (np.zeros(len(counts.names), dtype=bool) for _ in range(3))
    for place, (owner, text) in enumerate(zip(counts.owners, counts.names, strict=True)):
        name = parsed(text)
        if not is_below(name) and name.population != BOARD:
            coarse = name.characteristic.partition(":")[0]
            of_few[place] = coarse in asked_for and (owner, *name[:2], coarse) in few
            continue
        block = (owner, *name[:3])
        of_many[place] = block in many and name.group not in _NO_GROUPS
        of_few[place] = block in few or (*block[:3], block[3].partition(":")[0]) in few
        is_there = text in counts.counts.get(owner, ())
        of_board[place] = is_there and name.population == BOARD and _is_private(name, policy)
    by_date = ~_is_published(figures, counts, members, policy) | _counts_any(
        figures, counts, of_many
    )
    by_count = _counts_any(figures, counts, of_few) & ~by_date
    cells = of_many | of_few | of_board | _within_crossing(counts, policy)
    return Withheld(by_date, by_count, cells)


def is_told_in_any_case(name: Name, policy: Policy) -> bool:
    """Return whether a count is told however small it is."""
    if name.population == BOARD and policy.board_public_office:
        return name.characteristic == "ethnicity" and not _is_private(name, policy)
    return name.group == "UNKNOWN" and not policy.unknown_sensitive


def _is_private(name: Name, policy: Policy) -> bool:
    """Return whether a count of a board is hidden whatever it is.

    Where seats are public offices, who is known to be what is told; the number of all seats with
    that would tell the number of those who did not say.
    """
    if name.characteristic.partition(":")[0] == "disability" or name.group == "UNKNOWN":
        return True
    return policy.board_public_office and name.group in _NO_GROUPS


def _is_published(
    figures: pd.DataFrame, counts: Counted, members: Members, policy: Policy
) -> "pd.Series[bool]":
    """Return which rows are published at their level and snapshot."""
    told = figures[list(Owner._fields)].assign(
        kind=_kinds(figures), population=_populations(figures)
    )
    there = {
        owner: {parsed(name).population for name in own} for owner, own in counts.counts.items()
    }
    answers = {}
    for *fields, kind, population in told.drop_duplicates().itertuples(index=False):
        owner = Owner(*fields)
        ways = [
            [one for one in way if one.level != "employer" or population in there.get(one, ())]
            for way in members.get(owner, [])
        ]
        level = "employer" if _tells_one_employer(ways) else owner.level
        published = not kind or policy.publishes(kind, level, owner.period_end)
        answers[*owner, kind, population] = published
    keys = zip(*(told[name].tolist() for name in told), strict=True)
    return pd.Series([answers[key] for key in keys], index=figures.index, dtype=bool)


def _tells_one_employer(ways: Sequence[Sequence[Owner]]) -> bool:
    """Return whether figures of a pooled organisation would be those of one employer.

    So are those of an ICB of which one employer sent its extract, and those of a system less those
    of its ICB where there is one trust; they are published as those of an employer are.

    Args:
        ways: every way in which it is put together, of those who sent theirs.
    """
    return any(sum(one.level == "employer" for one in way) == 1 for way in ways)


def _populations(figures: pd.DataFrame) -> "pd.Series[str]":
    """Return of whom each row is: the population of the first of its counts that counts people."""
    first = figures[PEOPLE[0]]
    for column in PEOPLE[1:]:
        first = first.fillna(figures[column])
    names = first.map({one: parsed(cell_name(one)).population for one in first.dropna().unique()})
    return names.fillna("")


def _kinds(figures: pd.DataFrame) -> "pd.Series[str]":
    """Return the kind of each row, of ``disclosure.KINDS``; empty where it is always published."""
    names = pd.concat([figures[column] for column in PEOPLE], ignore_index=True)
    codes, uniques = pd.factorize(names, use_na_sentinel=False)
    ranks = pd.Series([_rank(people) for people in uniques]).take(codes).to_numpy()
    rank = pd.Series(ranks.reshape(len(PEOPLE), -1).max(axis=0), index=figures.index)
    kind = rank.map(dict(enumerate(("", "detail", "parts", "twelve_months"))))
    kind = kind.mask(figures["measure"].eq("headcount"), "headcount")
    return kind.mask(figures["standard"].isin(list(_ALWAYS)), "")


def _rank(people: object) -> int:
    """Return a number for the kind of figures of people, the highest of a row deciding."""
    if not isinstance(people, str):
        return 0
    name = parsed(cell_name(people))
    if name.population in _SURVEYS:
        return 0
    if name.population.partition(":")[0] not in _AT_SNAPSHOT:
        return 3
    is_part = is_below(name) and name.population != BOARD and not name.part.startswith("quarter:")
    return 2 if is_part else 1


def _blocks(counts: Counted, policy: Policy) -> tuple[set[Key], set[Key]]:
    """Return the blocks below the level of an organisation of many groups, and those of few people.

    Boards that are public offices are no such block, and of pay no count is published at all.
    """
    many, few = set(), set()
    for owner, own in counts.counts.items():
        blocks: dict[tuple[str, str], dict[str, dict[str, int]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        for text, count in own.items():
            name = parsed(text)
            is_public = name.population == BOARD and policy.board_public_office
            if is_below(name) and name.population not in PAY and not is_public:
                blocks[name[:2]][name.characteristic][name.group] = count
        for (population, part), characteristics in blocks.items():
            base = own.get(f"{population}/{part}//ALL")
            groups: Counter[str] = Counter()
            for characteristic in sorted(characteristics):
                named = characteristics[characteristic]
                block = (owner, population, part, characteristic)
                # Of the tiers of a ratio only those of known ethnicity stand in a figure.
                if (sum(named.values()) if base is None else base) < policy.minimum_base:
                    few.add(block)
                if policy.whole_blocks and any(_is_few(n, policy) for n in named.values()):
                    few.add(block)
                coarse = characteristic.partition(":")[0]
                groups[coarse] += sum(group not in _NO_GROUPS for group in named)
                if groups[coarse] > policy.most_groups:
                    many.add(block)
    return many, few


def _is_few(count: int, policy: Policy) -> bool:
    """Return whether a count below employer level may not be told."""
    return policy.is_small(count) or (not count and policy.hides_zeros_below_employer)


def _within_crossing(counts: Counted, policy: Policy) -> "npt.NDArray[np.bool_]":
    """Return the counts of employers that are hidden lest a reader see them cross the threshold.

    Where their detail is published more than once a year, most counts that fall below the threshold
    within a quarter were just above it.
    """
    import numpy as np

    found = np.zeros(len(counts.names), dtype=bool)
    months = policy.detail["employer"]["detail"]
    if len(months) == 1 or not policy.hide_small:
        return found
    hidden: dict[tuple[str, str], bool] = {}
    order = sorted(range(len(counts.names)), key=lambda place: counts.owners[place].period_end)
    for place in order:
        owner, name = counts.owners[place], counts.names[place]
        number = counts.counts.get(owner, {}).get(name)
        if number and owner.level == "employer" and owner.period_end.month in months:
            key = owner.organisation_code, name
            shown_from = policy.show_again_at if hidden.get(key) else policy.hide_below
            hidden[key] = found[place] = number < max(shown_from, policy.threshold)
    return found


def _counts_any(
    figures: pd.DataFrame, counts: Counted, places: "npt.NDArray[np.bool_]"
) -> "pd.Series[bool]":
    """Return which rows count any of the places."""
    found = pd.Series(data=False, index=figures.index)
    for count in COUNTS:
        found |= places[counts.of_rows[count]]
    return found
