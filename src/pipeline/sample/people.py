"""Invented people and what their records say of them. They have numbers and no names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.sample import values
from pipeline.sample.draws import Draws, at
from pipeline.sample.employers import SNAPSHOTS, Employer
from pipeline.sample.grades import Grade

PORT = "99A"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as one employer's records have them; ``ethnic_origin`` is the code alone."""

    nhs_unique_id: str
    gender: str
    date_of_birth: date
    ethnic_origin: str
    disability: str
    religious_belief: str
    sexual_orientation: str
    marital_status: str


class EthnicOrigins:
    """Gives out ethnic codes, so that every local detail and every form of unknown has its turn."""

    def __init__(self) -> None:
        self._turns: dict[str, int] = {}
        self._details = {
            parent: [code for code in values.ETHNIC_LABELS if code[0] == parent and code != parent]
            for parent in values.ETHNIC_LABELS
            if len(parent) == 1
        }

    def _turn(self, of: str) -> int:
        turn = self._turns.get(of, 0)
        self._turns[of] = turn + 1
        return turn

    def _detailed(self, parent: str) -> str:
        """Return the national code and one of its details by turns."""
        details = self._details[parent]
        turn = self._turn(parent)
        return details[turn // 2 % len(details)] if details and turn % 2 else parent

    def known(self, bme: bool, employer: Employer, unit: float) -> str:
        """Return the code of a White or BME person; ``unit`` (0 to 1) chooses among them."""
        of_area = values.BME_OF_A_PORT if employer.code == PORT else values.BME
        return self._detailed(at(of_area if bme else values.WHITE, unit))

    def unknown(self) -> str:
        """Return the next form in which an ethnicity is not known."""
        forms = values.UNKNOWN_ETHNICITY
        form = forms[self._turn("unknown") % len(forms)]
        return str(self._turn(values.LEGACY) % 10) if form == values.LEGACY else form

    def of_all(
        self, draws: Draws, employer: Employer, bme_chances: Sequence[int], known: int
    ) -> list[str]:
        """Return one code for each chance (in thousandths) of being BME.

        ``known`` thousandths of them are known, whatever the ethnicity.
        """
        bme = draws.chosen(bme_chances)
        white_units = iter(draws.even(max(bme.count(False), 1)))
        bme_units = iter(draws.even(max(bme.count(True), 1)))
        unknown = draws.shuffled(draws.chosen([1000 - known] * len(bme)))
        return [
            self.unknown()
            if is_unknown
            else self.known(is_bme, employer, next(bme_units if is_bme else white_units))
            for is_bme, is_unknown in zip(bme, unknown, strict=True)
        ]


def disabilities(draws: Draws, count: int, known: int) -> list[str]:
    """Return ``count`` disability declarations, of which ``known`` thousandths are known."""
    is_known = draws.shuffled(draws.chosen([known] * count))
    known_units = iter(draws.even(max(is_known.count(True), 1)))
    unknown_units = iter(draws.even(max(is_known.count(False), 1)))
    return [
        at(values.DISABILITY_KNOWN, next(known_units))
        if mark
        else at(values.DISABILITY_UNKNOWN, next(unknown_units))
        for mark in is_known
    ]


def nhs_unique_id(seed: int, serial: int) -> str:
    """Return the number of the ``serial``-th person: nine digits, no two alike below 10**8."""
    # 48271 is a prime and no factor of 10**8, so the product never repeats.
    return str(100_000_000 + (serial * 48271 + seed * 7919) % 100_000_000)


def people(
    draws: Draws,
    employer: Employer,
    origins: EthnicOrigins,
    grades: Sequence[Grade],
    numbers: Sequence[str],
) -> list[Person]:
    """Return one person for each grade, by the shares of the employer and of the grade."""
    count = len(grades)
    bme_chances = [employer.bme * grade.bme_factor // 100 for grade in grades]
    ethnic = origins.of_all(draws, employer, bme_chances, employer.ethnicity_known)
    female = draws.chosen([grade.female for grade in grades])
    disability = disabilities(draws, count, employer.disability_known)
    religion = [at(values.RELIGION, unit) for unit in draws.even(count)]
    orientation = [at(values.ORIENTATION, unit) for unit in draws.even(count)]
    marital = [at(values.MARITAL, unit) for unit in draws.even(count)]
    return [
        Person(
            nhs_unique_id=numbers[n],
            gender="Female" if female[n] else "Male",
            date_of_birth=_birth(draws, grade),
            ethnic_origin=ethnic[n],
            disability=disability[n],
            religious_belief=religion[n],
            sexual_orientation=orientation[n],
            marital_status=marital[n],
        )
        for n, grade in enumerate(grades)
    ]


def _birth(draws: Draws, grade: Grade) -> date:
    youngest, oldest = grade.ages
    years = youngest + (draws.unit() + draws.unit()) / 2 * (oldest - youngest)
    return SNAPSHOTS[0] - timedelta(days=1 + int(years * 365.25))


def is_unknown_ethnicity(code: str) -> bool:
    """Return whether a code of this sample stands for an ethnicity that is not known."""
    return code not in values.ETHNIC_LABELS or code == "Z"


def is_bme(code: str) -> bool:
    """Return whether a code of this sample is one of a black or minority ethnic group."""
    return not is_unknown_ethnicity(code) and code[0] not in values.WHITE
