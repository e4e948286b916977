"""The models: the files of ``warehouse/``, in the order that their own references give."""

import graphlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipeline.errors import ProductError
from pipeline.resources import WAREHOUSE
from pipeline.sql import tables_read

STAGES = ("staging", "core", "measures")
_GIVEN = ("landing", "ledger", "reference")
_GRAIN = re.compile(r"-- Grain: \S")
_SPAN = re.compile(r"^-- Of (a year|all snapshots): \S", re.MULTILINE)
_VIEW = re.compile(r"^-- A view: \S", re.MULTILINE)


class Span(StrEnum):
    """Which snapshots of what it reads the rows of a snapshot follow from.

    Those of itself, unless the comment of the model says ``Of a year:``, for those of the twelve
    months to it, or ``Of all snapshots:``. A table without snapshots follows from all.
    """

    OWN = "own"
    YEAR = "a year"
    ALL = "all snapshots"


@dataclass(frozen=True, slots=True)
class Model:
    """One file of ``warehouse/``: its table name, its query and the tables it reads."""

    name: str
    path: Path
    sql: str
    reads: frozenset[str]

    @property
    def comment(self) -> str:
        """The comment lines that open the file: its grain and what it says."""
        lines = []
        for line in self.sql.splitlines():
            if not line.startswith("--"):
                break
            lines.append(line.removeprefix("--").strip())
        return " ".join(lines)

    @property
    def kind(self) -> str:
        """Whether it is kept as a table, or as a view because its comment says ``A view:``."""
        return "view" if _VIEW.search(self.sql) else "table"

    @property
    def span(self) -> Span:
        """Which snapshots its rows of a snapshot follow from."""
        said = _SPAN.search(self.sql)
        return Span.OWN if said is None else Span(said[1])


def load_models(
    stages: Iterable[str] = STAGES,
    folder: Path = WAREHOUSE,
    given: frozenset[str] = frozenset(),
) -> list[Model]:
    """Return the models of ``stages`` in build order.

    Args:
        stages: folders of the warehouse.
        folder: the warehouse.
        given: tables that are there already, beside those of ``landing`` and ``reference``.

    Raises:
        ProductError: a file does not state its grain or does not parse, a name is unknown, or
            the references go in a circle; all faults at once.
    """
    models: dict[str, Model] = {}
    faults: list[str] = []
    paths = [path for stage in stages for path in sorted((folder / stage).glob("*.sql"))]
    queries = [path.read_text(encoding="utf-8") for path in paths]
    for path, sql, reads in zip(paths, queries, tables_read(queries), strict=True):
        stage, name = path.parent.name, f"{path.parent.name}.{path.stem}"
        if not _GRAIN.match(sql):
            faults.append(f"{stage}/{path.name} line 1: does not begin with '-- Grain: '")
        if isinstance(reads, str):
            faults.append(f"{stage}/{path.name}: {reads}")
        else:
            models[name] = Model(name, path, sql, reads)
    faults += [
        f"{model.name} reads {name}, which no file makes"
        for model in models.values()
        for name in sorted(model.reads)
        if name not in models and name not in given and name.split(".")[0] not in _GIVEN
    ]
    if faults:
        raise ProductError("The warehouse cannot be built: " + "; ".join(faults) + ".")
    return _ordered(models)


def _ordered(models: dict[str, Model]) -> list[Model]:
    graph = {
        model.name: sorted(name for name in model.reads if name in models)
        for model in sorted(models.values(), key=lambda model: model.name)
    }
    try:
        return [models[name] for name in graphlib.TopologicalSorter(graph).static_order()]
    except graphlib.CycleError as error:
        circle = " -> ".join(error.args[1])
        raise ProductError(f"The warehouse cannot be built: {circle} goes in a circle.") from None
