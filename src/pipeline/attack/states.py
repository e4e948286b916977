"""Several releases together: which of their counts are the same, and which are out.

A count of the same people that an earlier release told is a constant in a later one that hides it.
Where the two tell different numbers, or the true one is another, the earlier one is of an earlier
version of the same snapshot, which is attacked by itself, with what the later releases tell of
those whose counts did not change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.attack.counts import (
    HIDDEN,
    KEY,
    Numbering,
    Rows,
    Told,
    counts_of,
    names_of,
    of_added,
    of_owner,
    owners_of,
    place,
    rows,
    told,
)
from pipeline.attack.people import is_survey
from pipeline.attack.pooling import HEADCOUNT
from pipeline.attack.published import members_of
from pipeline.attack.sums import Owner

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from pipeline.attack.published import Release

    Ints = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

_TOLD_AS = ("ok", "suppressed")
"""The statuses of figures whose counts are there, told or not."""


@dataclass(frozen=True, slots=True)
class State:
    """The counts of one state of the published figures.

    Attributes:
        release: the tables that it stands in.
        age: how many releases came after it.
        rows: whom the counts of its figures count.
        told: what is told of each count, by whichever release.
        out: the numbers of the counts that an earlier release told already.
        asked: the numbers of those that this release hides, and that were hidden before.
        truth: what each count truly is, in the order of ``told``; None where nobody says.
        silent: the numbers of counts that were left out since they bind nothing.
        late: what a pool counts more than in an earlier version, as an owner of its own, with the
            members that were not in that version.
    """

    release: "Release"
    age: int
    rows: Rows
    told: Told
    out: "Ints"
    asked: "Ints"
    truth: "Ints | None"
    silent: "Ints | None" = None
    late: Mapping[Owner, list[list[tuple[str, str]]]] = field(default_factory=dict)


def states(
    releases: Sequence["Release"],
    numbering: Numbering,
    rounding: int = 0,
    truth: "pd.DataFrame | None" = None,
) -> list[State]:
    """Return the newest state and every earlier one that another version took the place of.

    Args:
        releases: the tables of each release, oldest first.
        numbering: the numbers of owners and names.
        rounding: to the nearest what rounded counts are told.
        truth: the unprotected figures of the newest release.
    """
    import numpy as np

    read: list[tuple[Release, Rows, Told]] = []
    added = {} if truth is None else of_added(truth)
    for release in reversed(releases):
        figures = release["figure"]
        own = rows(figures, numbering, added)
        is_there = figures["status"].isin(_TOLD_AS).to_numpy()
        half = _is_rounded(figures) * (rounding // 2)
        read.append((release, own, told(own, is_there, half)))
    true = None if truth is None else _true(truth, read[0][0]["figure"], read[0][1], numbering)
    newest = _together(read, true, numbering)
    found = [_with_late(newest, read, true, numbering)]
    for at in range(1, len(read)):
        changed = _changed(read[at][2], newest.told if true is None else true)
        if not len(changed):
            continue
        earlier = _together(read[at:], None, numbering)
        is_own = np.isin(owners_of(earlier.asked), _touched(changed, numbering))
        others = ~np.isin(owners_of(newest.told.numbers), changed)
        found.append(
            State(
                release=earlier.release,
                age=at,
                rows=earlier.rows,
                told=_with(earlier.told, newest.told.numbers[others], newest.told.exact[others]),
                out=earlier.out,
                asked=np.setdiff1d(
                    earlier.asked[is_own], newest.told.numbers[newest.told.exact != HIDDEN]
                ),
                truth=None,
            )
        )
    return found


def _is_rounded(figures: "pd.DataFrame") -> "Flags":
    """Return which figures tell rounded counts, those among them of which only the rest stands.

    The results of the staff survey stand as their owner publishes them.
    """
    is_said = figures["disclosure"].eq("ROUNDED").to_numpy()
    if not is_said.any():
        return is_said
    is_rest = figures["disclosure"].eq("SUPPRESSED").to_numpy(copy=True)
    named = (figures.loc[is_rest, name].tolist() for name in ("standard", "indicator"))
    is_rest[is_rest] = [
        not is_survey({"standard": standard, "indicator": indicator})
        for standard, indicator in zip(*named, strict=True)
    ]
    return is_said | is_rest


def _with_late(
    newest: State,
    read: Sequence[tuple["Release", Rows, Told]],
    true: Told | None,
    numbering: Numbering,
) -> State:
    """Return the newest state with what pools count more than in their earlier versions.

    Those who sent their extract later than others are the difference. Where it is known that one
    of the others changed too, it is not.
    """
    known, late = newest.told, {}
    there = _with_headcount(newest.told, numbering)
    for age, (_, _, earlier) in enumerate(read[1:], start=1):
        new = there - _with_headcount(earlier, numbering)
        changed = set(_changed(earlier, newest.told if true is None else true).tolist())
        for owner, ways in members_of(newest.release).items() if new else ():
            for at, way in enumerate(ways):
                numbers = [numbering.owner((owner[0], *one)) for one in way]
                own = [one for one, number in zip(way, numbers, strict=True) if number in new]
                if not own or len(own) == len(way) or not changed.isdisjoint(numbers):
                    continue
                before = earlier.numbers[owners_of(earlier.numbers) == numbering.owner(owner)]
                more = newest.told.of(before) - earlier.of(before)
                is_told = (newest.told.of(before) != HIDDEN) & (earlier.of(before) != HIDDEN)
                is_told &= more >= 0
                version = (owner[0], owner[1], f"{owner[2]} {age}.{at}")
                late[version] = [own]
                counts = of_owner(before[is_told], numbering.owner(version))
                known = _with(known, counts, more[is_told])
    truth = None if newest.truth is None else known.exact
    if truth is not None and newest.truth is not None:
        truth[place(known.numbers, newest.told.numbers)] = newest.truth
    return replace(newest, told=known, truth=truth, late=late) if late else newest


def _grown(release: "Release", newest: Told, earlier: Told, numbering: Numbering) -> list[int]:
    """Return the pools of which a member's headcount is told that was not told before."""
    new = _with_headcount(newest, numbering) - _with_headcount(earlier, numbering)
    if not new:
        return []
    return [
        numbering.owner(owner)
        for owner, ways in members_of(release).items()
        if any(numbering.owner((owner[0], *one)) in new for way in ways for one in way)
    ]


