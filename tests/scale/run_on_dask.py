"""A run that Prefect tracks, on a server of its own: python run_on_dask.py HOME.

Ends with the exit code of the run, and writes to ``HOME/workers`` which processes examined files.
"""

import os
import sys
from pathlib import Path
from typing import Any

from flows.server import local_server


def watched(item: tuple[Any, Any]) -> tuple[int, Any]:
    """Do the work, and say which process does it."""
    work, sent = item
    return os.getpid(), work(sent)


if __name__ == "__main__":
    home = Path(sys.argv[1])
    with local_server(home / "prefect"):
        from flows import quarterly, spread
        from pipeline.cli import main

        processes: set[int] = set()

        def spread_and_watch(settings, work, items, name, labels):
            found = spread.spread(settings, watched, [(work, each) for each in items], name, labels)
            processes.update(process for process, _ in found)
            return [given for _, given in found]

        quarterly.spread = spread_and_watch
        code = main(["run", "--home", str(home)])
    own = os.getpid()
    (home / "workers").write_text("\n".join("self" if one == own else "other" for one in processes))
    sys.exit(code)
