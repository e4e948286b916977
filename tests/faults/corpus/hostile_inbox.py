"""A hostile inbox: links, pipes, sockets, devices and names that no file should have."""
# ruff: noqa: E501 - a line for each file of the corpus

import contextlib
import os
import socket
from pathlib import Path

PERIOD = "2022-03-31"
NAMES = (
    "=cmd|' /C calc'!A0", "'; drop table x; --", '"quoted"', "a\nb", "\u202egnp.exe", "\x1b[2J", "..csv",
    "%2e%2e%2f", "CON", "con.csv.", "x" * 200, "${HOME}", "`id`", "$(id)", "*", "?", "-rf", "~", " ",
    os.fsdecode(b"\xff\xfe\x80"), "2022-03-31T00:00", "0001-03-31", "0001-01-01", "9999-12-31", "2022-3-31",
)  # fmt: skip
"""Names of folders and files, each a stray wherever it stands."""


def make_hostile(inbox: Path, outside: Path) -> int:
    """Put what no inbox should hold into ``inbox``; return how many things were put there.

    Args:
        inbox: the inbox, which has a folder ``2022-03-31/01T``.
        outside: a folder outside of it, with a sound file ``board.csv``.
    """
    own = inbox / PERIOD / "01T"
    made = 0
    for folder in (inbox, inbox / PERIOD, own):
        for name in NAMES:
            with contextlib.suppress(OSError):
                (folder / name).mkdir()
                made += 1
    links = {
        "board.csv": outside / "board.csv", "pay.csv": Path("/dev/zero"), "eds.csv": own / "eds.csv",
        "duties.csv": Path("/etc/passwd"), "movers.csv": Path("/proc/self/mem"),
        "survey.xlsx": Path("../../.."), "actions.csv": Path("nowhere"),
    }  # fmt: skip
    for name, target in links.items():
        (own / name).symlink_to(target)
    (inbox / PERIOD / "01V").symlink_to(outside)
    (inbox / "2021-12-31").symlink_to("/")
    (inbox / "2021-09-30").symlink_to(inbox)
    os.mkfifo(own / "training.csv")
    os.mkfifo(inbox / "2021-06-30")
    (own / "recruitment.csv").mkdir()
    with socket.socket(socket.AF_UNIX) as made_socket, _within(own):
        made_socket.bind("employee_relations.csv")
    with (own / "control_totals.csv").open("wb") as huge:
        huge.truncate(10**9)  # a gigabyte on one line, of which a disk keeps nothing
    return made + len(links) + 8


@contextlib.contextmanager
def _within(folder: Path):
    """Name a socket by its folder: the names of sockets are short."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
