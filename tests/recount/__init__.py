"""Every figure of an inbox computed a second time, from its files as written.

One module a standard, or a few that belong together: it names its ``STANDARDS`` and has a function
``figures`` of one organisation and snapshot. Nothing of the product is used, so that a fault of the
product cannot stand in both computations.
"""

from pathlib import Path
from typing import NamedTuple

from recount import (
    actions,
    census,
    declaration,
    disparity,
    duties,
    eds,
    flow,
    pay,
    profile,
    wres_wdes,
)
from recount.extracts import Extracts
from recount.values import Figure, Key

MODULES = (
    actions,
    census,
    declaration,
    disparity,
    duties,
    eds,
    flow,
    pay,
    profile,
    wres_wdes,
)
STANDARDS = tuple(standard for module in MODULES for standard in module.STANDARDS)


class Place(NamedTuple):
    """Whose figure it is, and which."""

    period: str
    level: str
    organisation: str
    key: Key


def figures_of(inbox: Path) -> dict[Place, Figure]:
    """Return every figure of an inbox."""
    extracts = Extracts(inbox)
    found: dict[Place, Figure] = {}
    for period in extracts.periods:
        for owner in extracts.owners(period):
            for module in MODULES:
                for key, figure in module.figures(extracts, period, *owner):
                    place = Place(period, owner.level, owner.organisation, key)
                    assert place not in found, f"{place} is computed twice"
                    found[place] = figure
    return found
