"""Reading and checking of files on a Dask cluster, by Prefect's own task runner for it (an extra).

What goes to the cluster are received files, one at a time, and what comes back are their checked
rows. Neither a key nor the database goes there, and landing stays with the one writer.
"""

import importlib.util
import logging
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE

from pipeline.errors import EqualityError, ProductError, UsageError
from pipeline.key_sources import keys_withheld
from pipeline.settings import Settings

T = TypeVar("T")
Item = TypeVar("Item")


def require_dask() -> None:
    """See that the task runner is there.

    Raises:
        UsageError: it is not installed.
    """
    if importlib.util.find_spec("prefect_dask") is None:
        raise UsageError(
            "The task runner dask is not installed. Install it beside the product with "
            "`pip install 'icb-equality[dask]'`, or take it out of [tasks] in settings.toml."
        )


def spread(
    settings: Settings, work: Callable[[Item], T], items: Sequence[Item], name: str,
    labels: Sequence[str],
) -> list[T]:  # fmt: skip
    """Run one task for each item on the cluster, and return what they give in order.

    Args:
        settings: which cluster.
        work: a function of a module, which the machines of the cluster have too.
        items: what it is given, one at a time.
        name: of the stage.
        labels: by which a task is known: nothing else of an item is shown.
    """
    tracked = task(
        name=name, task_run_name=f"{name} {{label}}", cache_policy=NO_CACHE,
        persist_result=False, log_prints=False,
    )(_outcome)  # fmt: skip
    with _cluster(settings) as runner:
        running = [
            runner.submit(tracked, {"label": label, "work": work, "item": item})
            for label, item in zip(labels, items, strict=True)
        ]
        ended = [each.result() for each in running]
    for _, error in ended:
        if error is not None:
            raise error
    return [given for given, _ in ended]


def _outcome(label: str, work: Callable[[Item], T], item: Item) -> tuple[T | None, Any]:
    """Return what the work gives, or its error: Prefect would log one that is raised."""
    try:
        return work(item), None
    except EqualityError as error:
        return None, error
    except Exception as error:  # noqa: BLE001 - its words may hold values, so they stay here
        place = traceback.extract_tb(error.__traceback__)[-1]
        at = f"{Path(place.filename).name}, line {place.lineno}"
        return None, ProductError(f"{type(error).__name__} at {at}, of {label}.")


@contextmanager
def _cluster(settings: Settings) -> Iterator[Any]:
    """Yield a task runner of the cluster that is named, or of one of this machine."""
    from distributed import LocalCluster
    from distributed.security import Security
    from prefect_dask import DaskTaskRunner

    # Who joins and leaves a cluster is told on standard error otherwise.
    logging.getLogger("distributed").setLevel(logging.WARNING)
    tasks = settings.tasks
    if tasks.address:
        # Certificates are those of Dask's own settings (distributed.comm.tls).
        with DaskTaskRunner(address=tasks.address) as runner:
            yield runner
        return
    security = Security.temporary()
    with (
        keys_withheld(),
        LocalCluster(
            n_workers=tasks.workers,
            threads_per_worker=1,
            # Nothing goes to the disk, where it would be in clear.
            memory_limit=0,
            local_directory=str(settings.home.temporary / "dask"),
            dashboard_address=None,
            host="127.0.0.1",
            silence_logs=logging.ERROR,
            security=security,
        ) as cluster,
        DaskTaskRunner(cluster=cluster, client_kwargs={"security": security}) as runner,
    ):
        yield runner
