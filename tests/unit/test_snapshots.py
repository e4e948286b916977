import hashlib
import stat

import pytest

from pipeline.errors import ProductError
from pipeline.identity import Keys
from pipeline.receive.snapshots import Snapshots, seal, sha256_of, unseal

KEYS = Keys(pseudonym=b"p" * 32, store=b"s" * 32)
CONTENT = b"Employee Number,Date Of Birth\r\n20000001,1961-12-24\r\n"


def test_what_is_kept_comes_back_and_stands_nowhere_in_clear(tmp_path):
    snapshots = Snapshots(tmp_path, KEYS)
    digest = snapshots.keep(CONTENT)
    assert digest == hashlib.sha256(CONTENT).hexdigest()
    assert snapshots.content(digest) == CONTENT
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert b"20000001" not in path.read_bytes()
    assert b"1961-12-24" not in path.read_bytes()


def test_the_same_content_is_kept_once_and_never_written_again(tmp_path):
    snapshots = Snapshots(tmp_path, KEYS)
    digest = snapshots.keep(CONTENT)
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    written = path.stat().st_mtime_ns
    assert snapshots.keep(CONTENT) == digest
    assert path.stat().st_mtime_ns == written


def test_an_empty_file_is_kept_too(tmp_path):
    snapshots = Snapshots(tmp_path, KEYS)
    assert snapshots.content(snapshots.keep(b"")) == b""


@pytest.mark.parametrize("position", [0, 11, 12, 40, -1])
def test_a_changed_byte_is_found(tmp_path, position):
    snapshots = Snapshots(tmp_path, KEYS)
    digest = snapshots.keep(CONTENT)
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    with pytest.raises(ProductError, match=f"The sealed copy {digest} is damaged"):
        snapshots.content(digest)


@pytest.mark.parametrize("length", [0, 5, 12, 20])
def test_a_cut_file_is_found(tmp_path, length):
    snapshots = Snapshots(tmp_path, KEYS)
    digest = snapshots.keep(CONTENT)
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ProductError, match="is damaged"):
        snapshots.content(digest)


def test_a_copy_put_in_anothers_place_is_found(tmp_path):
    snapshots = Snapshots(tmp_path, KEYS)
    one, other = snapshots.keep(b"one"), snapshots.keep(b"other")
    place = {path.stem: path for path in tmp_path.rglob("*.sealed")}
    place[one].chmod(0o600)
    place[one].write_bytes(place[other].read_bytes())
    with pytest.raises(ProductError, match="is damaged"):
        snapshots.content(one)


def test_another_key_opens_nothing_and_is_not_told(tmp_path):
    digest = Snapshots(tmp_path, KEYS).keep(CONTENT)
    other = Keys(pseudonym=KEYS.pseudonym, store=b"t" * 32)
    with pytest.raises(ProductError, match="or has another key") as error:
        Snapshots(tmp_path, other).content(digest)
    assert other.sealing_key().hex() not in str(error.value)


def test_sealing_is_a_function_of_key_label_and_content():
    key = KEYS.sealing_key()
    assert seal(key, b"row", "a/1") == seal(key, b"row", "a/1")
    nonces = {
        seal(*given)[:12]
        for given in [(key, b"row", "a/1"), (key, b"row", "a/2"), (key, b"other", "a/1")]
    }
    assert len(nonces) == 3, "no nonce serves two contents"
    assert unseal(key, seal(key, b"row", "a/1"), "a/1") == b"row"


def _pieces(*pieces):
    return lambda: iter(pieces)


def test_what_is_kept_in_pieces_is_what_is_kept_as_a_whole(tmp_path):
    whole = Snapshots(tmp_path / "whole", KEYS)
    pieces = Snapshots(tmp_path / "pieces", KEYS)
    digest = whole.keep(b"one and two")
    assert pieces.keep_pieces(digest, _pieces(b"one ", b"", b"and two"))
    assert pieces.place(digest).read_bytes() == whole.place(digest).read_bytes()
    assert pieces.content(digest) == b"one and two"
    with whole.opened(digest)() as file:
        assert (file.read(4), file.read()) == (b"one ", b"and two")


def test_a_file_that_changes_while_it_is_kept_is_not_kept(tmp_path):
    snapshots = Snapshots(tmp_path, KEYS)
    digest = sha256_of(b"as it was")
    assert not snapshots.keep_pieces(digest, _pieces(b"as it ", b"is"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("place", [0, 12, 20, -1])
def test_nothing_of_a_damaged_snapshot_is_read(tmp_path, place):
    snapshots = Snapshots(tmp_path, KEYS)
    digest = snapshots.keep(b"x" * 3_000_000)
    path = snapshots.place(digest)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    with pytest.raises(ProductError, match="damaged"):
        snapshots.opened(digest)


def test_an_older_store_key_opens_a_snapshot_in_pieces(tmp_path):
    digest = Snapshots(tmp_path, KEYS).keep(b"of before")
    newer = Keys(KEYS.pseudonym, bytes(reversed(range(32))), earlier_stores=(KEYS.store,))
    with Snapshots(tmp_path, newer).opened(digest)() as file:
        assert file.read() == b"of before"
