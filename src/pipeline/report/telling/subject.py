"""What the pages of one organisation are made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from pipeline.report.source import Published
from pipeline.report.telling.claims import Claim
from pipeline.report.telling.figures import Figure, Own, own_figures

Row = Mapping[str, Any]
Kind = tuple[str, str, str]
QUARTERLY = ("PSED", "DECLARATION", "CENSUS", "RDR", "MODEL_EMPLOYER")
"""Standards that are made of the staff record alone, which comes every quarter."""

_POOLED = ("system", "icb")


@dataclass(frozen=True, slots=True)
class Library:
    """A release, looked up once for all its organisations.

    Attributes:
        published: the release.
        own: the figures of each code and level.
        registry: the rows of ``indicator`` by standard, indicator and measure.
        groups: the names of the groups of each of them, by code, in the order of the registry.
        sent: the rows of ``coverage`` by snapshot, level, code and source.
        received: what became of a file, by snapshot, employer and source.
        breaks: days since which a standard and indicator is counted otherwise, and how.
        bands: the bands of declaration rates by snapshot, level, code and characteristic.
        icb_of: the code of the ICB of each employer.
        trusts: the codes of employers that are pooled in systems alone.
        members: the codes of the employers of each ICB that have figures, trusts among them.
        about: the facts of the release.
        checks: of how many critical checks, how many passed: passed, and all.
        notices: the alerts of each organisation.
        revised: the revised figures of each code and level.
    """

    published: Published
    own: Mapping[tuple[str, str], Own]
    registry: Mapping[Kind, Row]
    groups: Mapping[Kind, Mapping[str, str]]
    sent: Mapping[tuple[date, str, str, str], Row]
    received: Mapping[tuple[date, str, str], str]
    breaks: Mapping[tuple[str, str], list[tuple[date, str]]]
    bands: Mapping[tuple[date, str, str, str], str]
    icb_of: Mapping[str, str]
    trusts: frozenset[str]
    members: Mapping[str, list[str]]
    about: Mapping[str, str]
    checks: tuple[int, int]
    notices: Mapping[str, list[Row]]
    revised: Mapping[tuple[str, str], list[Row]]


@dataclass(frozen=True, slots=True)
class Subject:
    """An organisation at a level.

    Attributes:
        library: the release.
        code: its code.
        level: employer, icb or system.
        name: its name at its newest snapshot.
        own: its figures.
        day: the newest 31 March at which its detail is published, or the newest snapshot where
            there is none: what the annual returns, and the pages on them, are about.
        latest: the newest snapshot at which its detail is published.
        period_end: the newest snapshot of which anything is told.
    """

    library: Library
    code: str
    level: str
    name: str
    own: Own
    day: date
    latest: date
    period_end: date

    @property
    def is_pooled(self) -> bool:
        """Whether it is more than one employer."""
        return self.level in _POOLED

    def figure(self, claim: Claim, when: date | None = None) -> Figure | None:
        """Return the figure of a claim, by itself at the day of its standard."""
        return self.own.find(
            (
                when or self.day_of(claim.standard), claim.standard, claim.indicator, claim.part,
                claim.measure,
                claim.group, claim.comparator,
            )
        )  # fmt: skip

    def day_of(self, standard: str) -> date:
        """Return the snapshot at which a standard is told."""
        return self.latest if standard in QUARTERLY else self.day

    def at_latest(self) -> "Subject":
        """Return it with its newest snapshot as the day of the pages."""
        return replace(self, day=self.latest)

    def entry(self, standard: str, indicator: str, measure: str) -> Row:
        """Return the row of ``indicator``; empty where it is not registered."""
        return self.library.registry.get((standard, indicator, measure), {})

    def needs(self, standard: str, indicator: str, measure: str) -> list[str]:
        """Return the sources that an indicator is made from."""
        told = str(self.entry(standard, indicator, measure).get("needs", ""))
        return [source for source in told.split(", ") if source]

    def employers(self) -> list[str]:
        """Return the codes of the employers that it pools; trusts are in systems alone."""
        if not self.is_pooled:
            return []
        codes = self.library.members.get(self.code, [])
        return [code for code in codes if self.level == "system" or code not in self.library.trusts]

    @property
    def _pools(self) -> tuple[str, ...]:
        """The levels at which it is pooled: a trust in a system alone."""
        return ("system",) if self.code in self.library.trusts else ("icb", "system")

    @property
    def pool(self) -> str:
        """The smallest of the levels at which an employer is pooled with others."""
        return self._pools[0]

    def others(self) -> list[Own]:
        """Return the figures of the pooled organisations that it is in, or that it is beside."""
        code = self.code if self.is_pooled else self.library.icb_of.get(self.code, "")
        levels = (level for level in self._pools if level != self.level)
        found = (self.library.own.get((code, level)) for level in levels)
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
    own = own_figures(published.figure, decimals)
    icb_of = {
        row["organisation_code"]: row["icb_code"]
        for row in rows(published, "organisation")
        if row["icb_code"]
    }
    members: dict[str, list[str]] = {}
    for code, level in sorted(own):
        if level == "employer" and code in icb_of:
            members.setdefault(icb_of[code], []).append(code)
    checks = [bool(row["passed"]) for row in rows(published, "check_result")]
    return Library(
        published=published,
        own=own,
        registry=registry,
        groups={kind: _groups(str(row["groups"] or "")) for kind, row in registry.items()},
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
                row["period_end"],
                row["level"],
                row["organisation_code"],
                row["characteristic"],
            ): row["band"]
            for row in rows(published, "declaration_rate")
            if row["band"]
        },
        icb_of=icb_of,
        trusts=frozenset(
            row["organisation_code"]
            for row in rows(published, "organisation")
            if row["kind"] == "TRUST"
        ),
        members=members,
        about={row["name"]: row["value"] for row in rows(published, "about")},
        checks=(sum(checks), len(checks)),
        notices=_listed(rows(published, "alert"), "organisation_code"),
        revised={
            (code, level): listed
            for code, of_code in _listed(rows(published, "revision"), "organisation_code").items()
            for level, listed in _listed(of_code, "level").items()
        },
    )


def _listed(told: Iterable[Row], name: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in told:
        found.setdefault(row[name], []).append(row)
    return found


def _groups(told: str) -> dict[str, str]:
    """Return the names of groups from ``CODE: Name; CODE: Name``."""
    named = {"ALL": "All", "UNKNOWN": "Not known"}
    found = {
        code: label for code, _, label in (one.partition(": ") for one in told.split("; ")) if label
    }
    return found | {code: label for code, label in named.items() if code not in found}


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
    detailed = [day for day in own.days if _has_detail(own, day)]
    latest = detailed[-1] if detailed else own.days[-1]
    return Subject(
        library=library,
        code=code,
        level=level,
        name=own.all[-1].organisation_name,
        own=own,
        day=next((day for day in reversed(detailed) if (day.month, day.day) == (3, 31)), latest),
        latest=latest,
        period_end=told[-1].period_end,
    )


def _has_detail(own: Own, day: date) -> bool:
    return any(
        figure.is_shown or figure.reason == "SUPPRESSED"
        for standard in ("WRES", "WDES", "GPG")
        for figure in own.of(day, standard)
    )
