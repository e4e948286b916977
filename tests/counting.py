"""The figures of an inbox by the stages up to ``assess``: no gate, no release, nothing on disk."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd

from pipeline import land
from pipeline.assess.columns import COUNTS, KEY
from pipeline.assess.counted import count_rows
from pipeline.assess.figures import assess
from pipeline.assess.methods import answer
from pipeline.build import build
from pipeline.check import check
from pipeline.companion import Companion
from pipeline.disclosure import load_policy
from pipeline.identity import Keys
from pipeline.models import Model, load_models
from pipeline.protect.figures import without_counts
from pipeline.read import read
from pipeline.receive.inbox import scan
from pipeline.receive.ledger import Ledger
from pipeline.registry import load_registry
from pipeline.resources import REFERENCE
from pipeline.settings import Home
from pipeline.workspace import InProcess, Workspace

KEYS = Keys(pseudonym=b"1" * 32, store=b"2" * 32)
_TOLD = (*COUNTS, "value", "ci_low", "ci_high", "p_value", "status", "reason", "direction")


class Figure(NamedTuple):
    """A row of ``figure``: its key, and the counts and numbers that it tells."""

    key: Mapping[str, Any]
    told: Mapping[str, Any]


class Figures:
    """The rows of ``figure`` of an inbox, without release and protection.

    ``assessed`` holds the same rows with every count, those too that a figure does not show.
    """

    def __init__(
        self, rows: Iterable[Mapping[str, Any]], assessed: "pd.DataFrame | None" = None
    ) -> None:
        self.assessed = assessed
        self.rows = [
            Figure(
                {name: str(row[name]) if name == "period_end" else row[name] for name in KEY},
                {name: None if row[name] != row[name] else row[name] for name in _TOLD},
            )
            for row in rows
        ]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Figures) and self.rows == other.rows

    __hash__ = None

    def select(self, **key: str) -> Iterator[Figure]:
        """Return the rows of a part of the key."""
        return (row for row in self.rows if all(row.key[name] == key[name] for name in key))

    def only(self, **key: str) -> Mapping[str, Any]:
        """Return what the only row of a part of the key tells."""
        (row,) = self.select(**key)
        return row.told

    def counts(self, **key: str) -> dict[str, int]:
        """Return the numerators by group of the shares of one indicator and part."""
        rows = self.select(measure="share", **key)
        return {row.key["group_code"]: row.told["numerator"] for row in rows}

    def headcount(self, organisation_code: str, level: str, **key: str) -> int:
        """Return the headcount of an organisation."""
        key |= {"standard": "PSED", "indicator": "sex", "measure": "headcount"}
        found = self.only(organisation_code=organisation_code, level=level, **key)
        return int(found["numerator"])


@cache
def _models() -> list[Model]:
    return load_models()


@contextmanager
def landed(*inboxes: Path, keys: Keys = KEYS) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a database in which each of ``inboxes`` has been landed, and nothing is built."""
    with duckdb.connect() as connection:
        ledger = Ledger(connection)
        ledger.prepare(keys)
        land.prepare(connection)
        policy, home = load_policy(REFERENCE / "disclosure.yml"), Home(inboxes[0])
        workspace = Workspace(home, policy, keys, connection, ledger, InProcess(), Companion())
        for number, submission in enumerate(
            submission for inbox in inboxes for submission in scan(inbox).submissions
        ):
            place, path = submission.place, submission.path
            reading = read(path.read_bytes(), path.name, place.source, place)
            checked = check(reading, place.source, place.period_end, place.organisation_code)
            land.land(workspace, [land.Examined(place, path.name, f"{number:064}", checked)])
        yield connection


@contextmanager
def assessed(
    *inboxes: Path, keys: Keys = KEYS
) -> Iterator[tuple[duckdb.DuckDBPyConnection, pd.DataFrame]]:
    """Yield the private tables and every figure after each of ``inboxes`` has been landed."""
    with landed(*inboxes, keys=keys) as connection:
        build(connection, _models())
        registry = load_registry()
        yield connection, assess(count_rows(connection, registry), registry, answer)


def figures(*inboxes: Path, keys: Keys = KEYS) -> Figures:
    """Return the figures after each of ``inboxes`` has been landed in its turn."""
    with assessed(*inboxes, keys=keys) as (_, told):
        return Figures(without_counts(told).to_dict("records"), told)
