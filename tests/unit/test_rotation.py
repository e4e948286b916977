import hashlib
import hmac
import json
import shutil

import keyed_home
import pytest
from command import equality

from pipeline import trail
from pipeline.errors import UsageError
from pipeline.identity import Keys, load_keys
from pipeline.land import pseudonym_columns
from pipeline.receive.ledger import Ledger
from pipeline.receive.receipts import Receipts
from pipeline.receive.snapshots import Snapshots, unseal
from pipeline.rotation import add_key, finish
from pipeline.settings import Home
from pipeline.store import open_private

OLD, NEW = "0123456789abcdef" * 4, "fedcba9876543210" * 4


@pytest.fixture(scope="module")
def template(module_folders):
    return keyed_home.make(module_folders.mktemp("keyed") / "home")


@pytest.fixture
def home(template, tmp_path):
    return Home(shutil.copytree(template.root, tmp_path / "home"))


def _hmac(key, message):
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()


def test_a_pseudonym_goes_through_every_link_of_the_key():
    first, second, third = (bytes([number]) * 32 for number in (1, 2, 3))
    keys = Keys(third, b"s" * 32, earlier_links=(first, second))
    of_one = _hmac(first, "NHS\x1f70000001")
    assert Keys(first, b"s" * 32).person("NHS", "70000001") == of_one
    assert keys.person("NHS", "70000001") == _hmac(third, _hmac(second, of_one))
    short = _hmac(first, "channel\x1fa@example.org")[:16]
    assert keys.name("channel", "a@example.org") == _hmac(third, _hmac(second, short)[:16])[:16]
    assert keys.check_values()[:2] == [
        Keys(first, b"s" * 32).check_value(),
        Keys(second, b"s" * 32, earlier_links=(first,)).check_value(),
    ]


def test_what_was_kept_under_fewer_links_is_brought_forward():
    first, second, third = (bytes([number]) * 32 for number in (1, 2, 3))
    keys = Keys(third, b"s" * 32, earlier_links=(first, second))
    for links in ((first,), (first, second), (first, second, third)):
        then = Keys(links[-1], b"s" * 32, earlier_links=links[:-1])
        known = then.check_value()
        assert keys.brought_forward(then.person("NHS", "1"), known) == keys.person("NHS", "1")
        assert keys.brought_forward(then.name("channel", "a"), known) == keys.name("channel", "a")
    of_one = Keys(first, b"s" * 32)
    assert keys.brought_forward(of_one.person("NHS", "1"), None) == keys.person("NHS", "1")
    with pytest.raises(UsageError, match="is not the one under which"):
        keys.brought_forward("ab" * 32, Keys(second, b"s" * 32).check_value())


def test_receipts_and_the_forgotten_are_taken_along(home):
    before = load_keys(home)
    gone = before.person("NHS", "70009999")
    receipts = Receipts(home, before)
    receipts.add("replaced", {"files": [], "people": [gone]})
    with open_private(home, before) as connection:
        connection.execute("insert into ledger.forgotten values (?)", [gone])
        receipts.keep_notes(connection, Ledger(connection))
    assert equality("key", "rotate", "--home", home.root).exit_code == 0
    after = load_keys(home)
    expected = after.person("NHS", "70009999")
    (receipt,) = Receipts(home, after).all()
    assert receipt.detail == {"files": [], "people": [expected]}
    assert Receipts(home, after).add("replaced", receipt.detail) == 1, "it says nothing new"
    with open_private(home, after) as connection:
        assert Ledger(connection).forgotten() == {expected}
        connection.execute("delete from ledger.delivery")
        Receipts(home, after).put_notes_back(connection, Ledger(connection))
        assert Ledger(connection).about("pseudonym_key_check") == after.check_value()
    keyed_home.check_under_the_newest_alone(home)


def test_landed_tables_declare_their_pseudonyms():
    assert pseudonym_columns() == {"person", "employee", "member", "application", "case_id"}


