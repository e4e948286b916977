"""The people of one employer, a column for each thing that its records say of them."""

from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from pipeline.sample import grades
from pipeline.sample.hospital import HOSPITAL
from pipeline.sample.postings import BANK
from pipeline.sample.scaled.draws import Days, Marks, Numbers, Texts
from pipeline.sample.shapes import COMMISSIONER, Shape

HONORARY = "Honorary"
UNCOUNTED = (BANK, HONORARY)


@dataclass(frozen=True, slots=True)
class Staff:
    """Employments; all columns are equally long.

    ``person`` is the serial number behind the NHS Unique Id, ``grade`` and ``staff_group`` are
    places in ``tables_of``, ``point`` the place of a pay point in its grade, ``fte`` hundredths
    and ``place`` the place of a service in ``services``.
    """

    person: Numbers
    female: Marks
    born: Days
    ethnic: Texts
    disability: Texts
    religion: Texts
    orientation: Texts
    marital: Texts
    number: Numbers
    start: Days
    grade: Numbers
    staff_group: Numbers
    point: Numbers
    fte: Numbers
    status: Texts
    category: Texts
    place: Numbers
    second: Marks

    def __len__(self) -> int:
        return len(self.person)

    def __getitem__(self, rows: Numbers | Marks | slice) -> "Staff":
        return Staff(*(getattr(self, column.name)[rows] for column in fields(Staff)))

    def joined(self, other: "Staff") -> "Staff":
        """Return these and then the others."""
        columns = (column.name for column in fields(Staff))
        return Staff(*(np.concatenate([getattr(one, n) for one in (self, other)]) for n in columns))

    @property
    def counted(self) -> Marks:
        """Who belongs to the workforce under the counting rules of the WRES."""
        return ~np.isin(self.category.astype(str), UNCOUNTED)


@dataclass(frozen=True, slots=True)
class GradeTables:
    """What follows from a grade and a staff group, by their places."""

    codes: tuple[str, ...]
    staff_groups: tuple[str, ...]
    scales: Texts
    roles: Texts
    occupations: Texts
    salaries: Numbers
    points: Numbers


@cache
def tables_of(is_trust: bool) -> GradeTables:
    """Return the grades, staff groups, pay scales, roles and pay of a kind of employer."""
    shape = shape_of(is_trust)
    codes = tuple(shape.grades)
    groups = tuple(sorted({group for tier in shape.staff_groups.values() for group in tier}))
    pairs = [[(code, group) for group in groups] for code in codes]
    roles = [[shape.role(group, code) for code, group in row] for row in pairs]
    points = [grades.points(code) for code in codes]
    salaries = np.zeros((len(codes), max(map(len, points))), dtype=np.int64)
    for n, (code, own) in enumerate(zip(codes, points, strict=True)):
        salaries[n, : len(own)] = [grades.annual_salary(code, point) for point in own]
    return GradeTables(
        codes=codes,
        staff_groups=groups,
        scales=np.array([[grades.pay_scale(*pair) for pair in row] for row in pairs], dtype=object),
        roles=np.array([[role for role, _ in row] for row in roles], dtype=object),
        occupations=np.array([[code for _, code in row] for row in roles], dtype=object),
        salaries=salaries,
        points=np.array([len(own) for own in points], dtype=np.int64),
    )


def services(is_trust: bool) -> list[tuple[str, str]]:
    """Return the directorates and services of a kind of employer."""
    listed = shape_of(is_trust).services
    return [(directorate, service) for directorate, own in listed.items() for service in own]


def shape_of(is_trust: bool) -> Shape:
    """Return what the workforce of a kind of employer is made of."""
    return HOSPITAL if is_trust else COMMISSIONER
