"""How long DuckDB and Spark take to build the tables of one home, in the same process.

    python bench/engines.py --home DIR [--runs 1]

Opens the private database of a home that has been run, as its settings say, and builds its tables
in turn with DuckDB and with Spark, which leaves the home as it was: the tables are the same. Prints
the seconds of each run as JSON, and their ratio, with the number of landed rows and the machine.
The time in which Spark starts is part of its own.
"""

import argparse
import json
import os
import platform
import time
from pathlib import Path

from pipeline.build import build
from pipeline.engines import Engine
from pipeline.engines.duckdb import DuckDB
from pipeline.engines.spark import Spark
from pipeline.identity import load_keys
from pipeline.lock import single_writer
from pipeline.models import load_models
from pipeline.settings import load_settings
from pipeline.store import open_private


def main() -> None:
    """Measure both engines on one home."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    settings = load_settings(options.home)
    engines: list[Engine] = [DuckDB(), Spark(settings.home, settings.spark)]
    keys = load_keys(settings.home)
    seconds: dict[str, list[float]] = {engine.name: [] for engine in engines}
    models = load_models()
    with single_writer(settings.home, 0), open_private(settings.home, keys) as connection:
        (rows,) = connection.execute(
            "select sum(estimated_size) from duckdb_tables() where schema_name = 'landing'"
        ).fetchall()[0]
        for _ in range(options.runs):
            for engine in engines:
                started = time.perf_counter()
                build(connection, models, engine, anew=True)
                seconds[engine.name].append(round(time.perf_counter() - started, 2))
    print(
        json.dumps(
            {
                "landed_rows": int(rows),
                "seconds": seconds,
                "ratio": [
                    round(spark / duckdb, 1)
                    for duckdb, spark in zip(seconds["duckdb"], seconds["spark"], strict=True)
                ],
                "master": settings.spark.master,
                "machine": {"cores": os.cpu_count(), "system": platform.platform()},
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
