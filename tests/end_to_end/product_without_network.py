"""Runs what the product does all year, in one family of processes; not a test itself.

Arguments: the home, and the seconds that a Prefect server may take to start. Standard output: the
exit code of each command as JSON.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PERIOD = "2022-03-31"


def equality(home: Path, *arguments: str, **more: str) -> int:
    ended = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments, "--home", str(home)],
        env={**os.environ, **more},
        stdout=sys.stderr,
        check=False,
    )
    return ended.returncode


def client_settings(home: Path, seconds: float) -> dict[str, str]:
    """Wait for the server of a served home, and return how to speak to it."""
    path, deadline = home / "prefect" / "client.env", time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > deadline:
            raise SystemExit("the Prefect server does not start")
        time.sleep(0.2)
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def main(home: Path, seconds: float) -> dict[str, int]:
    asked = ["--organisation", "01T", "--period", PERIOD]
    codes = {
        "run": equality(home, "run"),
        "report": equality(home, "report"),
        "explain": equality(home, "explain", "PSED", "ethnicity", *asked, "--html", "page.html"),
        "charts": equality(home, "alerts", "charts"),
        "attack": equality(home, "attack", str(home / "published" / "equality.duckdb")),
    }
    serving = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "serve", "--home", str(home)],
        stdout=sys.stderr,
        env={**os.environ, "PREFECT_RUNNER_POLL_FREQUENCY": "1"},
    )
    try:
        settings = client_settings(home, seconds)
        (home / "inbox" / PERIOD / "01T" / "board.csv").unlink()
        staff = home / "inbox" / PERIOD / "01T" / "esr_staff.csv"
        staff.write_text("".join(staff.read_text().splitlines(keepends=True)[:-1]))
        codes["tracked run"] = equality(home, "run", NO_PROXY="127.0.0.1", **settings)
        time.sleep(8)  # what a server does of its own accord soon after its start
    finally:
        serving.send_signal(signal.SIGTERM)
        codes["serve"] = serving.wait(60)
    return codes


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), float(sys.argv[2]))))
