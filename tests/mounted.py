"""Disks of a test's own, mounted in the namespace of a child process and gone when it ends.

Run as a script inside the namespace it mounts what it is asked for, runs the product's commands
in its own process, and prints the results as JSON.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parent


@cache
def unshare() -> tuple[str, ...] | None:
    """Return the command that gives a child mounts of its own, or None where nothing does."""
    if not (shutil.which("unshare") and shutil.which("mount")):
        return None
    for command in (("unshare", "--mount"), ("unshare", "--mount", "--map-root-user")):
        trial = [*command, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"]
        if subprocess.run(trial, capture_output=True, check=False).returncode == 0:
            return command
    return None


def results(task: str, *arguments: object) -> list[dict]:
    """Run ``task`` of this script in a namespace and return the results that it printed."""
    command = [*(unshare() or ()), sys.executable, __file__, task, *map(str, arguments)]
    child = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TESTS)
    assert child.returncode == 0, child.stderr
    assert child.stderr == ""
    return json.loads(child.stdout)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _full(disk: str, inbox: str, *sizes: str) -> Iterator[dict]:
    """Run on disks of so many KiB, each made large enough afterwards, and run again."""
    from command import equality, files

    home = Path(disk) / "home"
    for size in sizes:
        _mount("-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk)
        first = equality("run", "--home", home, "--inbox", inbox)
        _mount("-o", "remount,size=200m", disk)
        again = equality("run", "--home", home, "--inbox", inbox)
        status = equality("status", "--home", home, "--json")
        figures = equality("figures", "--home", home, "--json")
        yield {
            "first": asdict(first),
            "again": asdict(again),
            "files": sorted(files(home)),
            "status": status.out,
            "figures": figures.out,
        }
        subprocess.run(["umount", disk], check=True)


def _filling(disk: str, home: str, inbox: str) -> Iterator[dict]:
    """Run in a copy of a home with a release, on a disk that holds it and nothing more."""
    from command import equality, files

    needed = sum(len(content) + 4096 for content in files(Path(home)).values()) // 1024
    _mount("-t", "tmpfs", "-o", f"size={needed + 1024}k", "tmpfs", disk)
    copy = shutil.copytree(home, Path(disk) / "home")
    before = files(copy)
    result = equality("run", "--home", copy, "--inbox", inbox)
    after = files(copy)
    figures = equality("figures", "--home", copy, "--json")
    standing = [name for name in before if name.startswith(("releases/", "published/"))]
    yield asdict(result) | {
        "unchanged": all(after.get(name) == before[name] for name in standing),
        "figures": figures.out,
    }


def _spare(disk: str, home: str, inbox: str, kept: str, *spare: str) -> Iterator[dict]:
    """Run in copies of a home on disks with so many KiB to spare, make them larger, run again.

    The homes are left below ``kept``, each under the number of KiB that its disk had to spare.
    """
    from command import equality

    for size in spare:
        _mount("-t", "tmpfs", "-o", "size=500m", "tmpfs", disk)
        copy = shutil.copytree(home, Path(disk) / "home")
        found = os.statvfs(disk)
        used = (found.f_blocks - found.f_bfree) * found.f_frsize // 1024
        _mount("-o", f"remount,size={used + int(size)}k", disk)
        full = equality("run", "--home", copy, "--inbox", inbox)
        seen = equality("figures", "--home", copy, "--json")
        named = (copy / "published" / "current.txt").read_text(encoding="ascii").strip()
        _mount("-o", "remount,size=500m", disk)
        again = equality("run", "--home", copy, "--inbox", inbox)
        shutil.copytree(copy, Path(kept) / size)
        subprocess.run(["umount", disk], check=True)
        yield {
            "full": [full.exit_code, full.err],
            "figures": seen.exit_code,
            "release": named,
            "again": [again.exit_code, again.err],
        }


def _rotation(disk: str, home: str, *spare: str) -> Iterator[dict]:
    """Rotate the keys in a copy of a home on disks with so many KiB to spare, and then again."""
    from unittest.mock import patch

    import keyed_home
    from command import equality, files

    from pipeline.settings import Home

    # Every file takes whole pages of a disk in memory, and every folder one.
    pages = sum(len(content) // 4096 + 2 for content in files(Path(home)).values())
    for size in spare:
        space = pages * 4 + int(size)
        _mount("-t", "tmpfs", "-o", f"size={space}k", "tmpfs", disk)
        copy = Home(shutil.copytree(home, Path(disk) / "home"))
        with patch("pipeline.rotation.need_space"):
            first = equality("key", "rotate", "--home", copy.root)
        keyed_home.check(copy)
        _mount("-o", "remount,size=200m", disk)
        again = equality("key", "rotate", "--home", copy.root)
        keyed_home.check_under_the_newest_alone(copy)
        yield asdict(first) | {"again": again.exit_code}
        subprocess.run(["umount", disk], check=True)


def _read_only(disk: str, home: str) -> Iterator[dict]:
    """Run in a copy of a home on a disk that is mounted read-only, and look at what it holds."""
    from command import equality, files

    _mount("-t", "tmpfs", "tmpfs", disk)
    copy = shutil.copytree(home, Path(disk) / "home")
    before = files(copy)
    _mount("-o", "remount,ro", disk)
    yield asdict(equality("run", "--home", copy))
    for command in ("status", "feedback", "figures", "alerts"):
        yield asdict(equality(command, "--home", copy, "--json"))
    yield asdict(equality("figures", "--home", copy, "--unprotected"))
    if files(copy) != before:
        raise AssertionError("a read-only home has changed")


def main(task: str, arguments: Sequence[str]) -> None:
    """Run one task and print its results."""
    tasks = {
        "full": _full,
        "filling": _filling,
        "read-only": _read_only,
        "rotation": _rotation,
        "spare": _spare,
    }
    print(json.dumps(list(tasks[task](*arguments))))


if __name__ == "__main__":
    sys.path.insert(0, str(TESTS))
    os.environ.pop("PREFECT_API_URL", None)
    main(sys.argv[1], sys.argv[2:])
