"""Formal cases and training, each person of a staff file found by the employee number.

Source: NHS England, technical guidance of WRES (indicators 3 and 4) and WDES (metric 3).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from recount.extracts import Extracts
from recount.files import Row
from recount.people import ON_THE_PAYROLL, UNKNOWN, as_date, ethnicity, meaning, posts_of

GROUPED = ("ethnicity", "disability")
Groups = dict[str, str]
"""The group of somebody by characteristic."""


class Observed(NamedTuple):
    """The staff of the employers that sent a source with their staff file.

    ``headcounts`` by characteristic and group; ``people`` the groups of each person of the whole
    workforce; ``files`` the rows of the source by employer; ``staff`` those of the staff files.
    """

    headcounts: Counter[tuple[str, str]]
    people: dict[str, Groups]
    files: dict[str, list[Row]]
    staff: dict[str, list[Row]]


def groups_of(row: Row) -> Groups:
    """Return what a row says of ethnicity and disability."""
    return {
        "ethnicity": ethnicity(row["Ethnic Origin"]).group,
        "disability": meaning("disability", row["Disability"]).group,
    }


def known_first(found: Iterable[Groups]) -> Groups:
    """Return for each characteristic the first group that is known."""
    rows = list(found)
    return {
        name: next((row[name] for row in rows if row[name] != UNKNOWN), UNKNOWN) for name in GROUPED
    }


def observed(
    extracts: Extracts, period: str, members: Iterable[str], source: str
) -> Observed | None:
    """Return the staff of the employers that sent a source, or None where none did."""
    files = extracts.files
    staff = {code: files[period, code, "esr_staff"] for code in members
             if (period, code, "esr_staff") in files}  # fmt: skip
    sent = {code: files[period, code, source] for code in staff if (period, code, source) in files}
    if not sent:
        return None
    on = date.fromisoformat(period)
    posts = {code: posts_of(rows, code, on) for code, rows in staff.items()}
    by_person: dict[str, list[tuple[tuple[object, ...], Groups]]] = {}
    for post in (post for own in posts.values() for post in own):
        groups = {name: post.meanings[name].group for name in GROUPED}
        by_person.setdefault(post.person, []).append((post.order, groups))
    people = {
        person: known_first(groups for _, groups in sorted(own, key=lambda one: one[0]))
        for person, own in by_person.items()
    }
    seen = {post.person for code in sent for post in posts[code]}
    headcounts = Counter((name, people[one][name]) for one in seen for name in GROUPED)
    return Observed(headcounts, people, sent, staff)


def people_of(code: str, rows: Iterable[Row]) -> dict[str, tuple[str, list[Row]]]:
    """Return the person and the rows of each employee number of a staff file."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["Employee Number"], []).append(row)
    return {
        number: (
            next((row["NHS Unique Id"] for row in own if row["NHS Unique Id"]), f"{code} {number}"),
            own,
        )
        for number, own in found.items()
    }


def years_before(period: str, years: int) -> date:
    """Return the day before the first one of a window."""
    on = date.fromisoformat(period)
    return on.replace(year=on.year - years)


def cases(period: str, found: Observed) -> Iterator[tuple[str, bool, Groups]]:
    """Yield type, whether it began in the last year, and the groups of the person of each case.

    Bank-only staff are left out; of somebody who is not in post the staff record says it, or else
    the file of the cases.
    """
    for code, rows in found.files.items():
        staff = people_of(code, found.staff[code])
        for row in rows:
            began = as_date(row["Formal Start Date"])
            assert began is not None
            if not years_before(period, 2) < began <= date.fromisoformat(period):
                continue
            person, own = staff.get(row["Employee Number"], ("", []))
            if own and not any(post["Assignment Category"] in ON_THE_PAYROLL for post in own):
                continue
            said = [found.people[person]] if person in found.people else []
            groups = known_first([*said, *map(groups_of, own[:1]), groups_of(row)])
            yield row["Case Type"].casefold(), began > years_before(period, 1), groups


def trained(period: str, found: Observed) -> Counter[tuple[str, str]]:
    """Return how many of each group had a course that is not mandatory in the year."""
    people = set()
    for code, rows in found.files.items():
        staff = people_of(code, found.staff[code])
        for row in rows:
            completed = as_date(row["Completion Date"])
            is_extra = row["Course Type"].casefold() in ("non-mandatory", "cpd")
            person, _ = staff.get(row["Employee Number"], ("", []))
            if is_extra and completed and completed > years_before(period, 1):
                people.add(person)
    return Counter(
        (name, found.people[one][name]) for one in people & found.people.keys() for name in GROUPED
    )
