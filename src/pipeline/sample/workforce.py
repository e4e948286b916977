"""The workforce of each employer at each snapshot: the first stock, and what changes a quarter.

People stay. A quarter brings leavers, starters, promotions, pay steps, maternity leave and a few
declarations made late, so that one snapshot follows from the one before.
"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from pipeline.sample import postings, values
from pipeline.sample.employers import CCGS, SNAPSHOTS, TRUST
from pipeline.sample.payroll import Payroll, Stock
from pipeline.sample.people import EthnicOrigins, is_unknown_ethnicity
from pipeline.sample.postings import ACTIVE, MATERNITY, Employee
from pipeline.sample.shared_clinicians import with_shared_clinicians
from pipeline.sample.shared_managers import share_managers
from pipeline.sample.uncounted import uncounted_posts

# In thousandths of those concerned, a quarter.
LEAVERS = 25
PROMOTIONS = 12
_PAY_STEPS = 60
LATE_DECLARATIONS = 30
_RETURNS = 250
_MATERNITIES = 24
OLDEST_START = date(2003, 4, 1)
_EDGES = range(21, 72, 5)


def workforces(seed: int) -> dict[str, list[Stock]]:
    """Return the employees of each employer, by its code, at each snapshot in turn."""
    origins = EthnicOrigins()
    payrolls = {one.code: Payroll(one, seed, origins) for one in CCGS}
    first = {code: _first_stock(payroll) for code, payroll in payrolls.items()}
    share_managers(first, payrolls)
    first["27D"] = _with_edges(first["27D"])
    found = {code: _stocks(payroll, first[code]) for code, payroll in payrolls.items()}
    trust = Payroll(TRUST, seed, EthnicOrigins())
    found[TRUST.code] = _stocks(trust, with_shared_clinicians(trust, _first_stock(trust), found))
    return found


def _stocks(payroll: Payroll, first: Stock) -> list[Stock]:
    stocks = [first]
    for before, snapshot in pairwise(SNAPSHOTS):
        stocks.append(_a_quarter_later(payroll, stocks[-1], before, snapshot))
    return stocks


def _first_stock(payroll: Payroll) -> Stock:
    draws, snapshot = payroll.draws, SNAPSHOTS[0]
    own = payroll.recruit(payroll.employer.headcount, OLDEST_START, snapshot)
    own = postings.with_second_posts(draws, own)
    others = payroll.engage(
        uncounted_posts(draws, payroll.employer, payroll.shape),
        date(2016, 4, 1),
        snapshot,
        counted=False,
    )
    return payroll.numbered([*own, *others])


def _with_edges(stock: Stock) -> Stock:
    """Let two people stand at each edge of the age bands at the first snapshot.

    One has the birthday on the day of the snapshot, the other on the day after; and one of the
    employer's people was born on 29 February.
    """
    day = SNAPSHOTS[0]
    births = [date(day.year - age, day.month, day.day) for age in _EDGES]
    births += [birth + timedelta(days=1) for birth in births]
    births.append(date(1972, 2, 29))
    free = [n for n, one in enumerate(stock) if one.counted]
    changed = list(stock)
    for birth in births:
        n = min(free, key=lambda n: abs((stock[n].person.date_of_birth - birth).days))
        free.remove(n)
        person = replace(stock[n].person, date_of_birth=birth)
        changed[n] = replace(stock[n], person=person)
    return changed


def _a_quarter_later(payroll: Payroll, stock: Stock, before: date, snapshot: date) -> Stock:
    draws = payroll.draws
    movable = [n for n, one in enumerate(stock) if one.counted and not one.shared]
    marks = draws.chosen([LEAVERS] * len(movable))
    leaving = [n for n, leaves in zip(draws.shuffled(movable), marks, strict=True) if leaves]
    gone = set(leaving)
    stayed = [
        _grown(payroll, one) if one.counted and not one.shared else one
        for n, one in enumerate(stock)
        if n not in gone
    ]
    count = max(len(leaving) + draws.pick((-1, 0, 0, 1)), 0)
    starters = payroll.recruit(count, before + timedelta(days=1), snapshot) if count else []
    return [*stayed, *payroll.numbered(starters)]


def _grown(payroll: Payroll, employee: Employee) -> Employee:
    """Return an employee as they are a quarter later."""
    draws, person = payroll.draws, employee.person
    first, *others = employee.posts
    if draws.happens(PROMOTIONS):
        first = postings.promoted(first)
    elif draws.happens(_PAY_STEPS):
        first = postings.raised(first)
    if first.status == MATERNITY and draws.happens(_RETURNS):
        first = replace(first, status=ACTIVE)
    elif (
        first.status == ACTIVE
        and postings.may_take_maternity_leave(person)
        and draws.happens(_MATERNITIES)
    ):
        first = replace(first, status=MATERNITY)
    if is_unknown_ethnicity(person.ethnic_origin) and draws.happens(LATE_DECLARATIONS):
        is_bme = draws.happens(payroll.employer.bme)
        code = payroll.origins.known(is_bme, payroll.employer, draws.unit())
        person = replace(person, ethnic_origin=code)
    if person.disability not in values.DISABILITY_KNOWN and draws.happens(LATE_DECLARATIONS):
        person = replace(person, disability=draws.weighted(values.DISABILITY_KNOWN))
    if person is employee.person and first is employee.posts[0]:
        return employee
    return replace(employee, person=person, posts=(first, *others))
