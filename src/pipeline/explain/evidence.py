"""What the private database and the manifest say of published figures: files, rows, true counts."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.assess.columns import COUNTS, KEY
from pipeline.assess.pooled import ESTIMATE, POOLED

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
Manifest = Mapping[str, Any]

SHA256_SHOWN = 12
"""Digits of a file's hash that tell it from every other one here."""
NOT_SENT = "not sent"
_WITHHELD = {
    "withheld_few_changed": "because few people changed",
    "withheld_after_attack": "because of what the attack found",
}
_SENT = ("received", "landed", "quarantined")


@dataclass(frozen=True, slots=True)
class Truth:
    """What is not published of figures, for the analyst's own eyes.

    Attributes:
        release_id: the run that the private figures are of.
        figures: the private row of each published figure; None where there is none.
        counts: for each published figure the counts of each employer behind it.
        withheld: the withheld blocks of the organisations, with why.
    """

    release_id: str | None
    figures: tuple[Row | None, ...]
    counts: tuple[tuple[Row, ...], ...]
    withheld: tuple[str, ...]


def employers(
    connection: "duckdb.DuckDBPyConnection", figures: Iterable[Row]
) -> dict[str, list[str]]:
    """Return the employers of each level at which there are figures of an organisation."""
    found: dict[str, list[str]] = {}
    for row in figures:
        if row["level"] not in found:
            rows = connection.execute(
                "select employer_code from core.membership where period_end = ? and level = ? "
                "and organisation_code = ? order by all",
                [row["period_end"], row["level"], row["organisation_code"]],
            ).fetchall()
            found[row["level"]] = [code for (code,) in rows] or [row["organisation_code"]]
    return found


def files(
    connection: "duckdb.DuckDBPyConnection",
    manifest: Manifest,
    bodies: Collection[str],
    sources: Iterable[str],
    period_end: object,
) -> list[Row]:
    """Return the files that a release was made from, a row for each employer and source.

    Their rows are those that were received, landed and put in quarantine. A source that was not
    sent has the status ``not sent``; a rejected file beside an accepted one has a row of its own.
    """
    loads = connection.execute(
        "select organisation_code, source, sha256, max_by(file_name, load_id) from ledger.load "
        "where period_end = ? group by all",
        [period_end],
    ).fetchall()
    names = {(code, source, sha256): name for code, source, sha256, name in loads}
    sent: dict[tuple[str, str], list[Row]] = {}
    for entry in manifest["inputs"]:
        if entry["period_end"] == str(period_end):
            sent.setdefault((entry["organisation_code"], entry["source"]), []).append(entry)
    found = []
    for source in sources:
        for code in sorted(bodies):
            for entry in sent.get((code, source), [{"status": NOT_SENT}]):
                sha256 = entry.get("sha256", "")
                found.append(
                    {
                        "organisation_code": code,
                        "period_end": period_end,
                        "source": source,
                        "file_name": names.get((code, source, sha256)),
                        "sha256": sha256[:SHA256_SHOWN] or None,
                        "status": entry["status"],
                        **{f"rows_{name}": entry.get(name) for name in _SENT},
                    }
                )
    return found


def truth(
    connection: "duckdb.DuckDBPyConnection",
    manifest: Manifest,
    figures: Collection[Row],
    bodies: Mapping[str, Collection[str]],
) -> Truth:
    """Return what is not published of figures."""
    made = connection.execute("select max(release_id) from marts.figure").fetchone()
    private = [_private(connection, row) for row in figures]
    counts = [_of_employers(connection, row, bodies[row["level"]]) for row in figures]
    owners = {
        f"{row['period_end']} {row['level']} {row['organisation_code']} ": None for row in figures
    }
    withheld = [
        f"{name} {why}"
        for kind, why in _WITHHELD.items()
        for name in manifest["protection"].get(kind, ())
        if name.startswith(tuple(owners))
    ]
    return Truth(made[0] if made else None, tuple(private), tuple(counts), tuple(withheld))


def _private(connection: "duckdb.DuckDBPyConnection", row: Row) -> Row | None:
    found = _select(connection, "*", {name: row[name] for name in KEY})
    return found[0] if found else None


def _of_employers(
    connection: "duckdb.DuckDBPyConnection", row: Row, bodies: Collection[str]
) -> tuple[Row, ...]:
    """Return the true counts of each employer's own figure; of an estimate they are the strata."""
    key = {name: row[name] for name in KEY if name != "organisation_code"} | {"level": "employer"}
    part, _, method = row["part"].rpartition(":")
    if method == ESTIMATE:
        key |= {"part": part, "measure": POOLED}
    columns = ", ".join(("organisation_code", *COUNTS, "value", "status"))
    found = _select(connection, columns, key)
    return tuple(one for one in found if one["organisation_code"] in bodies)


def _select(connection: "duckdb.DuckDBPyConnection", columns: str, key: Row) -> list[Row]:
    same = " and ".join(f"{name} is not distinct from ?" for name in key)
    cursor = connection.execute(
        f"select {columns} from marts.figure where {same} order by organisation_code",
        list(key.values()),
    )
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
