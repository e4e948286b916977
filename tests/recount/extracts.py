"""An inbox: the accepted rows by place, and who is pooled in whom."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from recount.files import Row, read, without_repeats
from recount.people import Person, posts_of, well_formed, workforce

REFERENCE = Path(__file__).parents[2] / "warehouse" / "reference"


Place = tuple[str, str, str]
"""Snapshot, organisation and source."""

NONE_HAPPENED = ("employee_relations", "movers")
ABOUT_STAFF = ("pay", "employee_relations", "training")


class Owner(NamedTuple):
    """An organisation of a level, with the employers whose people are its own."""

    level: str
    organisation: str
    members: list[str]


@cache
def reference_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a reference table."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _accepted(place: Place, rows: list[Row], files: Mapping[Place, list[Row]]) -> Iterator[Row]:
    """Yield the rows of a file that are well formed and not about strangers.

    Pay, cases and training are about people whom the staff file of their place names; a case also
    about somebody who has left, where it tells their ethnicity and disability.
    """
    *employer, source = place
    staff = files.get((*employer, "esr_staff"))
    numbers = None if staff is None else {row["Employee Number"] for row in staff}
    for row in rows:
        has_left = source == "employee_relations" and row["Ethnic Origin"] and row["Disability"]
        is_about_staff = source in ABOUT_STAFF and not has_left and numbers is not None
        if is_about_staff and row["Employee Number"] not in numbers:
            continue
        if source != "esr_staff" or well_formed(row):
            yield row


class Extracts:
    """The files of an inbox, each read once."""

    def __init__(self, inbox: Path) -> None:
        self.inbox = inbox
        self.periods = sorted(path.name for path in inbox.iterdir())
        self.organisations = sorted({path.name for path in inbox.glob("*/*")})
        self._people: dict[tuple[str, ...], list[Person] | None] = {}

    @cached_property
    def files(self) -> dict[Place, list[Row]]:
        """Accepted rows by snapshot, organisation and source; no entry for a file not sent.

        A rejected file counts as not sent, and so does a header without rows, but for two
        sources in which it says that nothing happened.
        """
        whole: dict[Place, list[Row]] = {}
        for path in sorted(self.inbox.glob("*/*/*")):
            rows = read(path, path.stem)
            if rows or (rows is not None and path.stem in NONE_HAPPENED):
                whole[path.parent.parent.name, path.parent.name, path.stem] = rows
        return {
            place: without_repeats(list(_accepted(place, rows, whole)), place[2])
            for place, rows in whole.items()
        }

    def of(self, period: str, organisations: Iterable[str], source: str) -> list[list[Row]]:
        """Return the accepted files of one source."""
        places = ((period, organisation, source) for organisation in organisations)
        return [self.files[place] for place in places if place in self.files]

    def people(self, period: str, organisations: Iterable[str]) -> list[Person] | None:
        """Return the workforce of one or several employers, or None where none sent it."""
        key = (period, *organisations)
        if key not in self._people:
            self._people[key] = self._workforce(*key)
        return self._people[key]

    def _workforce(self, period: str, *organisations: str) -> list[Person] | None:
        sent = [code for code in organisations if (period, code, "esr_staff") in self.files]
        if not sent:
            return None
        on = date.fromisoformat(period)
        return workforce(
            post
            for code in sent
            for post in posts_of(self.files[period, code, "esr_staff"], code, on)
        )

    def owners(self, period: str) -> Iterator[Owner]:
        """Return each employer, each ICB and each system of a snapshot.

        The ICB pools its commissioning bodies; the system those and the trusts that sent data,
        and there is one only where a trust did.
        """
        bodies: dict[str, list[str]] = {}
        trusts: dict[str, list[str]] = {}
        for code in self.organisations:
            for row in reference_rows("organisation"):
                is_then = row["valid_from"] <= period <= (row["valid_to"] or "9999")
                if row["organisation_code"] != code or not is_then:
                    continue
                yield Owner("employer", code, [code])
                kin = trusts if row["kind"] == "TRUST" else bodies
                kin.setdefault(row["icb_code"], []).append(code)
        for icb, members in bodies.items():
            yield Owner("icb", icb, members)
        for icb, members in trusts.items():
            sent = [code for code in members if self._sent_anything(period, code)]
            if sent:
                yield Owner("system", icb, [*bodies.get(icb, ()), *sent])

    def _sent_anything(self, period: str, organisation: str) -> bool:
        return any(place[:2] == (period, organisation) for place in self.files)
