import json
import os
import stat
import sys
import time

import pytest
from command import equality

from pipeline.errors import UsageError
from pipeline.identity import load_keys
from pipeline.key_sources import as_text, child_environment, parse
from pipeline.settings import KeyPlace, load_settings

PSEUDONYM, STORE, OTHER = "0123456789abcdef" * 4, "fedcba9876543210" * 4, "ab" * 32


@pytest.fixture
def root(tmp_path):
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def _home(root, *lines):
    (root / "settings.toml").write_text("\n".join(lines), encoding="utf-8")
    return load_settings(root).home


def _file(path, text, mode=0o600):
    path.write_text(text, encoding="ascii")
    path.chmod(mode)
    return path


def _command(script):
    return json.dumps([sys.executable, "-c", script])


@pytest.mark.parametrize("separator", [" ", ",", "\n", "\r\n", " ,\n "])
def test_several_keys_are_read_in_their_order(separator):
    keys = parse(f" {PSEUDONYM.upper()}{separator}{STORE}\n", "here")
    assert keys == (bytes.fromhex(PSEUDONYM), bytes.fromhex(STORE))
    assert parse(as_text(keys).decode(), "here") == keys


def test_the_same_key_twice_is_refused_and_not_shown():
    with pytest.raises(UsageError, match="here holds the same key twice") as error:
        parse(f"{PSEUDONYM} {PSEUDONYM}", "here")
    assert PSEUDONYM not in str(error.value)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_may_lie_in_a_file_elsewhere(root, tmp_path, mode):
    _file(tmp_path / "mounted", f"{PSEUDONYM}\n", mode)
    home = _home(root, f'pseudonym_key_file = "{tmp_path / "mounted"}"')
    keys = load_keys(home)
    assert keys.pseudonym.hex() == PSEUDONYM
    assert keys.made, "the store key is the home's own"
    assert [path.name for path in home.keys.iterdir()] == ["store.key"]


def test_a_relative_path_is_taken_from_the_home(root):
    _file(root / "mounted", STORE)
    assert load_keys(_home(root, 'store_key_file = "mounted"')).store.hex() == STORE


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o444])
def test_a_file_elsewhere_that_others_can_read_is_refused(root, tmp_path, mode):
    path = _file(tmp_path / "mounted", STORE, mode)
    with pytest.raises(UsageError, match=f"Run: chmod 600 {path}"):
        load_keys(_home(root, f'store_key_file = "{path}"'))


def test_a_file_elsewhere_that_is_not_there_is_told_and_no_key_is_made(root, tmp_path):
    home = _home(root, f'store_key_file = "{tmp_path / "mounted"}"')
    with pytest.raises(UsageError, match=r"store_key_file in settings\.toml names, is not there"):
        load_keys(home)
    assert not home.keys.exists()


def test_a_folder_in_place_of_a_key_is_told(root, tmp_path):
    (tmp_path / "mounted").mkdir(mode=0o700)
    with pytest.raises(UsageError, match=r"cannot be read .*correct store_key_file"):
        load_keys(_home(root, f'store_key_file = "{tmp_path / "mounted"}"'))


def test_a_command_prints_a_key(root):
    home = _home(
        root,
        f"pseudonym_key_command = {_command(f'print({PSEUDONYM!r})')}",
        f"store_key_command = {_command(f'print({STORE!r}, {OTHER!r})')}",
    )
    keys = load_keys(home)
    assert keys.pseudonym.hex() == PSEUDONYM
    assert (keys.store.hex(), keys.earlier_stores) == (OTHER, (bytes.fromhex(STORE),))
    assert not keys.made
    assert not home.keys.exists()


