"""Small published releases, typed in as counts, for the tests of the attack."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from pipeline.attack.published import READ

DAY = "2022-03-31"
BOARD = "QYG"
COUNTS = ("numerator", "denominator", "comparator_numerator", "comparator_denominator")
Counts = Mapping[str, int | None]
"""A number for each group, None where it is hidden; ``ALL`` is everybody."""


@dataclass
class Tables:
    """The tables of one release, to be filled."""

    rows: list[dict] = field(default_factory=list)
    rates: list[dict] = field(default_factory=list)
    alerts: list[dict] = field(default_factory=list)
    employers: dict[str, str] = field(default_factory=dict)

    def figure(self, code: str, standard: str, indicator: str, **columns: object) -> "Tables":
        """Add a figure of an employer, or of the ICB."""
        level = "icb" if code == BOARD else "employer"
        if level == "employer":
            self.employers.setdefault(code, "CCG")
        row = dict.fromkeys(READ["figure"]) | {
            "period_end": DAY, "level": level, "organisation_code": code, "standard": standard,
            "indicator": indicator, "part": "all", "measure": "share", "group_code": "ALL",
            "status": "ok", "disclosure": "NONE",
        }  # fmt: skip
        self.rows.append(row | columns)
        return self

    def profile(self, code: str, counts: Counts, characteristic: str = "ethnicity") -> "Tables":
        """Add the shares of the groups of one characteristic, the total from ``ALL``."""
        for group, number in counts.items():
            if group == "ALL":
                self.headcount(code, number)
                continue
            total = counts.get("ALL")
            self.figure(
                code, "PSED", characteristic, group_code=group, numerator=number,
                denominator=total, status="suppressed" if None in (number, total) else "ok",
            )  # fmt: skip
        return self

    def headcount(self, code: str, number: int | None) -> "Tables":
        """Add the number of everybody."""
        return self.figure(
            code, "PSED", "sex", measure="headcount", numerator=number,
            status="suppressed" if number is None else "ok",
        )  # fmt: skip

    def release(self) -> dict[str, pd.DataFrame]:
        """Return the tables as frames."""
        figure = pd.DataFrame(self.rows, columns=list(READ["figure"]))
        figure = figure.astype(dict.fromkeys(COUNTS, "Int64"))
        figure = figure.astype(dict.fromkeys(("value", "ci_low", "ci_high", "p_value"), float))
        bodies = [
            {"organisation_code": code, "kind": kind, "icb_code": BOARD}
            for code, kind in self.employers.items()
        ]
        return {
            "figure": figure,
            "organisation": pd.DataFrame(bodies, columns=list(READ["organisation"])),
            "coverage": pd.DataFrame(columns=list(READ["coverage"])),
            "declaration_rate": pd.DataFrame(self.rates, columns=list(READ["declaration_rate"])),
            "alert": pd.DataFrame(self.alerts, columns=list(READ["alert"])),
        }


def profiles(tables: Mapping[str, Counts]) -> dict[str, pd.DataFrame]:
    """Return a release of the ethnicity of each employer, and of the ICB that pools them."""
    made = Tables()
    for code, counts in tables.items():
        made.profile(code, counts)
    return made.release()
