from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.receive.limits import Limits
from pipeline.resources import REFERENCE
from pipeline.settings import Home, load_settings


def _toml(home, text):
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_text(text, encoding="utf-8")


def test_a_new_home_needs_no_settings(tmp_path):
    settings = load_settings(tmp_path / "home")
    assert settings.inbox == tmp_path / "home" / "inbox"
    assert settings.disclosure == REFERENCE / "disclosure.yml"
    assert settings.lock_wait_seconds == 0


def test_the_option_outranks_the_environment_and_that_the_file(tmp_path, monkeypatch):
    home = tmp_path / "home"
    _toml(home, 'inbox = "box"\n')
    assert load_settings(home).inbox == home / "box"
    monkeypatch.setenv("EQUALITY_INBOX", str(tmp_path / "of the environment"))
    assert load_settings(home).inbox == tmp_path / "of the environment"
    assert load_settings(home, tmp_path / "given").inbox == tmp_path / "given"


def test_a_path_in_the_file_is_taken_from_the_home_and_not_from_the_working_folder(
    tmp_path, monkeypatch
):
    home = tmp_path / "home"
    _toml(home, 'inbox = "box"\ndisclosure = "policy.yml"\n')
    (tmp_path / "box").mkdir()
    (tmp_path / "policy.yml").touch()
    monkeypatch.chdir(tmp_path)
    settings = load_settings(home)
    assert (settings.inbox, settings.disclosure) == (home / "box", home / "policy.yml")


def test_a_path_given_by_hand_is_taken_from_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load_settings(Path("home"), Path("box"))
    assert settings.inbox == tmp_path / "box"
    assert settings.home == Home(tmp_path / "home")


def test_a_tilde_is_the_users_own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    _toml(tmp_path / "home", 'inbox = "~/box"\n')
    settings = load_settings(Path("~/home"))
    assert settings.home.root == tmp_path / "home"
    assert settings.inbox == tmp_path / "box"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("inbox = ", "cannot be read as TOML"),
        ('inbx = "box"', "not known: inbx. Known are: disclosure, engine, inbox, "),
        ("inbox = 3", "inbox must be the path of a folder"),
        ('disclosure = ""', "disclosure must be the path of a file"),
        ('lock_wait_seconds = "long"', "lock_wait_seconds must be a number of seconds"),
        ("lock_wait_seconds = -1", "lock_wait_seconds must be a number of seconds, 0 or more"),
        ("lock_wait_seconds = true", "lock_wait_seconds must be a number of seconds"),
        ("largest_file_rows = 0", "largest_file_rows must be a whole number from 1 to"),
        ("largest_file_cells = 1.5", "largest_file_cells must be a whole number from 1 to"),
        ("voluntary_pay_gaps = 1", "voluntary_pay_gaps must be true or false"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path, text, message):
    _toml(tmp_path, text)
    with pytest.raises(UsageError, match=message) as error:
        load_settings(tmp_path)
    assert str(tmp_path / "settings.toml") in str(error.value)


def test_how_much_a_text_may_hold_is_a_setting(tmp_path):
    assert load_settings(tmp_path).home.limits == Limits(cells=3_000_000, rows=1_048_576)
    _toml(tmp_path, "largest_file_rows = 5\nlargest_file_cells = 70\n")
    assert load_settings(tmp_path).home.limits == Limits(cells=70, rows=5)


def test_a_file_that_is_no_text_is_an_error(tmp_path):
    (tmp_path / "settings.toml").write_bytes(b"inbox = '\xff'")
    with pytest.raises(UsageError, match="cannot be read as TOML"):
        load_settings(tmp_path)


def test_a_home_holds_data_once_something_needs_its_keys(tmp_path):
    home = Home(tmp_path)
    assert not home.holds_data()
    home.keys.mkdir()
    assert not home.holds_data()
    home.snapshots.mkdir()
    assert home.holds_data()
