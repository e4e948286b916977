"""A disk that fills up at any stage of a run: the last release stands, and the next run goes on."""

import mounted
import pytest
from kept import kept
from killing import plain_run, release
from measured import record

pytestmark = pytest.mark.slow

SPARE = (0, 40, 120, 600, 4_000, 12_000)
"""KiB that the disk has to spare: for nothing, the snapshots, the feedback, the build and so on."""


@pytest.mark.skipif(
    mounted.unshare() is None, reason="this account may not mount disks, not even in a namespace"
)
def test_a_disk_that_fills_up_loses_nothing(tmp_path):
    plain = plain_run()
    disk, left = tmp_path / "disk", tmp_path / "left"
    disk.mkdir(), left.mkdir()
    results = mounted.results("spare", disk, plain.home, plain.arguments[1], left, *SPARE)
    was_full = 0
    for size, result in zip(SPARE, results, strict=True):
        code, err = result["full"]
        if code == 74:
            was_full += 1
            assert err.startswith(f"equality: The disk that holds {disk}"), (size, err)
            assert "is full. Free some space and run again" in err, (size, err)
            assert err.count("\n") == 1, (size, err)
            assert result["release"] == release(plain.before), size
        else:
            assert (code, err) == (plain.exit_code, ""), size
        assert result["figures"] == 0, size
        assert result["again"] == [plain.exit_code, ""], size
        assert plain.after.differences(kept(left / str(size))) == [], size
    assert was_full >= len(SPARE) - 1
    record("full_disk", {"sizes": len(SPARE), "filled_up": was_full, "rows_lost": 0})
