"""The organisation tree: which body had a code on a day, and to which ICB it belongs.

Source: NHS Organisation Data Service (ODS) and ONS name and code lists, in
``warehouse/reference/organisation.csv`` and ``succession.csv``. On 1 July 2022 CCG codes were kept
and renamed as sub-ICB locations, so one code has several rows, each with the days it holds for.
The whole tree is checked when it is read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from operator import eq

from pipeline.errors import ProductError
from pipeline.resources import reference

KINDS = frozenset({"CCG", "SUB_ICB", "ICB", "TRUST"})
_ALIKE = str.maketrans("OIL", "011")  # letters that are typed for digits


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation as it was from ``valid_from`` to ``valid_to``, both days included.

    Attributes:
        organisation_code: ODS code.
        organisation_name: the name in those days.
        kind: CCG, SUB_ICB (sub-ICB location), ICB or TRUST.
        icb_code: ODS code of the ICB, for a CCG the one that it became part of; an ICB's own code;
            empty for a trust outside England.
        gss_code: ONS code; empty for trusts and where the sources give none.
        valid_from: first day.
        valid_to: last day, or None while it lasts.

    """

    organisation_code: str
    organisation_name: str
    kind: str
    icb_code: str
    gss_code: str
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Return whether this is how the organisation was on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def find(code: str, on: date) -> Organisation | None:
    """Return the organisation that had ``code`` on that day, or None where there was none."""
    return next((found for found in _tree().get(code, ()) if found.holds_on(on)), None)


def is_known(code: str) -> bool:
    """Return whether any organisation, open or closed, has or had ``code``."""
    return code in _tree()


def history(code: str) -> tuple[Organisation, ...]:
    """Return the organisation with ``code`` under every name in turn; empty where none had it."""
    return tuple(_tree().get(code, ()))


def latest(code: str) -> Organisation:
    """Return the organisation with ``code`` as it is now, or as it was when it closed.

    Raises:
        KeyError: no organisation ever had the code.

    """
    return _tree()[code][-1]


def icb_name(icb_code: str) -> str:
    """Return the name of an ICB.

    Raises:
        KeyError: no ICB has the code.

    """
    found = latest(icb_code)
    if found.kind != "ICB":
        raise KeyError(icb_code)
    return found.organisation_name


def closest(code: str) -> list[str]:
    """Return up to three known codes that look like ``code``, the likeliest first."""
    typed = code.upper().translate(_ALIKE)
    likely = []
    for known in _tree():
        folded = known.translate(_ALIKE)
        ratio = SequenceMatcher(a=folded, b=typed).ratio()
        if ratio >= 0.6:
            in_place = max(sum(map(eq, folded, typed)), sum(map(eq, folded[::-1], typed[::-1])))
            likely.append((-ratio, -in_place, known))
    return [known for *_, known in sorted(likely)[:3]]


@cache
def _tree() -> dict[str, tuple[Organisation, ...]]:
    """Return the rows of every code in the order of their days, checked."""
    tree = build_tree(reference("organisation"))
    check_successions(reference("succession"), tree)
    return tree


def build_tree(rows: Iterable[Mapping[str, str]]) -> dict[str, tuple[Organisation, ...]]:
    """Return organisations by code, in the order of their days.

    Args:
        rows: the columns of ``Organisation`` as text; an empty ``valid_to`` means open.

    Raises:
        ProductError: a code with a gap or an overlap between its rows, an unknown kind, or a parent
            that is no ICB; the text names the code.

    """
    by_code: dict[str, list[Organisation]] = {}
    for row in rows:
        by_code.setdefault(row["organisation_code"], []).append(_organisation(row))
    tree = {
        code: tuple(sorted(found, key=lambda each: each.valid_from))
        for code, found in by_code.items()
    }
    icbs = {code for code, found in tree.items() if found[-1].kind == "ICB"}
    for code, found in tree.items():
        _check_days(code, found)
        for each in found:
            _check_parent(each, icbs)
    return tree


def check_successions(
    rows: Iterable[Mapping[str, str]], tree: Mapping[str, tuple[Organisation, ...]]
) -> None:
    """Check that every successor is known and that no organisation succeeds itself.

    Raises:
        ProductError: an unknown successor or a cycle; the text names the codes.

    """
    predecessors: dict[str, set[str]] = {}
    for row in rows:
        if row["new_code"] not in tree:
            raise ProductError(
                f"succession.csv: {row['old_code']} is succeeded by {row['new_code']}, "
                "which organisation.csv does not hold."
            )
        predecessors.setdefault(row["new_code"], set()).add(row["old_code"])
    try:
        TopologicalSorter(predecessors).prepare()
    except CycleError as error:
        cycle = " -> ".join(error.args[1])
        raise ProductError(f"succession.csv: {cycle} is a cycle.") from error


def _organisation(row: Mapping[str, str]) -> Organisation:
    """Return a row of ``organisation.csv`` with its dates read."""
    return Organisation(
        organisation_code=row["organisation_code"],
        organisation_name=row["organisation_name"],
        kind=row["kind"],
        icb_code=row["icb_code"],
        gss_code=row["gss_code"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    )


def _check_days(code: str, found: tuple[Organisation, ...]) -> None:
    """Raise unless each row begins on the day after the one before it ended."""
    for each in found:
        if each.valid_to is not None and each.valid_to < each.valid_from:
            raise ProductError(f"organisation.csv: {code} ends before it begins.")
    for earlier, later in pairwise(found):
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            raise ProductError(f"organisation.csv: rows of {code} overlap on {later.valid_from}.")
        if earlier.valid_to + timedelta(days=1) != later.valid_from:
            raise ProductError(
                f"organisation.csv: {code} has a gap between {earlier.valid_to} "
                f"and {later.valid_from}."
            )


def _check_parent(each: Organisation, icbs: set[str]) -> None:
    """Raise unless the kind is known and the parent is an ICB (an ICB's own code; or no parent)."""
    code = each.organisation_code
    if each.kind not in KINDS:
        raise ProductError(f"organisation.csv: {code} has the unknown kind '{each.kind}'.")
    if each.icb_code not in icbs and not (each.kind == "TRUST" and not each.icb_code):
        raise ProductError(f"organisation.csv: {code} belongs to '{each.icb_code}', not an ICB.")
    if each.kind == "ICB" and each.icb_code != code:
        raise ProductError(f"organisation.csv: the ICB {code} belongs to another, {each.icb_code}.")
