"""What comes after a release, killed too: messages, the report, backups, what is restored."""

import os
import signal

import pytest
from command import equality, files
from kept import kept
from killing import Found, calls, copy_of, release, spread, steps, undisturbed
from measured import record
from receivers import http_endpoint
from standing import SEFTON, SOUTHPORT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX systems"),
]


def _write_channels(home, address):
    path = home / "channels.toml"
    told = "".join(
        f'[{kind}.{code}]\napprise = ["json://{address}"]\n'
        for kind, code in (("employer", SEFTON), ("employer", SOUTHPORT), ("icb", "QYG"))
    )
    path.write_text(f"wait_seconds = 0\nattempts = 1\n{told}")
    path.chmod(0o600)


def test_messages_whose_run_is_killed_are_sent_by_the_next_one(plain, killer, tmp_path):
    found = Found()
    with http_endpoint() as endpoint:
        base = copy_of(plain.home, tmp_path / "base")
        _write_channels(base, endpoint.address)
        told = undisturbed(base, tmp_path / "told", *plain.arguments)
        expected = sorted(post["message"] for post in endpoint.posts)
        assert expected
        endpoint.posts.clear()
        home = copy_of(base, tmp_path / "home")
        plans = steps("tell", 1, 1, 1) + calls("tell", 5, 20)
        told.kill(killer, home, plans, found)
        told.run_again(home, found)
        got = sorted(post["message"] for post in endpoint.posts)
    record("kill_tell", found.facts())
    assert found.faults == []
    assert sorted(set(got)) == sorted(set(expected)), "nobody is told less, or anything else"
    assert len(got) <= len(expected) + found.points, "at worst one is told twice for each kill"


SOME_OR_ALL = pytest.mark.parametrize(
    "is_sample",
    [pytest.param(True, id="some"), pytest.param(False, id="all", marks=pytest.mark.long)],
)


@SOME_OR_ALL
def test_a_report_is_shown_whole_or_not_at_all(plain, killer, tmp_path, is_sample):
    whole = copy_of(plain.done, tmp_path / "whole")
    most, found = killer.count(whole, "report"), Found()
    expected = kept(whole)
    home = copy_of(plain.done, tmp_path / "home")
    points = sorted({*spread(most - 12, 5), *range(most - 11, most - 3)})
    points = points[::4] if is_sample else points
    for plan in steps("report", *points):
        status = killer.run(plan, home, "report")
        if status != -signal.SIGKILL:
            found.faults.append(f"step {plan['number']}: ended with {status}")
            continue
        found.points += 1
        page = home / "published" / "index.html"
        shown = home / "published" / f"report-{release(plain.after)}"
        if page.exists() and not (shown / "index.html").exists():
            found.faults.append(f"step {plan['number']}: the first page leads nowhere")
    assert equality("report", "--home", home).exit_code == 0
    found.faults += expected.differences(kept(home))
    if not is_sample:
        record("kill_report", found.facts())
    assert found.faults == []


@SOME_OR_ALL
@pytest.mark.parametrize("command", ["rebuild", "restore", "backup"])
def test_what_brings_a_home_back_is_killed_and_given_again(
    plain, killer, tmp_path, command, is_sample
):
    asked = {
        "rebuild": ("rebuild",),
        "restore": ("restore", release(plain.before)),
        "backup": ("backup", tmp_path / "backup.tar"),
    }[command]
    whole = copy_of(plain.done, tmp_path / "whole")
    most, found = killer.count(whole, *asked), Found()
    expected = kept(whole)
    (tmp_path / "backup.tar").unlink(missing_ok=True)
    for number in spread(most, 6)[1::3] if is_sample else spread(most, 6):
        home = copy_of(plain.done, tmp_path / "home")
        status = killer.run(steps(command, number)[0], home, *asked)
        if status != -signal.SIGKILL:
            found.faults.append(f"step {number}: ended with {status}")
            continue
        found.points += 1
        if (backup := tmp_path / "backup.tar").exists():
            # Killed after the last byte, before the trail was told of it.
            made_of = equality("restore", "--backup", backup, "--home", tmp_path / f"of-{number}")
            if made_of.exit_code != 0:
                found.faults.append(f"step {number}: the backup is there before it is whole")
            backup.unlink()
        made = {file.stat().st_size for file in (home / "releases").glob("*/equality.duckdb")}
        if (home / "published" / "equality.duckdb").stat().st_size not in made:
            found.faults.append(f"step {number}: readers see no release")
        again = equality(*asked, "--home", home)
        if (again.exit_code, again.err) != (0, ""):
            found.faults.append(f"step {number}, again: {again.exit_code}: {again.err}")
        found.faults += [f"step {number}: {each}" for each in expected.differences(kept(home))]
        (tmp_path / "backup.tar").unlink(missing_ok=True)
    if not is_sample:
        record(f"kill_{command}", found.facts())
    assert found.faults == []
    assert not [name for name in files(tmp_path / "home") if "unfinished" in name]
