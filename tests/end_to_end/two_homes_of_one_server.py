"""Runs two homes and reports under one Prefect server; not a test itself.

Arguments: the folder of the server, then the homes. What the commands print goes to
``<home>.printed``.
"""

import os
import subprocess
import sys
from pathlib import Path

from flows.server import local_server


def main(server: Path, homes: list[Path]) -> None:
    with local_server(server, start_seconds=600):
        for home in homes:
            with home.with_suffix(".printed").open("wb") as printed:
                for command in ("run", "report", "status", "figures", "alerts"):
                    subprocess.run(
                        [sys.executable, "-m", "pipeline", command, "--home", str(home)],
                        env=dict(os.environ),
                        stdout=printed if command != "status" else subprocess.DEVNULL,
                        stderr=printed,
                        check=True,
                    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