def test_a_command_runs_without_a_shell(root, tmp_path):
    words = json.dumps(["echo", PSEUDONYM, ";", "touch", str(tmp_path / "made")])
    with pytest.raises(UsageError, match="is not 64 hexadecimal digits") as error:
        load_keys(_home(root, f"pseudonym_key_command = {words}"))
    assert PSEUDONYM not in str(error.value)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("ending", "seconds", "words"),
    [
        ("sys.exit(3)", 60, "it ended with code 3"),
        ("os.kill(os.getpid(), 9)", 60, "it ended with signal 9"),
        ("time.sleep(60)", 0.5, "within 0.5 s.*key_command_seconds"),
        ("pass", 60, "is not 64 hexadecimal digits"),
    ],
)
def test_a_command_that_fails_is_told_without_what_it_printed(root, ending, seconds, words):
    says = "print('ZZSAID', flush=True); print('ZZSAID', file=sys.stderr, flush=True)"
    script = f"import os, sys, time; {says}; {ending}"
    home = _home(
        root, f"store_key_command = {_command(script)}", f"key_command_seconds = {seconds}"
    )
    began = time.monotonic()
    with pytest.raises(UsageError, match=words) as error:
        load_keys(home)
    assert time.monotonic() - began < 30
    assert "ZZSAID" not in str(error.value)
    assert error.value.__suppress_context__ or error.value.__context__ is None


def test_a_command_that_cannot_be_run_is_told(root):
    with pytest.raises(UsageError, match=r"it cannot be run \(No such file or directory\)"):
        load_keys(_home(root, 'store_key_command = ["/nothing/here"]'))


def test_a_command_is_not_given_the_other_key(root, monkeypatch):
    monkeypatch.setenv("EQUALITY_PSEUDONYM_KEY", PSEUDONYM)
    monkeypatch.setenv("EQUALITY_HOME", "kept")
    script = (
        "import os; seen = [n for n in os.environ if n.startswith('EQUALITY_')]; "
        f"print({STORE!r} if seen == ['EQUALITY_HOME'] else seen)"
    )
    assert load_keys(_home(root, f"store_key_command = {_command(script)}")).store.hex() == STORE
    assert "EQUALITY_PSEUDONYM_KEY" not in child_environment()


def test_the_environment_is_asked_before_the_settings_and_these_before_the_home(root, monkeypatch):
    load_keys(load_settings(root).home)
    home = _home(root, f"store_key_command = {_command(f'print({STORE!r})')}")
    assert load_keys(home).store.hex() == STORE
    monkeypatch.setenv("EQUALITY_STORE_KEY", OTHER)
    assert load_keys(home).store.hex() == OTHER


def test_one_key_has_one_place_in_the_settings(root):
    with pytest.raises(UsageError, match="names both store_key_file and store_key_command"):
        _home(root, 'store_key_file = "a"', 'store_key_command = ["b"]')


@pytest.mark.parametrize("value", ['"pass show x"', "[]", '["pass", 1]', '[""]'])
def test_a_command_is_a_list_of_words(root, value):
    with pytest.raises(UsageError, match="store_key_command must be a list of words"):
        _home(root, f"store_key_command = {value}")


def test_the_time_of_a_command_is_a_setting(root):
    assert _home(root, "key_command_seconds = 5").store_key == KeyPlace(seconds=5.0)
    with pytest.raises(UsageError, match="key_command_seconds must be a number of seconds"):
        _home(root, "key_command_seconds = -1")


def test_the_command_line_tells_a_missing_key_in_a_sentence(root):
    (root / "snapshots").mkdir()
    _home(root, 'store_key_command = ["/nothing/here"]')
    found = equality("key", "--home", root)
    assert found.exit_code == 2
    assert found.err.startswith("equality: No key came from the command /nothing/here")
    assert "Traceback" not in found.err


def test_keys_that_are_made_are_the_owners_alone_whatever_the_umask(root):
    umask = os.umask(0)
    try:
        load_keys(load_settings(root).home)
    finally:
        os.umask(umask)
    assert stat.S_IMODE((root / "keys").stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (root / "keys").iterdir()}
    assert modes == {0o600}
