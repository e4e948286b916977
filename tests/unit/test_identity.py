import hashlib
import hmac
import stat
import traceback

import pytest

from pipeline.errors import UsageError
from pipeline.identity import Keys, load_keys
from pipeline.settings import Home

PSEUDONYM, STORE = "0123456789abcdef" * 4, "fedcba9876543210" * 4


def _keys():
    return Keys(bytes.fromhex(PSEUDONYM), bytes.fromhex(STORE))


def _no_key_in(text):
    return all(key not in text.lower() for key in (PSEUDONYM, STORE)) and "\\x" not in text


def test_a_new_home_gets_two_keys_that_only_its_owner_reads(tmp_path):
    home = Home(tmp_path / "home")
    keys = load_keys(home)
    assert keys.made
    for name, key in (("pseudonym", keys.pseudonym), ("store", keys.store)):
        path = home.keys / f"{name}.key"
        assert path.read_text(encoding="ascii") == f"{key.hex()}\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(key) == 32
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700
    assert keys.pseudonym != keys.store


def test_the_keys_of_a_home_stay_the_same(tmp_path):
    first, second = load_keys(Home(tmp_path)), load_keys(Home(tmp_path))
    assert (first.pseudonym, first.store) == (second.pseudonym, second.store)
    assert not second.made
    assert load_keys(Home(tmp_path / "other")).store != first.store


def test_keys_do_not_show_when_printed_nor_in_a_traceback():
    keys = _keys()
    assert _no_key_in(repr(keys))
    assert _no_key_in(str(keys))
    assert _no_key_in(f"{[keys]} {keys!s}")
    try:
        keys.person("NHS", None.nothing)
    except AttributeError:
        assert _no_key_in(traceback.format_exc())


def test_keys_of_the_environment_are_used_and_never_written(tmp_path, monkeypatch):
    monkeypatch.setenv("EQUALITY_PSEUDONYM_KEY", PSEUDONYM.upper())
    monkeypatch.setenv("EQUALITY_STORE_KEY", f" {STORE}\n")
    keys = load_keys(Home(tmp_path))
    assert (keys.pseudonym.hex(), keys.store.hex()) == (PSEUDONYM, STORE)
    assert not keys.made
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["pseudonym", "store"])
def test_a_home_that_holds_data_gets_no_new_key(tmp_path, name):
    home = Home(tmp_path)
    load_keys(home)
    home.snapshots.mkdir()
    kept = (home.keys / f"{name}.key").rename(tmp_path / "away")
    with pytest.raises(UsageError, match=f"The {name} key is missing: .* holds data") as error:
        load_keys(home)
    assert f"EQUALITY_{name.upper()}_KEY" in str(error.value)
    assert "Put the key back" in str(error.value)
    assert not (home.keys / f"{name}.key").exists()
    kept.rename(home.keys / f"{name}.key")
    assert not load_keys(home).made


@pytest.mark.parametrize("text", ["", "abc", PSEUDONYM[:-1], PSEUDONYM + "0", "ü" * 64])
def test_a_malformed_key_is_named_by_its_place_and_not_shown(tmp_path, monkeypatch, text):
    home = Home(tmp_path)
    load_keys(home)
    path = home.keys / "pseudonym.key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="is not 64 hexadecimal digits") as error:
        load_keys(home)
    assert str(path) in str(error.value)
    assert not text or text not in str(error.value)
    monkeypatch.setenv("EQUALITY_PSEUDONYM_KEY", text)
    with pytest.raises(UsageError, match="the environment variable EQUALITY_PSEUDONYM_KEY"):
        load_keys(home)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_can_read_is_refused_with_the_remedy(tmp_path, mode):
    home = Home(tmp_path)
    load_keys(home)
    path = home.keys / "store.key"
    path.chmod(mode)
    with pytest.raises(UsageError, match=f"Run: chmod 600 {path}"):
        load_keys(home)


def test_a_pseudonym_is_hmac_sha_256_within_its_scope():
    keys = _keys()
    expected = hmac.new(keys.pseudonym, b"NHS\x1f70000001", hashlib.sha256).hexdigest()
    assert keys.person("NHS", "70000001") == expected
    different = {
        keys.person("NHS", "70000001"),
        keys.person("01T employee", "70000001"),
        keys.person("01V employee", "70000001"),
        keys.person("NHS", "70000002"),
        Keys(bytes.fromhex(STORE), keys.store).person("NHS", "70000001"),
    }
    assert len(different) == 5


def test_what_is_derived_from_the_store_key_differs_by_purpose():
    keys = _keys()
    other = Keys(keys.pseudonym, bytes.fromhex(PSEUDONYM))
    assert len({keys.store.hex(), keys.sealing_key().hex(), keys.database_key()}) == 3
    assert keys.database_key() != other.database_key()
    assert keys.check_value() == other.check_value()
    assert keys.check_value() not in keys.pseudonym.hex()
