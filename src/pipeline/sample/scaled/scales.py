"""Which employers a large sample has, and how many people each of them.

Codes and names are those of the NHS Organisation Data Service. How many people an employer has is
invented, in sizes that such bodies have: CCGs of about 100 to 400, trusts of 5,000 to 20,000.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

from pipeline.errors import UsageError
from pipeline.organisations import Organisation, find
from pipeline.resources import reference
from pipeline.sample.draws import Draws
from pipeline.sample.employers import Employer, Style

_STYLES = (Style.PLAIN, Style.EXCEL_CSV)
_CCG, _TRUST = (60, 300), (5_000, 20_000)
"""Smallest and largest weight by which the people are dealt out."""
_FEWEST = 60
"""People whom every employer has, where there are enough of them."""
_LAST = date(2022, 3, 31)
_FIRST_OF_ALL = date(2013, 6, 30)
"""The first quarter's end at which CCGs had staff."""
_QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a sample is.

    Attributes:
        people: employments, each with one main assignment; one in fifty has a second assignment.
        icb_code: the one system; None for all.
        trusts: how many trusts at most; those of a system in turn, by their code.
        quarters: how many snapshots.
        systems: how many systems are written, the first ones by their codes, with the same bytes
            as among all; None for all.
    """

    people: int
    icb_code: str | None
    trusts: int
    quarters: int = 1
    systems: int | None = None


SCALES = {
    "ics": Scale(people=60_000, icb_code="QYG", trusts=20),
    "england": Scale(people=1_470_589, icb_code=None, trusts=114),
}
"""One large system, and England: 1.5 million assignments in 42 systems."""


def snapshots(count: int) -> list[date]:
    """Return quarter ends in turn: up to 31 March 2022, or later where CCGs had no staff before.

    Raises:
        UsageError: not a number of quarters that such a sample can have.
    """
    if not 1 <= count <= 44:
        raise UsageError("--snapshots must be a number of quarters from 1 to 44.")
    ends = [date(year, *day) for year in range(2011, 2026) for day in _QUARTER_ENDS]
    last = max(ends.index(_LAST), ends.index(_FIRST_OF_ALL) + count - 1)
    return ends[last - count + 1 : last + 1]


def systems(scale: Scale, seed: int, days: Sequence[date]) -> list[list[Employer]]:
    """Return the employers of each system, by their codes.

    Args:
        scale: which employers, and how many people all of them have together.
        seed: from which sizes and shares are drawn.
        days: the snapshots, at all of which an employer must have been there.

    Raises:
        UsageError: fewer people than there are employers to have them.
    """
    if scale.systems is not None and scale.systems < 1:
        raise UsageError("--systems must be 1 or more.")
    found, people = _employers(scale, days), scale.people
    if people < 2 * len(found):
        raise UsageError(f"--people must be {2 * len(found)} or more, two for each employer.")
    draws = Draws(seed, "scaled", "sizes")
    weights = [_weight(draws, body) for body in found]
    fewest = min(_FEWEST, people // (2 * len(found)))
    rest, total = people - fewest * len(found), sum(weights)
    edges = [0, *(rest * edge // total for edge in accumulate(weights))]
    counts = [fewest + end - start for start, end in pairwise(edges)]
    listed: dict[str, list[Employer]] = {}
    for n, (body, count) in enumerate(zip(found, counts, strict=True)):
        style = _STYLES[n % len(_STYLES)]
        listed.setdefault(body.icb_code, []).append(_employer(draws, body, count, style))
    return [listed[code] for code in sorted(listed)]


def _weight(draws: Draws, body: Organisation) -> int:
    low, high = _TRUST if body.kind == "TRUST" else _CCG
    return low + draws.below(high - low + 1)


def _employers(scale: Scale, days: Sequence[date]) -> list[Organisation]:
    """Return the CCGs and the trusts, by their codes."""
    bodies = [body for body in _standing(days) if scale.icb_code in (None, body.icb_code)]
    turns: dict[str, int] = {}
    ranked = []
    for body in bodies:
        if body.kind == "TRUST":
            turns[body.icb_code] = turn = turns.get(body.icb_code, 0) + 1
            ranked.append((turn, body.organisation_code))
    taken = {code for _, code in sorted(ranked)[: scale.trusts]}
    return [body for body in bodies if body.kind != "TRUST" or body.organisation_code in taken]


def _standing(days: Sequence[date]) -> Iterator[Organisation]:
    """Yield the CCGs, later sub-ICB locations, and trusts that were there on all of the days."""
    for code in sorted({row["organisation_code"] for row in reference("organisation")}):
        found = [find(code, day) for day in days]
        body = found[-1]
        if body is not None and all(found) and body.icb_code and body.kind != "ICB":
            yield body


def _employer(draws: Draws, body: Organisation, people: int, style: Style) -> Employer:
    is_trust = body.kind == "TRUST"
    members = 12 + draws.below(6)
    return Employer(
        code=body.organisation_code,
        name=body.organisation_name,
        headcount=people,
        bme=40 + draws.below(310),
        ethnicity_known=900 + draws.below(90),
        disability_known=780 + draws.below(120),
        applications=max(people // 5, 4),
        applicants_bme=200 + draws.below(250),
        white_advantage=110 + draws.below(90),
        members=members,
        members_bme=draws.below(4),
        style=style,
        writes_labels=bool(draws.below(2)),
        is_trust=is_trust,
    )
