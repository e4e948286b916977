"""Random systems of two boards side by side: the second one under codes of its own."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import pandas as pd
from random_systems import System

from pipeline.protect.cells import Owner

Tables = Mapping[str, pd.DataFrame]


def moved(system: System) -> System:
    """Return a system under other codes: what is of it stands beside the one it was made of."""
    figures = system.figures.assign(
        organisation_code=system.figures["organisation_code"].map(_other)
    )
    members = {
        _moved(owner): [[_moved(one) for one in way] for way in ways]
        for owner, ways in system.members.items()
    }
    return replace(system, figures=figures, members=members)


def renamed(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return published tables under the codes of ``moved``."""
    found = dict(tables)
    for name, columns in (
        ("figure", ("organisation_code",)),
        ("organisation", ("organisation_code", "icb_code")),
        ("coverage", ("organisation_code",)),
    ):
        of = found[name]
        found[name] = of.assign(
            **{column: of[column].map(_other, na_action="ignore") for column in columns}
        )
    bodies = found["coverage"]["bodies"]
    found["coverage"] = found["coverage"].assign(
        bodies=bodies.map(lambda codes: " ".join(map(_other, codes.split())))
    )
    return found


def together(*several: Tables) -> dict[str, pd.DataFrame]:
    """Return the tables of several boards as those of one release."""
    names = dict.fromkeys(name for tables in several for name in tables)
    return {
        name: pd.concat([tables[name] for tables in several if name in tables], ignore_index=True)
        for name in names
    }


def rows_of(frame: pd.DataFrame, codes: Collection[str]) -> pd.DataFrame:
    """Return the rows of some organisations, numbered anew."""
    return frame[frame["organisation_code"].isin(codes)].reset_index(drop=True)


def _other(code: str) -> str:
    return f"Z{code}"


def _moved(owner: Owner) -> Owner:
    return owner._replace(organisation_code=_other(owner.organisation_code))
