"""One employer's payroll: it engages people and gives out their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from pipeline.sample import postings
from pipeline.sample.draws import Draws, at
from pipeline.sample.employers import EMPLOYERS, Employer
from pipeline.sample.hospital import shape_of
from pipeline.sample.people import EthnicOrigins, nhs_unique_id, people
from pipeline.sample.postings import Employee, Post
from pipeline.sample.shapes import Shape
from pipeline.sample.uncounted import grades_of

Stock = list[Employee]
"""The employees of one employer at one snapshot."""


@dataclass
class Payroll:
    """One employer's draws and the numbers that it gives out.

    Employee numbers are unique within an employer only: two employers give out some of the same.
    ``stream`` is "workforce", or a name for the people of the time before the first snapshot.
    """

    employer: Employer
    seed: int
    origins: EthnicOrigins
    stream: str = "workforce"
    draws: Draws = field(init=False)
    shape: Shape = field(init=False)
    _last_number: int = field(init=False)
    _serial: int = field(init=False)

    def __post_init__(self) -> None:
        self.draws = Draws(self.seed, self.employer.code, self.stream)
        self.shape = shape_of(self.employer)
        place = 1 + EMPLOYERS.index(self.employer)
        # The numbers of those who left before the first snapshot are earlier ones.
        is_workforce = self.stream == "workforce"
        self._last_number = 20_300_000 if is_workforce else 20_200_000
        self._serial = place * 100_000 + (0 if is_workforce else 50_000)

    def employee_number(self) -> str:
        """Return a new employee number."""
        self._last_number += 1 + self.draws.below(6)
        return str(self._last_number)

    def nhs_unique_id(self) -> str:
        """Return the NHS Unique Id of a new person."""
        self._serial += 1
        return nhs_unique_id(self.seed, self._serial)

    def engage(self, posts: Sequence[Post], first: date, last: date, counted: bool = True) -> Stock:
        """Return a new employee for each post, started between two dates."""
        drawn_by = grades_of(posts, self.shape)
        numbers = [self.nhs_unique_id() for _ in posts]
        found = people(self.draws, self.employer, self.origins, drawn_by, numbers)
        stock = []
        for person, post in zip(found, posts, strict=True):
            adult = person.date_of_birth + timedelta(days=17 * 366)
            start = postings.starts(self.draws, post, max(first, min(adult, last)), last)
            where = postings.place(self.draws, self.shape)
            held = (postings.fitting(post, person),)
            stock.append(Employee("", person, start, *where, posts=held, counted=counted))
        return stock

    def numbered(self, stock: Stock) -> Stock:
        """Return ``stock`` by start date, with employee numbers in that order."""
        in_order = sorted(self.draws.shuffled(stock), key=lambda employee: employee.start)
        return [replace(one, employee_number=self.employee_number()) for one in in_order]

    def recruit(self, count: int, first: date, last: date) -> Stock:
        """Return ``count`` counted employees in posts of all grades."""
        shares = {code: grade.per_mille for code, grade in self.shape.grades.items()}
        drawn = [at(shares, unit) for unit in self.draws.even(count)]
        codes = [code for code in shares for one in drawn if one == code]
        posts = postings.main_posts(self.draws, self.employer, self.shape, codes)
        return self.engage(posts, first, last)
