"""Commands in one process, which tells where it opened files to write to outside the home.

Run as a script with the home and the commands, the words of each divided by ``|``. The last line
that it prints is JSON: the exit codes, and the files outside the home.
"""

import json
import os
import sys
from pathlib import Path

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND


def main(home: str, commands: list[str]) -> None:
    """Run the commands and tell what they wrote elsewhere."""
    elsewhere: set[str] = set()

    def seen(event: str, arguments: tuple[object, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], str):
            return
        path, _, flags = arguments
        if isinstance(flags, int) and flags & WRITING:
            whole = str(Path(path).absolute())
            if not whole.startswith((home, "/dev/", "/proc/")):
                elsewhere.add(whole)

    sys.addaudithook(seen)
    from pipeline.cli import main as equality

    codes = [equality([*command.split("|"), "--home", home]) for command in commands]
    print()
    print(json.dumps({"codes": codes, "elsewhere": sorted(elsewhere)}))


if __name__ == "__main__":
    main(str(Path(sys.argv[1])), sys.argv[2:])
