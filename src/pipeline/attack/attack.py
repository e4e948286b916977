"""The attack on published figures: which hidden counts a reader can tell too much of.

A hidden count is protected where a reader must think it possible that it is 0 or 1 and that it is
as large as the threshold allows, or where it is large for certain, or where everything that is
known of its block would leave no more if the block were withheld. Every answer rests on two
possible worlds that were looked at in whole numbers, or on a programme solved to optimality.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from pipeline.attack.apart import Board, apart
from pipeline.attack.bare import without_bare
from pipeline.attack.breaches import Breach
from pipeline.attack.counts import Numbering
from pipeline.attack.judge import Judge
from pipeline.attack.knowledge import knowledge
from pipeline.attack.questions import questions
from pipeline.attack.states import states
from pipeline.errors import UsageError
from pipeline.sharing import Each, here

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.attack.published import Release
    from pipeline.attack.sums import Count
    from pipeline.disclosure import Policy


_NEEDED = frozenset({"figure", "organisation", "coverage"})


class Attacked(NamedTuple):
    """How much of one release was attacked.

    Attributes:
        counts: how many counts a reader knows of.
        hidden: how many of them are hidden, and are attacked. Of an earlier release those of
            snapshots that a later one gave in another version.
    """

    counts: int
    hidden: int

    def with_others(self, other: "Attacked") -> "Attacked":
        """Return both together."""
        return Attacked(self.counts + other.counts, self.hidden + other.hidden)


@dataclass(frozen=True, slots=True)
class Attack:
    """What an attack found.

    Attributes:
        breaches: the counts that are not protected, in the order of their names.
        releases: how much of each release was attacked, oldest first.
        questions: how many questions that took.
        excused: the counts that may be told since withholding their block would leave no more
            open. Where more is withheld elsewhere, that may be otherwise.
    """

    breaches: tuple[Breach, ...]
    releases: tuple[Attacked, ...]
    questions: int
    excused: "frozenset[Count]" = frozenset()


def attack(
    releases: Sequence["Release"],
    policy: "Policy",
    truth: "pd.DataFrame | None" = None,
    among: "Collection[Count] | None" = None,
    each: Each = here,
) -> Attack:
    """Attack the newest of some releases with all that is published.

    Args:
        releases: the published tables of each release, oldest first: ``figure``, ``organisation``
            and ``coverage``, and whichever of the others there are.
        policy: the rule that every hidden count is to meet.
        truth: the unprotected figures of the newest release: counts that satisfy all that is
            published, with which the attack is faster and looks at remainders and at counts of 1.
        among: the only counts to look at: what was protected stays so where a reader is told less,
            but for what was excused. All of them where None.
        each: works on the organisations that hang together, one after the other or several at once.

    Raises:
        UsageError: there is no release, or one lacks a table.
    """
    if not releases:
        raise UsageError("Name at least one published database to attack.")
    for release in releases:
        if missing := sorted(_NEEDED - release.keys()):
            raise UsageError(f"A release cannot be attacked without: {', '.join(missing)}.")
    whose = None if among is None else {count.organisation for count in among}
    # The largest first, so that the last one is not waited for.
    boards = sorted(
        apart(releases, truth, whose), key=lambda board: -len(board.releases[-1]["figure"])
    )
    answers = each(partial(_attack, policy=policy, among=among), boards)
    attacked = [Attacked(0, 0)] * len(releases)
    for one in answers:
        attacked = [
            before.with_others(own) for before, own in zip(attacked, one.releases, strict=True)
        ]
    found = map(_of_now, chain.from_iterable(one.breaches for one in answers))
    by_name = {(breach.cell, breach.kind): breach for breach in found}
    return Attack(
        breaches=tuple(by_name[key] for key in sorted(by_name)),
        releases=tuple(attacked),
        questions=sum(one.questions for one in answers),
        excused=frozenset().union(*(one.excused for one in answers)),
    )


def _attack(board: Board, policy: "Policy", among: "Collection[Count] | None") -> Attack:
    """Attack the releases of organisations that hang together, as ``attack`` does."""
    releases, truth = board
    numbering = Numbering()
    found: list[Breach] = []
    attacked = [Attacked(0, 0)] * len(releases)
    asked = 0
    excused: set[Count] = set()
    for full in states(releases, numbering, policy.rounding, truth):
        state = without_bare(full, numbering, policy.small_base)
        if not len(state.told.numbers):
            continue
        known = knowledge(state, numbering, policy)
        of = questions(known, numbering, policy)
        if among is not None:
            of = of.among({known.named(numbering, column): column for column in of.columns}, among)
        judge = Judge(known, of, numbering, policy)
        found += judge.breaches()
        excused.update(known.named(numbering, column) for column in judge.excused)
        attacked[-1 - full.age] = Attacked(len(full.told.numbers), len(full.asked))
        asked += len(of.subjects)
    return Attack(tuple(found), tuple(attacked), asked, frozenset(excused))


def _of_now(breach: Breach) -> Breach:
    """Return a breach with the code of an organisation in place of one of its versions."""
    code = breach.cell.organisation.partition(" ")[0]
    return replace(breach, cell=breach.cell._replace(organisation=code))
