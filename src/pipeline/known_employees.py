"""Rows about people who are not in the staff extract of their employer and snapshot.

A row of ``pay``, ``employee_relations`` or ``training`` tells of somebody whom the staff extract
of the same place names, accepted or in quarantine; else it goes to quarantine itself. Where there
is no staff extract yet, nothing can be said, and once one comes the files that wait for it are
read again from their snapshots. So the order in which files come changes nothing.
"""

import importlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.checked import Checked
from pipeline.faults import Fault
from pipeline.identity import Keys
from pipeline.landing.columns import employees
from pipeline.read import ROW_NUMBER
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import LANDED, Load
from pipeline.receive.snapshots import unseal_any

if TYPE_CHECKING:
    import duckdb

    from pipeline.land import Examined

STAFF, EMPLOYEE = "esr_staff", "employee_number"
ABOUT_STAFF = ("pay", "employee_relations", "training")
"""Sources whose rows are about people of the staff extract; starters and leavers need not be."""

_Employer = tuple[date, str]


def to_read_again(arriving: Iterable[Place], loads: Sequence[Load]) -> list[Load]:
    """Return the files that have to be read again because a staff extract of their place arrives.

    Args:
        arriving: the places of the files that are new.
        loads: every load of the ledger, in the order of receipt.

    Returns:
        Each content that a place ever had, once, in the order in which it came last: a file that
        was rejected may now be accepted, and the one before it may be in force again.
    """
    employers = {_employer(place) for place in arriving if place.source == STAFF}
    newest = {
        (load.place, load.sha256): load
        for load in loads
        if load.place.source in ABOUT_STAFF and _employer(load.place) in employers
    }
    return sorted(newest.values(), key=lambda load: (load.place, load.load_id))


def judge(
    examined: Sequence["Examined"], connection: "duckdb.DuckDBPyConnection", keys: Keys
) -> list["Examined"]:
    """Return the files with a fault for each row about somebody whom no staff extract names.

    A file that was read again for a staff extract that is rejected is left out: nothing changed.

    Args:
        examined: the files of a run, those read again among them.
        connection: the private database, with the files that landed before.
        keys: by which employee numbers become the pseudonyms that landed files hold.
    """
    arriving = {
        _employer(item.place): item.checked
        for item in examined
        if item.place.source == STAFF and not item.checked.rejected
    }
    numbers: tuple[_Employer, set[str]] | None = None
    judged: list[Examined] = []
    landed: dict[_Employer, set[str] | None] = {}
    for item in examined:
        employer = _employer(item.place)
        if item.place.source not in ABOUT_STAFF:
            judged.append(item)
            continue
        if item.is_again and not item.is_decided and employer not in arriving:
            continue
        if employer not in arriving and employer not in landed:
            landed[employer] = _landed_people(employer, connection, keys)
        if employer in arriving and (numbers is None or numbers[0] != employer):
            # Of one employer at a time: its files stand together.
            numbers = employer, _numbers_received(arriving[employer])
        known = numbers[1] if numbers is not None and employer in arriving else None
        found = _unknown(item, known, landed.get(employer), keys)
        judged.append(replace(item, checked=item.checked.with_faults(found)) if found else item)
    return _without_the_outdated(judged)


def _without_the_outdated(judged: list["Examined"]) -> list["Examined"]:
    """Return the files without those read again that a later one of their place takes over.

    What counts is the last that is accepted, and after it the last that is rejected.
    """
    last: dict[tuple[Place, bool], int] = {}
    for index, item in enumerate(judged):
        if item.is_again:
            last[item.place, item.checked.rejected] = index
            if not item.checked.rejected:
                last.pop((item.place, True), None)
    kept = set(last.values())
    return [item for index, item in enumerate(judged) if not item.is_again or index in kept]


def _employer(place: Place) -> _Employer:
    return place.period_end, place.organisation_code


def _numbers_received(staff: Checked) -> set[str]:
    """Return the employee numbers of a staff extract, of rows in quarantine too."""
    numbers: set[str] = set()
    for rows in staff.rows.columns([EMPLOYEE]):
        numbers.update(rows[EMPLOYEE].dropna().unique())
    return numbers


def _people(place: Place, rows: pd.DataFrame, keys: Keys) -> set[str]:
    """Return the pseudonyms of the employees of rows as read."""
    return set(employees(rows.dropna(subset=EMPLOYEE), place, keys))


def _landed_people(
    employer: _Employer, connection: "duckdb.DuckDBPyConnection", keys: Keys
) -> set[str] | None:
    """Return the pseudonyms of the staff extract in force; None where there is none."""
    extract = connection.execute(
        "select load_id, sha256 from ledger.load where status = ? and source = ? "
        "and period_end = ? and organisation_code = ?",
        [LANDED, STAFF, *employer],
    ).fetchone()
    if extract is None:
        return None
    load_id, sha256 = extract
    landed = connection.execute(
        "select distinct employee from landing.esr_staff where load_id = ?", [load_id]
    ).fetchall()
    sealed = connection.execute(
        "select row_number, row_sealed from ledger.quarantine where load_id = ?", [load_id]
    ).fetchall()
    place = Place(*employer, STAFF)
    rows = pd.DataFrame({"employee_number": list(_numbers(sealed, sha256, keys))}, dtype="str")
    return {person for (person,) in landed} | _people(place, rows, keys)


def _numbers(sealed: Iterable[tuple[int, bytes]], sha256: str, keys: Keys) -> Iterator[str | None]:
    """Yield the employee number of each row in quarantine."""
    sealing_keys = keys.sealing_keys()
    for row_number, content in sealed:
        row = json.loads(unseal_any(sealing_keys, content, f"{sha256}/{row_number}"))
        number = row["employee_number"]
        yield number if isinstance(number, str) else None


def _unknown(
    item: "Examined", numbers: set[str] | None, people: set[str] | None, keys: Keys
) -> list[Fault]:
    """Return a fault for each row about somebody unknown, of whom it does not tell enough.

    Who is known is told by ``numbers``, else by ``people``, their pseudonyms; else nobody says it.
    """
    checked: Checked = item.checked
    known = people if numbers is None else numbers
    fields = checked.rows.fields
    if EMPLOYEE not in fields or known is None:
        return []
    told = getattr(importlib.import_module(f"schemas.{item.place.source}"), "PEOPLE", ())
    asked = list(told) if set(told) <= set(fields) else []
    heading = checked.headings[EMPLOYEE]
    faults = []
    for batch in checked.rows.columns([ROW_NUMBER, EMPLOYEE, *asked]):
        rows = batch.dropna(subset=EMPLOYEE)
        if asked:
            rows = rows[rows[asked].isna().any(axis=1)]
        named = employees(rows, item.place, keys) if numbers is None else rows[EMPLOYEE]
        strangers = rows.loc[~named.isin(known), ROW_NUMBER]
        faults += [Fault("EMPLOYEE_UNKNOWN", number, heading) for number in strangers.tolist()]
    return faults