def _with_headcount(told: Told, numbering: Numbering) -> set[int]:
    """Return the owners whose headcount is told."""
    is_headcount = names_of(told.numbers) == numbering.names.get(HEADCOUNT, -1)
    return set(owners_of(told.numbers[is_headcount & (told.most != HIDDEN)]).tolist())


def _touched(changed: "Ints", numbering: Numbering) -> "Ints":
    """Return the numbers of the owners who changed, and of all beside a pooled one that did.

    An ICB that pools one employer more than before tells of the employers that it pooled then.
    """
    import numpy as np

    owners = list(numbering.owners)
    days = {owners[number][0] for number in changed.tolist() if owners[number][1] != "employer"}
    beside = [number for owner, number in numbering.owners.items() if owner[0] in days]
    return np.union1d(changed, np.array(beside, dtype=np.int64))


def _true(
    figures: "pd.DataFrame", published: "pd.DataFrame", own: Rows, numbering: Numbering
) -> Told:
    """Return the true counts; their figures are mostly those that are published, in their order."""
    import numpy as np

    keys = ("period_end", "level", "organisation_code", *KEY)
    is_alike = len(figures) == len(published) and all(
        figures[key].reset_index(drop=True).equals(published[key].reset_index(drop=True))
        for key in keys
    )
    of = own if is_alike else rows(figures, numbering, of_added(figures))
    nothing = np.zeros(len(figures), dtype=np.int64)
    return told(
        Rows(of.owner, of.name, of.times, counts_of(figures)), nothing.astype(bool), nothing
    )


def _together(
    read: Sequence[tuple["Release", Rows, Told]], true: Told | None, numbering: Numbering
) -> State:
    """Return the state of the first of some releases, the others before it."""
    import numpy as np

    release, own, newest = read[0]
    known, out = newest, np.array([], dtype=np.int64)
    for _, _, earlier in read[1:]:
        numbers, exact = earlier.numbers, earlier.exact
        if true is not None:
            is_same = (exact != HIDDEN) & (true.of(numbers) == exact)
        else:
            is_same = (exact != HIDDEN) & ~np.isin(owners_of(numbers), _changed(earlier, newest))
        # Where a pool has grown, nobody can say which of its counts are as they were.
        is_same &= ~np.isin(owners_of(numbers), _grown(release, newest, earlier, numbering))
        out = np.union1d(out, numbers[is_same])
        known = _with(known, numbers[is_same], exact[is_same])
    hidden = newest.numbers[newest.least == HIDDEN]
    asked = np.setdiff1d(hidden, out)
    truth = None
    if true is not None:
        # What is not truly there, such as detail that nobody sent, is nobody's secret.
        is_there = (true.of(known.numbers) != HIDDEN) | (known.least != HIDDEN)
        known = Told(
            known.numbers[is_there], known.least[is_there], known.most[is_there], known.faults
        )
        truth = true.of(known.numbers)
        asked = asked[true.of(asked) != HIDDEN]
    return State(release, 0, own, known, out, asked, truth)


def _changed(earlier: Told, later: Told) -> "Ints":
    """Return the numbers of the owners of whom a later state tells another number."""
    import numpy as np

    now = later.of(earlier.numbers)
    is_other = (earlier.exact != HIDDEN) & (now != HIDDEN) & (now != earlier.exact)
    return np.unique(owners_of(earlier.numbers[is_other]))


def _with(known: Told, numbers: "Ints", exact: "Ints") -> Told:
    """Return what is told with further counts, each of which is told to the last one or hidden."""
    import numpy as np

    numbers, exact = numbers[exact != HIDDEN], exact[exact != HIDDEN]
    every = np.union1d(known.numbers, numbers)
    least = np.full(len(every), HIDDEN)
    most = least.copy()
    before = place(every, known.numbers)
    least[before], most[before] = known.least, known.most
    at = place(every, numbers)
    is_new = least[at] == HIDDEN
    least[at[is_new]] = most[at[is_new]] = exact[is_new]
    return Told(every, least, most, known.faults)
