"""What the pages of one organisation are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pipeline.report.source import Published
from pipeline.report.telling.claims import Claim
from pipeline.report.telling.figures import Figure, Own, own_figures

Row = Mapping[str, Any]
Kind = tuple[str, str, str]
_POOLED = ("system", "icb")


@dataclass(frozen=True, slots=True)
class Library:
    """A release, looked up once for all its organisations.

    Attributes:
        published: the release.
        own: the figures of each code and level.
        registry: the rows of ``indicator`` by standard, indicator and measure.
        sent: the rows of ``coverage`` by snapshot, level, code and source.
        received: what became of a file, by snapshot, employer and source.
        breaks: days since which a standard and indicator is counted otherwise, and how.
        bands: the bands of declaration rates by snapshot, level, code and characteristic.
        icb_of: the code of the ICB of each employer.
        trusts: the codes of employers that are pooled in systems alone.
    """

    published: Published
    own: Mapping[tuple[str, str], Own]
    registry: Mapping[Kind, Row]
    sent: Mapping[tuple[date, str, str, str], Row]
    received: Mapping[tuple[date, str, str], str]
    breaks: Mapping[tuple[str, str], list[tuple[date, str]]]
    bands: Mapping[tuple[date, str, str, str], str]
    icb_of: Mapping[str, str]
    trusts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """An organisation at a level.

    Attributes:
        library: the release.
        code: its code.
        level: employer, icb or system.
        name: its name at its newest snapshot.
        own: its figures.
        day: the newest snapshot at which its detail is published: what its pages are about.
        period_end: the newest snapshot of which anything is told.
    """

    library: Library
    code: str
    level: str
    name: str
    own: Own
    day: date
    period_end: date

    @property
    def is_pooled(self) -> bool:
        """Whether it is more than one employer."""
        return self.level in _POOLED

    def figure(self, claim: Claim, when: date | None = None) -> Figure | None:
        """Return the figure of a claim, by itself at the day of the pages."""
        return self.own.find(
            (
                when or self.day, claim.standard, claim.indicator, claim.part, claim.measure,
                claim.group, claim.comparator,
            )
        )  # fmt: skip

    def entry(self, standard: str, indicator: str, measure: str) -> Row:
        """Return the row of ``indicator``; empty where it is not registered."""
        return self.library.registry.get((standard, indicator, measure), {})

    def needs(self, standard: str, indicator: str, measure: str) -> list[str]:
        """Return the sources that an indicator is made from."""
        told = str(self.entry(standard, indicator, measure).get("needs", ""))
        return [source for source in told.split(", ") if source]

    def pools_employer(self, code: str) -> bool:
        """Return whether an employer is pooled in it; trusts are in systems alone."""
        if not self.is_pooled or self.library.icb_of.get(code) != self.code:
            return False
        return self.level == "system" or code not in self.library.trusts

    def pools(self) -> list[Own]:
        """Return the figures of the organisations that pool this employer, the ICB first."""
        if self.is_pooled:
            return []
        code = self.library.icb_of.get(self.code, "")
        found = (self.library.own.get((code, level)) for level in ("icb", "system"))
        return [own for own in found if own is not None]


def library_of(published: Published) -> Library:
    """Look a release up. Raises KeyError where it has no table ``figure`` or ``indicator``."""
    registry = {
        (row["standard"], row["indicator"], row["measure"]): row
        for row in rows(published, "indicator")
    }
    decimals = {kind: int(row["decimals"]) for kind, row in registry.items()}
    breaks: dict[tuple[str, str], list[tuple[date, str]]] = {}
    for row in rows(published, "series_break"):
        told = breaks.setdefault((row["standard"], row["indicator"]), [])
        told.append((row["since"], row["change"]))
    return Library(
        published=published,
        own=own_figures(published.figure, decimals),
        registry=registry,
        sent={
            (row["period_end"], row["level"], row["organisation_code"], row["source"]): row
            for row in rows(published, "coverage")
        },
        received={
            (row["period_end"], row["organisation_code"], row["source"]): row["status"]
            for row in rows(published, "load")
        },
        breaks=breaks,
        bands={
            (
                row["period_end"], row["level"], row["organisation_code"], row["characteristic"]
            ): row["band"]
            for row in rows(published, "declaration_rate")
            if row["band"]
        },
        icb_of={
            row["organisation_code"]: row["icb_code"]
            for row in rows(published, "organisation")
            if row["icb_code"]
        },
        trusts=frozenset(
            row["organisation_code"]
            for row in rows(published, "organisation")
            if row["kind"] == "TRUST"
        ),
    )  # fmt: skip


def rows(published: Published, name: str) -> list[dict[str, Any]]:
    """Return the rows of a published table, None where null; none where there is no such table."""
    table = published.tables.get(name, pd.DataFrame())
    whole = table.astype(object)
    return [
        {str(key): value for key, value in row.items()}
        for row in whole.where(table.notna(), None).to_dict("records")
    ]


def subject_of(library: Library, code: str, level: str) -> Subject:
    """Return an organisation at a level. Raises KeyError where the release has none."""
    own = library.own[code, level]
    told = [figure for figure in own.all if figure.is_shown] or own.all
    return Subject(
        library=library,
        code=code,
        level=level,
        name=own.all[-1].organisation_name,
        own=own,
        day=_detail_day(own),
        period_end=told[-1].period_end,
    )


def _detail_day(own: Own) -> date:
    for day in reversed(own.days):
        for standard in ("WRES", "WDES", "GPG"):
            for figure in own.of(day, standard):
                if figure.is_shown or figure.reason == "SUPPRESSED":
                    return day
    return own.days[-1]
