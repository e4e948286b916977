"""The Equality Delivery System: EDS2 in the first year of the sample, EDS 2022 in the second.

EDS2 has eighteen outcomes, graded by the number of protected characteristics for which there is
evidence; EDS 2022 has eleven, scored 0 to 3, the four of domain 1 for each of three services.
"""

from collections.abc import Iterator

from pipeline.sample.draws import Draws
from pipeline.sample.employers import SNAPSHOTS
from pipeline.sample.formats import Row
from pipeline.sample.years import Body

_COLUMNS_OF_EDS2 = ("Framework", "Outcome", "Characteristics Evidenced")
_COLUMNS_OF_EDS2022 = ("Framework", "Outcome", "Service", "Score")

EDS2 = "EDS2"
EDS2022 = "EDS2022"
_OUTCOMES_OF_EDS2 = tuple(
    f"{goal}.{n}" for goal, count in enumerate((5, 4, 6, 3), start=1) for n in range(1, count + 1)
)
_OF_SERVICES = ("1A", "1B", "1C", "1D")
_OF_THE_ORGANISATION = ("2A", "2B", "2C", "2D", "3A", "3B", "3C")
_SERVICES = {
    False: ("Maternity", "Community Mental Health", "Diabetes"),
    True: ("Cardiac Rehabilitation", "Lung Cancer", "Cystic Fibrosis"),
}
"""Services of a CCG and of the trust."""
_EVIDENCED = {2: 20, 3: 60, 4: 100, 5: 150, 6: 240, 7: 220, 8: 130, 9: 80}
_SCORES = {0: 30, 1: 330, 2: 520, 3: 120}


def columns(year: Body) -> tuple[str, ...]:
    """Return the headings of the framework of the year."""
    return _COLUMNS_OF_EDS2 if _is_eds2(year) else _COLUMNS_OF_EDS2022


def _is_eds2(year: Body) -> bool:
    return year.snapshot <= SNAPSHOTS[0]


def rows(year: Body) -> Iterator[Row]:
    """Yield a row for each outcome, in domain 1 of EDS 2022 for each outcome of each service."""
    draws = Draws(year.seed, year.employer.code, "eds", year.snapshot.isoformat())
    if _is_eds2(year):
        for outcome in _OUTCOMES_OF_EDS2:
            yield [EDS2, outcome, draws.weighted(_EVIDENCED)]
        return
    for service in _SERVICES[year.employer.is_trust]:
        for outcome in _OF_SERVICES:
            yield [EDS2022, outcome, service, draws.weighted(_SCORES)]
    for outcome in _OF_THE_ORGANISATION:
        yield [EDS2022, outcome, "", draws.weighted(_SCORES)]