@pytest.mark.parametrize("names", [[], ["pseudonym"], ["store"], ["store", "pseudonym"]])
def test_everybody_and_everything_is_found_again(home, names):
    before = load_keys(home)
    found = equality("key", "rotate", *names, "--home", home.root)
    assert (found.exit_code, found.err) == (0, "")
    after = load_keys(home)
    is_pseudonym, is_store = ("pseudonym" in (names or ["pseudonym"])), names != ["pseudonym"]
    assert len(after.links) == 1 + is_pseudonym
    assert (after.store != before.store) == is_store
    keyed_home.check_under_the_newest_alone(home)
    entry = trail.entries(home)[-1]
    assert (entry.action, entry.detail["store_check_value"]) == (
        "key rotate", after.store_checks()[0]
    )  # fmt: skip


@pytest.mark.slow
def test_it_can_be_done_again_and_again(home):
    for count in (2, 3, 4):
        assert equality("key", "rotate", "--home", home.root).exit_code == 0
        assert len(load_keys(home).links) == count
        keyed_home.check_under_the_newest_alone(home)


def test_the_old_store_key_opens_nothing_any_more(home):
    before = load_keys(home)
    equality("key", "rotate", "store", "--home", home.root)
    with (
        pytest.raises(UsageError, match="cannot be opened with the store key"),
        open_private(home, before, read_only=True),
    ):
        pass
    for path in home.snapshots.rglob("*.sealed"):
        with pytest.raises(Exception, match="is damaged, or has another key"):
            unseal(before.sealing_key(), path.read_bytes(), path.stem)
    assert before.store.hex() not in (home.keys / "store.key").read_text()


def test_the_snapshots_are_not_needed(home):
    shutil.rmtree(home.snapshots)
    assert equality("key", "rotate", "--home", home.root).exit_code == 0
    keyed_home.check_under_the_newest_alone(home)


def test_a_home_that_lost_its_database_keeps_its_snapshots_readable(home):
    home.private_database.unlink()
    assert equality("key", "rotate", "--home", home.root).exit_code == 0
    keys = load_keys(home)
    assert len(keys.links) == 2
    digests = [path.stem for path in home.snapshots.rglob("*.sealed")]
    contents = {Snapshots(home.snapshots, keys).content(digest) for digest in digests}
    assert contents == {keyed_home.extract(code) for code in keyed_home.CODES}


def test_a_rotation_that_was_begun_is_finished_by_the_next_run_and_adds_no_key(home):
    add_key(home, load_keys(home), "pseudonym")
    add_key(home, load_keys(home), "store")
    begun = load_keys(home)
    keyed_home.check(home)
    finished = finish(home, begun)
    assert (finished.links, finished.store) == (begun.links, begun.store)
    keyed_home.check_under_the_newest_alone(home)
    assert trail.entries(home)[-1].action == "key rotate"
    assert finish(home, finished) is finished


def test_what_a_killed_process_left_of_a_key_file_is_removed_by_the_next_run(home):
    left = home.keys / ".pseudonym.key.unfinished"
    left.write_text(OLD)
    keys = load_keys(home)
    assert finish(home, keys) is keys
    assert not left.exists()


def test_the_command_finishes_what_was_begun_and_adds_no_key(home):
    add_key(home, load_keys(home), "pseudonym")
    begun = load_keys(home)
    assert equality("key", "rotate", "pseudonym", "--home", home.root).exit_code == 0
    assert load_keys(home).links == begun.links
    keyed_home.check_under_the_newest_alone(home)


@pytest.mark.slow
def test_an_older_backup_of_the_database_is_taken_along(home, tmp_path):
    kept = shutil.copy(home.private_database, tmp_path / "backup")
    for _ in range(2):
        equality("key", "rotate", "pseudonym", "--home", home.root)
    shutil.copy(kept, home.private_database)
    finish(home, load_keys(home))
    assert len(load_keys(home).links) == 3
    keyed_home.check_under_the_newest_alone(home)


def _bring(monkeypatch, home, **keys):
    for name, text in keys.items():
        monkeypatch.setenv(f"EQUALITY_{name.upper()}_KEY", text)
        (home.keys / f"{name}.key").unlink(missing_ok=True)


