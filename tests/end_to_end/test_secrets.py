"""Where the keys are while the product runs, and who can read what it writes."""

import json
import stat
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import keyed_home
import pytest
from command import files
from inbox import BME, UNKNOWN, WHITE, board_rows, staff_row, staff_rows, write_inbox

from pipeline.identity import Keys

PSEUDONYM, STORE = "0f1e2d3c4b5a6978" * 4, "8796a5b4c3d2e1f0" * 4
KEYS = Keys(bytes.fromhex(PSEUDONYM), bytes.fromhex(STORE))
SECRETS = (PSEUDONYM, STORE, KEYS.sealing_key().hex(), KEYS.database_key())
PERIOD = "2022-03-31"
PUBLISHED = {0o644, 0o755}
OPEN_TO_PASS = 0o711

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc on this machine"),
]


@dataclass
class Watched:
    """What was seen of a process and of its home while it ran, and what it left."""

    home: Path
    codes: list[int] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    printed: str = ""
    modes: dict[str, set[int]] = field(default_factory=dict)
    lines: set[bytes] = field(default_factory=set)
    environments: dict[int, bytes] = field(default_factory=dict)
    limits: set[str] = field(default_factory=set)


def _watch(process: "subprocess.Popen[str]", seen: Watched) -> None:
    """Look at the processes of this machine and at the files of the home until a process ends."""
    while process.poll() is None:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                seen.lines.add((folder / "cmdline").read_bytes())
                parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[1]
                if parent == str(process.pid):
                    seen.environments[int(folder.name)] = (folder / "environ").read_bytes()
            except OSError:  # it has ended meanwhile
                continue
        try:
            limits = Path(f"/proc/{process.pid}/limits").read_text()
            seen.limits = {line for line in limits.splitlines() if "core file" in line}
        except OSError:
            pass
        _note_modes(seen)
        time.sleep(0.02)


def _note_modes(seen: Watched) -> None:
    for path in (seen.home, *seen.home.rglob("*")):
        try:
            mode = stat.S_IMODE(path.lstat().st_mode)
        except OSError:
            continue
        seen.modes.setdefault(path.relative_to(seen.home).as_posix(), set()).add(mode)


@pytest.fixture(scope="module")
def watched(module_folders):
    """A home of keys from the environment, made by a process that began under umask 000."""
    folder = module_folders.mktemp("watched")
    staff = staff_rows({WHITE: 150, BME: 60, UNKNOWN: 40})
    write_inbox(folder / "inbox", PERIOD, "01T", "esr_staff", [*staff, staff_row(900, fte="few")])
    write_inbox(folder / "inbox", PERIOD, "01T", "board", board_rows({WHITE: 11, BME: 4}))
    seen = Watched(folder / "home")
    process = subprocess.Popen(
        [
            sys.executable, Path(__file__).with_name("watched_commands.py"), seen.home,
            f"run|--inbox|{folder / 'inbox'}", "status", "figures|--unprotected", "key",
            "alerts|charts", "report",
        ],
        env=keyed_home.cleared_environment(
            EQUALITY_PSEUDONYM_KEY=PSEUDONYM, EQUALITY_STORE_KEY=STORE, PYTHONDONTWRITEBYTECODE="1"
        ),
        stdout=(folder / "out").open("w"), stderr=(folder / "err").open("w"), text=True, umask=0,
    )  # fmt: skip
    _watch(process, seen)
    _note_modes(seen)
    seen.printed = (folder / "out").read_text() + (folder / "err").read_text()
    ended = json.loads((folder / "out").read_text().splitlines()[-1])
    seen.codes, seen.elsewhere = ended["codes"], ended["elsewhere"]
    return seen


def _kept(text: bytes) -> list[str]:
    return [key for key in SECRETS if key.encode() in text or bytes.fromhex(key) in text]


def test_every_command_ends_well(watched):
    assert watched.codes == [0] * 6, watched.printed


def test_no_key_is_in_any_file_that_was_left(watched):
    found = files(watched.home)
    assert len(found) > 30
    assert {name: _kept(content) for name, content in found.items() if _kept(content)} == {}
    assert not (watched.home / "keys").exists()


def test_no_key_is_printed(watched):
    assert KEYS.check_value() in watched.printed, "equality key tells what a key is known by"
    assert _kept(watched.printed.encode()) == []


def test_no_key_is_in_a_list_of_processes(watched):
    assert any(b"watched_commands.py" in line for line in watched.lines)
    assert [line for line in watched.lines if _kept(line)] == []


def test_no_key_reaches_a_child(watched):
    assert watched.environments, "the run has a second process"
    assert [child for child, text in watched.environments.items() if _kept(text)] == []


def test_no_image_of_the_memory_is_left(watched):
    (limit,) = watched.limits
    assert limit.split()[4] == "0"


def test_nothing_is_written_outside_the_home(watched):
    assert watched.elsewhere == []


def test_files_are_0600_and_folders_0700_whatever_the_umask(watched):
    """While it runs and afterwards; what is published and the way to it are open on purpose."""
    assert any(name.endswith((".wal", ".unfinished")) for name in watched.modes)
    wrong = {}
    for name, modes in watched.modes.items():
        is_published = name.split("/")[0] == "published"
        allowed = {0o600, 0o400, 0o700} | (PUBLISHED if is_published else set())
        if name == ".":
            allowed = {0o700, OPEN_TO_PASS}
        if modes - allowed:
            wrong[name] = [oct(mode) for mode in modes]
    assert wrong == {}
    for name in ("run.lock", "run.holder", "private.duckdb"):
        assert watched.modes[name] == {0o600}, name
    for path in (watched.home, *watched.home.rglob("*")):
        assert path.is_symlink() or path.is_dir() == bool(path.stat().st_mode & 0o100), path


def test_the_folder_of_a_prefect_server_is_its_owners_alone(tmp_path):
    script = (
        "import sys, os, time\nfrom pathlib import Path\nfrom pipeline.files import keep_private\n"
        "from flows.server import local_server\nkeep_private()\n"
        "with local_server(Path(sys.argv[1])):\n    print('up', flush=True)\n    sys.stdin.read()\n"
    )
    environment = keyed_home.cleared_environment(
        EQUALITY_PSEUDONYM_KEY=PSEUDONYM, EQUALITY_STORE_KEY=STORE, PREFECT_API_URL=""
    )
    environment.pop("PREFECT_API_URL")
    folder = tmp_path / "home" / "prefect"
    with subprocess.Popen(
        [sys.executable, "-c", script, folder], env=environment, umask=0, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout.readline() == "up\n"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        environments = [Path(f"/proc/{child}/environ").read_bytes() for child in children]
        modes = {
            path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode)
            for path in (folder, *folder.rglob("*"))
        }
        process.stdin.close()
    assert environments
    assert [text for text in environments if _kept(text)] == []
    assert "prefect.db" in modes
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}
    assert {name: found for name, text in files(folder).items() if (found := _kept(text))} == {}
