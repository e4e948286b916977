"""Governing bodies: lay members, GPs, executives, a nurse and a hospital doctor, 13 to 17 each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.sample.draws import Draws
from pipeline.sample.employers import SNAPSHOTS, Employer
from pipeline.sample.formats import Row
from pipeline.sample.people import EthnicOrigins, disabilities
from pipeline.sample.values import ethnic_text

COLUMNS = ("Member Id", "Voting", "Executive", "Ethnic Origin", "Disability", "Gender")

_EXECUTIVES = 4
_IN_ATTENDANCE = 3
_DISABILITY_KNOWN = 850
_FEMALE = 480
_CHANGES = 300
_UNKNOWN_ETHNICITY = 60


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a governing body."""

    member_id: str
    voting: bool
    executive: bool
    ethnic_origin: str
    disability: str
    gender: str


def boards(
    seed: int, employer: Employer, origins: EthnicOrigins, snapshots: int = len(SNAPSHOTS)
) -> list[list[Member]]:
    """Return the governing body at each snapshot; now and then a member follows another."""
    draws = Draws(seed, employer.code, "board")
    count = employer.members
    # The executives come first; BME members are more often among the GPs and lay members.
    last = set(draws.shuffled(range(_EXECUTIVES - 1, count))[: employer.members_bme])
    disability = disabilities(draws, count, _DISABILITY_KNOWN)
    members = [
        Member(
            member_id=f"GB{n + 1:02d}",
            voting=n < count - _IN_ATTENDANCE,
            executive=n < _EXECUTIVES or n == count - 1,
            ethnic_origin=_ethnic_origin(draws, employer, origins, n in last),
            disability=disability[n],
            gender="Female" if draws.happens(_FEMALE) else "Male",
        )
        for n in range(count)
    ]
    found = [members]
    for _ in range(1, snapshots):
        found.append(_a_quarter_later(draws, employer, origins, found[-1]))
    return found


def _ethnic_origin(draws: Draws, employer: Employer, origins: EthnicOrigins, bme: bool) -> str:
    if not bme and draws.happens(_UNKNOWN_ETHNICITY):
        return origins.unknown()
    return origins.known(bme, employer, draws.unit())


def _a_quarter_later(
    draws: Draws, employer: Employer, origins: EthnicOrigins, members: list[Member]
) -> list[Member]:
    if not draws.happens(_CHANGES):
        return members
    n = draws.below(len(members))
    newest = max(int(member.member_id[2:]) for member in members)
    successor = replace(
        members[n],
        member_id=f"GB{newest + 1:02d}",
        ethnic_origin=_ethnic_origin(draws, employer, origins, draws.happens(employer.bme)),
        disability=disabilities(draws, 1, _DISABILITY_KNOWN)[0],
        gender="Female" if draws.happens(_FEMALE) else "Male",
    )
    return [*members[:n], successor, *members[n + 1 :]]


def rows(employer: Employer, members: list[Member]) -> Iterator[Row]:
    """Yield one row for each member."""
    for one in members:
        yield [
            one.member_id,
            "Yes" if one.voting else "No",
            "Yes" if one.executive else "No",
            ethnic_text(one.ethnic_origin, employer.writes_labels),
            one.disability,
            one.gender,
        ]
