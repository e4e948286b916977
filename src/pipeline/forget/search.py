"""Where somebody is: in received files that are kept, and in rows of those that are not."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import ProductError, UsageError
from pipeline.forget.people import LANDED, MOST_POSTS, Asked, all_of, shared_by_many
from pipeline.forget.successor import Looked, look, tells_of_people, without
from pipeline.receive.inbox import Place
from pipeline.receive.ledger import Ledger
from pipeline.receive.snapshots import Snapshots, sha256_of
from pipeline.settings import Home
from pipeline.store import has_table

if TYPE_CHECKING:
    import duckdb

    from pipeline.identity import Keys


class File(NamedTuple):
    """A received file in its place."""

    place: Place
    sha256: str


@dataclass(frozen=True, slots=True)
class Successor:
    """What takes the place of a received file.

    Attributes:
        file: the file that goes.
        sha256: the hash of what takes its place, or a name for it where nothing does.
        file_name: under which it is read.
        content: what takes its place; None where the file is kept no longer, or cannot be read.
    """

    file: File
    sha256: str
    file_name: str
    content: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """Who is meant, and which files tell of them.

    Attributes:
        people: every pseudonym of theirs.
        successors: what takes the place of each file that tells of them.
        unreadable: how many of these could not be searched row by row.
    """

    people: frozenset[str]
    successors: tuple[Successor, ...]
    unreadable: int


def search(
    connection: "duckdb.DuckDBPyConnection",
    ledger: Ledger,
    home: Home,
    keys: "Keys",
    wanted: Collection[Asked],
) -> Found:
    """Return who is meant by identifiers and what tells of them.

    The employee numbers and the NHS Unique Id that stand in one row of a staff extract are of one
    person, so whoever is named by one of them is found by all of them.

    Raises:
        UsageError: an identifier is in no file, or stands beside so many employee numbers that it
            is not one person's.
    """
    looked = dict(_looked(ledger, home, keys))
    same = [*_landed_staff(connection), *_staff_rows(looked)]
    shared = shared_by_many(same)
    _refuse_shared(wanted, shared)
    people = all_of((one.pseudonym for one in wanted), [row - shared for row in same])
    gone = _landed_loads(connection, people)
    _refuse_unknown(wanted, looked, gone, ledger.forgotten())
    files = _files_of(looked, people, _codes(looked, wanted, people))
    # Rows of a file that is kept no longer, or in which today's readers do not find them.
    files |= {File(load.place, load.sha256) for load in ledger.loads() if load.load_id in gone}
    names = {File(load.place, load.sha256): load.file_name for load in ledger.loads()}
    successors = [
        _successor(file, names[file], looked.get(file), people, keys) for file in sorted(files)
    ]
    unread = sum(file in looked and looked[file] is None for file in files)
    return Found(people, tuple(successors), unread)


def _looked(ledger: Ledger, home: Home, keys: "Keys") -> Iterator[tuple[File, Looked | None]]:
    """Yield what each file that is kept holds; None for one whose rows cannot be told apart."""
    snapshots = Snapshots(home.snapshots, keys)
    names = {File(load.place, load.sha256): load.file_name for load in ledger.loads()}
    for file, name in names.items():
        if tells_of_people(file.place.source) and snapshots.holds(file.sha256):
            try:
                one = look(snapshots.content(file.sha256), name, file.place, keys, home.limits)
            except ProductError:
                yield file, None
                continue
            yield file, one if one.is_readable else None


def _staff_rows(looked: dict[File, Looked | None]) -> list[frozenset[str]]:
    staff = [one for file, one in looked.items() if file.place.source == "esr_staff"]
    return [row for one in staff if one is not None for row in one.people]


def _landed_staff(connection: "duckdb.DuckDBPyConnection") -> list[frozenset[str]]:
    if not has_table(connection, "landing", "esr_staff"):
        return []
    rows = connection.execute("select distinct person, employee from landing.esr_staff").fetchall()
    return [frozenset(row) for row in rows]


def _landed_loads(
    connection: "duckdb.DuckDBPyConnection", people: Collection[str]
) -> dict[int, set[str]]:
    """Return the loads with landed rows of ``people``, and who of them is in each."""
    found: dict[int, set[str]] = defaultdict(set)
    for source, columns in LANDED.items():
        if not has_table(connection, "landing", source):
            continue
        for column in columns:
            rows = connection.execute(
                f"select distinct load_id, {column} from landing.{source} "
                f"where {column} in (select unnest(cast(? as varchar[])))",
                [sorted(people)],
            ).fetchall()
            for load_id, person in rows:
                found[load_id].add(person)
    return found


def _codes(
    looked: dict[File, Looked | None], wanted: Collection[Asked], people: Collection[str]
) -> set[str]:
    """Return the organisations that have, or had, somebody of ``people``."""
    codes = {one.organisation_code for one in wanted if one.organisation_code}
    return codes | {
        file.place.organisation_code
        for file, one in looked.items()
        if one is not None and one.names(people)
    }


def _files_of(
    looked: dict[File, Looked | None], people: Collection[str], codes: set[str]
) -> set[File]:
    """Return the files that tell of ``people``, or that may and cannot be searched."""
    found = {file for file, one in looked.items() if one is not None and one.names(people)}
    found |= {
        file
        for file, one in looked.items()
        if one is None and file.place.organisation_code in codes
    }
    # A content that goes has to go from every place that holds it.
    hashes = {file.sha256 for file in found}
    return found | {file for file in looked if file.sha256 in hashes}


def _successor(
    file: File, name: str, looked: Looked | None, people: frozenset[str], keys: "Keys"
) -> Successor:
    if looked is None:
        # Only a name: the hash of nothing that anybody has.
        digest = sha256_of(f"{file.place} {file.sha256} without rows".encode())
        return Successor(file, digest, name, None)
    content = without(looked, people, keys)
    return Successor(file, sha256_of(content), f"{file.place.source}.csv", content)


def _refuse_shared(wanted: Collection[Asked], shared: Collection[str]) -> None:
    lines = [str(one.line) for one in wanted if one.pseudonym in shared]
    if lines:
        raise UsageError(
            f"The identifier of line {', '.join(lines)} stands beside more than {MOST_POSTS} "
            "others in the staff extracts, so it is no one person's. Name the employee numbers, "
            "with their organisations. Nothing was changed."
        )


def _refuse_unknown(
    wanted: Collection[Asked],
    looked: dict[File, Looked | None],
    gone: dict[int, set[str]],
    forgotten: Collection[str],
) -> None:
    """Stop at an identifier that nobody has: it is mistyped, and the person would stay."""
    known = set(forgotten).union(*gone.values())
    for one in looked.values():
        if one is not None:
            known.update(*one.people)
    lines = [str(one.line) for one in wanted if one.pseudonym not in known]
    if lines:
        raise UsageError(
            f"No file of this home holds the identifier of line {', '.join(lines)}. Look whether "
            "kind, organisation and identifier are as in the extract. Nothing was changed."
        )
