"""Random systems of employers: people first, then whom and how many the figures count.

Employers of one ICB, and maybe a trust beside it, with people of whom some hold posts in two of
them under records that contradict each other. The counts are named and the figures keyed as the
product's, but are made here from the people, with the laws that follow from how they were made.
"""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

import pandas as pd
from random_counts import Law, applied, counted, own_laws, owners, pooled_laws, ways
from random_figures import figures, frame
from random_people import (
    CCGS,
    ICB,
    TRUST,
    Shape,
    a_quarter_later,
    applications_of,
    merged,
    new_person,
    random_shape,
)

from pipeline.assess.columns import PEOPLE
from pipeline.protect.cells import Owner


@dataclass
class System:
    """A system as the product has it when it protects, and what its making tells of it.

    Attributes:
        shape: how large it is.
        figures: the unprotected figures.
        members: for each pooled organisation every way in which it is put together.
        laws: every law that the making of the counts gives, and no more.
        counts: the true counts of each organisation and snapshot by name.
    """

    shape: Shape
    figures: pd.DataFrame = field(default_factory=pd.DataFrame)
    members: dict[Owner, list[list[Owner]]] = field(default_factory=dict)
    laws: list[Law] = field(default_factory=list)
    counts: dict[Owner, dict[str, int]] = field(default_factory=dict)


def random_system(seed: int, shape: Shape | None = None) -> System:
    """Return the system of a seed, always the same; of a random shape where none is given."""
    random = Random(seed)
    system = System(shape or random_shape(random))
    shape = system.shape
    employers = [*CCGS[: shape.employers], *([TRUST] if shape.has_trust else [])]
    size = {code: random.randint(*shape.staff) for code in employers}
    people = [
        new_person(random, shape, code, employers) for code in employers for _ in range(size[code])
    ]
    rows: list[dict[str, Any]] = []
    for period in shape.quarters:
        people = list(a_quarter_later(random, shape, people, employers))
        applications = [
            application
            for code in employers
            for application in applications_of(random, shape, code, size[code])
        ]
        for owner, codes in owners(period, shape, employers):
            counts = counted(shape, owner, merged(people, codes))
            counts |= applied([one for one in applications if one.employer in codes])
            system.counts[owner] = counts
            rows += figures(shape, owner, counts)
            system.laws += own_laws(shape, owner, counts)
            if owner.level != "employer":
                system.members[owner] = ways(owner, codes, shape)
                system.laws += pooled_laws(owner, system.members[owner], system.counts)
    system.figures = frame(rows)
    return system


def published_tables(system: System, published: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the published tables of a system, by name, with its protected figures in them."""
    shape = system.shape
    codes = [*CCGS[: shape.employers], *([TRUST] if shape.has_trust else [])]
    organisations = [
        (code, f"NHS {code}", "TRUST" if code == TRUST else "CCG", ICB, None) for code in codes
    ]
    organisation = pd.DataFrame(
        [*organisations, (ICB, "NHS Cheshire and Merseyside", "ICB", None, None)],
        columns=["organisation_code", "organisation_name", "kind", "icb_code", "gss_code"],
    ).assign(valid_from=date(2013, 4, 1), valid_to=None)
    coverage = [
        (
            *owner,
            f"NHS {owner.organisation_code}",
            source,
            len(bodies),
            len(bodies),
            " ".join(bodies),
        )
        for period in shape.quarters
        for owner, bodies in owners(period, shape, codes)
        for source in ("esr_staff", "recruitment")
    ]
    columns = ["period_end", "level", "organisation_code", "organisation_name", "source",
               "employers", "employers_sent", "bodies"]  # fmt: skip
    return {
        "figure": published.assign(release_id="random").drop(
            columns=[*PEOPLE, "since", "shows_counts"]
        ),
        "organisation": organisation,
        "coverage": pd.DataFrame(coverage, columns=columns),
    }