@pytest.mark.slow
def test_keys_from_elsewhere_are_taken_over_when_the_new_ones_are_put_behind(tmp_path, monkeypatch):
    home = Home(tmp_path / "home")
    _bring(monkeypatch, home, pseudonym=OLD, store=NEW)
    keyed_home.make(home.root)
    refused = equality("key", "rotate", "--home", home.root)
    assert refused.exit_code == 2
    for name in ("PSEUDONYM", "STORE"):
        assert f"EQUALITY_{name}_KEY, after a space" in refused.err
    third = "ab" * 32
    _bring(monkeypatch, home, pseudonym=f"{OLD} {third}", store=f"{NEW}\n{third}\n")
    listed = json.loads(equality("key", "--home", home.root, "--json").out)
    assert [row["state"] for row in listed] == [
        "newest waits for: equality key rotate pseudonym",
        "newest waits for: equality key rotate store",
    ]
    assert finish(home, load_keys(home)) == load_keys(home), "nobody asked for it yet"
    done = equality("key", "rotate", "--home", home.root)
    assert (done.exit_code, done.err) == (0, "")
    assert "take it out of the environment variable EQUALITY_STORE_KEY" in done.out
    assert "All 2 links in the environment variable EQUALITY_PSEUDONYM_KEY" in done.out
    keyed_home.check(home)
    _bring(monkeypatch, home, store=third)
    keyed_home.check_under_the_newest_alone(home)
    assert not home.keys.exists()
    text = done.out + refused.err + equality("key", "--home", home.root).out
    assert not [key for key in (OLD, NEW, third) if key in text]


def test_a_run_says_how_to_take_a_newer_link_over(home, monkeypatch):
    own = load_keys(home).pseudonym.hex()
    _bring(monkeypatch, home, pseudonym=f"{own} {NEW}")
    with (
        pytest.raises(UsageError, match="run: equality key rotate pseudonym"),
        open_private(home, load_keys(home)) as connection,
    ):
        Ledger(connection).prepare(load_keys(home))


def test_a_copy_from_before_the_rotation_is_not_taken_for_the_key(home):
    path = home.keys / "pseudonym.key"
    before = path.read_bytes()
    equality("key", "rotate", "pseudonym", "--home", home.root)
    path.write_bytes(before)
    found = equality("key", "rotate", "--home", home.root)
    assert found.exit_code == 2
    assert "a copy made before the last rotation lacks the newest link" in found.err
    assert path.read_bytes() == before


def test_what_no_key_opens_is_named_and_the_older_key_stays(home):
    damaged, *_ = sorted(home.snapshots.rglob("*.sealed"))
    kept = damaged.read_bytes()
    damaged.chmod(0o600)
    damaged.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    found = equality("key", "rotate", "--home", home.root)
    assert found.exit_code == 2
    assert damaged.relative_to(home.root).as_posix() in found.err
    assert len(load_keys(home).stores) == 2
    damaged.write_bytes(kept)
    assert equality("key", "rotate", "--home", home.root).exit_code == 0
    keyed_home.check_under_the_newest_alone(home)


def test_only_what_has_been_asked_for_is_a_key(home):
    assert equality("key", "rotate", "salt", "--home", home.root).exit_code == 2
    nothing = equality("key", "rotate", "--home", home.root.with_name("nothing"))
    assert nothing.exit_code == 2
    assert "holds nothing yet" in nothing.err


def test_a_disk_without_space_is_told_before_anything_is_begun(home, monkeypatch):
    usage = shutil.disk_usage(home.root)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    before = load_keys(home)
    found = equality("key", "rotate", "--home", home.root)
    assert found.exit_code == 74
    assert "nothing has changed" in found.err
    assert load_keys(home) == before


def test_keys_are_listed_by_what_they_are_known_by(home):
    keys = load_keys(home)
    (pseudonym, store) = json.loads(equality("key", "--home", home.root, "--json").out)
    assert pseudonym["check_value"] == keys.check_value()
    assert store["check_value"] == keys.store_checks()[0]
    assert pseudonym["comes_from"] == str(home.keys / "pseudonym.key")
    assert {row["state"] for row in (pseudonym, store)} == {"in force"}
    assert pseudonym["since"] is not None
    text = equality("key", "--home", home.root).out
    assert not [key for key in (keys.pseudonym, keys.store) if key.hex() in text]


def test_a_second_rotation_waits_for_the_first(home):
    from pipeline.lock import single_writer

    with single_writer(home):
        assert equality("key", "rotate", "--home", home.root).exit_code == 4
    keyed_home.check_under_the_newest_alone(home)
