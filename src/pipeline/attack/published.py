"""The published tables, as every reader can open them, and what each number of them tells.

One release is a mapping of names of tables to frames. Of the views of the file nothing is read:
each is made of these tables alone.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.attack.sums import Owner
from pipeline.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    Release = Mapping[str, pd.DataFrame]
    """The frame of each table."""

READ: Mapping[str, tuple[str, ...]] = {
    "figure": (
        "period_end", "level", "organisation_code", "standard", "indicator", "part", "measure",
        "group_code", "comparator_code", "numerator", "denominator", "comparator_numerator",
        "comparator_denominator", "value", "ci_low", "ci_high", "p_value", "status", "disclosure",
    ),
    "declaration_rate": (
        "period_end", "level", "organisation_code", "characteristic", "known", "headcount", "rate",
        "band",
    ),
    "alert": (
        "period_end", "organisation_code", "characteristic", "value", "target",
        "records_to_target",
    ),
    "organisation": ("organisation_code", "kind", "icb_code", "valid_from", "valid_to"),
    "coverage": ("period_end", "level", "organisation_code", "source", "bodies"),
}  # fmt: skip
"""The tables that the attack reads, and their columns."""

NUMBERS: Mapping[tuple[str, str], str] = {
    ("figure", "numerator"): "counts: the count of a figure",
    ("figure", "denominator"): "counts: the count of a figure",
    ("figure", "comparator_numerator"): "counts: the count of a figure",
    ("figure", "comparator_denominator"): "counts: the count of a figure",
    ("figure", "value"): "values: percentages, differences and ratios between two ends",
    ("figure", "ci_low"): "values: named where it stands beside a hidden count",
    ("figure", "ci_high"): "values: named where it stands beside a hidden count",
    ("figure", "p_value"): "values: named where it stands beside a hidden count",
    ("declaration_rate", "known"): "rates: everybody less the unknown",
    ("declaration_rate", "headcount"): "rates: everybody",
    ("declaration_rate", "rate"): "rates: a percentage between two ends",
    ("alert", "value"): "rates: the rate that the alert is about",
    ("alert", "target"): "rates: the rate that is asked for",
    ("alert", "records_to_target"): "rates: how many known are missing from the target",
    ("alert", "quarters_running"): "nothing: follows from the alerts of the quarters before",
    ("coverage", "employers"): "nothing: employers, not people",
    ("coverage", "employers_sent"): "nothing: employers, not people",
    ("indicator", "decimals"): "nothing: of the catalogue",
    ("benchmark", "organisations"): "nothing: organisations of the whole country",
    ("benchmark", "base"): "nothing: of the whole country",
    ("benchmark", "value"): "nothing: of the whole country, or a pay gap as filed",
    ("benchmark", "lower_quartile"): "nothing: of the whole country",
    ("benchmark", "upper_quartile"): "nothing: of the whole country",
}
"""What each number of each published table tells, and which part of the knowledge uses it."""


def read_published(path: Path) -> "dict[str, pd.DataFrame]":
    """Return the tables of a published file that the attack reads.

    Raises:
        UsageError: the file is not there, is no published file, or lacks a table or column.
    """
    import duckdb

    if not path.is_file():
        raise UsageError(f"There is no file {path}.")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return {
                table: connection.execute(f'select {", ".join(columns)} from "{table}"').df()
                for table, columns in READ.items()
            }
    except duckdb.Error:
        raise UsageError(
            f"{path} is no published database of this product: it must be a DuckDB file with the "
            f"tables {', '.join(READ)}."
        ) from None


def members_of(release: "Release") -> dict[Owner, list[list[tuple[str, str]]]]:
    """Return every way in which an ICB and a system are put together, as a reader sees it."""
    import pandas as pd

    figure, organisation = release["figure"], release["organisation"]
    employers = figure.loc[
        figure["level"].eq("employer"), ["period_end", "organisation_code"]
    ].drop_duplicates()
    board_of: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    known = organisation[organisation["icb_code"].notna()]
    rows = employers.merge(known, on="organisation_code")
    for day, code, kind, board, begins, ends in rows[
        ["period_end", "organisation_code", "kind", "icb_code", "valid_from", "valid_to"]
    ].itertuples(index=False):
        of_day = str(day)[:10]
        is_valid = (pd.isna(begins) or str(begins)[:10] <= of_day) and (
            pd.isna(ends) or of_day <= str(ends)[:10]
        )
        if is_valid:
            board_of[of_day, board]["TRUST" if kind == "TRUST" else "BODY"].append(code)
    found: dict[Owner, list[list[tuple[str, str]]]] = {}
    for (day, board), kinds in board_of.items():
        bodies = [("employer", code) for code in sorted(set(kinds["BODY"]))]
        trusts = [("employer", code) for code in sorted(set(kinds["TRUST"]))]
        found[day, "icb", board] = [bodies]
        found[day, "system", board] = [[*bodies, *trusts], [("icb", board), *trusts]]
    return found


def senders_of(release: "Release") -> dict[Owner, dict[str, set[str]]]:
    """Return who sent each source, by owner."""
    found: dict[Owner, dict[str, set[str]]] = defaultdict(dict)
    for day, level, code, source, bodies in release["coverage"][list(READ["coverage"])].itertuples(
        index=False
    ):
        owner = (str(day)[:10], str(level), str(code))
        found[owner][str(source)] = set(
            re.findall(r"\w+", bodies if isinstance(bodies, str) else "")
        )
    return dict(found)
