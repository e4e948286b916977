"""Small published releases, typed in figure by figure, and what the report tells of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline.assess.assessed import Question
from pipeline.assess.columns import COUNTS, FIGURE, KEY
from pipeline.assess.methods import answer
from pipeline.publish.tables import indicator_table
from pipeline.registry import load_registry
from pipeline.report.document import Body, Headline, Number, Section, Table, Words
from pipeline.report.source import Published

THEN, NOW = date(2021, 3, 31), date(2022, 3, 31)
EMPLOYER, TRUST, BOARD = "01F", "RBQ", "QYG"
NAMES = {EMPLOYER: "NHS Halton CCG", TRUST: "Heart Trust", BOARD: "NHS Cheshire and Merseyside ICB"}
REGISTRY = load_registry()
MEASURES = {
    (entry.standard, entry.indicator, measure.name): measure
    for entry in REGISTRY
    for measure in entry.measures.values()
}
PROTECTED = dict.fromkeys(("reason", "direction", *COUNTS, "value", "ci_low", "ci_high", "p_value"))


@dataclass
class Release:
    """A release, to be filled."""

    figures: list[dict] = field(default_factory=list)
    tables: dict[str, list[dict]] = field(default_factory=dict)

    def figure(self, code: str = EMPLOYER, day: date = NOW, **columns: object) -> "Release":
        """Add a figure as it stands."""
        level = "icb" if code == BOARD else "employer"
        self.figures.append(
            dict.fromkeys(FIGURE)
            | {
                "release_id": "r1", "period_end": day, "organisation_code": code, "level": level,
                "organisation_name": NAMES.get(code, f"Employer {code}"), "part": "all",
                "status": "ok", "disclosure": "NONE", "direction": "neutral",
            }
            | columns
        )  # fmt: skip
        return self

    def counted(
        self, indicator: str, group: str, counts: tuple[int, ...], comparator: str | None = None,
        measure: str = "relative_likelihood", *, standard: str = "WRES", **columns: object,
    ) -> "Release":  # fmt: skip
        """Add a figure with what the statistics make of its counts."""
        how = MEASURES[standard, indicator, measure]
        high_is = how.high_is(str(columns.get("part", "all")), group)
        (found,) = answer([Question(how.method, counts, high_is)])
        columns = found._asdict() | dict(zip(COUNTS, counts, strict=False)) | columns
        return self.figure(
            standard=standard, indicator=indicator, measure=measure, group_code=group,
            comparator_code=comparator, **columns,
        )  # fmt: skip

    def hidden(self, indicator: str, group: str, comparator: str | None = None,
               measure: str = "relative_likelihood", standard: str = "WRES",
               **columns: object) -> "Release":  # fmt: skip
        """Add a suppressed figure."""
        hidden = PROTECTED | {
            "status": "suppressed", "reason": "SUPPRESSED", "disclosure": "SUPPRESSED",
        }  # fmt: skip
        return self.figure(
            standard=standard, indicator=indicator, measure=measure, group_code=group,
            comparator_code=comparator, **(hidden | columns),
        )  # fmt: skip

    def table(self, name: str, **row: object) -> "Release":
        """Add a row to another table."""
        self.tables.setdefault(name, []).append(row)
        return self

    def published(self) -> Published:
        """Return the release as the report reads one."""
        frame = pd.DataFrame(self.figures, columns=list(FIGURE))
        frame = frame.sort_values(list(KEY), ignore_index=True).astype(
            dict.fromkeys(COUNTS, "Int64")
            | dict.fromkeys(("value", "ci_low", "ci_high", "p_value"), "float64")
        )
        members = [{"organisation_code": code, "icb_code": BOARD, "kind": kind}
                   for code, kind in ((EMPLOYER, "CCG"), ("01J", "CCG"), ("01T", "CCG"),
                                      ("01V", "CCG"), (TRUST, "TRUST"))]  # fmt: skip
        about = [{"name": "threshold", "value": "10"}, {"name": "population", "value": "Census."}]
        tables = {"organisation": members, "about": about} | self.tables
        return Published(
            "r1", Path("nowhere"), {"is_sample": True},
            {name: pd.DataFrame(rows) for name, rows in tables.items()}
            | {"figure": frame, "indicator": indicator_table(REGISTRY)},
        )  # fmt: skip


def sections(body: Body) -> Iterator[Section]:
    """Yield every section of a body."""
    for page in body.pages:
        yield from page.sections


def section(body: Body, page: str, anchor: str) -> Section:
    """Return a section of a page."""
    (found,) = [part for one in body.pages if one.name == page for part in one.sections
                if part.anchor == anchor]  # fmt: skip
    return found


def headline(body: Body, page: str, title: str) -> Headline:
    """Return the headline of a title."""
    (found,) = [one for of in body.pages if of.name == page for part in of.sections
                for one in part.headlines if one.title == title]  # fmt: skip
    return found


def tables_of(body: Body) -> Iterator[Table]:
    """Yield every table, those under charts too."""
    for part in sections(body):
        yield from part.tables
        yield from (chart.table for chart in part.charts)


def all_words(body: Body) -> Iterator[Words]:
    """Yield everything that is told in words and numbers."""
    yield from body.easy_read
    for part in sections(body):
        yield from part.paragraphs
        yield from (chart.message for chart in part.charts)
        for one in part.headlines:
            yield from (one.value, *one.sentences, one.change)
            yield from (words for _, words in one.facts)
    for table in tables_of(body):
        yield from (cell for row in table.rows for cell in row)


def numbers(body: Body) -> Iterator[Number]:
    """Yield every number of a figure."""
    for words in all_words(body):
        yield from (one for one in words if isinstance(one, Number))
