import os
import stat
import subprocess
import sys
import time

import pytest

from pipeline.errors import ExitCode, LockedError
from pipeline.lock import single_writer
from pipeline.settings import Home

HOLDER = """
import sys, time
from pathlib import Path
from pipeline.lock import single_writer
from pipeline.settings import Home
with single_writer(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def _holder(home, seconds):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    return process


def test_the_lock_is_free_again_after_the_block_even_after_an_error(tmp_path):
    home = Home(tmp_path / "new")
    with pytest.raises(ZeroDivisionError), single_writer(home):
        assert stat.S_IMODE(home.lock.stat().st_mode) == 0o600
        raise ZeroDivisionError
    with single_writer(home):
        pass


def test_a_second_writer_is_told_which_process_holds_the_lock(tmp_path):
    with _holder(tmp_path, 60) as process:
        held = pytest.raises(LockedError, match=rf"\(process {process.pid}\)")
        with held as error, single_writer(Home(tmp_path)):
            pytest.fail("two writers at a time")
        assert error.value.exit_code == ExitCode.LOCKED
        assert str(tmp_path) in str(error.value)
        process.kill()
    with single_writer(Home(tmp_path)):
        named = (tmp_path / "run.holder").read_text(encoding="ascii")
    assert named == f"{os.getpid()}\n", "a killed process leaves no lock behind"


def test_a_second_writer_waits_as_long_as_it_is_told(tmp_path):
    with _holder(tmp_path, 0.5), single_writer(Home(tmp_path), wait_seconds=30):
        pass
    with _holder(tmp_path, 60) as process:
        began = time.monotonic()
        with pytest.raises(LockedError), single_writer(Home(tmp_path), wait_seconds=0.3):
            pytest.fail("two writers at a time")
        assert time.monotonic() - began >= 0.3
        process.kill()


def test_two_homes_do_not_wait_for_each_other(tmp_path):
    with single_writer(Home(tmp_path / "one")), single_writer(Home(tmp_path / "two")):
        pass
