"""The figures of Spark are those of DuckDB in every digit: the sample, and inboxes at random."""

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from counting import landed
from hypothesis import HealthCheck, Phase, given, settings
from random_inbox import inboxes, write
from two_engines import LOCAL, differences

from pipeline.engines.spark import Spark
from pipeline.models import load_models
from pipeline.sample import write_sample
from pipeline.settings import Home

pytestmark = pytest.mark.slow


def assert_alike(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    models = load_models()
    assert differences(connection, models, Spark(Home(folder / "home"), LOCAL)) == {}
    (figures,) = connection.execute("select count(*) from measures.pay_gap").fetchone()
    assert figures


def test_every_table_of_the_sample_is_the_same(session, tmp_path):
    write_sample(tmp_path / "inbox")
    with landed(tmp_path / "inbox") as connection:
        assert_alike(connection, tmp_path)


@settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(inboxes())
def test_every_table_of_inboxes_at_random_is_the_same(session, inbox):
    with TemporaryDirectory() as folder, landed(write(Path(folder) / "inbox", inbox)) as rows:
        assert_alike(rows, Path(folder))
