"""Fuzz the readers with Atheris, each in a process of its own: ``python run.py --seconds 3600``.

Atheris is a tool of who works on the product and stands in no lock: ``pip install atheris``. A
crash does not end the fuzzing: its input is kept in ``<folder>/crashes/`` once for each place in
the code, and the next input is tried. What a reader cannot survive (its memory, its time, the
process itself) ends the process, is counted too, and a new one goes on.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).parents[2]
ROOT = TESTS.parent
sys.path[:0] = [str(Path(__file__).parent), str(TESTS), str(ROOT / "src"), str(ROOT)]

MOST_MEGABYTES = 2048
MOST_SECONDS = 30
"""What one input may take."""
LONGEST = 1 << 14
"""Bytes of one input."""
WEIGHTS = {"checked": 4, "text": 2, "workbook_parts": 2, "go2": 2, "survey_workbook": 2}
"""How many shares of the time a reader gets, where it is not one."""


class Watched:
    """A reader whose crashes are kept and do not end the fuzzing."""

    def __init__(self, reader: Callable[[bytes], None], folder: Path) -> None:
        self._reader = reader
        self._folder = folder
        self._executions = 0
        self._known: set[str] = set()

    def __call__(self, data: bytes) -> None:
        """Run the reader on one input."""
        self._executions += 1
        if self._executions % 25 == 0:
            self.note()
        try:
            self._reader(data)
        except BaseException as error:  # a panic of a library in Rust is no Exception
            if isinstance(error, KeyboardInterrupt):
                raise
            self._keep(error, data)

    def note(self) -> None:
        """Write down how many inputs were tried."""
        (self._folder / f"executions.{os.getpid()}").write_text(str(self._executions))

    def _keep(self, error: BaseException, data: bytes) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        own = [each for each in frames if "/pipeline/" in each.filename] or frames
        place = f"{type(error).__name__}-{Path(own[-1].filename).stem}-{own[-1].lineno}"
        if place in self._known:
            return
        self._known.add(place)
        crashes = self._folder / "crashes"
        crashes.mkdir(exist_ok=True)
        (crashes / place).write_bytes(data)
        text = "".join(traceback.format_exception(error))
        (crashes / f"{place}.txt").write_text(text, encoding="utf-8")


def _dictionary(folder: Path) -> Path:
    """Write the words that the fuzzer puts together, as libFuzzer takes them."""
    from seeds import ODD_CELLS, WORDS

    path = folder / "words.txt"
    words = ["".join(f"\\x{byte:02x}" for byte in word.encode()) for word in (*WORDS, *ODD_CELLS)]
    path.write_text("".join(f'"{word}"\n' for word in words if len(word) <= 160))
    return path


def fuzz_one(name: str, folder: Path, seconds: int) -> None:
    """Fuzz one reader in this process until the time is over; never returns."""
    import atheris

    with atheris.instrument_imports(include=["pipeline", "schemas"]):
        import readers
        from seeds import seeds

        for source in readers.SOURCES:
            __import__(f"schemas.{source}")
    kept = folder / "inputs"
    kept.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (kept / f"seed{number}").write_bytes(seed)
    watched = Watched(readers.READERS[name], folder)
    options = [
        f"-max_total_time={seconds}", f"-rss_limit_mb={MOST_MEGABYTES}", f"-timeout={MOST_SECONDS}",
        f"-max_len={LONGEST}", f"-dict={_dictionary(folder)}",
        f"-artifact_prefix={folder}/ended-", "-print_final_stats=1",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(kept)], watched)
    atheris.Fuzz()


def fuzz(name: str, folder: Path, seconds: int) -> dict[str, int]:
    """Fuzz one reader in processes of its own; return what came of it."""
    folder.mkdir(parents=True, exist_ok=True)
    begun, ended = time.monotonic(), 0
    while (left := seconds - (time.monotonic() - begun)) > 1:
        command = [sys.executable, __file__, "--reader", name, "--folder", str(folder)]
        with (folder / "log.txt").open("ab") as log:
            process = subprocess.run(
                [*command, "--seconds", str(int(left))], stdout=log, stderr=log, check=False
            )
        if process.returncode == 0:
            break
        ended += 1
    executions = sum(int(path.read_text()) for path in folder.glob("executions.*"))
    crashes = len(list(folder.glob("crashes/*.txt")))
    return {
        "executions": executions,
        "seconds": round(time.monotonic() - begun),
        "crashes": crashes,
        "processes_ended": ended,
    }


def main() -> int:
    """Fuzz all readers, or one, and print what came of it; 1 where there was a crash."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=3600, help="of all readers together")
    parser.add_argument("--folder", type=Path, help="for inputs and crashes; else a new one")
    parser.add_argument("--reader", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.reader:
        fuzz_one(options.reader, options.folder, options.seconds)
        return 0
    os.nice(19)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="fuzz"))
    from measured import record
    from readers import READERS

    shares = {name: WEIGHTS.get(name, 1) for name in READERS}
    each = options.seconds / sum(shares.values())
    found = {name: fuzz(name, folder / name, int(each * shares[name])) for name in READERS}
    total = {key: sum(one[key] for one in found.values()) for key in next(iter(found.values()))}
    print(json.dumps({"total": total, **found}, indent=1))
    (folder / "found.json").write_text(json.dumps({"total": total, **found}, indent=1))
    record("fuzz", {**total, "readers": len(READERS)})
    print(f"Inputs and crashes: {folder}")
    return 1 if total["crashes"] or total["processes_ended"] else 0


if __name__ == "__main__":
    sys.exit(main())
