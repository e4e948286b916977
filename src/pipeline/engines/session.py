"""Spark: found, started for one build, and stopped after it."""

import importlib.util
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engines.settings import SparkSettings
from pipeline.errors import UsageError
from pipeline.key_sources import keys_withheld
from pipeline.settings import Home

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_QUIET = Path(__file__).with_name("log4j2.properties")
_LOGGERS_OF_QUERIES = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")
_JAVA = "spark.driver.extraJavaOptions"
_AS_DUCKDB = {
    # A cast that fails, a number that does not fit and a division by zero are errors.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
    "spark.sql.cteRecursionRowLimit": "-1",
}


def require_spark() -> None:
    """See that Spark can be started.

    Raises:
        UsageError: PySpark or Java is not installed.
    """
    if importlib.util.find_spec("pyspark") is None:
        raise UsageError(
            "The engine spark is not installed. Install it beside the product with "
            "`pip install 'icb-equality[spark]'`, or run with --engine duckdb."
        )
    java = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=str(Path(java) / "bin") if java else None):
        raise UsageError(
            "The engine spark needs Java 17 or 21, and there is none. Install a Java runtime, such "
            "as the package openjdk-17-jre-headless, or name its folder in JAVA_HOME, or run with "
            "--engine duckdb."
        )


@contextmanager
def spark_session(settings: SparkSettings, home: Home) -> Iterator["SparkSession"]:
    """Yield a session of its own; Spark is stopped afterwards where it was started for it.

    Args:
        settings: where Spark runs, and its options.
        home: in whose temporary folder Spark keeps what does not fit into memory, encrypted.

    Raises:
        UsageError: Spark does not start.
    """
    from pyspark import SparkContext
    from pyspark.errors import PySparkException
    from pyspark.logger import PySparkLogger
    from pyspark.sql import SparkSession

    for name in _LOGGERS_OF_QUERIES:
        # They would print the message of a query that fails, which may quote a value of a person.
        PySparkLogger.getLogger(name).setLevel(logging.CRITICAL + 1)
    if settings.is_local:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    is_own = SparkContext._active_spark_context is None
    builder = SparkSession.builder.appName("equality").master(settings.master)
    for name, value in _options(settings, home).items():
        builder = builder.config(name, value)
    try:
        with keys_withheld():
            started = builder.getOrCreate()
    except (PySparkException, OSError) as error:
        raise UsageError(
            f"Spark does not start at {settings.master} ({type(error).__name__}). It needs Java 17 "
            "or 21: see what `java -version` says, and the table [spark] of settings.toml."
        ) from None
    try:
        session = started.newSession()
        for name, value in _AS_DUCKDB.items():
            session.conf.set(name, value)
        yield session
    finally:
        if is_own:
            started.stop()


def _options(settings: SparkSettings, home: Home) -> dict[str, str]:
    """Return what Spark is started with; what the settings say goes before what is usual here."""
    options = {
        "spark.ui.enabled": "false",  # its pages show queries to every account of this machine
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": (home.exchange / "warehouse").as_uri(),
        "spark.authenticate": "true",
        "spark.network.crypto.enabled": "true",
        "spark.io.encryption.enabled": "true",
        "spark.hadoop.fs.permissions.umask-mode": "077",
    }
    if settings.is_local:
        options |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.local.dir": str(home.temporary / "spark_local"),
            # 200 for a few rows would be mostly waiting; Spark joins the small ones.
            "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
        }
    options |= settings.options
    quiet = f"-Dlog4j2.configurationFile={_QUIET.as_uri()}"
    options[_JAVA] = f"{quiet} {options.get(_JAVA, '')}".strip()
    return options
