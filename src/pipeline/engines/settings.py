"""The table ``[spark]`` of ``settings.toml``: where Spark runs, and through which folder tables go.

```toml
engine = "spark"                     # else "duckdb"; `equality run --engine` outranks it

[spark]
master = "local[*]"                  # or the address of a cluster: yarn, spark://..., k8s://...
folder = "hdfs://namenode/equality"  # or s3a://..., or a path; else tmp/spark in the home

[spark.options]                      # for Spark, as they are; no secrets
"spark.driver.memory" = "8g"
```
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.alert.fields import Table

ENGINES = ("duckdb", "spark")
_KEYS = {"master", "folder", "options"}
_OPTION = re.compile(r"spark(\.[A-Za-z0-9_-]+)+")
_SECRET = re.compile(r"secret|password|access\.?key|token", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SparkSettings:
    """Where Spark runs.

    Attributes:
        master: this machine with as many threads as it has cores, or the address of a cluster.
        folder: a path or the address of a folder of a Hadoop file system, through which person
            level tables go as Parquet; nothing for a folder of the home.
        options: configuration of Spark by its name.
    """

    master: str = "local[*]"
    folder: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """Whether Spark runs within this machine."""
        return self.master.startswith("local")

    @property
    def is_path(self) -> bool:
        """Whether the folder is one of this machine's, and not an address."""
        return "://" not in self.folder


def read_spark(values: Mapping[str, Any], path: Path) -> SparkSettings:
    """Return the settings of Spark; a relative path is taken from the folder of ``path``.

    Args:
        values: the table ``[spark]``.
        path: the file that holds it, for the message.

    Raises:
        UsageError: all faults of the table at once.
    """
    table = Table(values, "spark", [])
    table.only(_KEYS)
    own = SparkSettings()
    read = SparkSettings(
        table.text("master", own.master) or own.master,
        table.text("folder", own.folder),
        _options(table.table("options")),
    )
    if read.folder and read.is_path:
        read = SparkSettings(read.master, str(path.parent / read.folder), read.options)
    if not read.is_local and not read.folder:
        table.fault("folder must name a folder that every machine of the cluster can reach")
    table.end(path)
    return read


def _options(table: Table) -> Mapping[str, str]:
    for name, value in table.values.items():
        if not _OPTION.fullmatch(name) or not isinstance(value, str):
            table.fault('holds names of Spark and texts, as in "spark.driver.memory" = "8g"')
        elif _SECRET.search(name):
            # Spark's own process gets its options as words that every account can list.
            table.fault(
                "names a secret; give that to Hadoop (core-site.xml, a credential provider), "
                "or to the role of the machine"
            )
    return dict(table.values)
