"""Applications for posts: two years of them, of which each snapshot gets its last twelve months.

White applicants are 1.7 to 2 times as likely as BME applicants to be appointed once they are
shortlisted: invented figures of a size that has been published (the WRES report 2022 of
Bedfordshire, Luton and Milton Keynes prints 2.66, 2.31 and a national average of 1.64).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.sample.draws import Draws
from pipeline.sample.employers import SNAPSHOTS, Employer
from pipeline.sample.formats import Row
from pipeline.sample.people import EthnicOrigins, disabilities
from pipeline.sample.values import ethnic_text

COLUMNS = (
    "Application Id",
    "Shortlisted",
    "Appointed",
    "Ethnic Origin",
    "Disability",
    "Gender",
    "Shortlisted Date",
)

_FIRST_DAY = date(2020, 4, 1)
_QUARTERS = 8
ETHNICITY_KNOWN = 955
DISABILITY_KNOWN = 930
FEMALE = 660
SHORTLISTED_WHITE = 330
SHORTLISTED_BME = 270
APPOINTED_WHITE = 240


@dataclass(frozen=True, slots=True)
class Application:
    """One application; ``decided`` is the day on which it was shortlisted or turned down."""

    application_id: str
    decided: date
    shortlisted: bool
    appointed: bool
    ethnic_origin: str
    disability: str
    gender: str


class Appointments:
    """Decides who of the shortlisted is appointed.

    The chances are carried from one CCG to the next, by ethnic group and year: a small CCG appoints
    few or none, and all of them together as many as the chances add up to.
    """

    def __init__(self, seed: int) -> None:
        draws = Draws(seed, "appointments")
        groups = [(bme, first) for bme in (False, True) for first in (False, True)]
        self._carried = {group: draws.below(1000) for group in groups}

    def next(self, employer: Employer, bme: bool, decided: date) -> bool:
        """Return whether the next shortlisted applicant is appointed."""
        group = (bme, decided <= SNAPSHOTS[0])
        chance = APPOINTED_WHITE * 100 // employer.white_advantage if bme else APPOINTED_WHITE
        carried = self._carried[group] + chance
        self._carried[group] = carried % 1000
        return carried >= 1000


def applications(
    seed: int, employer: Employer, origins: EthnicOrigins, appointments: Appointments
) -> list[Application]:
    """Return the applications of the two years to the last snapshot, by day."""
    draws = Draws(seed, employer.code, "recruitment")
    count = employer.applications * _QUARTERS
    bme = draws.shuffled(draws.chosen([employer.applicants_bme] * count))
    known = draws.shuffled(draws.chosen([ETHNICITY_KNOWN] * count))
    shortlisted = draws.chosen([SHORTLISTED_BME if one else SHORTLISTED_WHITE for one in bme])
    disability = disabilities(draws, count, DISABILITY_KNOWN)
    last_day = SNAPSHOTS[-1]
    days = sorted(draws.day(_FIRST_DAY, last_day) for _ in range(count))
    return [
        Application(
            application_id=f"{employer.code}-{100_000 + n}",
            decided=days[n],
            shortlisted=shortlisted[n],
            appointed=shortlisted[n] and appointments.next(employer, bme[n], days[n]),
            ethnic_origin=origins.known(bme[n], employer, draws.unit())
            if known[n]
            else origins.unknown(),
            disability=disability[n],
            gender="Female" if draws.happens(FEMALE) else "Male",
        )
        for n in range(count)
    ]


def rows(employer: Employer, found: list[Application], snapshot: date) -> Iterator[Row]:
    """Yield the applications decided in the twelve months to ``snapshot``."""
    first_day = date(snapshot.year - 1, snapshot.month, snapshot.day) + timedelta(days=1)
    for one in found:
        if first_day <= one.decided <= snapshot:
            yield [
                one.application_id,
                "Yes" if one.shortlisted else "No",
                "Yes" if one.appointed else "No",
                ethnic_text(one.ethnic_origin, employer.writes_labels),
                one.disability,
                one.gender,
                one.decided if one.shortlisted else "",
            ]
