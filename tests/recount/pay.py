"""The pay gaps by sex, ethnicity and disability.

Source: SI 2017/353, Schedule 1, paragraphs 8 to 13; pay quarters also SI 2017/172, regulation 13.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from recount.extracts import Extracts, reference_rows
from recount.files import Row
from recount.people import (
    BANDS,
    BME_CODES,
    MEDICAL_GRADES,
    UNKNOWN,
    WHITE_CODES,
    Meaning,
    Post,
    posts_of,
)
from recount.values import MISSING, Figure, Key, percent, rounded, share

STANDARDS = ("GPG", "EPG", "DPG")

# Standard: characteristic, and its groups in the order in which seats of a quarter are given out.
COMPARED = {
    "GPG": ("sex", ("MALE", "FEMALE")),
    "EPG": ("ethnicity", ("WHITE", "BME", UNKNOWN)),
    "DPG": ("disability", ("NON_DISABLED", "DISABLED", UNKNOWN)),
}
BANK = "Bank"
FEWEST_OF_A_CATEGORY = 50
GAP_WHERE_NOBODY_HAD_A_BONUS = 100.0
QUARTERS = range(4)

Figures = Iterator[tuple[Key, Figure]]
Statistic = Callable[[Sequence[Fraction]], Fraction]


class Paid(NamedTuple):
    """A relevant employee: hourly pay in pounds where on full pay, and the bonus of the year."""

    part: str
    meanings: dict[str, Meaning]
    hourly: Fraction | None
    bonus: Fraction


def figures(
    extracts: Extracts, period: str, level: str, organisation: str, members: list[str]
) -> Figures:
    """Return every figure of the standards, for one organisation and snapshot."""
    staff = [code for code in members if extracts.files.get((period, code, "esr_staff"))]
    paying = [code for code in staff if extracts.files.get((period, code, "pay"))]
    people = relevant_employees(extracts, period, paying)
    pooled = level != "employer" and period < established(organisation)
    for standard, (characteristic, groups) in COMPARED.items():
        found = [
            *_gaps(standard, characteristic, groups, people),
            *_detailed(standard, people),
            *_bonus_shares(standard, characteristic, groups, people),
            *_quarters(standard, characteristic, groups, people),
        ]
        for (_, indicator, part, *rest), figure in found:
            illustrative = "illustrative" if part == "all" else f"illustrative:{part}"
            key = (standard, indicator, illustrative if pooled else part, *rest)
            if paying:
                yield key, figure
            elif part == "all":
                yield key, MISSING


def established(organisation: str) -> str:
    """Return the first day of an ICB; before it nobody employs the people pooled for it."""
    return min(
        row["valid_from"]
        for row in reference_rows("organisation")
        if row["organisation_code"] == organisation and row["kind"] == "ICB"
    )


def relevant_employees(extracts: Extracts, period: str, paying: Sequence[str]) -> list[Paid]:
    """Return each relevant employee of some employers once.

    Their pay is that of the first post, in the order of choice, whose employee number has a row.
    """
    pay = {code: _pay_rows(extracts.files[period, code, "pay"]) for code in paying}
    posts: dict[str, list[Post]] = defaultdict(list)
    for code in paying:
        rows = extracts.files[period, code, "esr_staff"]
        permanent = posts_of(rows, code, date.fromisoformat(period))
        bank = posts_of(rows, code, date.fromisoformat(period), {BANK})
        for post in (*permanent, *(post for post in bank if post.employee in pay[code])):
            posts[post.person].append(post)
    return [_paid(sorted(own, key=lambda post: post.order), pay) for own in posts.values()]


def _paid(own: list[Post], pay: dict[str, dict[str, Row]]) -> Paid:
    standing = next((post for post in own if post.employee in pay[post.employer]), own[0])
    rows = pay[standing.employer]
    numbers = {post.employee for post in own if post.employer == standing.employer} & rows.keys()
    row = rows.get(standing.employee)
    meanings = {
        name: next(
            (post.meanings[name] for post in own if post.meanings[name].group != UNKNOWN),
            own[0].meanings[name],
        )
        for name, _ in COMPARED.values()
    }
    return Paid(
        standing.part,
        meanings,
        hourly_pay(row) if row is not None and row["Full Pay"] == "Yes" else None,
        sum((_amount(rows[number].get("Bonus In Year", "")) for number in numbers), Fraction(0)),
    )


def _pay_rows(rows: list[Row]) -> dict[str, Row]:
    """Return the credible rows by employee number: 1 to 1,000 pounds an hour on full pay."""
    found = {}
    for row in rows:
        hourly = hourly_pay(row)
        least = 1 if row["Full Pay"] == "Yes" else 0
        if hourly is None or least <= hourly <= 1000:
            found[row["Employee Number"]] = row
    return found


def hourly_pay(row: Row) -> Fraction | None:
    """(ordinary pay + bonus for the pay period) x 7 / its days / weekly hours, or the rate."""
    if row.get("Hourly Rate"):
        return _amount(row["Hourly Rate"])
    hours = _amount(row.get("Weekly Hours", ""))
    if not hours or not row.get("Ordinary Pay"):
        return None
    days = _amount(row.get("Pay Period Days", "")) or Fraction("30.44")
    bonus_days = _amount(row.get("Bonus Period Days", "")) or days
    bonus = _amount(row.get("Bonus In Period", "")) * days / bonus_days
    return (_amount(row["Ordinary Pay"]) + bonus) * 7 / days / hours


def _amount(text: str) -> Fraction:
    return Fraction(text.replace(",", "").lstrip("£") or 0)


def exact_gap(
    extracts: Extracts, period: str, organisation: str, standard: str, indicator: str
) -> Fraction | None:
    """Return the unrounded gap of all staff of an employer; None where either has no pay."""
    characteristic, groups = COMPARED[standard]
    name, _, paid = indicator.partition("_")
    people = relevant_employees(extracts, period, [organisation])
    sides = [
        [
            amount
            for person in people
            if _is(person, characteristic, group)
            and (amount := person.hourly if paid == "hourly" else person.bonus or None) is not None
        ]
        for group in groups[:2]
    ]
    if not all(sides):
        return None
    first, second = (STATISTICS[name](side) for side in sides)
    return 100 * (first - second) / first


def gap(men: Sequence[Fraction], women: Sequence[Fraction], statistic: Statistic) -> Figure:
    """(men - women) / men; men stand for the first group, whichever it is."""
    counts = Figure(len(men), None, len(women), None)
    if not men or not women:
        reason = "NO_COMPARATOR_BASE" if men else "NO_NUMERATOR_BASE"
        return counts._replace(status="not_applicable", reason=reason)
    first, second = statistic(men), statistic(women)
    return counts._replace(value=rounded(100 * (first - second) / first, 1))


def _mean(amounts: Sequence[Fraction]) -> Fraction:
    return sum(amounts, Fraction(0)) / len(amounts)


STATISTICS: dict[str, Statistic] = {"mean": _mean, "median": median}


def _gaps(standard: str, characteristic: str, groups: Sequence[str], people: list[Paid]) -> Figures:
    key = ("gap_percent", *groups[:2])
    grades = [f"medical:{grade}" for grade in (*MEDICAL_GRADES, "all")]
    for name, statistic in STATISTICS.items():
        for part in ("all", *(f"band_{band}" for band in BANDS), *grades):
            inside = [person for person in people if _is_in(person, part)]
            hourly = [
                [p.hourly for p in inside if _is(p, characteristic, group) and p.hourly is not None]
                for group in groups[:2]
            ]
            yield (standard, f"{name}_hourly", part, *key), gap(*hourly, statistic)
        bonus = [
            [p.bonus for p in people if _is(p, characteristic, group) and p.bonus > 0]
            for group in groups[:2]
        ]
        figure = gap(*bonus, statistic)
        if bonus[0] and not bonus[1] and any(_is(p, characteristic, groups[1]) for p in people):
            figure = figure._replace(value=GAP_WHERE_NOBODY_HAD_A_BONUS, status="ok", reason=None)
        yield (standard, f"{name}_bonus", "all", *key), figure


def _is(person: Paid, characteristic: str, group: str) -> bool:
    return person.meanings[characteristic].group == group


def _is_in(person: Paid, part: str) -> bool:
    side, _, grade = person.part.partition(":")
    medical = side == "medical"
    own = {person.part, "medical:all"} if medical else {f"band_{grade}"}
    return part in own | {"all"}


def _detailed(standard: str, people: list[Paid]) -> Figures:
    """White British staff against every other category, where both are many."""
    if standard != "EPG":
        return
    hourly: dict[str, list[Fraction]] = defaultdict(list)
    for person in people:
        if person.hourly is not None:
            hourly[person.meanings["ethnicity"].category].append(person.hourly)
    for name, statistic in STATISTICS.items():
        for category in (WHITE_CODES + BME_CODES).replace("A", ""):
            figure = gap(hourly["A"], hourly[category], statistic)
            if figure.status == "ok" and (
                min(len(hourly["A"]), len(hourly[category])) < FEWEST_OF_A_CATEGORY
            ):
                figure = figure._replace(
                    value=None, status="not_applicable", reason="BELOW_MINIMUM"
                )
            yield (standard, f"{name}_hourly", "detail", "gap_percent", "A", category), figure


def _bonus_shares(
    standard: str, characteristic: str, groups: Sequence[str], people: list[Paid]
) -> Figures:
    for group in groups[:2]:
        own = [person for person in people if _is(person, characteristic, group)]
        paid = sum(person.bonus > 0 for person in own)
        yield (standard, "bonus_share", "all", "rate", group, ""), share(paid, len(own))


def _quarters(
    standard: str, characteristic: str, groups: Sequence[str], people: list[Paid]
) -> Figures:
    ranked = [
        (int(person.hourly * 100 + Fraction(1, 2)), person.meanings[characteristic].group)
        for person in people
        if person.hourly is not None and person.meanings[characteristic].group in groups
    ]
    for number, held in enumerate(pay_quarters(ranked, groups), start=1):
        size = sum(held.values())
        for group in groups:
            figure = share(held[group], size)
            if group == "FEMALE" and size:
                men = Fraction(str(rounded(percent(held["MALE"], size), 1)))
                figure = figure._replace(value=float(100 - men))
            yield (standard, f"quarter_{number}", "all", "share", group, ""), figure


def pay_quarters(ranked: Sequence[tuple[int, str]], groups: Sequence[str]) -> list[Counter[str]]:
    """Return who is in each quarter of people given as pay in pence and group."""
    cuts = [int(Fraction(i * len(ranked), 4) + Fraction(1, 2)) for i in range(5)]
    quarters = [Counter[str]() for _ in QUARTERS]
    start, spanning = 0, 0
    for _, block in groupby(sorted(ranked), key=lambda one: one[0]):
        held = Counter(group for _, group in block)
        end = start + held.total()
        seats = [max(0, min(end, high) - max(start, low)) for low, high in pairwise(cuts)]
        spanning += sum(map(bool, seats)) > 1
        for group in groups:
            given = _shared_out(held[group], seats, lower_first=spanning % 2 == 1)
            for quarter in QUARTERS:
                quarters[quarter][group] += given[quarter]
                seats[quarter] -= given[quarter]
        start = end
    return quarters


def _shared_out(people: int, seats: Sequence[int], *, lower_first: bool) -> list[int]:
    """Return how many of ``people`` sit in each quarter: in proportion, by largest remainder."""
    if not people:
        return [0] * len(seats)
    exact = [Fraction(people * own, sum(seats)) for own in seats]
    whole = [int(own) for own in exact]
    order = sorted(QUARTERS, key=lambda q: (whole[q] - exact[q], q if lower_first else -q))
    for quarter in order[: people - sum(whole)]:
        whole[quarter] += 1
    return whole
