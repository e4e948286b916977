"""Spark, started once for all tests that need it; without it they are skipped by name."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from two_engines import LOCAL

from pipeline.settings import Home


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session of Spark; every engine of the tests works beside it in one of its own."""
    pytest.importorskip("pyspark", reason="PySpark is not installed")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    from pipeline.engines.session import spark_session

    with spark_session(LOCAL, Home(tmp_path_factory.mktemp("spark"))) as started:
        yield started
