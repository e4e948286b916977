"""The table ``[tasks]`` of ``settings.toml``: where files are read and checked in a tracked run.

```toml
[tasks]
runner = "dask"                     # else "thread": in the process of the run
address = "tls://scheduler:8786"    # of a Dask cluster; else one of this machine, for the run
workers = 2                         # of the latter
```
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.alert.fields import Table

RUNNERS = ("thread", "dask")
_KEYS = {"runner", "address", "workers"}


@dataclass(frozen=True, slots=True)
class TaskSettings:
    """Where files are read and checked.

    Attributes:
        runner: one of ``RUNNERS``.
        address: of the scheduler of a Dask cluster; nothing for a cluster of this machine.
        workers: how many processes a cluster of this machine has.
    """

    runner: str = RUNNERS[0]
    address: str = ""
    workers: int = 2


def read_tasks(values: Mapping[str, Any], path: Path) -> TaskSettings:
    """Return the settings of the tasks.

    Args:
        values: the table ``[tasks]``.
        path: the file that holds it, for the message.

    Raises:
        UsageError: all faults of the table at once.
    """
    table = Table(values, "tasks", [])
    table.only(_KEYS)
    own = TaskSettings()
    read = TaskSettings(
        table.text("runner", own.runner),
        table.text("address", own.address),
        int(table.number("workers", own.workers, least=1, whole=True)),
    )
    if read.runner not in RUNNERS:
        table.fault(f"runner must be one of {', '.join(RUNNERS)}")
    if read.address and not read.address.startswith("tls://"):
        # Received files go over this wire, and whoever can speak to a scheduler can run code there.
        table.fault("address must begin with tls://")
    table.end(path)
    return read
