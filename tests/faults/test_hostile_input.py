"""Input that somebody made to do harm: every file is answered, the others go on, nothing dies."""

import json
import os
import resource
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from inbox import WHITE, staff_rows, write_inbox
from measured import record

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "corpus")]

from fuzz.readers import READERS  # noqa: E402
from hostile_crashers import CRASHERS  # noqa: E402
from hostile_inbox import NAMES, PERIOD, make_hostile  # noqa: E402
from hostile_texts import CANARY, DISGUISED_NUMBERS, LANDED, texts  # noqa: E402
from hostile_workbooks import damaged, workbooks  # noqa: E402

from pipeline import organisations, values  # noqa: E402
from pipeline.check import check  # noqa: E402
from pipeline.feedback import write  # noqa: E402
from pipeline.land import Examined  # noqa: E402
from pipeline.read import read  # noqa: E402
from pipeline.receive.inbox import SOURCES, Place, scan  # noqa: E402
from pipeline.resources import reference  # noqa: E402

SNAPSHOT = date.fromisoformat(PERIOD)
TEXTS, BOOKS = texts(), workbooks()
HEAVY = {
    "100,000 records", "100,000 records of no kind", "a million blank rows", "too many rows",
    "a wide header over many rows",
}  # fmt: skip
MOST_MEGABYTES = 2_000
"""What a run may take with any file of the corpus."""
MOST_SECONDS = 1_200
"""After which a process counts as hung; a run takes a small part of it."""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes, sockets and limits of Unix")


def _answer(hostile, folder):
    place = Place(SNAPSHOT, "01T", hostile.source)
    reading = read(hostile.content, f"{hostile.source}.{hostile.suffix}", hostile.source, place)
    checked = check(reading, hostile.source, SNAPSHOT, "01T")
    examined = Examined(place, f"{hostile.source}.{hostile.suffix}", "0" * 64, checked)
    return checked, write(folder, hostile.source, examined, checked)


def _marked(hostile):
    return [
        pytest.param(name, marks=[pytest.mark.slow] if name in HEAVY else []) for name in hostile
    ]


@pytest.mark.parametrize("name", _marked(TEXTS | BOOKS))
def test_a_hostile_file_is_answered(name, tmp_path, capfd):
    hostile = (TEXTS | BOOKS)[name]
    checked, (book, lines) = _answer(hostile, tmp_path)
    codes = {fault.code for fault in checked.faults}
    if hostile.answer == LANDED:
        assert len(checked.accepted)
    elif hostile.answer != "(any)":
        assert hostile.answer in codes
    assert checked.rejected or len(checked.accepted) + len(checked.quarantined)
    told = lines.read_text(encoding="utf-8") + "".join(f.message() for f in checked.faults)
    assert CANARY not in told
    assert all(fault.message().isprintable() for fault in checked.faults)
    for text in _parts(book):
        assert CANARY.encode() not in text
        assert b"<f>" not in text, "a cell that a spreadsheet would run"
    assert capfd.readouterr() == ("", "")


def _parts(book):
    with zipfile.ZipFile(book) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_a_workbook_that_is_damaged_anywhere_is_answered(capfd):
    for content in damaged(150):
        reading = read(content, "board.xlsx", "board")
        assert reading.faults or len(reading.frame) == 5
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("text", DISGUISED_NUMBERS)
def test_a_number_in_disguise_is_no_number(text):
    assert values.parse_number(text) is None
    assert values.parse_decimal(text) is None


@pytest.mark.parametrize(
    "case", CRASHERS, ids=[f"{reader} {n}" for n, (reader, _) in enumerate(CRASHERS)]
)
def test_what_fuzzing_broke_stays_mended(case):
    reader, content = case
    READERS[reader](content)


@pytest.fixture
def hostile_inbox(tmp_path):
    """An inbox with one sound file and everything that no inbox should hold."""
    inbox = tmp_path / "home" / "inbox"
    write_inbox(inbox, PERIOD, "01T", "esr_staff", staff_rows({WHITE: 60}))
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "board.csv").write_bytes(TEXTS["old ends of lines"].content)
    made = make_hostile(inbox, outside)
    return inbox, made


def test_links_pipes_and_devices_are_left_alone(hostile_inbox):
    inbox, made = hostile_inbox
    found = scan(inbox)
    assert [str(each.place) for each in found.submissions] == [f"{PERIOD}/01T/esr_staff"]
    codes = [stray.fault.code for stray in found.strays]
    assert codes.count("LINK_FOUND") == 10
    assert codes.count("FILE_TOO_LARGE") == 1
    assert codes.count("STRAY_FILE") + codes.count("SOURCE_UNKNOWN") >= len(NAMES)
    assert all(
        stray.name.isprintable() and stray.fault.message().isprintable() for stray in found.strays
    )
    assert len(found.strays) >= made - len([name for name in NAMES if name[0] in ".~"]) * 3


