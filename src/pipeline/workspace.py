"""What every stage of one run works with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from pipeline.companion import Companion
from pipeline.disclosure import Policy
from pipeline.engines import Engine
from pipeline.engines.duckdb import DuckDB
from pipeline.identity import Keys
from pipeline.receive.ledger import Ledger
from pipeline.settings import Home

if TYPE_CHECKING:
    import duckdb

T = TypeVar("T")
Item = TypeVar("Item")


class Runner(Protocol):
    """Who runs the stages."""

    def call(self, stage: Callable[[], T], name: str) -> T:
        """Run one stage and return what it returns."""

    def each(
        self, stage: Callable[[Item], T], items: Sequence[Item], name: str, labels: Sequence[str]
    ) -> list[T]:
        """Run one stage for each item, and return the results in the order of the items."""

    @property
    def is_spread(self) -> bool:
        """Whether ``spread`` goes to other processes or machines."""

    def spread(
        self, work: Callable[[Item], T], items: Sequence[Item], name: str, labels: Sequence[str]
    ) -> list[T]:
        """Do the work for each item, and return the results in the order of the items.

        Args:
            work: a function of a module, which gives what follows from its item alone.
            items: what can be sent to another machine.
            name: of the stage.
            labels: of the items.
        """


class InProcess:
    """Runs every stage here and now, one after the other."""

    def call(self, stage: Callable[[], T], name: str) -> T:
        """Run one stage."""
        return stage()

    def each(
        self,
        stage: Callable[[Item], T],
        items: Sequence[Item],
        name: str,
        labels: Sequence[str],
    ) -> list[T]:
        """Run one stage for each item."""
        return [stage(item) for item in items]

    @property
    def is_spread(self) -> bool:
        """Whether ``spread`` goes elsewhere."""
        return False

    spread = each


@dataclass(frozen=True, slots=True)
class Workspace:
    """One run with its open private database; there is one at a time in a home."""

    home: Home
    policy: Policy
    keys: Keys
    connection: "duckdb.DuckDBPyConnection"
    ledger: Ledger
    runner: Runner
    companion: Companion
    engine: Engine = field(default_factory=DuckDB)
