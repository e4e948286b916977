"""What took the place of a received file, as receipts say it and the ledger keeps it."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.forget.search import File
from pipeline.identity import Keys
from pipeline.receive.inbox import Place
from pipeline.receive.receipts import Receipt

if TYPE_CHECKING:
    import duckdb

APPLIED = "replaced_applied"
"""Under this name the ledger knows the newest receipt whose files have taken their places."""


def replaced_entry(place: Place, old: str, new: str, name: str, *, kept: bool) -> list[Any]:
    """Return what a receipt says of a file whose place another one took."""
    return [str(place.period_end), place.organisation_code, place.source, old, new, name, kept]


def put_in_place(
    connection: "duckdb.DuckDBPyConnection", decided: Iterable[Receipt], keys: Keys
) -> None:
    """Make a ledger know what took whose place, and who is to come in no more."""
    for one in decided:
        added = keys.links[one.detail["links"] :]
        for person in one.detail["people"]:
            connection.execute(
                "insert or ignore into ledger.forgotten values (?)", [_linked(person, added)]
            )
        for fields in one.detail["files"]:
            file, new, name = entry_of(fields)
            where = [file.place.period_end, file.place.organisation_code, file.place.source]
            connection.execute(
                "insert or replace into ledger.replaced values (?, ?, ?, ?, ?)",
                [*where, file.sha256, new],
            )
            connection.execute(
                "update ledger.load set sha256 = ?, file_name = ? where period_end = ? "
                "and organisation_code = ? and source = ? and sha256 = ?",
                [new, name, *where, file.sha256],
            )


def _linked(person: str, added: Iterable[bytes]) -> str:
    """Return a pseudonym put through the links that the key has got since."""
    for link in added:
        person = hmac.digest(link, person.encode(), hashlib.sha256).hex()
    return person


def entry_of(fields: list[Any]) -> tuple[File, str, str]:
    """Return what a receipt says of one file: which goes, what takes its place, its name."""
    day, code, source, old, new, name, _ = fields
    return File(Place(date.fromisoformat(day), code, source), old), new, name