def test_a_file_that_grows_or_goes_away_is_left_for_the_next_run(tmp_path):
    path = write_inbox(tmp_path, PERIOD, "01T", "esr_staff", staff_rows(3))
    (submission,) = scan(tmp_path).submissions
    content = path.read_bytes()
    assert submission.content() == content
    path.write_bytes(content * 2)
    assert submission.content() is None
    path.unlink()
    assert submission.content() is None
    os.mkfifo(path)
    assert submission.content() is None
    path.unlink()
    path.symlink_to("/dev/zero")
    assert submission.content() is None


def test_how_large_a_file_may_be_is_a_setting(tmp_path):
    path = write_inbox(tmp_path / "inbox", PERIOD, "01T", "esr_staff", staff_rows(60))
    path.write_bytes(path.read_bytes() + b"\r\n" * 600_000)
    (tmp_path / "settings.toml").write_text("largest_file_megabytes = 1\n", encoding="utf-8")
    result, _ = _run(tmp_path)
    assert result.returncode == 3
    assert (
        f"  {PERIOD}/01T/esr_staff.csv: The file holds or unpacks to far more than a staff extract "
        "can hold (1 MB; read are up to 1 MB)" in result.stdout
    )


def test_a_name_that_a_terminal_cannot_print_ends_nothing(tmp_path):
    (tmp_path / "inbox" / "Zoë \u202e").mkdir(parents=True)
    result, _ = _run(tmp_path, PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (3, "")
    assert "  Zo? ?: The folder's name is not a quarter end" in result.stdout


def _run(home, **environment):
    """Run the product in a process of its own; return what came of it and its peak in megabytes."""
    result = subprocess.run(
        [sys.executable, "-m", "pipeline", "run", "--home", str(home)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=MOST_SECONDS,
    )
    # Of all processes that ended so far the largest: more than this one took, never less.
    return result, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


@pytest.mark.slow
def test_the_whole_corpus_in_one_inbox(hostile_inbox, tmp_path):
    """Each file is told with its place and how to mend it, and the rest is released."""
    inbox, made = hostile_inbox
    bodies = iter(
        code
        for code in sorted({row["organisation_code"] for row in reference("organisation")})
        if organisations.find(code, SNAPSHOT) and code not in ("01T", "01V")
    )
    rejected = {}
    for name, hostile in (TEXTS | BOOKS).items():
        code = next(bodies)
        path = inbox / PERIOD / code / f"{hostile.source}.{hostile.suffix}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(hostile.content)
        if _answer(hostile, tmp_path / "feedback")[0].rejected:
            rejected[f"{PERIOD}/{code}/{path.name}"] = name
    home = tmp_path / "home"
    result, megabytes = _run(home)
    assert result.stderr == ""
    assert result.returncode in (1, 3)
    assert "Traceback" not in result.stdout
    assert CANARY not in result.stdout
    for place, name in rejected.items():
        assert f"  {place}: " in result.stdout or f"  {place}: row" in result.stdout, name
    assert all(line.isprintable() for line in result.stdout.splitlines())
    assert megabytes < MOST_MEGABYTES
    told = [path for path in (home / "feedback").rglob("*.jsonl") if path.stem in SOURCES]
    assert len(told) == len(TEXTS) + len(BOOKS) + 1
    for path in told:
        lines = path.read_text(encoding="utf-8")
        assert CANARY not in lines
        assert all(json.loads(line)["mend"] for line in lines.splitlines())
    record(
        "hostile",
        {
            "files": len(TEXTS) + len(BOOKS),
            "files_damaged_at_random": len(list(damaged(150))),
            "other_things_in_the_inbox": made,
            "files_rejected": len(rejected),
            "crashes": 0,
            "peak_megabytes": megabytes,
        },
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ["x,", '"', *(pytest.param(line, marks=pytest.mark.long) for line in ("x", '"",', ","))]
)
def test_a_line_as_long_as_a_file_may_be(line, tmp_path):
    """A hundred megabytes on one line, the most that a file may have."""
    path = tmp_path / "inbox" / PERIOD / "01T" / "esr_staff.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(line.encode() * (10**8 // len(line)))
    result, megabytes = _run(tmp_path)
    assert (result.returncode, result.stderr) == (3, "")
    assert f"  {PERIOD}/01T/esr_staff.csv: " in result.stdout
    assert megabytes < MOST_MEGABYTES
