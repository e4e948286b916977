"""An explanation: everything that stands behind figures, put together from all places."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.assess.columns import COUNTS
from pipeline.explain.asked import Found
from pipeline.explain.evidence import Row, Truth
from pipeline.explain.words import METHODS, PRIVATE, REASONS, protection
from pipeline.registry import Indicator, Measure
from pipeline.resources import REFERENCE


@dataclass(frozen=True, slots=True)
class Explanation:
    """What stands behind figures of one indicator, organisation and snapshot.

    Attributes:
        found: the published figures, and their indicator.
        about: the facts of the release: its id, its policy, its threshold.
        files: the files that it was made from, with their rows; of the sources that it needs.
        truth: what is not published; None where nobody asked for it.
    """

    found: Found
    about: Mapping[str, str]
    files: tuple[Row, ...]
    truth: Truth | None

    @property
    def entry(self) -> Indicator:
        """The indicator."""
        return self.found.entry

    @property
    def first(self) -> Row:
        """The first of the figures; organisation and snapshot are the same for all."""
        return self.found.figures[0]

    def measure(self, row: Row) -> Measure:
        """Return how a figure's measure is worked out."""
        return self.entry.measures[row["measure"]]

    def protection(self, row: Row) -> str:
        """Return what was done to a published figure."""
        return protection(row, self.about["threshold"])

    def reason(self, row: Row) -> str | None:
        """Return why a figure has no value, in words; None where it has one, or it is hidden."""
        hidden = row["status"] == "suppressed"
        return None if row["reason"] is None or hidden else REASONS[row["reason"]]

    def rules(self) -> list[str]:
        """Return the rules in force at the snapshot, a sentence each."""
        entry, day = self.entry, self.first["period_end"]
        until = f" to {entry.valid_to}" if entry.valid_to else ""
        told = [f"Defined from {entry.valid_from}{until}."]
        told += _windows(entry, day)
        for one in entry.breaks:
            side = "before" if day < one.since else "after"
            told.append(f"The series breaks on {one.since}; this is {side} it. {one.change}.")
        return [
            *told,
            "A value is worked out from exact fractions and rounded once, half away from zero; an "
            "interval has the decimals of its value, a p-value three.",
        ]

    def private(self, number: int) -> Row | None:
        """Return the private row of the figure with a number."""
        return None if self.truth is None else self.truth.figures[number]

    def counts(self, number: int) -> tuple[Row, ...]:
        """Return the true counts of each employer behind the figure with a number."""
        return () if self.truth is None else self.truth.counts[number]


def _windows(entry: Indicator, day: Any) -> list[str]:
    """Return over how many years cases are counted at a snapshot, where the year decides that."""
    with (REFERENCE / "window_rule.csv").open(encoding="utf-8", newline="") as file:
        rules = [
            row
            for row in csv.DictReader(file)
            if (row["standard"], row["indicator"]) == (entry.standard, entry.indicator)
            and row["valid_from"] <= str(day)
        ]
    if not rules:
        return []
    rule = max(rules, key=lambda row: row["valid_from"])
    years = "one year" if rule["years"] == "1" else f"{rule['years']} years"
    note = f" ({rule['note']})" if rule["note"] else ""
    return [f"The rule of {rule['valid_from']} counts {years} up to the snapshot{note}."]


def records(explanation: Explanation) -> list[Row]:
    """Return a row for each figure: its columns, and what stands behind it, for machines.

    What is not published is None, or left out of the files, where nobody asked for it.
    """
    entry, shows = explanation.entry, explanation.truth is not None
    files = [
        {name: value for name, value in one.items() if shows or not name.startswith("rows_")}
        for one in explanation.files
    ]
    rows = []
    for number, figure in enumerate(explanation.found.figures):
        measure = explanation.measure(figure)
        method = METHODS[measure.method]
        private = explanation.private(number)
        rows.append(
            figure
            | {
                "title": entry.title,
                "definition": entry.definition,
                "counted": entry.numerator,
                "of": entry.denominator,
                "compared": entry.comparison,
                "better": entry.favourable,
                "source": entry.source,
                "needs": list(entry.needs),
                "method": measure.method,
                "worked_out": method.value,
                "interval": method.interval,
                "decimals": measure.decimals,
                "rules": explanation.rules(),
                "no_value_because": explanation.reason(figure),
                "policy": explanation.about["disclosure_policy"],
                "protection": explanation.protection(figure),
                "files": files,
                "private": _of_private(private) if private else None,
                "private_counts": list(explanation.counts(number)) if shows else None,
                "private_release_id": explanation.truth.release_id if explanation.truth else None,
                "withheld": list(explanation.truth.withheld) if explanation.truth else None,
            }
        )
    return rows


def _of_private(row: Row) -> Row:
    names = (*COUNTS, "value", "ci_low", "ci_high", "p_value", "status", "reason", "direction")
    return {name: row[name] for name in names} | {
        "disclosure": row["disclosure"],
        "protection": PRIVATE[row["disclosure"]],
    }
