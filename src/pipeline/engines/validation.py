"""The checks of one large file, its rows judged in partitions of Spark by the same schemas.

What a row has by itself each partition tells; what rows have beside each other (equal rows, two
primary assignments) and what the whole file has is told here, of the rows that share a key and of
what the partitions noted. So it is all the same how the rows are cut.
"""

import importlib
import pickle
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.check import check, check_judged, judge_batch
from pipeline.checked import Checked, rows_at_fault, without
from pipeline.decisions.in_force import Decided, everything, in_force
from pipeline.errors import ProductError
from pipeline.read import ROW_NUMBER, Reading

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_Judge = Callable[[Iterable[pd.DataFrame]], Iterator[pd.DataFrame]]


def check_in_partitions(
    session: "SparkSession",
    reading: Reading,
    source: str,
    period_end: date,
    organisation_code: str | None = None,
) -> Checked:
    """Return what ``check`` returns of a file.

    Args:
        session: a session of Spark; the product is installed on its machines.
        reading: what ``pipeline.read.read`` gave for the file.
        source: a source of ``pipeline.receive.inbox.SOURCES``.
        period_end: the snapshot.
        organisation_code: the organisation that sent the file, where that is known.

    Raises:
        ProductError: where a check itself fails.
    """
    import pyarrow as pa
    from pyspark.errors import PySparkException

    schema = importlib.import_module(f"schemas.{source}")
    misread = rows_at_fault(reading.faults)
    texts = [without(text, misread) for text in reading.rows]
    if hasattr(schema, "IS_JUDGED_WHOLE") or not sum(map(len, texts)):
        return check(reading, source, period_end, organisation_code)
    columns = pa.schema(
        [(ROW_NUMBER, pa.int64()), *((name, pa.string()) for name in reading.rows.fields)]
    )
    table = pa.concat_tables(
        pa.Table.from_pandas(text, columns, preserve_index=False) for text in texts
    )
    parts = session.sparkContext.defaultParallelism
    judge = _judge(reading.headings, source, (period_end, organisation_code), everything())
    try:
        rows = session.createDataFrame(table).repartition(parts)
        noted = rows.mapInPandas(judge, "judged binary").collect()
    except PySparkException as error:
        # Its message may quote a value.
        raise ProductError(f"Rows could not be checked on Spark: {error.getCondition()}") from None
    judged = [pickle.loads(each["judged"]) for each in noted]  # noqa: S301 - our own
    return check_judged(reading, source, period_end, organisation_code, judged)


def _judge(
    headings: dict[str, str], source: str, of: tuple[date, str | None], decided: Decided
) -> _Judge:
    """Return what Spark calls with the rows of a partition, in batches."""

    def judge(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        with in_force(decided):
            for batch in batches:
                fields = {name: "str" for name in batch.columns if name != ROW_NUMBER}
                text = batch.astype(fields)
                found = judge_batch(text, headings, source, *of)
                yield pd.DataFrame({"judged": [pickle.dumps(found)]})

    return judge
